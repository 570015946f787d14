package org.linotpee.api.v2;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.linotpee.api.ApiRequest;
import org.linotpee.api.Parameters;
import org.linotpee.api.Reply;
import org.linotpee.audit.AuditRow;
import org.linotpee.audit.AuditSearch;

/** {@code /api/v2/auditlog}. */
@Path("/api/v2/auditlog")
@RequestScoped
public class AuditlogResource {
  private static final int DEFAULT_PAGE_SIZE = 15;

  /** The names of this interface to those of the search. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("id", "number"),
          Map.entry("timestamp", "date"),
          Map.entry("action", "action"),
          Map.entry("actionDetail", "action_detail"),
          Map.entry("success", "success"),
          Map.entry("serial", "serial"),
          Map.entry("tokenType", "token_type"),
          Map.entry("user", "user"),
          Map.entry("realm", "realm"),
          Map.entry("administrator", "administrator"),
          Map.entry("info", "info"),
          Map.entry("linotpServer", "linotp_server"),
          Map.entry("client", "client"),
          Map.entry("logLevel", "log_level"),
          Map.entry("clearanceLevel", "clearance_level"));

  @Inject private ApiRequest request;
  @Inject private AuditSearch search;

  @GET
  public Response list() {
    Parameters parameters = request.parameters();
    Page page = Page.of(parameters, DEFAULT_PAGE_SIZE);
    var filters = new LinkedHashMap<String, String>();
    COLUMNS.forEach(
        (name, column) ->
            parameters
                .text(name)
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> filters.put(column, value.replace('*', '%'))));
    var criteria =
        new AuditSearch.Criteria(
            filters,
            false,
            COLUMNS.getOrDefault(parameters.textOrEmpty("sortBy"), "number"),
            !parameters.textOrEmpty("sortOrder").equals("asc"));
    search.refresh();
    var records = new ArrayList<Map<String, Object>>();
    search.rows(
        criteria,
        page.size() == 0
            ? Optional.empty()
            : Optional.of(new AuditSearch.Page(page.number() + 1, page.size())),
        (row, intact) -> records.add(document(row, intact)));
    request.audit().success(true);
    return Reply.value(page.answer(search.count(criteria), records.size(), records)).build();
  }

  private static Map<String, Object> document(AuditRow row, boolean intact) {
    var document = new LinkedHashMap<String, Object>();
    document.put("id", row.number());
    document.put("timestamp", row.occurredAt());
    document.put("serial", orNull(row.serial()));
    document.put("action", orNull(row.action()));
    document.put("actionDetail", orNull(row.actionDetail()));
    document.put("success", row.success());
    document.put("tokenType", orNull(row.tokenType()));
    document.put("user", orNull(row.login()));
    document.put("realm", orNull(row.realm()));
    document.put("administrator", orNull(row.administrator()));
    document.put("info", orNull(row.info()));
    document.put("linotpServer", orNull(row.server()));
    document.put("client", orNull(row.client()));
    document.put("logLevel", orNull(row.logLevel()));
    document.put("clearanceLevel", row.clearanceLevel());
    document.put("signatureCheck", intact);
    return document;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
