package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
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
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.token.LastAccess;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.Validity;

/**
 * Decides whether a password authenticates a user (spec 02 section 3). The user store is asked
 * first; then one short transaction locks the candidate tokens, computes, stores counters and audit
 * row. The row lock is what makes a value count once, for parallel requests on any number of nodes.
 */
@Service
public class Authentication {
  private static final Logger LOG = System.getLogger(Authentication.class.getName());

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final UserQueue queue;
  private final Clock clock;

  @Inject
  public Authentication(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Transactions transactions,
      AuditTrail auditTrail,
      UserQueue queue,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.queue = queue;
    this.clock = clock;
  }

  /** What is known once the user store was asked, before the database is. */
  private record Candidate(Attempt attempt, Optional<User> user, Snapshot snapshot, Instant now) {
    Configuration configuration() {
      return snapshot.configuration();
    }

    Realms realms() {
      return snapshot.part(Realms.class);
    }
  }

  /**
   * Checks a password against the tokens of a user, or against the token of the option {@code
   * serial}.
   *
   * @throws LinotpException 905 if there are tokens but no password; nothing is stored then
   */
  public Outcome check(Attempt attempt, AuditRecord audit) {
    Snapshot snapshot = snapshots.current();
    Optional<User> user = Optional.empty();
    if (attempt.user().given()) {
      UserLookup lookup = users.findFresh(attempt.user());
      if (!(lookup instanceof UserLookup.Found found)) {
        return withoutUser(lookup, snapshot.configuration(), audit);
      }
      user = Optional.of(found.user());
      audit.user(attempt.user().login(), found.user().name().realm());
    }
    var candidate = new Candidate(attempt, user, snapshot, clock.instant());
    return queue.run(
        queueKey(candidate), () -> transactions.required(em -> decide(em, candidate, audit)));
  }

  private static String queueKey(Candidate candidate) {
    return candidate
        .attempt()
        .option("serial")
        .map(serial -> "serial " + serial)
        .orElseGet(() -> "user " + candidate.user().map(User::owner).orElse(null));
  }

  /** Step A for somebody whom the user stores do not know. */
  private Outcome withoutUser(UserLookup lookup, Configuration configuration, AuditRecord audit) {
    boolean certain = lookup instanceof UserLookup.NotFound notFound && !notFound.unreachable();
    if (certain && configuration.flag("PassOnUserNotFound", false)) {
      audit.success(true).actionDetail("user not found, passed by PassOnUserNotFound");
      return new Outcome.Accepted(Map.of());
    }
    audit.success(false).actionDetail("user not found");
    return new Outcome.Refused(Map.of());
  }

  private Outcome decide(EntityManager em, Candidate candidate, AuditRecord audit) {
    List<Token> found = candidates(em, candidate);
    Outcome outcome =
        found.isEmpty() ? withoutTokens(candidate, audit) : withTokens(em, candidate, found, audit);
    audit.success(outcome.accepted());
    auditTrail.store(em, audit);
    return outcome;
  }

  /** Step D: the tokens that may be meant, locked in the order of their ids. */
  private List<Token> candidates(EntityManager em, Candidate candidate) {
    Optional<String> serial = candidate.attempt().option("serial");
    List<Token> found =
        serial.isPresent()
            ? tokens.lockBySerial(em, serial.get())
            : candidate
                .user()
                .map(user -> tokens.lockOfUser(em, user, candidate.realms()))
                .orElse(List.of());
    Optional<String> type = candidate.attempt().option("token_type");
    return type.isEmpty()
        ? found
        : found.stream().filter(t -> t.type().equalsIgnoreCase(type.get())).toList();
  }

  /** Section 3.2: a user, or a serial, without any token. */
  private static Outcome withoutTokens(Candidate candidate, AuditRecord audit) {
    if (candidate.user().isPresent()
        && candidate.configuration().flag("PassOnUserNoToken", false)) {
      audit.actionDetail("user has no token, passed by PassOnUserNoToken");
      return new Outcome.Accepted(Map.of());
    }
    audit.actionDetail(candidate.user().isPresent() ? "user has no token" : "no token found");
    return new Outcome.Refused(Map.of());
  }

  private Outcome withTokens(
      EntityManager em, Candidate candidate, List<Token> found, AuditRecord audit) {
    if (candidate.attempt().password().isEmpty()) {
      throw LinotpException.missing("pass");
    }
    var checked = new CheckedTokens();
    Map<Long, Set<String>> realmsOfTokens =
        candidate.user().isPresent() && candidate.attempt().option("serial").isPresent()
            ? tokens.realmsOf(em, found, candidate.realms())
            : Map.of();
    for (Token token : found) {
      if (usable(candidate, token, realmsOfTokens.getOrDefault(token.id(), Set.of()), checked)) {
        checkOne(candidate, token, checked);
      }
    }
    describe(checked, found, audit);
    return finish(candidate, checked, audit);
  }

  /** Section 3.3, tests 1 to 7. */
  private boolean usable(
      Candidate candidate, Token token, Set<String> realms, CheckedTokens checked) {
    String userRealm = candidate.user().map(u -> u.name().realm()).orElse("");
    if (!realms.isEmpty() && !userRealm.isEmpty() && !realms.contains(userRealm)) {
      checked.skipped(token, "realm mismatch");
      return false;
    }
    if (types.of(token).isEmpty()) {
      checked.skipped(token, "unknown token type");
      return false;
    }
    if (!token.active()) {
      checked.skipped(token, "token inactive");
      return false;
    }
    if (token.locked()) {
      checked.skipped(token, "failcounter exceeded");
      return false;
    }
    if (!inScope(token, candidate.attempt().path())) {
      checked.skipped(token, "not usable here");
      return false;
    }
    var obstacle = Validity.obstacle(token.info(), candidate.now());
    if (obstacle.isPresent()) {
      token.countFailure();
      checked.skipped(token, obstacle.get().text());
      return false;
    }
    return true;
  }

  /** Test 5: a roll-out token names the paths where it may be used. */
  private static boolean inScope(Token token, String path) {
    var scope = token.info().node("scope").map(s -> s.path("path"));
    if (scope.isEmpty() || !scope.get().isArray() || scope.get().isEmpty()) {
      return true;
    }
    for (var allowed : scope.get()) {
      if (allowed.asText().equals(path)) {
        return true;
      }
    }
    return false;
  }

  /** Section 3.5 for a token that authenticates: PIN first, the OTP only if it is right. */
  private void checkOne(Candidate candidate, Token token, CheckedTokens checked) {
    TokenType type = types.of(token).orElseThrow();
    boolean pinFirst = candidate.configuration().flag("PrependPin", true);
    var split = type.split(token, candidate.attempt().password().orElseThrow(), pinFirst);
    try {
      if (!secrets.pinMatches(token, split.pin())) {
        checked.invalid(token);
        return;
      }
      OptionalLong match =
          type.check(
              token,
              split.otp(),
              new TokenType.CheckContext(candidate.configuration(), candidate.now()));
      if (match.isPresent()) {
        checked.valid(
            new CheckedTokens.Valid(
                token, match.getAsLong(), split.pin().length(), split.otp().length()));
      } else {
        checked.pinMatching(token);
      }
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "token " + token.serial() + " could not be checked", failed);
      checked.skipped(token, "could not be checked");
    }
  }

  private static void describe(CheckedTokens checked, List<Token> found, AuditRecord audit) {
    List<Token> shown =
        checked.valid().size() == 1
            ? List.of(checked.valid().get(0).token())
            : !checked.pinMatching().isEmpty() ? checked.pinMatching() : found;
    audit.serial(String.join(" ", shown.stream().map(Token::serial).toList()));
    audit.tokenType(String.join(" ", new TreeSet<>(shown.stream().map(Token::type).toList())));
    audit.info(checked.remarks());
  }

  /** Section 3.6: exactly one of its branches. */
  private Outcome finish(Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    Outcome outcome;
    if (checked.valid().size() == 1) {
      outcome = succeed(candidate, checked, checked.valid().get(0));
    } else if (checked.valid().size() > 1) {
      outcome = several(checked, audit);
    } else if (!checked.pinMatching().isEmpty()) {
      audit.actionDetail("wrong otp value");
      outcome = fail(checked.pinMatching(), true);
    } else {
      if (!checked.invalid().isEmpty()) {
        audit.actionDetail("wrong otp pin");
      }
      outcome = fail(checked.invalid(), false);
    }
    stamp(candidate, checked);
    return outcome;
  }

  private static Outcome succeed(
      Candidate candidate, CheckedTokens checked, CheckedTokens.Valid match) {
    Token token = match.token();
    token.counter(match.counter() + 1);
    token.info(Validity.countUse(Validity.countSuccess(token.info()), false));
    checked.examined().forEach(Token::resetFailCount);
    Map<String, Object> detail = new LinkedHashMap<>();
    if (candidate.attempt().flag("auth_info")) {
      List<Object> pin = List.of("pin_length", match.pinLength());
      List<Object> otp = List.of("otp_length", match.otpLength());
      boolean pinFirst = candidate.configuration().flag("PrependPin", true);
      detail.put("auth_info", pinFirst ? List.of(pin, otp) : List.of(otp, pin));
    }
    return new Outcome.Accepted(detail);
  }

  /** Several tokens with one PIN and one OTP: refused, and the value is spent for all of them. */
  private static Outcome several(CheckedTokens checked, AuditRecord audit) {
    for (var match : checked.valid()) {
      match.token().counter(match.counter() + 1);
      match.token().info(Validity.countUse(match.token().info(), false));
    }
    audit.actionDetail("several tokens matched PIN and OTP (-33)");
    return new Outcome.Refused(Map.of());
  }

  private static Outcome fail(List<Token> failed, boolean pinMatched) {
    for (Token token : failed) {
      token.info(Validity.countUse(token.info(), pinMatched));
      token.countFailure();
    }
    return new Outcome.Refused(Map.of());
  }

  private static void stamp(Candidate candidate, CheckedTokens checked) {
    LastAccess.recorded(candidate.configuration(), candidate.now())
        .ifPresent(
            moment -> {
              checked.examined().forEach(token -> token.lastAccess(moment));
              checked.valid().forEach(match -> match.token().lastSuccess(moment));
            });
  }

  /** The serial of the only token of a user; empty if he has none or several. */
  public Optional<String> onlyTokenOf(UserName name) {
    if (!(users.find(name) instanceof UserLookup.Found found)) {
      return Optional.empty();
    }
    Realms realms = snapshots.current().part(Realms.class);
    return transactions.required(
        em -> {
          List<Token> owned = tokens.lockOfUser(em, found.user(), realms);
          return owned.size() == 1 ? Optional.of(owned.get(0).serial()) : Optional.empty();
        });
  }
}
