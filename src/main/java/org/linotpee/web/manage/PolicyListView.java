package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.audit.AuditTrail;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyFile;
import org.linotpee.policy.PolicySearch;
import org.linotpee.policy.PolicyStore;
import org.linotpee.web.Actions;
import org.linotpee.web.Downloads;
import org.linotpee.web.ListView;

/** The list of policies (spec 10 section 2.4). */
@Named
@ViewScoped
public class PolicyListView extends ListView<PolicyRow> {
  private static final long serialVersionUID = 1L;

  @Inject private transient PolicySearch search;
  @Inject private transient PolicyStore store;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private Actions actions;

  private String q = "";
  private String scope = "";
  private String active = "";
  private boolean enforce;

  public PolicyListView() {
    super(
        List.of(
            new Column("name", "name", true),
            new Column("active", "active", true),
            new Column("scope", "scope", true),
            new Column("action", "action", true),
            new Column("user", "user", true),
            new Column("realm", "realm", true),
            new Column("client", "client", false),
            new Column("time", "time", false)),
        "name");
  }

  private List<PolicyRow> found(String sortKey, boolean descending) {
    var filter =
        new PolicySearch.Filter(
            List.of(),
            Optional.of(scope).filter(s -> !s.isEmpty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    Comparator<PolicyRow> order =
        Comparator.comparing(row -> row.cell(sortKey.isEmpty() ? "name" : sortKey));
    return search.find(filter).values().stream()
        .map(PolicyRow::of)
        .filter(row -> active.isEmpty() || row.active() == active.equals("yes"))
        .filter(row -> row.contains(q))
        .sorted((descending ? order.reversed() : order).thenComparing(PolicyRow::name))
        .toList();
  }

  @Override
  protected Found<PolicyRow> find(Slice slice) {
    List<PolicyRow> all = found(slice.sortKey(), slice.descending());
    int from = (int) Math.min(all.size(), (slice.number() - 1L) * slice.size());
    return new Found<>(
        List.copyOf(all.subList(from, Math.min(all.size(), from + slice.size()))), all.size());
  }

  @Override
  protected void all(String sortKey, boolean descending, Consumer<PolicyRow> reader) {
    found(sortKey, descending).forEach(reader);
  }

  @Override
  protected String key(PolicyRow row) {
    return row.name();
  }

  @Override
  protected String cell(PolicyRow row, String column) {
    return row.cell(column);
  }

  @Override
  protected Map<String, String> filters() {
    var filters = new LinkedHashMap<String, String>();
    filters.put("scope", scope);
    filters.put("active", active);
    filters.put("q", q);
    return filters;
  }

  @Override
  public String getTexts() {
    return "policies";
  }

  // actions -------------------------------------------------------------------------------------

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** True if the selection can take the right to change the configuration from everybody. */
  public boolean isGrave() {
    return getSelected().stream().anyMatch(row -> row.scope().equals("system"));
  }

  public void enable() {
    activate(true, "policies.enabled");
  }

  public void disable() {
    activate(false, "policies.disabled");
  }

  private void activate(boolean on, String text) {
    Map<String, PolicyRow> rows = new LinkedHashMap<>();
    getSelected().forEach(row -> rows.put(row.name(), row));
    actions.each(
        "system/setPolicy",
        text,
        rows.keySet(),
        (name, audit) -> {
          Map<String, String> fields = rows.get(name).fields(on);
          store.set(
              fields,
              enforce,
              em ->
                  auditTrail.store(
                      em, audit.success(true).actionDetail(PolicyStore.described(fields))));
        });
    enforce = false;
    changed();
  }

  /** Deletes what is selected. */
  public void delete() {
    List<String> names = getSelectedKeys();
    if (!names.isEmpty()
        && actions.perform(
            "system/delPolicy",
            audit ->
                store.delete(
                    names,
                    enforce,
                    em ->
                        auditTrail.store(
                            em, audit.success(true).info(String.join(", ", names)))))) {
      actions.messages().done("policies.deleted", names.size());
      enforce = false;
      changed();
    }
  }

  /** All policies that are found, as the file that can be imported. */
  public void save() {
    String text =
        PolicyFile.write(
            search
                .find(
                    new PolicySearch.Filter(
                        found("name", false).stream().map(PolicyRow::name).toList(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true))
                .values());
    if (actions.perform("system/getPolicy", audit -> audit.success(true).info("export"))) {
      Downloads.text("policy.cfg", text);
    }
  }

  // filters -------------------------------------------------------------------------------------

  public List<String> getScopes() {
    return List.copyOf(PolicyCatalogue.scopes().keySet());
  }

  public String getQ() {
    return q;
  }

  public void setQ(String text) {
    q = text == null ? "" : text.trim();
  }

  public String getScope() {
    return scope;
  }

  public void setScope(String text) {
    scope = text == null ? "" : text;
  }

  public String getActive() {
    return active;
  }

  public void setActive(String text) {
    active = "yes".equals(text) || "no".equals(text) ? text : "";
  }

  public boolean isEnforce() {
    return enforce;
  }

  public void setEnforce(boolean on) {
    enforce = on;
  }
}
