package org.linotpee.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
import org.linotpee.forwarding.Forwarder;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
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

  private static final JsonNode NO_PATH = MissingNode.getInstance();

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final UserQueue queue;
  private final LoginPolicies policies;
  private final AutoAssignment autoAssignment;
  private final Forwarder forwarder;
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
      LoginPolicies policies,
      AutoAssignment autoAssignment,
      Forwarder forwarder,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.queue = queue;
    this.policies = policies;
    this.autoAssignment = autoAssignment;
    this.forwarder = forwarder;
    this.clock = clock;
  }

  /**
   * What is known once policies and the user store were asked, before the database is.
   *
   * @param rules what policies say about the tokens
   * @param passwords which texts are the user's password, as far as it was asked for
   */
  private record Candidate(
      Attempt attempt,
      Optional<User> user,
      Snapshot snapshot,
      Instant now,
      LoginPolicies.Rules rules,
      Map<String, Boolean> passwords) {
    Configuration configuration() {
      return snapshot.configuration();
    }

    Realms realms() {
      return snapshot.part(Realms.class);
    }

    TokenType.CheckContext context() {
      return new TokenType.CheckContext(configuration(), now);
    }

    Candidate with(LoginPolicies.Rules changed, Map<String, Boolean> asked) {
      return new Candidate(attempt, user, snapshot, now, changed, asked);
    }
  }

  /**
   * Checks a password against the tokens of a user, or against the token of the option {@code
   * serial}.
   *
   * @throws LinotpException 905 if there are tokens but no password; nothing is stored then
   */
  public Outcome check(Attempt requested, AuditRecord audit) {
    UserName name = policies.inSetRealm(requested.user(), audit.client());
    Attempt attempt = requested;
    if (!name.equals(requested.user())) {
      attempt = requested.as(name);
      audit.user(name.login(), name.realm());
    }
    Outcome outcome;
    Optional<User> user = Optional.empty();
    if (name.given() && !policies.authorized(name, audit.client())) {
      audit.success(false).info("not authorized by any policy authorization/authorize");
      outcome = new Outcome.Refused(Map.of());
    } else {
      UserLookup lookup = name.given() ? users.findFresh(name) : new UserLookup.NotFound(false);
      if (lookup instanceof UserLookup.Found found) {
        user = Optional.of(found.user());
        audit.user(name.login(), found.user().name().realm());
      }
      outcome =
          name.given() && user.isEmpty()
              ? withoutUser(lookup, snapshots.current().configuration(), audit)
              : withUser(attempt, user, audit);
    }
    return policies.detailed() ? described(outcome, attempt, user, audit) : outcome;
  }

  private Outcome withUser(Attempt attempt, Optional<User> user, AuditRecord audit) {
    Snapshot snapshot = snapshots.current();
    if (user.isPresent()) {
      PolicyContext context = policies.context(user.get(), audit.client());
      Optional<String> servers = policies.forwardServers(context);
      if (servers.isPresent() && !policies.forwardsOnlyWithoutToken(context)) {
        return forwarded(servers.get(), user.get(), attempt, audit);
      }
    }
    Candidate candidate =
        prepared(
            new Candidate(
                attempt, user, snapshot, clock.instant(), LoginPolicies.Rules.NONE, Map.of()),
            audit.client());
    return queue
        .run(queueKey(candidate), () -> transactions.required(em -> decide(em, candidate, audit)))
        .orElseGet(() -> withoutTokens(candidate, audit));
  }

  /** Another server decides; tokens, PINs and fail counters of this one have no part in it. */
  private Outcome forwarded(String servers, User user, Attempt attempt, AuditRecord audit) {
    Optional<Forwarder.Answer> answer =
        forwarder.forward(
            servers,
            new Forwarder.Login(
                user.name().login(), user.name().realm(), attempt.password(), attempt.options()));
    boolean accepted = answer.map(Forwarder.Answer::accepted).orElse(false);
    audit
        .success(accepted)
        .actionDetail(
            answer.isPresent() ? "Forwarded, result " + accepted : "Not forwarded (no servers)");
    Map<String, Object> detail = answer.map(Forwarder.Answer::detail).orElse(Map.of());
    return accepted ? new Outcome.Accepted(detail) : new Outcome.Refused(detail);
  }

  // before the transaction ------------------------------------------------------------------------

  /** Asks the policies, and the user store for passwords that the transaction will need to know. */
  private Candidate prepared(Candidate candidate, String client) {
    if (policies.silent() && !policies.detailed()) {
      return candidate;
    }
    LoginPolicies.Rules rules =
        candidate
            .user()
            .map(user -> policies.rules(policies.context(user, client), true))
            .orElseGet(() -> policies.rules(contextOfSerial(candidate, client), false));
    Map<String, Boolean> passwords =
        rules.mode() == PinMode.PASSWORD && candidate.user().isPresent()
            ? passwords(candidate)
            : Map.of();
    return candidate.with(rules, passwords);
  }

  /** Without a user the policies of the token's owner hold. */
  private PolicyContext contextOfSerial(Candidate candidate, String client) {
    return owner(candidate.attempt())
        .map(owner -> policies.context(owner, client))
        .orElseGet(() -> policies.context(UserName.NONE, client));
  }

  /** The owner of the token of a serial, in the token's first realm. */
  private Optional<UserName> owner(Attempt attempt) {
    Realms realms = snapshots.current().part(Realms.class);
    return attempt
        .option("serial")
        .flatMap(
            serial ->
                transactions.required(
                    em ->
                        tokens
                            .bySerial(em, serial)
                            .map(t -> Map.entry(t, tokens.realmsOf(em, t, realms)))))
        .map(
            found -> {
              String login =
                  found
                      .getKey()
                      .owner()
                      .flatMap(users::attributes)
                      .map(a -> a.getOrDefault("username", ""))
                      .orElse("");
              String realm = found.getValue().stream().findFirst().orElse("");
              return new UserName(login, realm);
            });
  }

  /** The password is asked for only with a right value, so that guessing locks no account. */
  private Map<String, Boolean> passwords(Candidate candidate) {
    List<Token> found =
        transactions.required(
            em -> {
              List<Token> read = candidates(em, candidate);
              em.clear();
              return read;
            });
    var asked = new LinkedHashMap<String, Boolean>();
    boolean known = false;
    for (Token token : found) {
      Optional<TokenType> type = types.of(token);
      if (type.isEmpty() || !token.active() || token.locked() || known) {
        continue;
      }
      var split = split(candidate, token, type.get());
      boolean right = false;
      try {
        right = type.get().check(token, split.otp(), candidate.context()).isPresent();
      } catch (RuntimeException failed) {
        LOG.log(Level.WARNING, "token " + token.serial() + " could not be checked", failed);
      }
      if (right && !asked.containsKey(split.pin())) {
        known = users.passwordMatches(candidate.user().orElseThrow(), split.pin());
        asked.put(split.pin(), known);
      }
    }
    return asked;
  }

  private static TokenType.Split split(Candidate candidate, Token token, TokenType type) {
    String password = candidate.attempt().password().orElse("");
    if (candidate.rules().mode() == PinMode.ONLY_OTP && !type.name().equals("spass")) {
      return new TokenType.Split("", password);
    }
    return type.split(token, password, candidate.configuration().flag("PrependPin", true));
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

  /** Empty if there is no token at all. */
  private Optional<Outcome> decide(EntityManager em, Candidate candidate, AuditRecord audit) {
    List<Token> found = candidates(em, candidate);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Outcome outcome = withTokens(em, candidate, found, audit);
    audit.success(outcome.accepted());
    auditTrail.store(em, audit);
    return Optional.of(outcome);
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
  private Outcome withoutTokens(Candidate candidate, AuditRecord audit) {
    if (candidate.user().isEmpty()) {
      audit.success(false).actionDetail("no token found");
      return new Outcome.Refused(Map.of());
    }
    User user = candidate.user().get();
    PolicyContext context = policies.context(user, audit.client());
    String password = candidate.attempt().password().orElse("");
    if (autoAssignment.assign(user, candidate.attempt(), context, audit)) {
      return new Outcome.Accepted(Map.of());
    }
    if (candidate.configuration().flag("PassOnUserNoToken", false)) {
      audit.success(true).actionDetail("user has no token, passed by PassOnUserNoToken");
      return new Outcome.Accepted(Map.of());
    }
    if (policies.passThru(context)) {
      boolean right = users.passwordMatches(user, password);
      audit
          .success(right)
          .actionDetail(
              right ? "user has no token, passed by passthru" : "User has no tokens assigned");
      return right ? new Outcome.Accepted(Map.of()) : new Outcome.Refused(Map.of());
    }
    if (policies.passOnNoToken(context)) {
      audit.success(true).actionDetail("user has no token, passed by passOnNoToken");
      return new Outcome.Accepted(Map.of());
    }
    Optional<String> servers = policies.forwardServers(context);
    if (servers.isPresent()) {
      return forwarded(servers.get(), user, candidate.attempt(), audit);
    }
    audit.success(false).actionDetail("User has no tokens assigned");
    return new Outcome.Refused(Map.of());
  }

  /** What the policies on details add to an answer (spec 07 section 13.2). */
  private Outcome described(
      Outcome outcome, Attempt attempt, Optional<User> user, AuditRecord audit) {
    Optional<UserName> owner =
        user.map(User::name)
            .or(() -> attempt.user().given() ? Optional.of(attempt.user()) : owner(attempt))
            .filter(UserName::given);
    PolicyContext context = policies.context(owner.orElse(UserName.NONE), audit.client());
    var detail = new LinkedHashMap<String, Object>(outcome.detail());
    if (outcome.accepted() && policies.detailOnSuccess(context)) {
      Map<String, String> attributes =
          user.map(User::attributes).or(() -> owner.map(o -> attributes(o))).orElse(null);
      detail.putAll(
          policies.success(
              attributes,
              owner.map(UserName::realm).orElse(""),
              audit.tokenType(),
              audit.serial()));
    } else if (!outcome.accepted() && policies.detailOnFail(context)) {
      detail.put("error", audit.actionDetail());
    } else {
      return outcome;
    }
    return outcome.accepted() ? new Outcome.Accepted(detail) : new Outcome.Refused(detail);
  }

  private Map<String, String> attributes(UserName owner) {
    return users.find(owner) instanceof UserLookup.Found found
        ? found.user().attributes()
        : Map.of("username", owner.login());
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
      if (usable(
          em, candidate, token, realmsOfTokens.getOrDefault(token.id(), Set.of()), checked)) {
        checkOne(candidate, token, checked);
      }
    }
    describe(checked, found, audit);
    return finish(em, candidate, checked, audit);
  }

  /** Section 3.3, tests 1 to 7. */
  private boolean usable(
      EntityManager em,
      Candidate candidate,
      Token token,
      Set<String> realms,
      CheckedTokens checked) {
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
      if (obstacle.get().exceeded()) {
        retire(em, candidate, token);
      }
      return false;
    }
    return true;
  }

  /** A token that is used up may be disabled or deleted by policy. */
  private void retire(EntityManager em, Candidate candidate, Token token) {
    if (candidate.rules().disableExceeded()) {
      token.active(false);
    }
    if (candidate.rules().deleteExceeded()) {
      tokens.delete(em, token);
    }
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

  /** Section 3.5 for a token that authenticates. */
  private void checkOne(Candidate candidate, Token token, CheckedTokens checked) {
    TokenType type = types.of(token).orElseThrow();
    var split = split(candidate, token, type);
    try {
      if (!pinMatches(candidate, token, type, split.pin())) {
        checked.invalid(token);
        return;
      }
      OptionalLong match = type.check(token, split.otp(), candidate.context());
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

  /** With a token whose only secret is the PIN, that is always compared. */
  private boolean pinMatches(Candidate candidate, Token token, TokenType type, String pin) {
    return switch (candidate.rules().mode()) {
      case TOKEN_PIN -> secrets.pinMatches(token, pin);
      case PASSWORD -> candidate.passwords().getOrDefault(pin, false);
      case ONLY_OTP, IGNORE_PIN -> !type.name().equals("spass") || secrets.pinMatches(token, pin);
    };
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
  private Outcome finish(
      EntityManager em, Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    Outcome outcome;
    if (checked.valid().size() == 1) {
      outcome = succeed(em, candidate, checked, audit);
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

  private Outcome succeed(
      EntityManager em, Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    CheckedTokens.Valid match = checked.valid().get(0);
    Token token = match.token();
    token.counter(match.counter() + 1);
    token.info(Validity.countUse(Validity.countSuccess(token.info()), false));
    checked.examined().forEach(Token::resetFailCount);
    Optional<String> forbidding = candidate.rules().forbids(token);
    if (forbidding.isPresent()) {
      audit.actionDetail("failed due to authorization/" + forbidding.get() + " policy");
      return new Outcome.Refused(Map.of());
    }
    purgeRollout(em, candidate, token, audit);
    Map<String, Object> detail = new LinkedHashMap<>();
    if (candidate.attempt().flag("auth_info")) {
      List<Object> pin = List.of("pin_length", match.pinLength());
      List<Object> otp = List.of("otp_length", match.otpLength());
      boolean pinFirst = candidate.configuration().flag("PrependPin", true);
      detail.put("auth_info", pinFirst ? List.of(pin, otp) : List.of(otp, pin));
    }
    return new Outcome.Accepted(detail);
  }

  /** The first login with an ordinary token ends the use of those for the rollout (7.4). */
  private void purgeRollout(EntityManager em, Candidate candidate, Token used, AuditRecord audit) {
    if (!candidate.rules().purgeRollout() || candidate.user().isEmpty() || forRollout(used)) {
      return;
    }
    List<Token> purged =
        tokens.lockOfUser(em, candidate.user().get(), candidate.realms()).stream()
            .filter(Authentication::forRollout)
            .toList();
    if (!purged.isEmpty()) {
      purged.forEach(token -> tokens.delete(em, token));
      audit.info("purged rollout tokens: " + purged.stream().map(Token::serial).toList());
    }
  }

  private static boolean forRollout(Token token) {
    for (var path : token.info().node("scope").map(s -> s.path("path")).orElse(NO_PATH)) {
      if (path.asText().equals("userservice") || path.asText().equals("validate")) {
        return true;
      }
    }
    return false;
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
