package org.linotpee.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.RequestContext;

/** Reads the parameters of a request by the rules of spec 01 section 3. */
final class ParameterReader {
  /** A body that claims to be JSON and is not, or is too large; answered with HTTP 400 or 413. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int httpStatus;

    Unreadable(int httpStatus, String message) {
      super(message);
      this.httpStatus = httpStatus;
    }

    int httpStatus() {
      return httpStatus;
    }
  }

  /** Forms and JSON documents; files of tokens and users come as multipart. */
  private static final int MAX_BODY = 1024 * 1024;

  private static final int MAX_UPLOAD = 128 * 1024 * 1024;
  private static final int MAX_PARAMETERS = 5000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final Map<String, JsonNode> json = new LinkedHashMap<>();
  private final Map<String, Parameters.Upload> files = new LinkedHashMap<>();
  private int count;
  private final int maxUpload;
  private boolean fromJson;

  private ParameterReader(int maxUpload) {
    this.maxUpload = maxUpload;
  }

  /**
   * Reads query and body.
   *
   * @param query the raw query string, or null
   * @param contentType the header, or null
   * @param body null for methods without one
   * @param trusted somebody who is logged in may send larger files
   */
  static Parameters read(String query, String contentType, InputStream body, boolean trusted) {
    var reader = new ParameterReader(trusted ? MAX_UPLOAD : MAX_BODY);
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    String bare = type.contains(";") ? type.substring(0, type.indexOf(';')).trim() : type.trim();
    try {
      if (bare.equals("application/json")
          || (bare.startsWith("application/") && bare.endsWith("+json"))) {
        reader.json(body);
      } else {
        reader.form(query == null ? "" : query);
        if (body != null && bare.equals("application/x-www-form-urlencoded")) {
          reader.form(new String(limited(body, MAX_BODY), StandardCharsets.UTF_8));
        } else if (body != null && bare.equals("multipart/form-data")) {
          reader.multipart(contentType, body);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> session = reader.values.remove("session");
    return new Parameters(
        reader.values,
        reader.json,
        reader.files,
        reader.fromJson,
        session == null || session.isEmpty() ? null : session.get(0));
  }

  private static byte[] limited(InputStream body, int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new Unreadable(413, "the request is too large");
    }
    return bytes;
  }

  private void json(InputStream body) throws IOException {
    fromJson = true;
    byte[] bytes = body == null ? new byte[0] : limited(body, MAX_BODY);
    JsonNode document;
    try {
      document = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Unreadable(400, "the body is not JSON");
    }
    if (!document.isObject()) {
      throw new Unreadable(400, "the body is not a JSON object");
    }
    for (var member : document.properties()) {
      JsonNode value = member.getValue();
      json.put(member.getKey(), value);
      var texts = new ArrayList<String>();
      if (value.isArray()) {
        value.forEach(item -> texts.add(text(item)));
      } else if (!value.isNull()) {
        texts.add(text(value));
      } else {
        continue;
      }
      values.put(member.getKey(), texts);
    }
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private void form(String encoded) {
    for (String pair : encoded.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        add(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
  }

  /** Undecodable bytes become replacement characters: wrong, but no error (section 3 rule 5). */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException strayPercent) {
      return text;
    }
  }

  private void add(String name, String value) {
    if (++count > MAX_PARAMETERS) {
      throw new Unreadable(413, "the request has too many parameters");
    }
    if (name.endsWith("[]")) {
      values
          .computeIfAbsent(name.substring(0, name.length() - 2), n -> new ArrayList<>())
          .add(value);
    } else {
      values.computeIfAbsent(name, n -> new ArrayList<>(List.of(value)));
    }
  }

  private void multipart(String contentType, InputStream body) throws IOException {
    byte[] bytes = limited(body, maxUpload);
    var upload = new Multipart();
    upload.setFileItemFactory(DiskFileItemFactory.builder().setBufferSize(maxUpload + 1).get());
    upload.setFileCountMax(100);
    try {
      for (DiskFileItem item : upload.parseRequest(new Body(contentType, bytes))) {
        if (item.isFormField()) {
          add(item.getFieldName(), item.getString(StandardCharsets.UTF_8));
        } else {
          String name = item.getName() == null ? "" : item.getName();
          files.putIfAbsent(item.getFieldName(), new Parameters.Upload(name, item.get()));
        }
      }
    } catch (FileUploadException e) {
      throw new Unreadable(400, "the body is not a multipart form");
    }
  }

  private static final class Multipart
      extends AbstractFileUpload<RequestContext, DiskFileItem, DiskFileItemFactory> {
    @Override
    public org.apache.commons.fileupload2.core.FileItemInputIterator getItemIterator(
        RequestContext context) throws IOException {
      return super.getItemIterator(context);
    }

    @Override
    public Map<String, List<DiskFileItem>> parseParameterMap(RequestContext context)
        throws FileUploadException {
      return super.parseParameterMap(context);
    }

    @Override
    public List<DiskFileItem> parseRequest(RequestContext context) throws FileUploadException {
      return super.parseRequest(context);
    }
  }

  private record Body(String contentType, byte[] bytes) implements RequestContext {
    @Override
    public String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public long getContentLength() {
      return bytes.length;
    }

    @Override
    public String getContentType() {
      return contentType;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public boolean isMultipartRelated() {
      return false;
    }
  }
}
