package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.Randoms;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.identity.User;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;

/** Users enroll tokens for themselves (spec 09 sections 9.1 and 9.4). */
@Service
public class OwnEnrollment {
  /** Rights of older installations that stand for those of a type. */
  private static final Map<String, String> ALSO =
      Map.of("enrollHMAC", "webprovisionGOOGLE", "enrollTOTP", "webprovisionGOOGLEtime");

  /** What only administrators decide. */
  private static final Set<String> NOT_FOR_USERS =
      Set.of("realm", "user", "resConf", "enable", "scope", "rollout", "encryptpin", "client");

  /** What apps can show. */
  public static final int APP_DIGITS = 6;

  private static final int PARAMETER = 905;
  private static final int UNKNOWN_TYPE = 1610;
  private static final int SERIAL_IN_USE = 1102;

  private final Enrollment enrollment;
  private final SelfserviceRights rights;
  private final TokenTypes types;
  private final OwnTokens ownTokens;
  private final Snapshots snapshots;

  @Inject
  public OwnEnrollment(
      Enrollment enrollment,
      SelfserviceRights rights,
      TokenTypes types,
      OwnTokens ownTokens,
      Snapshots snapshots) {
    this.enrollment = enrollment;
    this.rights = rights;
    this.types = types;
    this.ownTokens = ownTokens;
    this.snapshots = snapshots;
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  /**
   * Enrolls a token for the user in his realm.
   *
   * @param requested the parameters of the request
   * @throws LinotpException 905 without type, 411 and 412 if the user has too many tokens, 410
   *     without the right, 413 if the realm has too many, 1102 if the serial is in use, -311 if the
   *     PIN is forbidden, and what the type refuses; nothing is stored then
   */
  public Enrollment.Result enroll(User user, Map<String, String> requested, AuditRecord audit) {
    String name =
        Optional.ofNullable(requested.get("type"))
            .orElseThrow(() -> LinotpException.missing("type"));
    ownTokens.describe(Optional.ofNullable(requested.get("serial")), audit);
    audit.tokenType(name);
    String right = "enroll" + name.toUpperCase(Locale.ROOT);
    Optional<LinotpException> refusal =
        rights.may(user, audit.client(), right)
                || (ALSO.containsKey(right) && rights.may(user, audit.client(), ALSO.get(right)))
            ? pinRefusal(user, requested, audit.client())
            : Optional.of(SelfserviceRights.denied());
    return enroll(user, name, requested, refusal, audit);
  }

  private Enrollment.Result enroll(
      User user,
      String typeName,
      Map<String, String> requested,
      Optional<LinotpException> refusal,
      AuditRecord audit) {
    Optional<TokenType> type = types.named(typeName);
    if (type.isEmpty()) {
      throw refusal.orElseGet(
          () -> new LinotpException(UNKNOWN_TYPE, "unknown token type '" + typeName + "'"));
    }
    var parameters = new LinkedHashMap<>(requested);
    parameters.keySet().removeAll(NOT_FOR_USERS);
    Map<String, String> completed =
        refusal.isPresent()
            ? parameters
            : type.get()
                .ownEnrollment(
                    parameters,
                    new TokenType.OwnEnrollment(
                        user.attributes(), action -> rights.number(user, audit.client(), action)));
    var permission =
        new OwnWish(
            user,
            refusal,
            rights.may(user, audit.client(), "assign"),
            configuration().flag("userservice.enroll_takes_over_serial", false));
    Enrollment.Result result = enrollment.enroll(completed, type.get(), user, permission, audit);
    return type.get().seedIsShownToOwner() ? result : result.withoutSeed();
  }

  /** A PIN needs the right to set one, and obeys the rules for those. */
  private Optional<LinotpException> pinRefusal(
      User user, Map<String, String> requested, String client) {
    Optional<String> pin = Optional.ofNullable(requested.get("pin"));
    boolean maySet = rights.may(user, client, "setOTPPIN");
    if (pin.isPresent()) {
      return maySet
          ? ownTokens.objection(user, client, pin.get())
          : Optional.of(SelfserviceRights.denied());
    }
    return maySet && configuration().flag("userservice.enroll_pin_required", false)
        ? Optional.of(LinotpException.missing("pin"))
        : Optional.empty();
  }

  /** What a user may do to the token of a serial that exists. */
  private record OwnWish(
      User user, Optional<LinotpException> refusal, boolean mayAssign, boolean takesOver)
      implements Enrollment.Permission {
    @Override
    public void require(Optional<Token> existing, Set<String> in) {
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      if (existing.isPresent() && !existing.get().belongsTo(user) && !takesOver) {
        boolean free =
            mayAssign
                && existing.get().owner().isEmpty()
                && (in.isEmpty() || in.contains(user.name().realm()));
        if (!free) {
          throw new LinotpException(SERIAL_IN_USE, "The serial number is already in use.");
        }
      }
    }

    @Override
    public TokenPolicies.Occasion occasion() {
      return TokenPolicies.Occasion.SELFSERVICE;
    }

    @Override
    public boolean ownPin() {
      return true;
    }
  }

  /**
   * The second step of an enrollment that the device takes part in (section 9.6).
   *
   * @param typeName of the token
   * @param anyOf the rights one of which the user needs
   * @throws LinotpException 410 without the right, 905 if something is missing, -311 if the token
   *     is not one of the user's and of this type, and what the type refuses
   */
  public Enrollment.Result activate(
      User user,
      String typeName,
      List<String> anyOf,
      Map<String, String> requested,
      AuditRecord audit) {
    Optional<String> serial = Optional.ofNullable(requested.get("serial"));
    ownTokens.describe(serial, audit);
    if (!typeName.equals(requested.get("type"))) {
      throw LinotpException.unclassified("valid type is '" + typeName + "'");
    }
    rights.require(user, audit.client(), anyOf.toArray(String[]::new));
    for (String name : List.of("serial", "genkey", "activationcode")) {
      if (!requested.containsKey(name)) {
        throw LinotpException.missing(name);
      }
    }
    TokenType type =
        types
            .named(typeName)
            .orElseThrow(
                () -> new LinotpException(UNKNOWN_TYPE, "unknown token type '" + typeName + "'"));
    var parameters = new LinkedHashMap<>(requested);
    parameters.keySet().removeAll(NOT_FOR_USERS);
    parameters.remove("pin");
    parameters.put("activationcode", requested.get("activationcode").toUpperCase(Locale.ROOT));
    return enrollment.enroll(
        parameters, type, user, new OwnStep(user, type, Optional.empty()), audit);
  }

  /**
   * A further step of the enrollment of a device that speaks to the browser (section 10.3).
   *
   * @param typeName of the token
   * @param step the parameters by which the type knows it, besides the serial
   * @throws LinotpException 905 if something is missing or the token has another type, -311 if it
   *     is none of the user's, 410 without the right to enroll the type, and what the type refuses
   */
  public Enrollment.Result proceed(
      User user,
      String typeName,
      Optional<String> serial,
      Map<String, Optional<String>> step,
      AuditRecord audit) {
    ownTokens.describe(serial, audit);
    audit.tokenType(typeName);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put(
        "serial",
        serial.filter(s -> !s.isEmpty()).orElseThrow(() -> LinotpException.missing("serial")));
    step.forEach(
        (name, value) ->
            parameters.put(name, value.orElseThrow(() -> LinotpException.missing(name))));
    TokenType type =
        types
            .named(typeName)
            .orElseThrow(
                () -> new LinotpException(UNKNOWN_TYPE, "unknown token type '" + typeName + "'"));
    Optional<LinotpException> refusal =
        rights.may(user, audit.client(), "enroll" + typeName.toUpperCase(Locale.ROOT))
            ? Optional.empty()
            : Optional.of(SelfserviceRights.denied());
    return enrollment.enroll(parameters, type, user, new OwnStep(user, type, refusal), audit);
  }

  /** Only an own token can be brought further. */
  private record OwnStep(User user, TokenType type, Optional<LinotpException> refusal)
      implements Enrollment.Permission {
    @Override
    public void require(Optional<Token> existing, Set<String> in) {
      if (existing.isEmpty() || !existing.get().belongsTo(user)) {
        throw LinotpException.unclassified("User is not the owner of the token");
      }
      if (!existing.get().type().equalsIgnoreCase(type.storedName())) {
        throw new LinotpException(
            PARAMETER, "the token is not one of the type '" + type.name() + "'");
      }
      if (refusal.isPresent()) {
        throw refusal.get();
      }
    }

    @Override
    public TokenPolicies.Occasion occasion() {
      return TokenPolicies.Occasion.SELFSERVICE;
    }

    @Override
    public boolean newToken() {
      return false;
    }
  }

  // apps ------------------------------------------------------------------------------------------

  /**
   * What an app is to take over.
   *
   * @param label the account, {@code login@realm}
   */
  public record Provisioned(
      String serial, String url, String key, String label, boolean timeBased, boolean lockedDown) {
    /** Without URL and key, which are secret. */
    @Override
    public String toString() {
      return "Provisioned[" + serial + "]";
    }
  }

  private record App(String type, String right, int seedBytes, String prefix, String description) {
    private static final Map<String, App> ALL =
        Map.of(
            "googleauthenticator",
            new App("hmac", "webprovisionGOOGLE", 32, "LSGO", "authenticator app, HOTP"),
            "googleauthenticator_time",
            new App("totp", "webprovisionGOOGLEtime", 32, "LSGO", "authenticator app, TOTP"),
            "oathtoken",
            new App("hmac", "webprovisionOATH", 20, "LSAO", "OATH app"));
  }

  /**
   * Enrolls a token for an app.
   *
   * @throws LinotpException -311 if there is no such app, 410 without the right, and as {@link
   *     #enroll}
   */
  public Provisioned provision(User user, Map<String, String> requested, AuditRecord audit) {
    String name =
        Optional.ofNullable(requested.get("type"))
            .orElseThrow(() -> LinotpException.missing("type"));
    ownTokens.describe(Optional.ofNullable(requested.get("serial")), audit);
    if (name.equals("ocra2")) {
      rights.require(user, audit.client(), "enrollOCRA2");
    }
    App app = App.ALL.get(name);
    if (app == null) {
      throw LinotpException.unclassified(
          "valid types are 'oathtoken' or 'googleauthenticator' or 'googleauthenticator_time'. You provided '"
              + name
              + "'.");
    }
    var parameters = new LinkedHashMap<String, String>();
    for (String kept : List.of("serial", "description", "prefix")) {
      Optional.ofNullable(requested.get(kept))
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> parameters.put(kept, text));
    }
    parameters.putIfAbsent("prefix", app.prefix());
    parameters.putIfAbsent("description", app.description());
    parameters.put("otplen", "6");
    parameters.put("totp_otplen", "6");
    parameters.put("hashlib", "sha1");
    parameters.put("totp_hashlib", "sha1");
    parameters.put("timeStep", "30");
    String key = Randoms.hex(app.seedBytes());
    parameters.put("otpkey", key);
    Optional<LinotpException> refusal =
        rights.may(user, audit.client(), app.right())
            ? Optional.empty()
            : Optional.of(SelfserviceRights.denied());
    Enrollment.Result result = enroll(user, app.type(), parameters, refusal, audit);
    String label = user.name().login() + "@" + user.name().realm();
    boolean oath = name.equals("oathtoken");
    return new Provisioned(
        result.serial(),
        oath ? Enrollment.oathUrl(label, key, false) : result.otpauthUrl().orElseThrow(),
        key,
        label,
        app.type().equals("totp"),
        oath);
  }
}
