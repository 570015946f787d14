package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.User;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.LastAccess;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.UsageScope;
import org.linotpee.token.Validity;

/**
 * Checks an answer against the tokens of an attempt in one transaction (spec 02 sections 3.3 to
 * 3.6): locks them, computes, stores counters, challenges and the audit row.
 */
@Service
public class TokenCheck {
  private static final Logger LOG = System.getLogger(TokenCheck.class.getName());

  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Challenges challenges;
  private final ChallengeTrigger trigger;
  private final Users users;
  private final PolicyEngine policies;
  private final Transactions transactions;
  private final AuditTrail auditTrail;

  @Inject
  public TokenCheck(
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Challenges challenges,
      ChallengeTrigger trigger,
      Users users,
      PolicyEngine policies,
      Transactions transactions,
      AuditTrail auditTrail) {
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.challenges = challenges;
    this.trigger = trigger;
    this.users = users;
    this.policies = policies;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
  }

  /**
   * What a check has come to.
   *
   * @param outcome the answer, unless something has to be sent first
   * @param pending challenges that are stored and have to be completed outside
   * @param used the token that was right, if exactly one was
   */
  record Decision(
      Outcome outcome, Optional<ChallengeTrigger.Pending> pending, Optional<Token> used) {
    static Decision of(Outcome outcome) {
      return new Decision(outcome, Optional.empty(), Optional.empty());
    }
  }

  /** Tokens with their challenges, which were read only if they can matter. */
  private record Found(List<Token> tokens, Map<Long, List<Challenge>> challenges) {
    List<Challenge> of(Token token) {
      return challenges.getOrDefault(token.id(), List.of());
    }
  }

  // running it ------------------------------------------------------------------------------------

  /**
   * Decides. Empty if there is no token at all.
   *
   * @throws LinotpException 905 if there are tokens but no password
   * @throws Outside.Needed if another system has to be asked first
   */
  Optional<Decision> decide(EntityManager em, Candidate candidate, AuditRecord audit) {
    List<Token> meant = candidates(em, candidate);
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    requireAnswer(candidate, meant);
    Found found = new Found(meant, living(em, candidate, meant));
    var checked = new CheckedTokens();
    Exchange.Services services = services(serial -> locked(em, serial));
    Map<Long, Set<String>> realmsOfTokens = realmsThatMatter(em, candidate, meant);
    for (Token token : meant) {
      Set<String> realms = realmsOfTokens.getOrDefault(token.id(), Set.of());
      if (usable(em, candidate, token, realms, checked)) {
        examine(exchange(candidate, token, found, services), checked);
      }
    }
    if (candidate.attempt().answer() instanceof Answer.None && checked.challenged().isEmpty()) {
      throw LinotpException.missing("pass");
    }
    describe(checked, meant, audit);
    Decision decision = finish(em, candidate, checked, audit);
    if (decision.outcome().accepted()) {
      candidate.acceptance().apply(em, audit);
    }
    boolean declined =
        decision.outcome().accepted() && candidate.attempt().answer() instanceof Answer.Reject;
    if (declined) {
      audit.actionDetail("the owner has declined");
    }
    audit.success(
        decision.outcome().accepted()
            && !declined
            && candidate.attempt().occasion() != Occasion.SENDING);
    if (decision.pending().isEmpty()) {
      auditTrail.store(em, audit);
    }
    return Optional.of(decision);
  }

  /**
   * Goes through the check on copies, so that every question to other systems is asked; changes
   * nothing.
   */
  void rehearse(Candidate candidate) {
    Found found =
        transactions.required(
            em -> {
              List<Token> meant = candidates(em, candidate);
              Map<Long, List<Challenge>> living = known(em, candidate, meant);
              em.clear();
              return new Found(meant, living);
            });
    Exchange.Services services = services(this::copy);
    candidate
        .outside()
        .rehearse(
            () -> {
              var checked = new CheckedTokens();
              for (Token token : found.tokens()) {
                if (obstacle(candidate, token).isEmpty()) {
                  examine(exchange(candidate, token, found, services), checked);
                }
              }
              checked.challenged().forEach(TokenCheck::rehearseChallenge);
            });
  }

  private static void rehearseChallenge(Exchange exchange) {
    try {
      exchange.type().challenge(exchange, "0");
    } catch (RuntimeException failed) {
      LOG.log(Level.DEBUG, "it fails in the transaction, too, and is told there", failed);
    }
  }

  /** Asks a token that was right the next challenge at once; empty if nothing is to be sent. */
  Optional<ChallengeTrigger.Pending> challengeAgain(
      EntityManager em, Candidate candidate, String serial) {
    return locked(em, serial)
        .flatMap(
            token -> challenge(em, candidate, token, new AuditRecord(candidate.now(), "", "")));
  }

  /** Asks a locked token a challenge, whatever the request says; empty if nothing is to be sent. */
  Optional<ChallengeTrigger.Pending> challenge(
      EntityManager em, Candidate candidate, Token token, AuditRecord audit) {
    Exchange exchange =
        exchange(
            candidate,
            token,
            new Found(List.of(token), Map.of()),
            services(other -> locked(em, other)));
    return trigger.begin(em, candidate, List.of(exchange), audit).pending();
  }

  private Exchange exchange(
      Candidate candidate, Token token, Found found, Exchange.Services services) {
    return new Exchange(candidate, token, types.of(token).orElseThrow(), found.of(token), services);
  }

  private Exchange.Services services(Function<String, Optional<Token>> lookup) {
    return new Exchange.Services(secrets, users, policies, lookup);
  }

  private Optional<Token> locked(EntityManager em, String serial) {
    return tokens.lockBySerials(em, Set.of(serial)).stream().findFirst();
  }

  private Optional<Token> copy(String serial) {
    return transactions.required(
        em -> {
          Optional<Token> found = tokens.bySerial(em, serial);
          em.clear();
          return found;
        });
  }

  /** Only the single token of a serial may be asked for a challenge without any password. */
  private static void requireAnswer(Candidate candidate, List<Token> meant) {
    boolean serialAlone = candidate.attempt().occasion() == Occasion.SERIAL && meant.size() == 1;
    if (candidate.attempt().answer() instanceof Answer.None && !serialAlone) {
      throw LinotpException.missing("pass");
    }
  }

  // finding ---------------------------------------------------------------------------------------

  /** Step D: the tokens that may be meant, locked in the order of their ids. */
  private List<Token> candidates(EntityManager em, Candidate candidate) {
    Attempt attempt = candidate.attempt();
    Optional<String> serial = attempt.option("serial");
    List<Token> meant =
        !attempt.serials().isEmpty()
            ? tokens.lockBySerials(em, attempt.serials())
            : serial.isPresent()
                ? tokens.lockBySerial(em, serial.get())
                : candidate
                    .user()
                    .map(user -> tokens.lockOfUser(em, user, candidate.realms()))
                    .orElse(List.of());
    List<Token> found =
        candidate.ownTokensOnly()
            ? candidate.user().map(user -> own(user, meant)).orElse(List.of())
            : meant;
    Optional<String> type = attempt.option("token_type");
    return type.isEmpty()
        ? found
        : found.stream().filter(t -> t.type().equalsIgnoreCase(type.get())).toList();
  }

  private static List<Token> own(User user, List<Token> found) {
    return found.stream().filter(token -> token.belongsTo(user)).toList();
  }

  /** An ordinary check of tokens that are never challenged does not look for challenges. */
  private boolean challengesMatter(Candidate candidate, Token token) {
    return types
        .of(token)
        .map(
            type ->
                candidate.namesTransaction()
                    || !type.modes(token).contains(TokenType.Mode.AUTHENTICATE)
                    || candidate.rules().challenges(type))
        .orElse(false);
  }

  /** The challenges that have not expired; those that have are deleted. */
  private Map<Long, List<Challenge>> living(
      EntityManager em, Candidate candidate, List<Token> meant) {
    Map<Long, List<Challenge>> all = known(em, candidate, meant);
    var living = new HashMap<Long, List<Challenge>>();
    for (Token token : meant) {
      TokenType type = types.of(token).orElse(null);
      for (Challenge challenge : all.getOrDefault(token.id(), List.of())) {
        if (Exchange.expired(candidate, token, type, challenge)) {
          challenges.delete(em, challenge);
        } else {
          living.computeIfAbsent(token.id(), id -> new java.util.ArrayList<>()).add(challenge);
        }
      }
    }
    return living;
  }

  private Map<Long, List<Challenge>> known(
      EntityManager em, Candidate candidate, List<Token> meant) {
    var byToken = new HashMap<Long, List<Challenge>>();
    challenges
        .ofTokens(em, meant.stream().filter(t -> challengesMatter(candidate, t)).toList())
        .forEach(
            c -> byToken.computeIfAbsent(c.tokenId(), id -> new java.util.ArrayList<>()).add(c));
    return byToken;
  }

  /** A user's own tokens were chosen by their realms already. */
  private Map<Long, Set<String>> realmsThatMatter(
      EntityManager em, Candidate candidate, List<Token> meant) {
    return candidate.user().isPresent() && candidate.attempt().option("serial").isPresent()
        ? tokens.realmsOf(em, meant, candidate.realms())
        : Map.of();
  }

  // section 3.3, tests 1 to 7
  // -----------------------------------------------------------------------

  /** Why a token is passed over without being counted; empty if it is not. */
  private Optional<String> obstacle(Candidate candidate, Token token) {
    Optional<TokenType> type = types.of(token);
    if (type.isEmpty()) {
      return Optional.of("unknown token type");
    }
    if (!type.get().usable(token)) {
      return Optional.of("token inactive");
    }
    if (token.locked()) {
      return Optional.of("failcounter exceeded");
    }
    if (!UsageScope.allows(token, candidate.attempt().path())) {
      return Optional.of("not usable here");
    }
    return Optional.empty();
  }

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
    Optional<String> passedOver = obstacle(candidate, token);
    if (passedOver.isPresent()) {
      checked.skipped(token, passedOver.get());
      return false;
    }
    var limit = Validity.obstacle(token.info(), candidate.now());
    if (limit.isPresent()) {
      token.countFailure();
      checked.skipped(token, limit.get().text());
      if (limit.get().exceeded()) {
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

  // section 3.5 -----------------------------------------------------------------------------------

  private static void examine(Exchange exchange, CheckedTokens checked) {
    try {
      divide(exchange, checked);
      exchange.remarks().forEach(reason -> checked.remark(exchange.token(), reason));
    } catch (Outside.Needed needed) {
      throw needed;
    } catch (LinotpException told) {
      checked.skipped(exchange.token(), told.getMessage());
    } catch (RuntimeException failed) {
      LOG.log(
          Level.WARNING, "token " + exchange.token().serial() + " could not be checked", failed);
      checked.skipped(exchange.token(), "could not be checked");
    }
  }

  private static void divide(Exchange exchange, CheckedTokens checked) {
    TokenType type = exchange.type();
    Set<TokenType.Mode> modes = type.modes(exchange.token());
    boolean authenticates = modes.contains(TokenType.Mode.AUTHENTICATE);
    boolean challenged =
        modes.contains(TokenType.Mode.CHALLENGE) && (!authenticates || exchange.challengedToo());
    if (exchange.answer() instanceof Answer.None) {
      if (modes.contains(TokenType.Mode.CHALLENGE) && type.triggers(exchange)) {
        checked.challenged(exchange);
      }
    } else if (!challenged) {
      authenticate(exchange, checked);
    } else if (exchange.namesTransaction() && !exchange.related()) {
      // the answer to another token's transaction costs this one nothing
      checked.skipped(exchange.token(), "no challenge of this transaction");
    } else if (!authenticates) {
      sort(type.react(exchange), exchange, checked);
    } else if (type.responds(exchange)) {
      sort(
          type.answer(exchange).map(right -> (Reaction) right).orElse(Reaction.WRONG),
          exchange,
          checked);
    } else if (!authenticate(exchange, checked) && type.triggers(exchange)) {
      checked.challenged(exchange);
    }
  }

  private static void sort(Reaction reaction, Exchange exchange, CheckedTokens checked) {
    if (reaction instanceof Reaction.Right right) {
      checked.valid(exchange, right);
    } else if (reaction instanceof Reaction.Trigger) {
      checked.challenged(exchange);
    } else {
      checked.invalid(exchange);
    }
  }

  /** PIN and one-time password in one; true if both are right. */
  private static boolean authenticate(Exchange exchange, CheckedTokens checked) {
    TokenType.Split split = exchange.split();
    if (!exchange.otpFirst() && !exchange.pinMatches(split.pin())) {
      checked.invalid(exchange);
      return false;
    }
    OptionalLong match = exchange.type().verify(exchange, split);
    if (match.isPresent() && exchange.otpFirst() && !exchange.pinMatches(split.pin())) {
      checked.invalid(exchange);
      return false;
    }
    if (match.isPresent()) {
      checked.valid(exchange, new Reaction.Right(match.getAsLong(), List.of(), split));
    } else {
      checked.pinMatching(exchange);
    }
    return match.isPresent();
  }

  private static void describe(CheckedTokens checked, List<Token> found, AuditRecord audit) {
    List<Token> shown =
        checked.valid().size() == 1
            ? List.of(checked.valid().get(0).token())
            : !checked.valid().isEmpty()
                ? checked.valid().stream().map(CheckedTokens.Valid::token).toList()
                : !checked.challenged().isEmpty()
                    ? checked.challenged().stream().map(Exchange::token).toList()
                    : !checked.pinMatching().isEmpty()
                        ? checked.pinMatching().stream().map(Exchange::token).toList()
                        : found;
    audit.serial(String.join(" ", shown.stream().map(Token::serial).toList()));
    audit.tokenType(String.join(" ", new TreeSet<>(shown.stream().map(Token::type).toList())));
    audit.info(checked.remarks());
  }

  // section 3.6 -----------------------------------------------------------------------------------

  /** Exactly one of its branches. */
  private Decision finish(
      EntityManager em, Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    Decision decision;
    if (checked.valid().size() == 1) {
      decision = succeed(em, candidate, checked, audit);
    } else if (checked.valid().size() > 1) {
      decision = Decision.of(several(em, candidate, checked, audit));
    } else if (!checked.challenged().isEmpty()) {
      countGuesses(candidate, checked);
      decision = trigger.begin(em, candidate, checked.challenged(), audit);
    } else if (!checked.pinMatching().isEmpty()) {
      audit.actionDetail("wrong otp value");
      decision = Decision.of(fail(em, checked.pinMatching(), true));
    } else {
      if (!checked.invalid().isEmpty()) {
        audit.actionDetail(
            candidate.namesTransaction() ? "wrong answer to a challenge" : "wrong otp pin");
      }
      decision = Decision.of(fail(em, checked.invalid(), false));
    }
    stamp(candidate, checked);
    return decision;
  }

  /**
   * Where no PIN is asked for, any text brings a challenge, but it was tried as a value as well: it
   * counts as a failure, or values could be guessed without end.
   */
  private static void countGuesses(Candidate candidate, CheckedTokens checked) {
    boolean tried =
        candidate.rules().mode() == PinMode.IGNORE_PIN
            && candidate.attempt().password().filter(text -> !text.isEmpty()).isPresent();
    if (tried) {
      checked.challenged().stream()
          .filter(
              asked ->
                  checked.pinMatching().contains(asked)
                      || asked.known().stream().anyMatch(Challenge::open))
          .forEach(asked -> asked.token().countFailure());
    }
  }

  private Decision succeed(
      EntityManager em, Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    CheckedTokens.Valid match = checked.valid().get(0);
    Token token = match.token();
    accept(em, match);
    token.info(Validity.countUse(Validity.countSuccess(token.info()), false));
    checked.examined().forEach(Token::resetFailCount);
    Optional<String> forbidding = candidate.rules().forbids(token);
    if (forbidding.isPresent()) {
      audit.actionDetail("failed due to authorization/" + forbidding.get() + " policy");
      return Decision.of(new Outcome.Refused(Map.of(), true));
    }
    purgeRollout(em, candidate, token, audit);
    return new Decision(
        new Outcome.Accepted(detail(candidate, match)), Optional.empty(), Optional.of(token));
  }

  /** The counter moves behind the match, never back; what was answered cannot be again. */
  private void accept(EntityManager em, CheckedTokens.Valid match) {
    Exchange exchange = match.exchange();
    Token token = match.token();
    token.counter(Math.max(token.counter(), match.match().counter() + 1));
    exchange.type().succeeded(exchange);
    List<Challenge> answered = match.match().challenges();
    for (Challenge challenge : answered) {
      challenges.save(em, exchange.type().confirmed(challenge, exchange.answer()));
      if (!challenge.transactionId().equals(Challenge.rootOf(challenge.transactionId()))) {
        closeRelated(em, challenge);
      }
    }
    if (exchange.type().closesOlder()) {
      answered.stream()
          .max(Challenge.BY_AGE)
          .ifPresent(
              newest ->
                  exchange.known().stream()
                      .filter(Challenge::open)
                      .filter(c -> Challenge.BY_AGE.compare(c, newest) < 0)
                      .filter(c -> answered.stream().noneMatch(a -> a.id() == c.id()))
                      .forEach(c -> challenges.save(em, c.closed())));
    }
  }

  /** One answer ends the whole transaction. */
  private void closeRelated(EntityManager em, Challenge answered) {
    challenges.ofTransaction(em, Challenge.rootOf(answered.transactionId())).stream()
        .filter(Challenge::open)
        .filter(c -> c.id() != answered.id())
        .forEach(c -> challenges.save(em, c.closed()));
  }

  private static Map<String, Object> detail(Candidate candidate, CheckedTokens.Valid match) {
    Map<String, Object> detail = new LinkedHashMap<>();
    if (candidate.attempt().flag("auth_info")) {
      var split = match.match().split();
      List<Object> pin = List.of("pin_length", split.pin().length());
      List<Object> otp = List.of("otp_length", split.otp().length());
      boolean pinFirst = candidate.configuration().flag("PrependPin", true);
      detail.put("auth_info", pinFirst ? List.of(pin, otp) : List.of(otp, pin));
    }
    if (candidate.attempt().flag("use_offline")) {
      offline(candidate.rules(), match.token(), match.exchange().type())
          .ifPresent(
              info ->
                  detail.put(
                      "offline",
                      Map.of(
                          "serial", match.token().serial(),
                          "type", match.token().type(),
                          "offline_info", info)));
    }
    return detail;
  }

  /** Section 9: what the type has to offer, if a policy lets it. */
  static Optional<Map<String, Object>> offline(
      LoginPolicies.Rules rules, Token token, TokenType type) {
    return rules.offline().contains(type.name()) ? type.offline(token) : Optional.empty();
  }

  /** The first login with an ordinary token ends the use of those for the rollout (7.4). */
  private void purgeRollout(EntityManager em, Candidate candidate, Token used, AuditRecord audit) {
    if (!candidate.rules().purgeRollout()
        || candidate.user().isEmpty()
        || UsageScope.forRollout(used)) {
      return;
    }
    User user = candidate.user().get();
    List<Token> purged =
        tokens.lockOfUser(em, user, candidate.realms()).stream()
            .filter(UsageScope::forRollout)
            .toList();
    if (!purged.isEmpty()) {
      purged.forEach(token -> tokens.delete(em, token));
      audit.info("purged rollout tokens: " + purged.stream().map(Token::serial).toList());
    }
  }

  /** Several tokens with one PIN and one OTP: refused, and the value is spent for all of them. */
  private Outcome several(
      EntityManager em, Candidate candidate, CheckedTokens checked, AuditRecord audit) {
    for (var match : checked.valid()) {
      Token token = match.token();
      token.counter(Math.max(token.counter(), match.match().counter() + 1));
      token.info(Validity.countUse(token.info(), false));
      if (candidate.namesTransaction()) {
        match.match().challenges().forEach(c -> challenges.save(em, c.answered(false).closed()));
      }
    }
    audit.actionDetail("several tokens matched PIN and OTP (-33)");
    return new Outcome.Refused(Map.of());
  }

  private Outcome fail(EntityManager em, List<Exchange> failed, boolean pinMatched) {
    for (Exchange exchange : failed) {
      Token token = exchange.token();
      token.info(Validity.countUse(token.info(), pinMatched));
      exchange.type().failed(exchange);
      exchange
          .challenges()
          .forEach(c -> challenges.save(em, exchange.type().refused(c, exchange.answer())));
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
}
