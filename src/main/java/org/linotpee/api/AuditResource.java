package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditRow;
import org.linotpee.audit.AuditSearch;

/** {@code /audit/search} (spec 01 section 17). */
@Path("/audit")
@RequestScoped
public class AuditResource {
  private static final List<String> HEADERS =
      List.of(
          "number",
          "date",
          "sig_check",
          "missing_line",
          "action",
          "success",
          "serial",
          "token_type",
          "user",
          "realm",
          "administrator",
          "action_detail",
          "info",
          "linotp_server",
          "client",
          "log_level",
          "clearance_level");
  private static final int DEFAULT_ROWS = 15;

  @Inject private ApiRequest request;
  @Inject private AuditSearch search;

  @GET
  @Path("search")
  public Response get() {
    return search();
  }

  @POST
  @Path("search")
  public Response post() {
    return search();
  }

  private Response search() {
    search.refresh();
    request.errorId(0);
    Parameters parameters = request.parameters();
    var criteria =
        new AuditSearch.Criteria(
            filters(parameters),
            parameters.textOrEmpty("or").equalsIgnoreCase("true"),
            parameters.text("sortname").orElse("number"),
            parameters.textOrEmpty("sortorder").equals("desc"));
    Optional<AuditSearch.Page> page = page(parameters);
    boolean headers = parameters.has("headers");
    request.audit().success(true);
    if (parameters.textOrEmpty("outform").equals("csv")) {
      String delimiter = parameters.text("delimiter").filter(d -> d.length() == 1).orElse(",");
      return Response.ok(
              (StreamingOutput) out -> csv(writer(out), criteria, page, headers, delimiter + " "))
          .type("text/csv")
          .header("Content-Disposition", "attachment; filename=linotp-audit.csv")
          .build();
    }
    if (page.isPresent()) {
      return Response.ok(pageOf(criteria, page, headers), "application/json").build();
    }
    return Response.ok((StreamingOutput) out -> json(writer(out), criteria, page, headers))
        .type("application/json")
        .build();
  }

  /** A page is made before the row of this very request is stored, so it never shows itself. */
  private String pageOf(
      AuditSearch.Criteria criteria, Optional<AuditSearch.Page> page, boolean headers) {
    var text = new StringWriter();
    try {
      json(text, criteria, page, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Writer writer(java.io.OutputStream out) {
    return new OutputStreamWriter(out, StandardCharsets.UTF_8);
  }

  static Map<String, String> filters(Parameters parameters) {
    var filters = new LinkedHashMap<String, String>();
    Optional<String> query = parameters.text("query");
    if (query.isPresent() && parameters.has("qtype")) {
      if (parameters.textOrEmpty("qtype").equals("extsearch")) {
        for (String pair : query.get().split(";")) {
          int equals = pair.indexOf('=');
          if (equals > 0) {
            filters.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
          }
        }
      } else {
        filters.put(parameters.textOrEmpty("qtype"), query.get());
      }
      return filters;
    }
    parameters.map().forEach(filters::put);
    return filters;
  }

  private static Optional<AuditSearch.Page> page(Parameters parameters) {
    if (!parameters.has("page") && !parameters.has("rp")) {
      return Optional.empty();
    }
    int number = positive(parameters.textOrEmpty("page"), 1);
    int size = positive(parameters.textOrEmpty("rp"), DEFAULT_ROWS);
    return Optional.of(new AuditSearch.Page(number, size));
  }

  static int positive(String text, int fallback) {
    try {
      int value = Integer.parseInt(text.trim());
      return value > 0 ? value : fallback;
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  private void json(
      Writer out, AuditSearch.Criteria criteria, Optional<AuditSearch.Page> page, boolean headers)
      throws IOException {
    long total = search.count(criteria);
    out.write("{ \"page\": " + page.map(AuditSearch.Page::number).orElse(1) + ", \"rows\": [ ");
    var separator = new String[] {""};
    search.rows(
        criteria,
        page,
        (row, intact) -> {
          var members = new LinkedHashMap<String, Object>();
          members.put("id", row.number());
          members.put("cell", cells(row, intact));
          if (headers) {
            members.put("data", HEADERS);
          }
          write(out, separator[0] + Json.pretty(members));
          separator[0] = ", ";
        });
    out.write(" ], \"total\": " + total + " }");
    out.flush();
  }

  private void csv(
      Writer out,
      AuditSearch.Criteria criteria,
      Optional<AuditSearch.Page> page,
      boolean headers,
      String delimiter)
      throws IOException {
    if (headers) {
      out.write(line(HEADERS, delimiter));
    }
    search.rows(criteria, page, (row, intact) -> write(out, line(cells(row, intact), delimiter)));
    out.write("\n");
    out.flush();
  }

  private static void write(Writer out, String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(List<?> cells, String delimiter) {
    var texts = new ArrayList<String>();
    for (Object cell : cells) {
      texts.add(
          cell instanceof Number
              ? cell.toString()
              : '"' + cell.toString().replace('"', '\'') + '"');
    }
    return String.join(delimiter, texts) + "\n";
  }

  private static List<Object> cells(AuditRow row, boolean intact) {
    return List.of(
        row.number(),
        row.occurredAt(),
        intact ? "OK" : "FAIL",
        "",
        row.action(),
        row.success() ? "1" : "0",
        row.serial(),
        row.tokenType(),
        row.login(),
        row.realm(),
        quoted(row.administrator()),
        row.actionDetail(),
        row.info(),
        row.server(),
        row.client(),
        row.logLevel(),
        row.clearanceLevel());
  }

  /** The quoted form of spec 01 section 13.2. */
  static String quoted(String text) {
    String escaped = text.replace("\\", "\\\\");
    if (text.indexOf('\'') < 0) {
      return "'" + escaped + "'";
    }
    return text.indexOf('"') < 0 ? '"' + escaped + '"' : "'" + escaped.replace("'", "\\'") + "'";
  }
}
