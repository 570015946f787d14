package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.policy.Action;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyActions;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyFields;
import org.linotpee.policy.PolicySearch;
import org.linotpee.policy.PolicyStore;
import org.linotpee.web.Actions;
import org.linotpee.web.CatalogueTexts;

/**
 * The editor of a policy (spec 10 section 2.4): its actions one by one with what the catalogue says
 * about them, or as text. What the server would refuse is told while it is typed.
 */
@Named
@ViewScoped
public class PolicyView implements Serializable {
  /** An action in the editor. */
  public static final class Row implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final boolean flag;
    private String value;

    Row(String name, String value, boolean flag) {
      this.name = name;
      this.value = value;
      this.flag = flag;
    }

    public String getName() {
      return name;
    }

    public boolean isFlag() {
      return flag;
    }

    public String getValue() {
      return value;
    }

    public void setValue(String text) {
      value = text == null ? "" : text;
    }
  }

  /** An action of the catalogue. */
  public record Offer(String name, String type, String values, String description)
      implements Serializable {
    static Offer of(String name, Action action, String description) {
      List<Object> allowed = action.values().isEmpty() ? action.range() : action.values();
      String shown =
          allowed.size() > MOST_VALUES
              ? allowed.get(0) + " - " + allowed.get(allowed.size() - 1)
              : String.join(", ", allowed.stream().map(String::valueOf).toList());
      return new Offer(name, String.join("/", action.types()), shown, description);
    }
  }

  private static final long serialVersionUID = 1L;
  private static final int MOST_VALUES = 12;

  @Inject private transient PolicySearch search;
  @Inject private transient PolicyStore store;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private transient Snapshots snapshots;
  @Inject private Actions actions;
  @Inject private CatalogueTexts catalogue;

  private String stored = "";
  private String copied = "";
  private String name = "";
  private boolean active = true;
  private String scope = "selfservice";
  private String user = "*";
  private String realm = "*";
  private String client = "*";
  private String time = "";
  private ArrayList<Row> rows = new ArrayList<>();
  private String wanted = "";
  private ArrayList<Offer> offers;
  private String text = "";
  private boolean enforce;
  private String problem = "";

  /** Reads the policy that is edited or copied. */
  public void load() {
    String source = stored.isEmpty() ? copied : stored;
    if (source.isEmpty()) {
      return;
    }
    PolicyFields fields = search.find(PolicySearch.Filter.ALL).get(source);
    if (fields == null) {
      actions.messages().error("policy.unknown", source);
      stored = "";
      return;
    }
    PolicyRow row = PolicyRow.of(fields);
    name = stored.isEmpty() ? source + "_copy" : source;
    active = row.active();
    scope = row.scope();
    user = row.user();
    realm = row.realm();
    client = row.client();
    time = row.time();
    actions.look(() -> read(row.action()));
  }

  private boolean read(String action) {
    var read = new ArrayList<Row>();
    PolicyActions.of(action).forEach(e -> read.add(new Row(e.name(), e.value(), e.flag())));
    rows = read;
    text = action;
    return true;
  }

  private String written() {
    return PolicyActions.text(
        rows.stream()
            .map(row -> new PolicyActions.Entry(row.getName(), row.getValue(), row.isFlag()))
            .toList());
  }

  private Map<String, String> fields() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("name", name.trim());
    fields.put("active", active ? "True" : "False");
    fields.put("scope", scope);
    fields.put("action", written());
    fields.put("user", user.trim());
    fields.put("realm", realm.trim());
    fields.put("client", client.trim());
    fields.put("time", time.trim());
    return fields;
  }

  // editing -------------------------------------------------------------------------------------

  /** What the server would refuse; empty if nothing. */
  public String getProblem() {
    return problem;
  }

  /** Has the server look at what was typed so far. */
  public void check() {
    text = written();
    problem = "";
    if (name.isBlank() || rows.isEmpty()) {
      return;
    }
    try {
      store.check(fields(), enforce);
    } catch (LinotpException e) {
      problem = e.getMessage();
    }
  }

  /** Another scope has other actions. */
  public void scopeChanged() {
    rows = new ArrayList<>();
    filter();
    check();
  }

  /** The actions of the scope that are not in the policy, and have the wanted text. */
  public List<Offer> getOffers() {
    if (offers == null) {
      filter();
    }
    return offers;
  }

  /** Looks for the offers anew; they stay the same while a request is worked on. */
  public void filter() {
    String part = wanted.trim().toLowerCase(Locale.ROOT);
    offers =
        PolicyCatalogue.ofScope(scope).entrySet().stream()
            .filter(e -> rows.stream().noneMatch(row -> row.getName().equals(e.getKey())))
            .map(e -> Offer.of(e.getKey(), e.getValue(), said(e.getKey(), e.getValue())))
            .filter(
                offer ->
                    (offer.name() + " " + offer.description())
                        .toLowerCase(Locale.ROOT)
                        .contains(part))
            .collect(Collectors.toCollection(ArrayList::new));
  }

  public void add(String action) {
    Action known = PolicyCatalogue.ofScope(scope).get(action);
    if (known != null) {
      boolean flag = known.types().contains("bool");
      String first =
          flag ? "true" : known.values().isEmpty() ? "" : String.valueOf(known.values().get(0));
      rows.add(new Row(action, first, flag));
      filter();
      check();
    }
  }

  public void remove(String action) {
    rows.removeIf(row -> row.getName().equals(action));
    filter();
    check();
  }

  /** Takes the typed text for the actions. */
  public void takeText() {
    String typed = text;
    if (actions.look(() -> read(typed)).isPresent()) {
      filter();
      check();
    }
  }

  private Optional<Action> known(Row row) {
    int dot = row.getName().indexOf('.');
    Map<String, Action> all = PolicyCatalogue.ofScope(scope);
    return Optional.ofNullable(all.get(row.getName()))
        .or(() -> Optional.ofNullable(all.get(dot < 0 ? "" : row.getName().substring(0, dot))));
  }

  public String description(Row row) {
    return known(row).map(action -> said(row.getName(), action)).orElse("");
  }

  private String said(String action, Action of) {
    return catalogue.action(scope, action, of.description());
  }

  /** The values to choose from; none if anything can be typed. */
  public List<String> choice(Row row) {
    List<String> values =
        known(row).map(Action::values).orElse(List.of()).stream().map(String::valueOf).toList();
    return values.isEmpty() || values.contains(row.getValue()) ? values : List.of();
  }

  /** The type of a value and what it may be, for people. */
  public String kind(Row row) {
    return known(row)
        .map(action -> Offer.of(row.getName(), action, ""))
        .map(o -> o.values().isEmpty() ? o.type() : o.type() + ": " + o.values())
        .orElse("");
  }

  public List<Row> getRows() {
    return rows;
  }

  // storing -------------------------------------------------------------------------------------

  /** Stores it and shows the list. */
  public String save() {
    Map<String, String> fields = fields();
    boolean done =
        actions.perform(
            "system/setPolicy",
            audit ->
                store.set(
                    fields,
                    enforce,
                    em ->
                        auditTrail.store(
                            em, audit.success(true).actionDetail(PolicyStore.described(fields)))));
    if (!done) {
      return null;
    }
    actions.messages().done("policy.saved", fields.get("name"));
    actions.messages().keep();
    return "/manage/policies/index?faces-redirect=true";
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** True if nobody could be left who may change the configuration. */
  public boolean isGrave() {
    return scope.equals("system");
  }

  public List<String> getScopes() {
    return List.copyOf(PolicyCatalogue.scopes().keySet());
  }

  /** Names of realms, for completion. */
  public List<String> getRealms() {
    return snapshots.current().part(Realms.class).all().stream().map(r -> r.name()).toList();
  }

  // fields --------------------------------------------------------------------------------------

  /** The name of the policy that is edited; empty for a new one. */
  public String getStored() {
    return stored;
  }

  public void setStored(String value) {
    stored = value == null ? "" : value;
  }

  public String getCopied() {
    return copied;
  }

  public void setCopied(String value) {
    copied = value == null ? "" : value;
  }

  public String getName() {
    return name;
  }

  public void setName(String value) {
    name = value == null ? "" : value;
  }

  public boolean isActive() {
    return active;
  }

  public void setActive(boolean on) {
    active = on;
  }

  public String getScope() {
    return scope;
  }

  public void setScope(String value) {
    scope = value == null ? "" : value;
  }

  public String getUser() {
    return user;
  }

  public void setUser(String value) {
    user = value == null ? "" : value;
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String value) {
    realm = value == null ? "" : value;
  }

  public String getClient() {
    return client;
  }

  public void setClient(String value) {
    client = value == null ? "" : value;
  }

  public String getTime() {
    return time;
  }

  public void setTime(String value) {
    time = value == null ? "" : value;
  }

  public String getWanted() {
    return wanted;
  }

  public void setWanted(String value) {
    wanted = value == null ? "" : value;
  }

  public String getText() {
    return text;
  }

  public void setText(String value) {
    text = value == null ? "" : value;
  }

  public boolean isEnforce() {
    return enforce;
  }

  public void setEnforce(boolean on) {
    enforce = on;
  }
}
