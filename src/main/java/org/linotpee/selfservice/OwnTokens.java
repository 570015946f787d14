package org.linotpee.selfservice;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.linotpee.administration.OtpSearch;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.Users;
import org.linotpee.reporting.Reports;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.UsageScope;

/**
 * What users do with their own tokens (spec 09 sections 7, 8, 9.2 and 9.3). The owner is looked at
 * under the lock of the token's row; each change is one transaction with its audit row.
 */
@Service
public class OwnTokens {
  /** The text is compared by clients. */
  public static final String ALREADY_ASSIGNED = "The token is already assigned to another user.";

  /** This one by older clients, too. */
  private static final String OTHER_REALM =
      "The token you want to assign is not contained in your realm!";

  private static final String KEEP_PIN = "token.keep_pin_on_unassign";
  private static final int NO_TOKEN = 1102;

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final TokenPolicies policies;
  private final SelfserviceRights rights;
  private final OtpSearch otpSearch;
  private final Reports reports;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final Clock clock;

  @Inject
  public OwnTokens(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      TokenPolicies policies,
      SelfserviceRights rights,
      OtpSearch otpSearch,
      Reports reports,
      Transactions transactions,
      AuditTrail auditTrail,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.policies = policies;
    this.rights = rights;
    this.otpSearch = otpSearch;
    this.reports = reports;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.clock = clock;
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  private TokenType.CheckContext context() {
    return new TokenType.CheckContext(configuration(), clock.instant());
  }

  // listing ---------------------------------------------------------------------------------------

  /** A token as its owner sees it. */
  public record Listed(
      Token token, Set<String> realms, String resolverId, Map<String, Object> enrollment) {}

  /**
   * The tokens of a user, in the order of their creation.
   *
   * @param active only enabled ones, or only disabled ones
   * @param rollout with those that are meant for the roll-out only
   */
  public List<Listed> list(User user, Optional<Boolean> active, boolean rollout) {
    record Found(Token token, Set<String> realms) {}
    List<Found> found =
        transactions.required(
            em -> {
              List<Token> owned = tokens.ofUser(em, user, realms());
              Map<Long, Set<String>> in = tokens.realmsOf(em, owned, realms());
              return owned.stream().map(t -> new Found(t, in.get(t.id()))).toList();
            });
    return found.stream()
        .filter(f -> active.isEmpty() || f.token().active() == active.get())
        .filter(f -> rollout || !UsageScope.forRollout(f.token()))
        .map(
            f ->
                new Listed(
                    f.token(),
                    f.realms(),
                    f.token().owner().map(users::resolverId).orElse(""),
                    types
                        .of(f.token())
                        .map(type -> type.enrollmentStatus(f.token()))
                        .orElse(Map.of("status", "undefined"))))
        .toList();
  }

  /** True if the user has this token and it is active. */
  boolean activeOne(User user, String serial) {
    return transactions
        .required(em -> tokens.bySerial(em, serial))
        .filter(token -> token.belongsTo(user) && token.active())
        .isPresent();
  }

  // what all operations share ---------------------------------------------------------------------

  /** What is done to an own token, which is locked. */
  private interface Change<T> {
    T apply(EntityManager em, Token token);
  }

  /**
   * Runs a change of an own token.
   *
   * @return empty if the token is somebody else's; nothing happens then
   * @throws LinotpException 1102 if there is no such token
   */
  private <T> Optional<T> own(User user, String serial, AuditRecord audit, Change<T> change) {
    return transactions.required(
        em -> {
          Token token = lock(em, serial).orElseThrow(() -> noToken(serial));
          audit.tokenType(token.type());
          if (!token.belongsTo(user)) {
            audit.success(false).info("not the owner of the token");
            auditTrail.store(em, audit);
            return Optional.empty();
          }
          audit.success(true);
          T result = change.apply(em, token);
          auditTrail.store(em, audit);
          return Optional.of(result);
        });
  }

  /** Exactly this serial: what stands for any text elsewhere is an ordinary character here. */
  private Optional<Token> lock(EntityManager em, String serial) {
    return tokens.lockBySerials(em, List.of(serial)).stream().findFirst();
  }

  private static LinotpException noToken(String serial) {
    return new LinotpException(NO_TOKEN, "No token with serial " + serial + " found");
  }

  private static String required(Optional<String> value, String name) {
    return value.orElseThrow(() -> LinotpException.missing(name));
  }

  /**
   * Tells the audit row of which token a request speaks, whether it is going to be granted or not.
   */
  void describe(Optional<String> serial, AuditRecord audit) {
    serial.ifPresent(
        text -> {
          audit.serial(text);
          transactions
              .required(em -> tokens.bySerial(em, text))
              .ifPresent(token -> audit.tokenType(token.type()));
        });
  }

  private void count(
      EntityManager em, AuditRecord audit, String action, Collection<String> touched) {
    em.flush();
    reports.record(em, action, touched);
    audit.actionDetail("tokennum = " + tokens.countActive(em));
  }

  private Set<String> reported(EntityManager em, Token token) {
    return Reports.realms(List.of(tokens.realmsOf(em, token, realms())));
  }

  // state -----------------------------------------------------------------------------------------

  /**
   * Lets a token be used again; false if it is somebody else's.
   *
   * @throws LinotpException 905 without serial, 410 without the right, 413 if the realm has too
   *     many active tokens
   */
  public boolean enable(User user, Optional<String> serial, AuditRecord audit) {
    String wanted = required(serial, "serial");
    describe(serial, audit);
    rights.require(user, audit.client(), "enable");
    return own(
            user,
            wanted,
            audit,
            (em, token) -> {
              if (!token.active()) {
                types.of(token).ifPresent(type -> requireEnrolled(type, token));
                token.active(true);
                policies.requireRoomInRealms(
                    em,
                    tokens.realmsOf(em, token, realms()),
                    0,
                    TokenPolicies.Occasion.SELFSERVICE);
              }
              count(em, audit, "enable", reported(em, token));
              return true;
            })
        .isPresent();
  }

  /** What is paired with a device becomes active by that alone. */
  private static void requireEnrolled(TokenType type, Token token) {
    if ("not completed".equals(type.enrollmentStatus(token).get("status"))) {
      throw LinotpException.unclassified("The enrollment of the token is not complete.");
    }
  }

  /** Keeps a token from being used; false if it is somebody else's. */
  public boolean disable(User user, Optional<String> serial, AuditRecord audit) {
    String wanted = required(serial, "serial");
    describe(serial, audit);
    rights.require(user, audit.client(), "disable");
    return own(
            user,
            wanted,
            audit,
            (em, token) -> {
              token.active(false);
              count(em, audit, "disable", reported(em, token));
              return true;
            })
        .isPresent();
  }

  /** Removes a token; false if it is somebody else's. */
  public boolean delete(User user, Optional<String> serial, AuditRecord audit) {
    return allowed(
            user,
            "delete",
            serial,
            audit,
            (em, token) -> {
              Set<String> touched = reported(em, token);
              tokens.delete(em, token);
              count(em, audit, "delete", touched);
              return true;
            })
        .isPresent();
  }

  private <T> Optional<T> allowed(
      User user, String right, Optional<String> serial, AuditRecord audit, Change<T> change) {
    describe(serial, audit);
    rights.require(user, audit.client(), right);
    return own(user, required(serial, "serial"), audit, change);
  }

  /** Forgets the failed attempts; false if the token is somebody else's. */
  public boolean reset(User user, Optional<String> serial, AuditRecord audit) {
    return allowed(
            user,
            "reset",
            serial,
            audit,
            (em, token) -> {
              token.resetFailCount();
              return true;
            })
        .isPresent();
  }

  /**
   * Gives a token up; false if it is somebody else's. It stays in its realms.
   *
   * @param pin for whoever gets it next; without one the PIN is cleared
   */
  public boolean unassign(
      User user, Optional<String> serial, Optional<String> pin, AuditRecord audit) {
    return allowed(
            user,
            "unassign",
            serial,
            audit,
            (em, token) -> {
              Set<String> in = tokens.realmsOf(em, token, realms());
              token.unassign();
              token.resetFailCount();
              if (pin.filter(p -> !p.isEmpty()).isPresent()) {
                secrets.changePin(
                    token,
                    pin.get(),
                    policies.reversiblePins(Optional.of(user), in, audit.client()));
              } else if (!configuration().flag(KEEP_PIN, false)) {
                token.sealedPin("");
              }
              var touched = new TreeSet<>(Reports.realms(List.of(in)));
              touched.addAll(Reports.realms(List.of(Set.of())));
              count(em, audit, "unassign", touched);
              return true;
            })
        .isPresent();
  }

  // PINs, values, description ---------------------------------------------------------------------

  /**
   * Sets the OTP PIN; false if the token is somebody else's.
   *
   * @throws LinotpException -311 if the rules for PINs forbid this one
   */
  public boolean setPin(
      User user, Optional<String> serial, Optional<String> pin, AuditRecord audit) {
    describe(serial, audit);
    rights.require(user, audit.client(), "setOTPPIN");
    String wanted = required(serial, "serial");
    String chosen = required(pin, "userpin");
    Optional<LinotpException> objection = objection(user, audit.client(), chosen);
    return own(
            user,
            wanted,
            audit,
            (em, token) -> {
              refuse(objection);
              Set<String> in = tokens.realmsOf(em, token, realms());
              secrets.changePin(
                  token, chosen, policies.reversiblePins(Optional.of(user), in, audit.client()));
              return true;
            })
        .isPresent();
  }

  /** Why the user may not choose this PIN; empty if he may. */
  Optional<LinotpException> objection(User user, String client, String pin) {
    return policies
        .pinRules(user, client)
        .problem(pin)
        .map(problem -> LinotpException.unclassified("Error: " + problem));
  }

  private static void refuse(Optional<LinotpException> objection) {
    if (objection.isPresent()) {
      throw objection.get();
    }
  }

  /** Sets the PIN of the device that makes the values; false if the token is somebody else's. */
  public boolean setDevicePin(
      User user, Optional<String> serial, Optional<String> pin, AuditRecord audit) {
    describe(serial, audit);
    rights.require(user, audit.client(), "setMOTPPIN");
    String wanted = required(serial, "serial");
    String chosen = required(pin, "pin");
    return own(
            user,
            wanted,
            audit,
            (em, token) -> {
              secrets.changeUserPin(token, chosen);
              return true;
            })
        .isPresent();
  }

  /** True if the token could be moved to two consecutive values; empty if it is somebody else's. */
  public Optional<Boolean> resync(
      User user,
      Optional<String> serial,
      Optional<String> otp1,
      Optional<String> otp2,
      AuditRecord audit) {
    describe(serial, audit);
    rights.require(user, audit.client(), "resync");
    String wanted = required(serial, "serial");
    String first = required(otp1, "otp1");
    String second = required(otp2, "otp2");
    return own(
        user,
        wanted,
        audit,
        (em, token) -> {
          boolean moved =
              types.of(token).map(t -> t.resync(token, first, second, context())).orElse(false);
          audit.success(moved);
          return moved;
        });
  }

  /**
   * Describes a token.
   *
   * @throws LinotpException 905 if something is missing, -311 if the token is somebody else's
   */
  public void describeAs(
      User user, Optional<String> serial, Optional<String> description, AuditRecord audit) {
    describe(serial, audit);
    String wanted = required(serial, "serial");
    String text = required(description, "description");
    rights.require(user, audit.client(), "setDescription");
    transactions.required(
        em -> {
          Token token = lock(em, wanted).orElseThrow(() -> noToken(wanted));
          if (!token.belongsTo(user)) {
            throw LinotpException.unclassified("User is not the owner of the token");
          }
          token.describe(text);
          audit.success(true);
          auditTrail.store(em, audit);
          return null;
        });
  }

  // new tokens ------------------------------------------------------------------------------------

  /**
   * Takes a token that nobody has.
   *
   * @throws LinotpException 905 without serial, 411 and 412 if the user has too many tokens, 410
   *     without the right, 1102 unknown serial, -311 if the token is in another realm or owned, or
   *     the PIN is forbidden, 413 if the realm has too many active tokens; nothing changes then
   */
  public void assign(
      User user,
      Optional<String> serial,
      Optional<String> pin,
      Optional<String> description,
      AuditRecord audit) {
    describe(serial, audit);
    String wanted = required(serial, "serial");
    boolean may = rights.may(user, audit.client(), "assign");
    Optional<LinotpException> objection =
        pin.flatMap(chosen -> objection(user, audit.client(), chosen));
    List<String> names = Tokens.realmsOf(user, realms());
    boolean reversible = policies.reversiblePins(Optional.of(user), names, audit.client());
    transactions.required(
        em -> {
          Optional<Token> found = lock(em, wanted);
          policies.requireRoomForUser(em, user, found.map(Token::type).orElse(""), audit.client());
          if (!may) {
            throw SelfserviceRights.denied();
          }
          Token token = found.orElseThrow(() -> noToken(wanted));
          Set<String> before = tokens.realmsOf(em, token, realms());
          requireFree(token, before, names);
          refuse(objection);
          policies.awaitTurn(em, names);
          token.assign(user.owner());
          tokens.setRealms(em, token, names, realms());
          pin.ifPresent(chosen -> secrets.changePin(token, chosen, reversible));
          token.resetFailCount();
          description.filter(text -> !text.isEmpty()).ifPresent(token::describe);
          policies.requireRoomInRealms(em, names, 0, TokenPolicies.Occasion.SELFSERVICE);
          var touched = new LinkedHashSet<>(Reports.realms(List.of(before)));
          touched.addAll(names);
          audit.success(true).tokenType(token.type());
          count(em, audit, "assign", touched);
          auditTrail.store(em, audit);
          return null;
        });
  }

  static void requireFree(Token token, Set<String> in, Collection<String> usersRealms) {
    if (!in.isEmpty() && in.stream().noneMatch(usersRealms::contains)) {
      throw LinotpException.unclassified(OTHER_REALM);
    }
    if (token.owner().isPresent()) {
      throw LinotpException.unclassified(ALREADY_ASSIGNED);
    }
  }

  /**
   * The serial of the token that nobody has and that shows this value; {@code ""} if there is none.
   *
   * @throws LinotpException 410 without the right, 905 without value, 1200 if several tokens show
   *     it
   */
  public String serialByOtp(
      User user, Optional<String> otp, Optional<String> type, AuditRecord audit) {
    type.ifPresent(audit::tokenType);
    rights.require(user, audit.client(), "getserial");
    return otpSearch
        .spend(
            required(otp, "otp"),
            new OtpSearch.Restriction(type, Optional.of(user.name().realm()), Optional.of(false)),
            audit,
            (em, token) ->
                requireFree(
                    token, tokens.realmsOf(em, token, realms()), List.of(user.name().realm())))
        .map(Token::serial)
        .orElse("");
  }
}
