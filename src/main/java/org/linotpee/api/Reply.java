package org.linotpee.api;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.linotpee.configuration.LinotpException;

/** The envelope of an answer (spec 01 section 7.1). */
public final class Reply {
  /** The product string that clients parse: it begins with {@code LinOTP <number>.}. */
  static final String VERSION_NUMBER = "3.4.4";

  static final String VERSION = "LinOTP " + VERSION_NUMBER;
  static final String JSON_RPC = "2.0802";

  private final Map<String, Object> result = new LinkedHashMap<>();
  private Object id = 1;
  private Object detail;
  private int httpStatus = 200;

  private Reply() {}

  /** A processed request with this value. */
  public static Reply value(Object value) {
    var reply = new Reply();
    reply.result.put("status", true);
    reply.result.put("value", value);
    return reply;
  }

  /** {@code status} and {@code value} false without an error object. */
  public static Reply failedSilently() {
    var reply = new Reply();
    reply.result.put("status", false);
    reply.result.put("value", false);
    return reply;
  }

  static Reply error(LinotpException error) {
    var reply = new Reply();
    reply.result.put("status", false);
    var members = new LinkedHashMap<String, Object>();
    members.put("code", error.code());
    members.put("message", error.clientMessage());
    reply.result.put("error", members);
    return reply;
  }

  /** The member {@code id}, 1 unless told. */
  public Reply id(Object value) {
    id = value;
    return this;
  }

  /** The member {@code detail}; left out if null or an empty map. */
  public Reply detail(Object value) {
    detail = value;
    return this;
  }

  /** The HTTP status, 200 unless told. */
  public Reply http(int status) {
    httpStatus = status;
    return this;
  }

  /** The document. */
  public String text() {
    return Json.pretty(document());
  }

  private Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("jsonrpc", JSON_RPC);
    document.put("result", result);
    document.put("version", VERSION);
    document.put("versionNumber", VERSION_NUMBER);
    document.put("id", id);
    if (detail != null && !(detail instanceof Map<?, ?> map && map.isEmpty())) {
      document.put("detail", detail);
    }
    return document;
  }

  /** The answer, written while the lists in it are read. */
  public Response stream() {
    Map<String, Object> document = document();
    StreamingOutput body =
        out -> {
          var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          Json.pretty(document, writer);
          writer.flush();
        };
    return Response.status(httpStatus).type("application/json").entity(body).build();
  }

  /** The answer. */
  public Response build() {
    return Response.status(httpStatus).type("application/json").entity(text()).build();
  }
}
