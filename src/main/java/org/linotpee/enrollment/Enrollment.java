package org.linotpee.enrollment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshot;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicySubject;
import org.linotpee.reporting.Reports;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.Notifications;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.TotpTokenType;

/** Makes tokens, and gives existing ones a new seed (spec 03 section 2). */
@Service
public class Enrollment {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNKNOWN_TYPE = 1610;
  private static final int OTHER_TYPE = 10;
  private static final int MAX_SERIAL = 40;
  private static final String ISSUER = "LinOTP";

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final AdminRights rights;
  private final TokenPolicies policies;
  private final Reports reports;
  private final Notifications notifications;

  @Inject
  public Enrollment(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Transactions transactions,
      AuditTrail auditTrail,
      AdminRights rights,
      TokenPolicies policies,
      Reports reports,
      Notifications notifications) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.rights = rights;
    this.policies = policies;
    this.reports = reports;
    this.notifications = notifications;
  }

  /**
   * What is to be shown, once, to whoever takes the token over.
   *
   * @param seed the key as it was stored; empty if the type does not disclose it
   * @param otpauthUrl for authenticator apps that follow Google's key URI format
   * @param oathUrl for OATH Token, if the configuration offers it
   * @param more what the type tells besides, by name
   */
  public record Result(
      String serial,
      Optional<String> seed,
      Optional<String> otpauthUrl,
      Optional<String> oathUrl,
      Map<String, Object> more) {
    /** What a device takes over, if anything: the first of what is shown as QR code. */
    public Optional<String> url() {
      return otpauthUrl.or(
          () ->
              more.values().stream()
                  .filter(TokenType.Scannable.class::isInstance)
                  .map(TokenType.Scannable.class::cast)
                  .min(Comparator.comparing(code -> String.valueOf(code.order())))
                  .map(TokenType.Scannable::value));
    }

    /** The same for somebody who need not see the seed. */
    public Result withoutSeed() {
      return new Result(serial, Optional.empty(), Optional.empty(), Optional.empty(), more);
    }

    /** Without the seed. */
    @Override
    public String toString() {
      return "Result[serial=" + serial + "]";
    }
  }

  /**
   * Enrolls a token for the owner, if one is named, in the realms of the owner and of the parameter
   * {@code realm}. A serial that exists with the same type gets a new seed and keeps the rest.
   *
   * @param parameters of the request, by name
   * @throws LinotpException 1610 unknown type, 1112 unknown owner, 10 the serial has another type,
   *     905 or 344 the key is missing or doubly given, 410 to 412 a policy forbids it; nothing is
   *     stored then
   */
  public Result enroll(Map<String, String> parameters, UserName owner, AuditRecord audit) {
    Snapshot snapshot = snapshots.current();
    TokenType type = type(parameters.getOrDefault("type", ""));
    String wanted = parameters.getOrDefault("serial", "");
    requireUsable(wanted);
    AdminRights.Scope right = right(type);
    Optional<User> user = owner.given() ? Optional.of(users.requireOwner(owner)) : Optional.empty();
    return run(
        new Request(
            parameters,
            type,
            wanted,
            owner,
            user,
            snapshot,
            new Administrators(right, type, owner),
            audit.client()),
        audit);
  }

  /**
   * Enrolls a token for the user who asks for it himself (spec 09 section 9.1).
   *
   * @param parameters of the request, but for what only administrators decide
   * @param permission what he may do
   * @throws LinotpException as {@link #enroll(Map, UserName, AuditRecord)}, and what the permission
   *     refuses; nothing is stored then
   */
  public Result enroll(
      Map<String, String> parameters,
      TokenType type,
      User user,
      Permission permission,
      AuditRecord audit) {
    String wanted = parameters.getOrDefault("serial", "");
    requireUsable(wanted);
    return run(
        new Request(
            parameters,
            type,
            wanted,
            user.name(),
            Optional.of(user),
            snapshots.current(),
            permission,
            audit.client()),
        audit);
  }

  private Result run(Request request, AuditRecord audit) {
    Stored stored =
        transactions.required(
            em -> {
              Stored done = store(em, request, audit);
              em.flush();
              audit.success(true).actionDetail("tokennum = " + tokens.countActive(em));
              auditTrail.store(em, audit);
              return done;
            });
    request
        .user()
        .filter(user -> request.newToken())
        .ifPresent(user -> tell(stored, user, request.client()));
    return stored.result();
  }

  /**
   * What was done.
   *
   * @param pin that the owner does not know yet; empty if there is none
   */
  private record Stored(Result result, String tokenType, Optional<String> pin) {
    /** Without seed and PIN. */
    @Override
    public String toString() {
      return result.toString();
    }
  }

  private void tell(Stored stored, User owner, String client) {
    Notifications.Addressee addressee = notifications.addressee(owner, client);
    String serial = stored.result().serial();
    notifications.send(
        new Notifications.Notice(
            Notifications.Event.ENROLLMENT, serial, stored.tokenType(), Optional.empty()),
        addressee);
    stored
        .pin()
        .ifPresent(
            pin ->
                notifications.send(
                    new Notifications.Notice(
                        Notifications.Event.PIN, serial, stored.tokenType(), Optional.of(pin)),
                    addressee));
  }

  /** Whether somebody may enroll a token; asked within the transaction, behind the limits. */
  public interface Permission {
    /**
     * Requires it.
     *
     * @param existing the token that has the wanted serial already, locked
     * @param in the realms of that token
     */
    void require(Optional<Token> existing, Set<String> in);

    /** True if tokens may be put into the realm that the request names, if there is one. */
    default boolean into(String realm) {
      return true;
    }

    /** How a realm that is full is told. */
    TokenPolicies.Occasion occasion();

    /** The realms of a token without owner if the request names none. */
    default Set<String> realms() {
      return Set.of();
    }

    /** False for a further step of the enrollment of a token, which has been counted already. */
    default boolean newToken() {
      return true;
    }

    /** True if the owner has chosen the PIN of the request: then it also beats a random one. */
    default boolean ownPin() {
      return false;
    }
  }

  /** What the rights of an administrator permit. */
  private record Administrators(AdminRights.Scope right, TokenType type, UserName owner)
      implements Permission {
    @Override
    public void require(Optional<Token> existing, Set<String> in) {
      String what = "init" + type.name().toUpperCase(Locale.ROOT) + " tokens";
      if (right.nowhere()) {
        throw AdminRights.denied(what);
      }
      if (owner.given() && !right.forUser(owner)) {
        throw AdminRights.denied(what + " for user " + owner.login());
      }
      if (existing.isPresent() && !right.forToken(in)) {
        throw AdminRights.denied("init token " + existing.get().serial());
      }
    }

    @Override
    public TokenPolicies.Occasion occasion() {
      return TokenPolicies.Occasion.ENROLLMENT;
    }

    /** Who has rights in some realms puts tokens into no other, nor learns which there are. */
    @Override
    public boolean into(String realm) {
      return right.inRealm(realm);
    }

    @Override
    public Set<String> realms() {
      return right.everywhere() ? Set.of() : Set.copyOf(right.existing());
    }
  }

  private record Request(
      Map<String, String> parameters,
      TokenType type,
      String serial,
      UserName owner,
      Optional<User> user,
      Snapshot snapshot,
      Permission permission,
      String client) {
    Optional<String> given(String name) {
      return Optional.ofNullable(parameters.get(name));
    }

    /** False for a further step of the enrollment of a token. */
    boolean newToken() {
      return permission.newToken() && !type.continues(parameters);
    }

    Configuration configuration() {
      return snapshot.configuration();
    }

    Realms realms() {
      return snapshot.part(Realms.class);
    }
  }

  /**
   * Where the administrator may enroll tokens of a type; the oldest type has an older right, too.
   */
  private AdminRights.Scope right(TokenType type) {
    String action = "init" + type.name().toUpperCase(Locale.ROOT);
    return type.name().equals("hmac") ? rights.ofEither(action, "initETNG") : rights.of(action);
  }

  private void requireAllowed(EntityManager em, Request request, List<Token> existing) {
    request
        .user()
        .filter(user -> request.newToken())
        .ifPresent(
            user -> policies.requireRoomForUser(em, user, request.type().name(), request.client()));
    request
        .given("realm")
        .map(String::trim)
        .filter(realm -> !realm.isEmpty() && !request.permission().into(realm))
        .ifPresent(
            realm -> {
              throw AdminRights.denied("init tokens in realm " + realm);
            });
    Optional<Token> token = existing.stream().findFirst();
    request
        .permission()
        .require(token, token.map(t -> tokens.realmsOf(em, t, request.realms())).orElse(Set.of()));
  }

  private TokenType type(String name) {
    String wanted = name.isEmpty() ? "hmac" : name;
    return types
        .named(wanted)
        .orElseThrow(
            () -> new LinotpException(UNKNOWN_TYPE, "unknown token type '" + wanted + "'"));
  }

  /**
   * A serial number fits the column and cannot be taken for a pattern or a list.
   *
   * @throws LinotpException -311 if it does not
   */
  static void requireUsable(String serial) {
    if (serial.length() > MAX_SERIAL) {
      throw LinotpException.unclassified("a serial has at most 40 characters");
    }
    if (!serial.equals(serial.strip())
        || serial.contains("*")
        || serial.contains(",")
        || serial.chars().anyMatch(Character::isISOControl)) {
      throw LinotpException.unclassified(
          "a serial has no '*', no ',', no control characters and no blanks at its ends");
    }
  }

  private Stored store(EntityManager em, Request request, AuditRecord audit) {
    List<Token> existing =
        request.serial().isEmpty() ? List.of() : tokens.lockBySerial(em, request.serial());
    requireAllowed(em, request, existing);
    policies.awaitTurn(em, realmNames(request));
    Token token = existing.isEmpty() ? create(em, request) : existing.get(0);
    requireType(token, request.type());
    TokenType.Enrolled enrolled =
        request
            .type()
            .enroll(
                token,
                new EnrollmentParameters(
                    request.parameters(),
                    request.configuration(),
                    policiesOf(em, request, existing),
                    circumstances(em, request)));
    request.user().ifPresent(user -> token.assign(user.owner()));
    Set<String> in = putIntoRealms(em, token, request, existing.isEmpty());
    Optional<String> pin = applyCommon(token, request, in);
    policies.requireRoomInRealms(em, in, 0, request.permission().occasion());
    reports.record(em, "init", Reports.realms(List.of(in)));
    Result result = result(token, enrolled, request, in);
    audit
        .serial(token.serial())
        .tokenType(token.type())
        .user(request.user().map(u -> u.name().login()).orElse(""), String.join(", ", in));
    return new Stored(result, token.type(), pin);
  }

  /** What policies say about a token before it has its owner and its realms. */
  private EnrollmentParameters.PolicyTexts policiesOf(
      EntityManager em, Request request, List<Token> existing) {
    List<String> named = realmNames(request);
    Collection<String> in =
        named.isEmpty() && !existing.isEmpty()
            ? tokens.realmsOf(em, existing.get(0), request.realms())
            : named;
    return (scope, action) ->
        policies.onlyText(scope, action, request.user(), in, request.client());
  }

  private EnrollmentParameters.Circumstances circumstances(EntityManager em, Request request) {
    return new EnrollmentParameters.Circumstances(
        request.user(),
        context(request, realmNames(request)),
        () ->
            request
                .user()
                .map(user -> tokens.ofUser(em, user, request.realms()))
                .orElse(List.of()));
  }

  /** The context of the owner in his realm, or of the token's realm. */
  private static PolicyContext context(Request request, Collection<String> in) {
    return new PolicyContext(
        request.user().map(PolicySubject::of),
        request
            .user()
            .map(u -> u.name().realm())
            .or(() -> in.stream().findFirst())
            .or(() -> Optional.of(request.realms().defaultRealm())),
        request.client());
  }

  /**
   * A token keeps its type for life.
   *
   * @param existing null if there is none of the serial
   * @throws LinotpException 10 if it has another type
   */
  static void requireType(Token existing, TokenType type) {
    if (existing != null && !existing.type().equalsIgnoreCase(type.storedName())) {
      throw new LinotpException(
          OTHER_TYPE,
          "token '%s' already exist with type '%s'. Can not initialize token with new type '%s'"
              .formatted(existing.serial(), existing.type(), type.storedName()));
    }
  }

  private Token create(EntityManager em, Request request) {
    String serial =
        request.serial().isEmpty()
            ? tokens.newSerial(em, request.type(), request.given("prefix"))
            : request.serial();
    requireUsable(serial);
    return tokens.create(em, serial, request.type(), request.configuration());
  }

  /** The PIN that the token has got, unless its owner has chosen it. */
  private Optional<String> applyCommon(Token token, Request request, Set<String> in) {
    request.given("description").filter(d -> !d.isEmpty()).ifPresent(token::describe);
    request.given("enable").ifPresent(text -> token.active(flag(text)));
    boolean reversible =
        "true".equalsIgnoreCase(request.parameters().get("encryptpin"))
            || policies.reversiblePins(request.user(), in, request.client());
    Optional<String> chosen = request.given("pin");
    boolean own = chosen.isPresent() && request.permission().ownPin();
    Optional<String> random =
        own || !request.newToken()
            ? Optional.empty()
            : policies.randomPin(request.user(), in, request.client());
    random.or(() -> chosen).ifPresent(pin -> secrets.changePin(token, pin, reversible));
    scope(request)
        .ifPresent(
            scope -> {
              token.info(token.info().with("scope", scope));
              if (token.description().isEmpty()) {
                token.describe("rollout token");
              }
            });
    return own ? Optional.empty() : random.or(() -> chosen.filter(pin -> !pin.isEmpty()));
  }

  private static boolean flag(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true" -> true;
      case "0", "no", "false" -> false;
      default -> throw LinotpException.unclassified("'enable' must be true or false");
    };
  }

  /** Where the token may be used: JSON, or the shorthand {@code rollout}. */
  private static Optional<JsonNode> scope(Request request) {
    String text =
        request
            .given("scope")
            .filter(s -> !s.isEmpty())
            .or(() -> request.given("rollout").map(any -> "{\"path\": [\"userservice\"]}"))
            .orElse("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode scope = JSON.readTree(text);
      if (scope.isObject() && scope.path("path").isArray()) {
        return Optional.of(scope);
      }
    } catch (JsonProcessingException e) {
      throw LinotpException.unclassified("'scope' is not JSON");
    }
    throw LinotpException.unclassified("'scope' must be an object with the list 'path'");
  }

  /** An existing token stays in its realms if the request names neither owner nor realm. */
  private Set<String> putIntoRealms(
      EntityManager em, Token token, Request request, boolean created) {
    List<String> names = realmNames(request);
    return created || !names.isEmpty()
        ? tokens.setRealms(em, token, names, request.realms())
        : tokens.realmsOf(em, token, request.realms());
  }

  /** The realms that the request puts the token into. */
  private static List<String> realmNames(Request request) {
    var names = new ArrayList<String>();
    request.user().ifPresent(user -> names.addAll(Tokens.realmsOf(user, request.realms())));
    String realm = request.parameters().getOrDefault("realm", "");
    if (!realm.isEmpty()) {
      names.add(realm);
    }
    if (request.user().isEmpty()) {
      names.addAll(request.permission().realms());
    }
    return names;
  }

  private Result result(Token token, TokenType.Enrolled enrolled, Request request, Set<String> in) {
    String login = request.user().map(u -> u.name().login()).orElse("");
    String realm = request.user().map(u -> request.owner().realm()).orElse("");
    PolicyContext context = context(request, in);
    String label =
        policies
            .label("tokenlabel", token, login, realm, context)
            .orElse(login.isEmpty() ? token.serial() : login);
    String issuer = policies.label("tokenissuer", token, login, realm, context).orElse(ISSUER);
    Optional<String> url =
        enrolled
            .otpauth()
            .map(
                kind ->
                    OtpAuthUrl.of(
                        new OtpAuthUrl.Content(
                            kind,
                            label,
                            issuer,
                            enrolled.seed().orElseThrow(),
                            token.otpLength(),
                            token.info().get("hashlib").orElse("sha1"),
                            TotpTokenType.step(token))));
    Optional<String> oathUrl =
        enrolled
            .otpauth()
            .filter(kind -> request.configuration().flag("OATHTokenSupport", false))
            .map(kind -> oathUrl(label, enrolled.seed().orElseThrow(), kind.equals("totp")));
    return new Result(token.serial(), enrolled.seed(), url, oathUrl, enrolled.more());
  }

  /** The URL by which the app OATH Token takes a token over (spec 08 section 23). */
  public static String oathUrl(String label, String seed, boolean timeBased) {
    return "oathtoken:///addToken?name="
        + OtpAuthUrl.encoded(label, true)
        + "&lockdown=true&key="
        + seed
        + (timeBased ? "&timeBased=true" : "");
  }
}
