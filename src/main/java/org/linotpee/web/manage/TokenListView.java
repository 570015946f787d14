package org.linotpee.web.manage;

import jakarta.annotation.PostConstruct;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.administration.TokenList;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.web.Actions;
import org.linotpee.web.ListView;
import org.linotpee.web.Texts;

/** The list of tokens (spec 10 section 2.2). */
@Named
@ViewScoped
public class TokenListView extends ListView<TokenRow> {
  private static final long serialVersionUID = 1L;
  private static final Duration SOON = Duration.ofDays(30);
  private static final List<String> STATES =
      List.of("active", "disabled", "locked", "expiring", "expired");

  @Inject private transient TokenList tokens;
  @Inject private transient Clock clock;
  @Inject private transient Snapshots snapshots;
  @Inject private Texts texts;
  @Inject private Actions actions;

  @Inject private TokenWork work;
  @Inject private transient TokenTypes types;
  @Inject private transient AdminRights rights;

  private String q = "";
  private String user = "";
  private String realm = "";
  private String type = "";
  private String state = "";
  private String owners = "";

  public TokenListView() {
    super(
        List.of(
            new Column("serial", "TokenSerialnumber", true),
            new Column("type", "TokenType", true),
            new Column("state", "Isactive", true),
            new Column("owner", "", true),
            new Column("realms", "", true),
            new Column("description", "TokenDesc", true),
            new Column("failCount", "FailCount", true),
            new Column("maxFail", "", false),
            new Column("otpLength", "", false),
            new Column("counterWindow", "", false),
            new Column("syncWindow", "", false),
            new Column("userId", "Userid", false),
            new Column("resolver", "IdResolver", false),
            new Column("created", "CreationDate", false),
            new Column("lastAccess", "LastAuthMatch", false),
            new Column("lastSuccess", "LastAuthSuccess", true)),
        "serial");
  }

  @PostConstruct
  void begin() {
    work.of(this::getSelectedKeys, Optional::empty, this::changed);
  }

  /** What is done with the selected tokens. */
  public TokenWork getWork() {
    return work;
  }

  /** Whose tokens: a name, or one of {@code assigned}, {@code unassigned}, {@code orphaned}. */
  private Optional<String> whose() {
    return switch (owners) {
      case "assigned" -> Optional.of("*");
      case "unassigned" -> Optional.of("/:no user:/");
      case "orphaned" -> Optional.of(TokenList.NO_USER_INFO);
      default -> Optional.of(user).filter(u -> !u.isEmpty());
    };
  }

  private UserName named() {
    int at = user.lastIndexOf('@');
    return at > 0
            && snapshots.current().part(Realms.class).named(user.substring(at + 1)).isPresent()
        ? new UserName(user.substring(0, at), user.substring(at + 1))
        : new UserName(user, "*");
  }

  private TokenList.Traits traits() {
    var now = clock.instant();
    return new TokenList.Traits(
        Optional.of(type)
            .filter(t -> !t.isEmpty())
            .map(t -> types.named(t).map(TokenType::storedName).orElse(t)),
        STATES.contains(state)
            ? Optional.of(TokenList.State.valueOf(state.toUpperCase(Locale.ROOT)))
            : Optional.empty(),
        now,
        now.plus(SOON));
  }

  /** The realms whose tokens the administrator sees. */
  public List<String> getRealmChoice() {
    AdminRights.Scope scope = rights.ofAny();
    return snapshots.current().part(Realms.class).all().stream()
        .map(Realms.Realm::name)
        .filter(scope::inRealm)
        .toList();
  }

  public List<String> getTypeChoice() {
    return types.all().stream()
        .map(TokenType::storedName)
        .sorted(String.CASE_INSENSITIVE_ORDER)
        .toList();
  }

  public List<String> getStateChoice() {
    return STATES;
  }

  /** True if some filter is set. */
  public boolean isFiltered() {
    return filters().values().stream().anyMatch(v -> !v.isEmpty());
  }

  /** True if he may enroll tokens somewhere. */
  public boolean isMayEnroll() {
    return types.all().stream()
        .anyMatch(t -> !rights.of("init" + t.name().toUpperCase(Locale.ROOT)).nowhere());
  }

  private TokenList.Query query(String sortKey, boolean descending, Optional<TokenList.Page> page) {
    return new TokenList.Query(
        Optional.empty(),
        whose(),
        named(),
        Optional.of(realm).filter(r -> !r.isEmpty()),
        Optional.of(q).filter(text -> !text.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        sortKey,
        descending,
        page,
        traits());
  }

  @Override
  protected Found<TokenRow> find(Slice slice) {
    TokenList.Result result =
        tokens.find(
            query(
                slice.sortKey(),
                slice.descending(),
                Optional.of(new TokenList.Page(slice.number(), slice.size()))));
    var now = clock.instant();
    return new Found<>(
        result.entries().stream().map(entry -> TokenRow.of(entry, now)).toList(), result.total());
  }

  @Override
  protected void all(String sortKey, boolean descending, Consumer<TokenRow> reader) {
    var now = clock.instant();
    tokens
        .everything(query(sortKey, descending, Optional.empty()))
        .entries()
        .forEach(entry -> reader.accept(TokenRow.of(entry, now)));
  }

  /** The export is told in the audit trail, as that of the HTTP interface. */
  @Override
  public void export() {
    if (actions.perform("admin/show", audit -> audit.success(true).info("export"))) {
      super.export();
    }
  }

  @Override
  protected String key(TokenRow row) {
    return row.serial();
  }

  @Override
  protected String cell(TokenRow row, String column) {
    return row.cell(column, texts);
  }

  @Override
  protected Map<String, String> filters() {
    var filters = new LinkedHashMap<String, String>();
    filters.put("q", q);
    filters.put("user", user);
    filters.put("owners", owners);
    filters.put("realm", realm);
    filters.put("type", type);
    filters.put("state", state);
    return filters;
  }

  @Override
  public String getTexts() {
    return "tokens";
  }

  public String getQ() {
    return q;
  }

  public void setQ(String text) {
    q = text == null ? "" : text.trim();
  }

  public String getUser() {
    return user;
  }

  public void setUser(String text) {
    user = text == null ? "" : text.trim();
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String name) {
    realm = name == null ? "" : name;
  }

  public String getType() {
    return type;
  }

  public void setType(String name) {
    type = name == null ? "" : name;
  }

  public String getState() {
    return state;
  }

  public void setState(String name) {
    state = name == null ? "" : name;
  }

  public String getOwners() {
    return owners;
  }

  public void setOwners(String which) {
    owners = which == null ? "" : which;
  }
}
