package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.policy.AdminRights;
import org.linotpee.reporting.RealmSelection;
import org.linotpee.reporting.Report;
import org.linotpee.reporting.Reports;
import org.linotpee.reporting.TokenStatistics;

/** {@code /reporting} (spec 01 section 16). */
@Path("/reporting")
@RequestScoped
public class ReportingResource {
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter DAY_BEGIN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'00:00:00", Locale.ROOT);

  @Inject private ApiRequest request;
  @Inject private Reports reports;
  @Inject private AdminRights rights;
  @Inject private AuditTrail auditTrail;
  @Inject private Clock clock;

  private Set<String> realms(String action) {
    return RealmSelection.of(
        rights.visible("reporting.access", action),
        Optional.of(request.parameters().text("realms").filter(r -> !r.isBlank()).orElse("*")));
  }

  private List<String> statuses() {
    return Arrays.stream(request.parameters().text("status").orElse("total").split(","))
        .map(String::trim)
        .filter(status -> !status.isEmpty())
        .toList();
  }

  /** No list means any status. */
  private List<String> statusFilter() {
    List<String> statuses = statuses();
    return statuses.contains("*") ? List.of() : statuses;
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw LinotpException.unclassified("'" + text + "' is no date of the form YYYY-MM-DD");
    }
  }

  private LocalDate tomorrow() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
  }

  private static Instant begin(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @GET
  @Path("maximum")
  public Response maximum() {
    List<String> statuses = statuses();
    TokenStatistics.requireStatuses(statuses);
    var answer = new LinkedHashMap<String, Object>();
    for (String realm : realms("maximum")) {
      var numbers = new LinkedHashMap<String, Object>();
      for (String status : statuses) {
        numbers.put(
            status, reports.maximum(realm, status, Instant.EPOCH, begin(tomorrow())).orElse(-1));
      }
      answer.put(realm, numbers);
    }
    return Reply.value(answer).build();
  }

  @POST
  @Path("maximum")
  public Response postMaximum() {
    return maximum();
  }

  @GET
  @Path("period")
  public Response period() {
    List<String> statuses = statuses();
    TokenStatistics.requireStatuses(statuses);
    LocalDate from = date(request.parameters().text("from").orElse("1970-01-01"));
    LocalDate to = request.parameters().text("to").map(ReportingResource::date).orElse(tomorrow());
    var each = new ArrayList<Map<String, Object>>();
    for (String realm : realms("period")) {
      var numbers = new LinkedHashMap<String, Object>();
      for (String status : statuses) {
        OptionalLong number = reports.maximum(realm, status, begin(from), begin(to));
        OptionalLong shown =
            number.isPresent() ? number : reports.lastBefore(realm, status, begin(from));
        numbers.put(status, shown.isPresent() ? shown.getAsLong() : null);
      }
      var document = new LinkedHashMap<String, Object>();
      document.put("name", realm);
      document.put("maxtokencount", numbers);
      each.add(document);
    }
    var answer = new LinkedHashMap<String, Object>();
    answer.put("realms", each);
    var period = new LinkedHashMap<String, Object>();
    period.put("from", DAY_BEGIN.format(from));
    period.put("to", DAY_BEGIN.format(to));
    answer.put("period", period);
    return Reply.value(answer).build();
  }

  @POST
  @Path("period")
  public Response postPeriod() {
    return period();
  }

  @POST
  @Path("delete_all")
  public Response deleteAll() {
    return deleted("delete_all", Optional.empty());
  }

  @POST
  @Path("delete_before")
  public Response deleteBefore() {
    LocalDate day =
        date(
            request
                .parameters()
                .text("date")
                .orElseThrow(() -> LinotpException.unclassified("there is no 'date'")));
    return deleted("delete_before", Optional.of(begin(day)));
  }

  private Response deleted(String action, Optional<Instant> before) {
    var audit = request.audit();
    int number =
        reports.delete(
            realms(action),
            statusFilter(),
            before,
            em -> {
              auditTrail.store(em, audit.success(true));
              return null;
            });
    return Reply.value(number).build();
  }

  @GET
  @Path("show")
  public Response show() {
    Parameters parameters = request.parameters();
    Optional<String> page = parameters.text("page").filter(p -> !p.isBlank());
    int size =
        page.isEmpty()
            ? 0
            : number(
                parameters,
                "pagesize",
                request.snapshot().configuration().number("pagesize", DEFAULT_PAGE_SIZE));
    int number = page.isEmpty() ? 1 : Math.max(1, number(parameters, "page", 1));
    Reports.Page found =
        reports.find(
            realms("show"),
            statusFilter(),
            parameters
                .text("date")
                .filter(d -> !d.isBlank())
                .map(d -> date(d).atStartOfDay(ZoneId.systemDefault()).toInstant()),
            parameters.textOrEmpty("sortby"),
            parameters.textOrEmpty("sortdir").equals("desc"),
            (int) Math.min(Integer.MAX_VALUE, (number - 1L) * size),
            size);
    request.audit().success(true);
    List<Map<String, Object>> rows = found.reports().stream().map(ReportingResource::row).toList();
    if (parameters.textOrEmpty("outform").equals("csv")) {
      return Response.ok(csv(rows), "text/csv; charset=utf-8")
          .header("Content-Disposition", "attachment; filename=linotp-reports.csv")
          .build();
    }
    var detail = new LinkedHashMap<String, Object>();
    detail.put("pages", size == 0 ? 1 : (found.total() + size - 1) / size);
    detail.put("pagesize", size == 0 ? found.total() : size);
    detail.put("report_rows", found.total());
    detail.put("page", number);
    return Reply.value(rows).detail(detail).build();
  }

  @POST
  @Path("show")
  public Response postShow() {
    return show();
  }

  private static int number(Parameters parameters, String name, int otherwise) {
    try {
      return Math.max(
          1, parameters.text(name).map(t -> Integer.parseInt(t.trim())).orElse(otherwise));
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'" + name + "' must be a number");
    }
  }

  private static Map<String, Object> row(Report report) {
    var row = new LinkedHashMap<String, Object>();
    row.put("timestamp", TIME.format(report.occurredAt()));
    row.put("event", report.event());
    row.put("realm", report.realm());
    row.put("parameter", report.status());
    row.put("value", "");
    row.put("count", report.number());
    row.put("detail", "");
    row.put("session", "");
    row.put("description", "");
    return row;
  }

  /** Everything in it is ours: no field can hold a quote or begin a formula. */
  private static String csv(List<Map<String, Object>> rows) {
    var out = new StringBuilder();
    out.append(
        line(
            List.<Object>of(
                "timestamp",
                "event",
                "realm",
                "parameter",
                "value",
                "count",
                "detail",
                "session",
                "description")));
    rows.forEach(row -> out.append(line(List.copyOf(row.values()))));
    return out.toString();
  }

  private static String line(List<Object> fields) {
    return fields.stream()
            .map(field -> field instanceof Number ? field.toString() : "\"" + field + "\"")
            .collect(Collectors.joining(", "))
        + "\n";
  }
}
