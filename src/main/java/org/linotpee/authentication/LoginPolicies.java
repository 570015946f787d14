package org.linotpee.authentication;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;

/** What policies say about a login (spec 07 sections 12 and 13). */
@Service
public class LoginPolicies {
  private static final String AUTHENTICATION = "authentication";
  private static final String AUTHORIZATION = "authorization";
  private static final String ENROLLMENT = "enrollment";

  private final PolicyEngine policies;
  private final Snapshots snapshots;
  private final String adminRealm;

  @Inject
  public LoginPolicies(PolicyEngine policies, Snapshots snapshots, Settings settings) {
    this.policies = policies;
    this.snapshots = snapshots;
    this.adminRealm = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  /**
   * What holds for the tokens of a login.
   *
   * @param challenged names of the types that are asked a challenge though they need none, in lower
   *     case; {@code *} for all
   * @param offline names of the types whose offline data may be handed out
   * @param types blank-separated types of which the token must be, empty for any
   * @param serial pattern of its serial, empty for any
   */
  record Rules(
      PinMode mode,
      Set<String> challenged,
      Set<String> offline,
      boolean disableExceeded,
      boolean deleteExceeded,
      boolean purgeRollout,
      Optional<String> types,
      Optional<String> serial) {
    static final Rules NONE =
        new Rules(
            PinMode.TOKEN_PIN,
            Set.of(),
            Set.of(),
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty());

    /** The same at a place that has rules of its own. */
    Rules at(Occasion occasion) {
      return new Rules(
          occasion.pinMode(mode),
          occasion == Occasion.SELFSERVICE_STEP ? Set.of("*") : challenged,
          offline,
          disableExceeded,
          deleteExceeded,
          purgeRollout,
          types,
          serial);
    }

    /** True if tokens of a type are asked a challenge though they need none. */
    boolean challenges(TokenType type) {
      return challenged.contains("*") || challenged.contains(type.name());
    }

    /** The policy that does not allow a token; empty if none forbids it. */
    Optional<String> forbids(Token token) {
      if (types.isPresent()) {
        var allowed = Arrays.asList(types.get().trim().toLowerCase(Locale.ROOT).split("\\s+"));
        if (!allowed.contains("*") && !allowed.contains(token.type().toLowerCase(Locale.ROOT))) {
          return Optional.of("tokentype");
        }
      }
      if (serial.isPresent() && !found(serial.get(), token.serial())) {
        return Optional.of("serial");
      }
      return Optional.empty();
    }

    /** A pattern that cannot be read lets nobody in. */
    private static boolean found(String pattern, String serial) {
      try {
        return Pattern.compile(pattern).matcher(serial).find();
      } catch (PatternSyntaxException e) {
        return false;
      }
    }
  }

  private String defaultRealm() {
    return snapshots.current().part(Realms.class).defaultRealm();
  }

  /** The context of a user whom a request names. */
  PolicyContext context(UserName user, String client) {
    return new PolicyContext(
        user.given() ? Optional.of(PolicySubject.of(user)) : Optional.empty(),
        Optional.of(user.realm().isEmpty() ? defaultRealm() : user.realm()),
        client);
  }

  PolicyContext context(User user, String client) {
    String realm = user.name().realm();
    return new PolicyContext(
        Optional.of(PolicySubject.of(user)),
        Optional.of(realm.isEmpty() ? defaultRealm() : realm),
        client);
  }

  /** The user in the realm in which he is to be looked for. */
  UserName inSetRealm(UserName user, String client) {
    return user.given()
        ? policies
            .text(AUTHORIZATION, "setrealm", context(user, client))
            .map(realm -> new UserName(user.login(), realm.trim(), user.resolver()))
            .orElse(user)
        : user;
  }

  /** True if the user may try to log in: as soon as one policy authorizes anybody, one must him. */
  boolean authorized(UserName user, String client) {
    return !policies.exists(AUTHORIZATION, "authorize")
        || policies.flag(AUTHORIZATION, "authorize", context(user, client));
  }

  /** True if no policy could say anything about a login. */
  boolean silent() {
    return !policies.anyActive(AUTHENTICATION) && !policies.anyActive(ENROLLMENT);
  }

  Rules rules(PolicyContext context, boolean ofUser) {
    return new Rules(
        policies.text(AUTHENTICATION, "otppin", context).map(PinMode::of).orElse(PinMode.TOKEN_PIN),
        words(policies.text(AUTHENTICATION, "challenge_response", context)),
        words(policies.text(AUTHENTICATION, "support_offline", context)),
        policies.flag(AUTHENTICATION, "disable_on_authentication_exceed", context),
        policies.flag(AUTHENTICATION, "delete_on_authentication_exceed", context),
        policies.flag(ENROLLMENT, "purge_rollout_token", context),
        ofUser ? policies.text(AUTHORIZATION, "tokentype", context) : Optional.empty(),
        ofUser ? policies.text(AUTHORIZATION, "serial", context) : Optional.empty());
  }

  private static Set<String> words(Optional<String> text) {
    return text.map(t -> Set.copyOf(Arrays.asList(t.trim().toLowerCase(Locale.ROOT).split("\\s+"))))
        .orElse(Set.of());
  }

  /** The servers that decide instead of this one. */
  Optional<String> forwardServers(PolicyContext context) {
    return policies.text(AUTHENTICATION, "forward_server", context);
  }

  /** True if they decide only about users who have no token. */
  boolean forwardsOnlyWithoutToken(PolicyContext context) {
    return policies.flag(AUTHENTICATION, "forward_on_no_token", context);
  }

  boolean passThru(PolicyContext context) {
    return policies.flag(AUTHENTICATION, "passthru", context);
  }

  boolean passOnNoToken(PolicyContext context) {
    return policies.flag(AUTHENTICATION, "passOnNoToken", context);
  }

  boolean autoAssignment(PolicyContext context) {
    return policies.flag(ENROLLMENT, "autoassignment", context);
  }

  /** True if servers that check tokens elsewhere are asked, too. */
  boolean autoAssignmentAsksServers(PolicyContext context) {
    return policies.flag(ENROLLMENT, "autoassignment_forward", context);
  }

  boolean keepsPinAtAutoAssignment(PolicyContext context) {
    return policies.flag(ENROLLMENT, "ignore_autoassignment_pin", context);
  }

  boolean autoAssignmentWithoutPassword(PolicyContext context) {
    return policies.flag(ENROLLMENT, "autoassignment_without_password", context);
  }

  Optional<String> realmOfAutoAssignment(PolicyContext context) {
    return policies.text(ENROLLMENT, "autoassignment_from_realm", context).map(String::trim);
  }

  Optional<String> autoEnrollment(PolicyContext context) {
    return policies.text(ENROLLMENT, "autoenrollment", context);
  }

  boolean detailOnSuccess(PolicyContext context) {
    return policies.flag(AUTHORIZATION, "detail_on_success", context);
  }

  boolean detailOnFail(PolicyContext context) {
    return policies.flag(AUTHORIZATION, "detail_on_fail", context);
  }

  boolean detailed() {
    return policies.anyActive(AUTHORIZATION);
  }

  /**
   * Who has logged in, with what.
   *
   * @param attributes of the user; null if there is none
   * @param type and serial of the token; empty texts if none was used
   */
  Map<String, Object> success(
      Map<String, String> attributes, String realm, String type, String serial) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("realm", realm.isEmpty() ? null : realm);
    detail.put(
        "is_linotp_admin",
        realm.isEmpty() ? null : realm.toLowerCase(Locale.ROOT).equals(adminRealm));
    detail.put("tokentype", type.isEmpty() ? null : type);
    detail.put("serial", serial.isEmpty() ? null : serial);
    if (attributes == null) {
      detail.put("user", null);
    } else {
      var user = new LinkedHashMap<String, Object>();
      attributes.forEach(
          (name, value) -> user.put(name, value == null || value.isEmpty() ? null : value));
      user.remove("cryptpass");
      user.remove("resolver");
      detail.put("user", user);
    }
    return detail;
  }
}
