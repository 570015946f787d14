package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.token.TokenPolicies;

/** What clients of the self-service need to know before and after the login (spec 09 section 6). */
@Service
public class Portal {
  private static final List<String> NEVER_SHOWN = List.of("cryptpass", "password");

  private final Snapshots snapshots;
  private final SelfserviceRights rights;
  private final TokenPolicies tokenPolicies;
  private final String adminRealm;

  @Inject
  public Portal(
      Snapshots snapshots,
      SelfserviceRights rights,
      TokenPolicies tokenPolicies,
      Settings settings) {
    this.snapshots = snapshots;
    this.rights = rights;
    this.tokenPolicies = tokenPolicies;
    this.adminRealm = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  /** True if the login asks for a realm. */
  boolean realmBox() {
    return configuration().text("selfservice.realmbox").map("True"::equals).orElse(false);
  }

  /**
   * What is known before the login.
   *
   * @param realms to choose from; never that of the administrators
   * @param withResolvers true if clients are to be told the form that older ones know
   * @param settings by name; null is a value of its own
   */
  public record BeforeLogin(
      List<Realms.Realm> realms,
      String defaultRealm,
      boolean withResolvers,
      Map<String, Object> settings) {}

  /** Section 6.1. */
  public BeforeLogin beforeLogin(String client) {
    String defaultRealm = realms().defaultRealm();
    boolean realmBox = realmBox();
    List<Realms.Realm> shown =
        realms().all().stream()
            .filter(realm -> realmBox || realm.name().equals(defaultRealm))
            .filter(realm -> !realm.name().equals(adminRealm))
            .toList();
    var settings = new LinkedHashMap<String, Object>();
    settings.put("default_realm", defaultRealm.isEmpty() ? null : defaultRealm);
    settings.put("realm_box", realmBox);
    settings.put("mfa_login", rights.flagBeforeLogin("mfa_login", client));
    settings.put("mfa_3_fields", rights.flagBeforeLogin("mfa_3_fields", client));
    settings.put("autoassign", false);
    settings.put("autoenroll", false);
    for (String text : List.of("footer_text", "imprint_url", "privacy_notice_url")) {
      settings.put(text, rights.textBeforeLogin(text, client).orElse(null));
    }
    return new BeforeLogin(
        shown, defaultRealm, configuration().flag("userservice.legacy_realms", false), settings);
  }

  /**
   * What is known after the login.
   *
   * @param actions what the user may do, as far as it is to be offered
   * @param settings those of {@link BeforeLogin}, with what policies say for him
   * @param imprint the text of his realm, {@code ""} if there is none
   */
  public record AfterLogin(
      BeforeLogin common, List<String> actions, Map<String, Object> settings, String imprint) {}

  /**
   * Section 6.2.
   *
   * @throws org.linotpee.configuration.LinotpException -311 if a policy has a value that cannot be
   *     used
   */
  public AfterLogin afterLogin(User user, String client) {
    BeforeLogin common = beforeLogin(client);
    var actions = new ArrayList<String>();
    var settings = new LinkedHashMap<String, Object>(common.settings());
    settings.put("mfa_login", rights.flag(user, client, "mfa_login"));
    settings.put("mfa_3_fields", rights.flag(user, client, "mfa_3_fields"));
    rights
        .everything(user, client)
        .forEach(
            (action, value) -> {
              if (value.equals(true)) {
                actions.add(action);
              } else {
                settings.put(action, value);
              }
            });
    settings.put(
        "last_access",
        configuration()
            .text("token.last_access")
            .map(text -> !text.trim().equalsIgnoreCase("false"))
            .orElse(false));
    settings.put("token_limits", limits(user, client));
    return new AfterLogin(common, actions, settings, imprint(user));
  }

  private Map<String, Object> limits(User user, String client) {
    TokenPolicies.Limits known = tokenPolicies.limits(user, client);
    var ofTypes = new ArrayList<Map<String, Object>>();
    known
        .ofTypes()
        .forEach(
            (type, limit) -> {
              var entry = new LinkedHashMap<String, Object>();
              entry.put("token_type", type);
              entry.put("max_token", limit);
              ofTypes.add(entry);
            });
    var limits = new LinkedHashMap<String, Object>();
    limits.put("all_token", known.tokens().isPresent() ? known.tokens().getAsInt() : null);
    limits.put("token_types", ofTypes);
    return limits;
  }

  /** A file that the operator may have put there for a realm; the name is checked by the realm. */
  private String imprint(User user) {
    Optional<String> folder = configuration().text("imprint_directory");
    if (realms().named(user.name().realm()).isEmpty()
        || user.name().realm().matches(".*[/\\\\].*")) {
      return "";
    }
    try {
      Path file =
          Path.of(folder.orElse("/etc/linotp/imprint")).resolve(user.name().realm() + ".imprint");
      return Files.isRegularFile(file) ? Files.readString(file) : "";
    } catch (IOException | IllegalArgumentException unreadable) {
      return "";
    }
  }

  /** What the user store says about a user, but for passwords, and where he is (section 6.2). */
  public static Map<String, String> described(User user) {
    var described = new LinkedHashMap<String, String>(user.attributes());
    NEVER_SHOWN.forEach(described::remove);
    described.put("realm", user.name().realm());
    described.put("resolver", user.owner().resolverName());
    return described;
  }
}
