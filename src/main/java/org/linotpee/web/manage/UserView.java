package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.TokenList;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;

/** One user with his tokens (spec 10 section 2.3). */
@Named
@ViewScoped
public class UserView implements Serializable {
  private static final long serialVersionUID = 1L;

  /** In front of the other attributes. */
  private static final List<String> FIRST =
      List.of("username", "givenname", "surname", "email", "mobile", "phone", "userid");

  private static final int SUGGESTIONS = 20;

  @Inject private transient Users users;
  @Inject private transient TokenList tokenList;
  @Inject private transient ManagedTokens tokens;
  @Inject private transient AdminRights rights;
  @Inject private transient Snapshots snapshots;
  @Inject private transient Clock clock;
  @Inject private Actions actions;

  private String login = "";
  private String realm = "";
  private String resolver = "";
  private Map<String, String> attributes;
  private ArrayList<TokenRow> rows = new ArrayList<>();
  private String serial = "";
  private String pin = "";

  private UserName name() {
    return new UserName(login, realm, resolver);
  }

  /** Looks the user and his tokens up. */
  public void load() {
    if (realm.isEmpty() && !resolver.isEmpty()) {
      AdminRights.Scope listed = rights.of("userlist");
      realm =
          snapshots.current().part(Realms.class).containing(resolver).stream()
              .map(Realms.Realm::name)
              .filter(listed::inRealm)
              .findFirst()
              .orElse("");
    }
    actions.look(
        () -> {
          rights.requireForUser("userlist", "list users of", name());
          User user = users.require(name());
          attributes = ordered(user.attributes());
          attributes.put("resolver", user.owner().resolverName());
          reload(user);
          return user;
        });
  }

  private void reload(User user) {
    rows = new ArrayList<>();
    var now = clock.instant();
    for (OwnerKey owner : user.owners()) {
      tokenList
          .find(
              new TokenList.Query(
                  Optional.empty(),
                  Optional.empty(),
                  UserName.NONE,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(owner.userId()),
                  Optional.of(owner.resolverName()),
                  "TokenSerialnumber",
                  false,
                  Optional.empty()))
          .entries()
          .forEach(entry -> rows.add(TokenRow.of(entry, now)));
    }
  }

  private static Map<String, String> ordered(Map<String, String> attributes) {
    var ordered = new LinkedHashMap<String, String>();
    FIRST.forEach(
        name -> {
          if (!attributes.getOrDefault(name, "").isEmpty()) {
            ordered.put(name, attributes.get(name));
          }
        });
    new TreeMap<>(attributes)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                ordered.putIfAbsent(name, value);
              }
            });
    ordered.keySet().removeAll(Set.of("password", "cryptpass"));
    return ordered;
  }

  public boolean isFound() {
    return attributes != null;
  }

  /** What the user store knows, the important first. */
  public List<Map.Entry<String, String>> getAttributes() {
    return attributes == null ? List.of() : List.copyOf(attributes.entrySet());
  }

  /** The label of an attribute; its name if it is one of the store's own. */
  public String label(String attribute) {
    return actions.texts().or("users." + attribute, attribute);
  }

  public List<TokenRow> getTokens() {
    return rows;
  }

  // actions -------------------------------------------------------------------------------------

  public boolean may(String action) {
    return rights.of(action).forUser(name());
  }

  /** True if the administrator may enroll any type of token for the user. */
  public boolean isEnrolling() {
    return org.linotpee.policy.PolicyCatalogue.ofScope("admin").keySet().stream()
        .anyMatch(action -> action.startsWith("init") && may(action));
  }

  /** What follows the question mark in addresses of views that are about the user. */
  public String getQuery() {
    String user = realm.isEmpty() ? login : login + "@" + realm;
    return "user=" + URLEncoder.encode(user, StandardCharsets.UTF_8);
  }

  /** Serial numbers of tokens without owner that contain the text. */
  public List<String> free(String text) {
    return actions
        .look(
            () ->
                tokenList
                    .find(
                        new TokenList.Query(
                            Optional.of("*" + text.replace("*", "") + "*"),
                            Optional.of("/:no user:/"),
                            UserName.NONE,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            "TokenSerialnumber",
                            false,
                            Optional.of(new TokenList.Page(1, SUGGESTIONS))))
                    .entries()
                    .stream()
                    .map(entry -> entry.token().serial())
                    .toList())
        .orElse(List.of());
  }

  /** Gives the user the token of the typed serial number, with a PIN if one was typed. */
  public void assign() {
    String typed = pin;
    pin = "";
    tell(
        "admin/assign",
        "users.assigned",
        serial,
        audit ->
            tokens.assign(
                List.of(serial),
                name(),
                Optional.of(typed).filter(text -> !text.isEmpty()),
                false,
                audit));
  }

  public void unassign(String number) {
    tell("admin/unassign", "users.unassigned", number, audit -> tokens.unassign(number, audit));
  }

  public void enable(String number) {
    tell("admin/enable", "users.enabled", number, audit -> tokens.enable(selection(number), audit));
  }

  public void disable(String number) {
    tell(
        "admin/disable",
        "users.disabled",
        number,
        audit -> tokens.disable(selection(number), audit));
  }

  public void reset(String number) {
    tell(
        "admin/reset",
        "users.reset",
        number,
        audit -> tokens.resetFailCounter(selection(number), audit));
  }

  private static ManagedTokens.Selection selection(String number) {
    return new ManagedTokens.Selection(UserName.NONE, Optional.of(number));
  }

  private void tell(
      String action,
      String text,
      String number,
      java.util.function.Consumer<org.linotpee.audit.AuditRecord> work) {
    if (actions.perform(action, work)) {
      actions.messages().done(text, number, login);
      serial = "";
      load();
    }
  }

  // the view ------------------------------------------------------------------------------------

  public String getLogin() {
    return login;
  }

  public void setLogin(String text) {
    login = text == null ? "" : text;
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String text) {
    realm = text == null ? "" : text;
  }

  public String getResolver() {
    return resolver;
  }

  public void setResolver(String text) {
    resolver = text == null ? "" : text;
  }

  public String getSerial() {
    return serial;
  }

  public void setSerial(String text) {
    serial = text == null ? "" : text.trim();
  }

  /** Never rendered. */
  public String getPin() {
    return "";
  }

  public void setPin(String text) {
    pin = text == null ? "" : text;
  }
}
