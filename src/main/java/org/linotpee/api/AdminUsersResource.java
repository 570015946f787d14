package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserSearch;

/** {@code /admin/userlist} (spec 03 section 7); streamed, since a directory may be large. */
@Path("/admin/userlist")
@RequestScoped
public class AdminUsersResource {
  private static final Set<String> NO_CONDITIONS =
      Set.of("realm", "resConf", "page", "rp", "user", "httperror", "csrf_token", "client");
  private static final int DEFAULT_ROWS = 16;
  private static final int BAD_PAGE = 9876;

  @Inject private ApiRequest request;
  @Inject private UserSearch search;

  @GET
  public Response get() {
    return list();
  }

  @POST
  public Response post() {
    return list();
  }

  private Response list() {
    Parameters parameters = request.parameters();
    var conditions = new LinkedHashMap<String, String>(parameters.map());
    conditions.keySet().removeAll(NO_CONDITIONS);
    String realm = parameters.textOrEmpty("realm");
    String resolver = parameters.textOrEmpty("resConf").split("\\(", 2)[0].trim();
    List<ResolverDefinition> resolvers = search.resolvers(realm, resolver);
    Optional<String> page = parameters.text("page");
    int rows = page.isEmpty() ? Integer.MAX_VALUE : rows(parameters);
    request.audit().success(true).info("realm: " + realm);
    int number;
    try {
      number = page.map(text -> Integer.parseInt(text.trim())).orElse(0);
    } catch (NumberFormatException e) {
      request.audit().success(false);
      return json(badPage(page.orElse("")));
    }
    long from = Math.max(0, number) * (long) rows;
    long to = page.isEmpty() ? Long.MAX_VALUE : from + rows;
    StreamingOutput body =
        out -> write(out, resolvers, conditions, from, to, page.map(p -> number));
    return json(body);
  }

  private static int rows(Parameters parameters) {
    try {
      return Math.max(
          0, parameters.text("rp").map(t -> Integer.parseInt(t.trim())).orElse(DEFAULT_ROWS));
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'rp' must be a number");
    }
  }

  private static Response json(Object body) {
    return Response.ok(body, "application/json").build();
  }

  private static String badPage(String page) {
    var error = new LinkedHashMap<String, Object>();
    error.put("code", BAD_PAGE);
    error.put("message", "ERR" + BAD_PAGE + ": the page must be a number, not '" + page + "'");
    var result = new LinkedHashMap<String, Object>();
    result.put("status", false);
    result.put("error", error);
    var document = new LinkedHashMap<String, Object>();
    document.put("jsonrpc", Reply.JSON_RPC);
    document.put("result", result);
    document.put("version", Reply.VERSION);
    document.put("id", 1);
    return Json.line(document);
  }

  private void write(
      OutputStream out,
      List<ResolverDefinition> resolvers,
      Map<String, String> conditions,
      long from,
      long to,
      Optional<Integer> page)
      throws IOException {
    var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    writer.write(
        "{\"jsonrpc\": \"" + Reply.JSON_RPC + "\", \"result\": {\"status\": true, \"value\":  [");
    var rows = new Rows(writer, from, to);
    try {
      search.find(resolvers, conditions, rows::next);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.write("] , \"queried\" : " + rows.read);
    if (page.isPresent()) {
      writer.write(" , \"page\": " + page.get());
    }
    writer.write("}, \"version\": \"" + Reply.VERSION + "\", \"id\": 1}");
    writer.flush();
  }

  /** Counts the users that were read and writes those of the page. */
  private static final class Rows {
    private final Writer writer;
    private final long from;
    private final long to;
    private long read;
    private boolean first = true;

    Rows(Writer writer, long from, long to) {
      this.writer = writer;
      this.from = from;
      this.to = to;
    }

    boolean next(Map<String, String> user) {
      if (read >= to) {
        return false;
      }
      if (read >= from) {
        try {
          writer.write((first ? "" : "\n,") + Json.line(user));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        first = false;
      }
      read++;
      return read < to;
    }
  }
}
