package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.audit.AuditSearch;
import org.linotpee.web.Actions;
import org.linotpee.web.ListView;

/** The audit trail, newest first (spec 10 section 2.5). */
@Named
@ViewScoped
public class AuditListView extends ListView<AuditRowView> {
  private static final long serialVersionUID = 1L;

  /** Filters of the address, and the columns of the search. */
  private static final Map<String, String> FILTERS = filterColumns();

  @Inject private transient AuditSearch search;
  @Inject private transient Clock clock;
  @Inject private Actions actions;

  private final LinkedHashMap<String, String> values = new LinkedHashMap<>();

  public AuditListView() {
    super(
        List.of(
            new Column("number", "number", true),
            new Column("date", "date", true),
            new Column("signature", "", true),
            new Column("action", "action", true),
            new Column("success", "success", true),
            new Column("serial", "serial", true),
            new Column("tokenType", "token_type", false),
            new Column("user", "user", true),
            new Column("realm", "realm", false),
            new Column("administrator", "administrator", true),
            new Column("actionDetail", "action_detail", false),
            new Column("info", "info", true),
            new Column("server", "linotp_server", false),
            new Column("client", "client", false),
            new Column("logLevel", "log_level", false),
            new Column("clearanceLevel", "clearance_level", false)),
        "number");
    setSort("-number");
  }

  private static Map<String, String> filterColumns() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("serial", "serial");
    columns.put("user", "user");
    columns.put("realm", "realm");
    columns.put("action", "action");
    columns.put("actionDetail", "action_detail");
    columns.put("tokenType", "token_type");
    columns.put("administrator", "administrator");
    columns.put("info", "info");
    columns.put("server", "linotp_server");
    columns.put("client", "client");
    columns.put("date", "date");
    columns.put("success", "success");
    return columns;
  }

  private AuditSearch.Criteria criteria(String sortKey, boolean descending) {
    var filters = new LinkedHashMap<String, String>();
    values.forEach(
        (name, text) -> {
          if (text != null && !text.isBlank()) {
            filters.put(FILTERS.get(name), pattern(name, text.trim()));
          }
        });
    return new AuditSearch.Criteria(filters, false, sortKey, descending);
  }

  /** What was typed is looked for anywhere, unless it has wild cards. */
  private static String pattern(String name, String text) {
    if (name.equals("success")) {
      return text;
    }
    String pattern = text.replace('*', '%');
    return pattern.contains("%") ? pattern : "%" + pattern + "%";
  }

  @Override
  protected Found<AuditRowView> find(Slice slice) {
    search.refresh();
    AuditSearch.Criteria criteria = criteria(slice.sortKey(), slice.descending());
    var rows = new ArrayList<AuditRowView>();
    search.rows(
        criteria,
        Optional.of(new AuditSearch.Page(slice.number(), slice.size())),
        (row, intact) -> rows.add(AuditRowView.of(row, intact)));
    return new Found<>(rows, search.count(criteria));
  }

  @Override
  protected void all(String sortKey, boolean descending, Consumer<AuditRowView> reader) {
    search.rows(
        criteria(sortKey, descending),
        Optional.empty(),
        (row, intact) -> reader.accept(AuditRowView.of(row, intact)));
  }

  /** The export is told in the trail itself, as that of the HTTP interface. */
  @Override
  public void export() {
    if (actions.perform("audit/search", audit -> audit.success(true).info("export"))) {
      super.export();
    }
  }

  @Override
  protected String key(AuditRowView row) {
    return String.valueOf(row.number());
  }

  @Override
  protected String cell(AuditRowView row, String column) {
    return row.cell(column);
  }

  @Override
  protected Map<String, String> filters() {
    return values;
  }

  @Override
  public String getTexts() {
    return "audit";
  }

  /** The filters of the view, each with what was typed. */
  public Map<String, String> getValues() {
    return values;
  }

  /** The filters that people type text into, the usual ones first. */
  public List<String> getTyped() {
    return FILTERS.keySet().stream().filter(name -> !name.equals("success")).toList();
  }

  /** Today in UTC, as the rows of the trail begin. */
  public String getToday() {
    return clock.instant().toString().substring(0, "2026-01-31".length());
  }

  public boolean isFiltered() {
    return values.values().stream().anyMatch(text -> text != null && !text.isBlank());
  }
}
