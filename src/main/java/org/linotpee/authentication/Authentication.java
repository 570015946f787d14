package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditRecord;
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
import org.linotpee.identity.UserQueue;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.Tokens;
import org.linotpee.token.YubikeyTokenType;

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
  private final Challenges challenges;
  private final TokenOwners owners;
  private final TokenCheck check;
  private final ChallengeTrigger trigger;
  private final Transactions transactions;
  private final UserQueue queue;
  private final LoginPolicies policies;
  private final AutoAssignment autoAssignment;
  private final AutoEnrollment autoEnrollment;
  private final Forwarder forwarder;
  private final Clock clock;

  @Inject
  public Authentication(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      Challenges challenges,
      TokenOwners owners,
      TokenCheck check,
      ChallengeTrigger trigger,
      Transactions transactions,
      UserQueue queue,
      LoginPolicies policies,
      AutoAssignment autoAssignment,
      AutoEnrollment autoEnrollment,
      Forwarder forwarder,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.challenges = challenges;
    this.owners = owners;
    this.check = check;
    this.trigger = trigger;
    this.transactions = transactions;
    this.queue = queue;
    this.policies = policies;
    this.autoAssignment = autoAssignment;
    this.autoEnrollment = autoEnrollment;
    this.forwarder = forwarder;
    this.clock = clock;
  }

  /**
   * Checks a password against the tokens of a user, or against the token of the option {@code
   * serial}.
   *
   * @throws LinotpException 905 if there are tokens but no password; nothing is stored then
   */
  public Outcome check(Attempt requested, AuditRecord audit) {
    UserName name = policies.inSetRealm(requested.user(), audit.client());
    Attempt attempt = name.equals(requested.user()) ? requested : requested.as(name);
    if (!name.equals(requested.user())) {
      audit.user(name.login(), name.realm());
    }
    Outcome outcome;
    Optional<User> user = Optional.empty();
    UserLookup lookup = new UserLookup.NotFound(false);
    boolean authorized = !name.given() || policies.authorized(name, audit.client());
    if (authorized && name.given()) {
      lookup = users.findFresh(name);
      if (lookup instanceof UserLookup.Found found) {
        user = Optional.of(found.user());
        UserName known = found.user().name();
        audit.user(known.login(), known.realm());
        // the store may know the login in another spelling than was typed
        authorized =
            known.login().equals(name.login()) || policies.authorized(known, audit.client());
      }
    }
    if (!authorized) {
      audit.success(false).info("not authorized by any policy authorization/authorize");
      outcome = new Outcome.Refused(Map.of(), true);
    } else {
      outcome =
          name.given() && user.isEmpty()
              ? withoutUser(lookup, snapshots.current().configuration(), audit)
              : withUser(attempt, user, audit);
    }
    if (!policies.detailed()) {
      return outcome;
    }
    Optional<UserName> owner =
        user.map(User::name)
            .or(
                () ->
                    attempt.user().given()
                        ? Optional.of(attempt.user())
                        : attempt.option("serial").flatMap(owners::nameOf));
    return described(outcome, owner.filter(UserName::given), user, audit);
  }

  /** What is to be done in the transaction in which a login is accepted. */
  public interface Acceptance {
    /** Nothing. */
    Acceptance NOTHING = (em, audit) -> {};

    /**
     * Does it; a failure makes the login fail, as if nothing had come.
     *
     * @param audit the row of the login, which is stored afterwards
     */
    void apply(EntityManager em, AuditRecord audit);
  }

  /**
   * Checks what a user gives who is known already, by his password or his session. Only tokens of
   * his own count, also of those that the attempt names, and nothing stands in for them.
   *
   * @param acceptance done together with it
   */
  public Outcome checkOwn(User user, Attempt attempt, AuditRecord audit, Acceptance acceptance) {
    if (!policies.authorized(user.name(), audit.client())) {
      audit.success(false).info("not authorized by any policy authorization/authorize");
      return new Outcome.Refused(Map.of());
    }
    Candidate candidate =
        prepared(attempt, Optional.of(user), snapshots.current(), audit.client())
            .ofOwnTokens(acceptance);
    Optional<TokenCheck.Decision> decision = decided(candidate, audit);
    if (decision.isEmpty()) {
      audit.success(false).actionDetail("no token of the user");
      return new Outcome.Refused(Map.of());
    }
    return finished(candidate, decision.get(), audit);
  }

  /** Gives a user without token the one whose value he has typed, if a policy wants it. */
  public boolean autoAssign(User user, Attempt attempt, AuditRecord audit) {
    return autoAssignment.assign(user, attempt, policies.context(user, audit.client()), audit);
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
    Candidate candidate = prepared(attempt, user, snapshot, audit.client());
    return decided(candidate, audit)
        .map(decision -> finished(candidate, decision, audit))
        .orElseGet(() -> withoutTokens(candidate, audit));
  }

  /** Empty if there is no token; whatever others have to be asked is asked in between. */
  private Optional<TokenCheck.Decision> decided(Candidate candidate, AuditRecord audit) {
    if (candidate.rules().mode() == PinMode.PASSWORD && candidate.user().isPresent()) {
      check.rehearse(candidate);
    }
    return queue.run(
        queueKey(candidate),
        () -> {
          try {
            return transactions.required(em -> check.decide(em, candidate, audit));
          } catch (Outside.Needed needed) {
            check.rehearse(candidate);
            return transactions.required(em -> check.decide(em, candidate, audit));
          }
        });
  }

  private Outcome finished(Candidate candidate, TokenCheck.Decision decision, AuditRecord audit) {
    if (decision.pending().isPresent()) {
      return trigger.complete(candidate, decision.pending().get(), Optional.of(audit));
    }
    decision
        .used()
        .filter(used -> trigger.wantedAgain(candidate, used))
        .ifPresent(used -> challengeAgain(candidate, used));
    return decision.outcome();
  }

  /** The login has succeeded; that the next message cannot be sent does not change it. */
  private void challengeAgain(Candidate candidate, Token used) {
    try {
      transactions
          .required(em -> check.challengeAgain(em, candidate, used.serial()))
          .ifPresent(pending -> trigger.complete(candidate, pending, Optional.empty()));
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "no further challenge for " + used.serial(), failed);
    }
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

  /** Asks the policies. */
  private Candidate prepared(
      Attempt attempt, Optional<User> user, Snapshot snapshot, String client) {
    PolicyContext context;
    LoginPolicies.Rules rules = LoginPolicies.Rules.NONE;
    if (policies.silent() && !policies.detailed()) {
      context =
          user.map(u -> policies.context(u, client))
              .orElseGet(() -> policies.context(attempt.user(), client));
    } else {
      context =
          user.map(u -> policies.context(u, client))
              .orElseGet(() -> policies.context(ownerOfSerial(attempt), client));
      rules = policies.rules(context, user.isPresent() && attempt.serials().isEmpty());
    }
    return new Candidate(
        attempt,
        user,
        snapshot,
        clock.instant(),
        rules.at(attempt.occasion()),
        context,
        new Outside(),
        false,
        Acceptance.NOTHING);
  }

  /** Without a user the policies of the token's owner hold. */
  private UserName ownerOfSerial(Attempt attempt) {
    return attempt.serials().stream()
        .findFirst()
        .or(() -> attempt.option("serial"))
        .flatMap(owners::nameOf)
        .orElse(UserName.NONE);
  }

  private static String queueKey(Candidate candidate) {
    Attempt attempt = candidate.attempt();
    return attempt.serials().stream()
        .findFirst()
        .or(() -> attempt.option("serial"))
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
    Optional<Outcome> enrolled = autoEnrollment.enroll(candidate, user, audit);
    if (enrolled.isPresent()) {
      return enrolled.get();
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

  // answers to a transaction ----------------------------------------------------------------------

  /**
   * The answer to a transaction, with the token that gave or should have given it.
   *
   * @param tokenType as stored; {@code ""} if no token may answer
   * @param serial {@code ""} if no token may answer
   * @param failCount of the token, afterwards
   * @param failure why no token may answer; empty if one may
   */
  public record TransactionAnswer(
      Outcome outcome, String tokenType, String serial, int failCount, Optional<String> failure) {
    static TransactionAnswer none(String failure) {
      return new TransactionAnswer(new Outcome.Refused(Map.of()), "", "", 0, Optional.of(failure));
    }
  }

  /**
   * Answers a transaction; its id is enough to know the tokens (spec 02 section 2.4).
   *
   * @throws LinotpException 905 if the attempt has no answer or names no transaction
   */
  public TransactionAnswer answer(Attempt attempt, AuditRecord audit) {
    String id = attempt.transactionId();
    if (id.isEmpty()) {
      throw LinotpException.missing("transactionid");
    }
    List<Token> asked = asked(id);
    if (asked.isEmpty()) {
      audit.success(false).actionDetail("no challenge for transaction found");
      return TransactionAnswer.none("No challenge for transaction " + id + " found");
    }
    Optional<String> only = attempt.option("token_type");
    List<Token> meant =
        asked.stream().filter(t -> only.map(t.type()::equalsIgnoreCase).orElse(true)).toList();
    if (meant.isEmpty()) {
      audit.success(false).actionDetail("no token of this type in the transaction");
      return new TransactionAnswer(new Outcome.Refused(Map.of()), "", "", 0, Optional.empty());
    }
    Attempt narrowed =
        attempt.at(Occasion.TRANSACTION).with(meant.stream().map(Token::serial).toList());
    UserName owner = owners.nameOf(meant.get(0).serial()).orElse(UserName.NONE);
    audit.user(owner.login(), owner.realm());
    Candidate candidate = prepared(narrowed, Optional.empty(), snapshots.current(), audit.client());
    Optional<User> user = Optional.empty();
    if (candidate.rules().mode() == PinMode.PASSWORD || candidate.rules().purgeRollout()) {
      user = owners.find(owner);
      candidate = candidate.of(user);
    }
    Candidate ready = candidate;
    Outcome outcome =
        decided(ready, audit)
            .map(decision -> finished(ready, decision, audit))
            .orElseGet(() -> new Outcome.Refused(Map.of()));
    String serial = outcome.accepted() ? audit.serial() : meant.get(0).serial();
    Optional<Token> after = transactions.required(em -> tokens.bySerial(em, serial));
    return new TransactionAnswer(
        policies.detailed()
            ? described(outcome, Optional.of(owner).filter(UserName::given), user, audit)
            : outcome,
        after.map(Token::type).orElse(""),
        serial,
        after.map(Token::failCount).orElse(0),
        Optional.empty());
  }

  /** The tokens of a transaction, that of the newest challenge first. */
  private List<Token> asked(String transactionId) {
    return transactions.required(
        em -> {
          List<Long> ids =
              challenges.ofTransaction(em, transactionId).stream()
                  .map(Challenge::tokenId)
                  .distinct()
                  .toList();
          Map<Long, Token> found = new LinkedHashMap<>();
          tokens.withIds(em, ids).forEach(token -> found.put(token.id(), token));
          return ids.stream().filter(found::containsKey).map(found::get).toList();
        });
  }

  // YubiKeys --------------------------------------------------------------------------------------

  /**
   * Checks what a YubiKey has typed whose public id spells the serial of its token (section 2.7).
   *
   * @return the owner of the token that was right, {@code NONE} for one without; empty if none was
   */
  public Optional<UserName> checkYubikey(Attempt attempt, AuditRecord audit) {
    String password = attempt.password().orElseThrow(() -> LinotpException.missing("pass"));
    List<String> serials = existing(YubikeyTokenType.serials(password));
    if (serials.isEmpty()) {
      audit.success(false).actionDetail("no token found");
      return Optional.empty();
    }
    Outcome outcome = check(attempt.with(serials), audit);
    return outcome.accepted()
        ? Optional.of(owners.nameOf(audit.serial()).orElse(UserName.NONE))
        : Optional.empty();
  }

  private List<String> existing(List<String> serials) {
    return serials.isEmpty()
        ? List.of()
        : transactions.required(
            em -> tokens.lockBySerials(em, serials).stream().map(Token::serial).toList());
  }

  // details ---------------------------------------------------------------------------------------

  /**
   * What SAML services are told of a user who has logged in: nothing unless the configuration
   * allows it (section 2.8). Attributes that the user store does not know are null.
   */
  public Map<String, String> samlAttributes(UserName user) {
    var shown = new LinkedHashMap<String, String>();
    if (snapshots.current().configuration().flag("allowSamlAttributes", false)) {
      Map<String, String> known = attributes(user);
      for (String name : List.of("username", "surname", "mobile", "phone", "givenname", "email")) {
        shown.put(name, known.get(name));
      }
    }
    return shown;
  }

  /** What the policies on details add to an answer (spec 07 section 13.2). */
  private Outcome described(
      Outcome outcome, Optional<UserName> owner, Optional<User> user, AuditRecord audit) {
    PolicyContext context = policies.context(owner.orElse(UserName.NONE), audit.client());
    if (outcome.accepted() && policies.detailOnSuccess(context)) {
      Map<String, String> attributes =
          user.map(User::attributes).or(() -> owner.map(this::attributes)).orElse(null);
      return outcome.with(
          policies.success(
              attributes,
              owner.map(UserName::realm).orElse(""),
              audit.tokenType(),
              audit.serial()));
    }
    return !outcome.accepted() && policies.detailOnFail(context)
        ? outcome.with(Map.of("error", audit.actionDetail()))
        : outcome;
  }

  private Map<String, String> attributes(UserName owner) {
    return users.find(owner) instanceof UserLookup.Found found
        ? found.user().attributes()
        : Map.of("username", owner.login());
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
