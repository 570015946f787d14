package org.linotpee.authentication;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * Tells how far transactions have got (spec 02 section 5). Counts and changes nothing; what the
 * asker may not see looks as if it were not there.
 */
@Service
public class TransactionStatus {
  private final Snapshots snapshots;
  private final Transactions transactions;
  private final Challenges challenges;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Users users;
  private final TokenOwners owners;
  private final LoginPolicies policies;
  private final Clock clock;

  @Inject
  public TransactionStatus(
      Snapshots snapshots,
      Transactions transactions,
      Challenges challenges,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Users users,
      TokenOwners owners,
      LoginPolicies policies,
      Clock clock) {
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.challenges = challenges;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.users = users;
    this.owners = owners;
    this.policies = policies;
    this.clock = clock;
  }

  /**
   * A question about a transaction.
   *
   * @param transactionId of the transaction or, for a parent's, of all its sub-transactions
   * @param user only tokens of this user; nobody for those of anybody
   * @param serial only this token
   * @param pin what the asker has to know; empty if he is known to own the token
   * @param offline offline data are wanted
   */
  public record Question(
      String transactionId,
      UserName user,
      Optional<String> serial,
      Optional<String> pin,
      boolean offline) {
    /** Without the PIN. */
    @Override
    public String toString() {
      return "question about transaction " + transactionId;
    }
  }

  /** One (sub-)transaction: its challenge and its token. */
  public record Status(
      Challenge challenge,
      String serial,
      String tokenType,
      Optional<Map<String, Object>> offline) {}

  /**
   * What the asker may see, by age.
   *
   * @param detail what policies on details add
   */
  public record Answer(List<Status> transactions, Map<String, Object> detail) {
    /** True if a transaction was answered rightly: whoever asks may let the user in. */
    public boolean confirmed() {
      return transactions.stream().anyMatch(s -> !s.challenge().open() && s.challenge().valid());
    }
  }

  /**
   * A challenge with its token.
   *
   * @param realms of the token
   * @param expired nobody can answer it any more
   */
  public record Asked(
      Challenge challenge, Token token, TokenType type, Set<String> realms, boolean expired) {}

  /** All challenges of a transaction, the newest first, whoever has the tokens. */
  public List<Asked> ofTransaction(String transactionId) {
    Realms realms = snapshots.current().part(Realms.class);
    return transactions.required(
        em -> {
          List<Challenge> found = challenges.ofTransaction(em, transactionId);
          List<Token> asked =
              tokens.withIds(em, found.stream().map(Challenge::tokenId).distinct().toList());
          var byId = new HashMap<Long, Token>();
          asked.forEach(token -> byId.put(token.id(), token));
          Map<Long, Set<String>> in = tokens.realmsOf(em, asked, realms);
          return found.stream()
              .filter(challenge -> byId.containsKey(challenge.tokenId()))
              .flatMap(
                  challenge -> {
                    Token token = byId.get(challenge.tokenId());
                    return types.of(token).stream()
                        .map(type -> asked(challenge, token, type, in.get(token.id())));
                  })
              .toList();
        });
  }

  /** Those of a transaction that the user's own tokens can still answer. */
  public List<Asked> answerableBy(User user, String transactionId) {
    return ofTransaction(transactionId).stream()
        .filter(asked -> asked.token().belongsTo(user) && !asked.expired())
        .toList();
  }

  private Asked asked(Challenge challenge, Token token, TokenType type, Set<String> realms) {
    return new Asked(challenge, token, type, realms, expired(challenge, token, type));
  }

  private boolean expired(Challenge challenge, Token token, TokenType type) {
    return Challenges.expired(
        challenge, token, type.name(), snapshots.current().configuration(), clock.instant());
  }

  /** The newest open transaction of a token; empty if it is not asked anything. */
  public Optional<String> newestOpen(Token token) {
    return types
        .of(token)
        .flatMap(
            type ->
                transactions.required(em -> challenges.ofTokens(em, List.of(token))).stream()
                    .filter(Challenge::open)
                    .filter(challenge -> !expired(challenge, token, type))
                    .map(Challenge::transactionId)
                    .findFirst());
  }

  /** Answers, and notes whose transaction it is. */
  public Answer ask(Question question, AuditRecord audit) {
    UserName name = policies.inSetRealm(question.user(), audit.client());
    Optional<User> user = Optional.empty();
    if (name.given()) {
      if (!(users.find(name) instanceof UserLookup.Found found)) {
        audit.success(false).actionDetail("user not found");
        return new Answer(List.of(), Map.of());
      }
      user = Optional.of(found.user());
    }
    var visible = new ArrayList<Status>();
    var seen = new ArrayList<Asked>();
    var checks = new HashMap<String, Boolean>();
    for (Asked asked : oldestFirst(ofTransaction(question.transactionId()))) {
      if (!asked.expired() && mayAsk(asked, question, user, audit.client(), checks)) {
        visible.add(status(asked, question, user, audit.client()));
        seen.add(asked);
      }
    }
    audit.success(!visible.isEmpty());
    if (visible.isEmpty()) {
      audit.actionDetail("no transaction to be seen");
      return new Answer(List.of(), Map.of());
    }
    audit
        .serial(String.join(" ", visible.stream().map(Status::serial).distinct().toList()))
        .tokenType(String.join(" ", visible.stream().map(Status::tokenType).distinct().toList()));
    UserName owner =
        user.map(User::name).orElseGet(() -> owners.nameOf(seen.get(0).token(), realms(seen)));
    audit.user(owner.login(), owner.realm());
    var answer = new Answer(visible, Map.of());
    return new Answer(visible, described(answer.confirmed(), owner, user, audit));
  }

  /** Deletes challenges that nobody can answer any more. */
  public void forgetOldChallenges() {
    transactions.required(em -> challenges.forgetOld(em, snapshots.current().configuration()));
  }

  private static List<Asked> oldestFirst(List<Asked> asked) {
    return asked.stream().sorted(Comparator.comparing(Asked::challenge, Challenge.BY_AGE)).toList();
  }

  private static Set<String> realms(List<Asked> seen) {
    return seen.get(0).realms();
  }

  private boolean mayAsk(
      Asked asked,
      Question question,
      Optional<User> user,
      String client,
      Map<String, Boolean> checks) {
    Token token = asked.token();
    if (question.serial().map(s -> !s.equals(token.serial())).orElse(false)) {
      return false;
    }
    if (user.isPresent() && !token.belongsTo(user.get())) {
      return false;
    }
    if (question.pin().isEmpty()) {
      return true;
    }
    String pin = question.pin().get();
    PinMode mode =
        user.map(u -> policies.rules(policies.context(u, client), true).mode())
            .orElse(PinMode.TOKEN_PIN);
    return switch (mode) {
      case TOKEN_PIN -> secrets.pinMatches(token, pin);
      case PASSWORD ->
          checks.computeIfAbsent(pin, text -> users.passwordMatches(user.orElseThrow(), text));
      case ONLY_OTP -> pin.isEmpty();
      case IGNORE_PIN -> true;
    };
  }

  private Status status(Asked asked, Question question, Optional<User> user, String client) {
    Challenge challenge = asked.challenge();
    Token token = asked.token();
    Optional<Map<String, Object>> offline = Optional.empty();
    if (question.offline() && !challenge.open() && challenge.valid()) {
      PolicyContext context =
          user.map(u -> policies.context(u, client))
              .orElseGet(() -> policies.context(owners.nameOf(token, asked.realms()), client));
      offline = TokenCheck.offline(policies.rules(context, false), token, asked.type());
    }
    return new Status(challenge, token.serial(), token.type(), offline);
  }

  private Map<String, Object> described(
      boolean confirmed, UserName owner, Optional<User> user, AuditRecord audit) {
    if (!policies.detailed()) {
      return Map.of();
    }
    PolicyContext context = policies.context(owner, audit.client());
    if (confirmed && policies.detailOnSuccess(context)) {
      Map<String, String> attributes =
          user.or(() -> owners.find(owner)).map(User::attributes).orElse(null);
      return policies.success(attributes, owner.realm(), audit.tokenType(), audit.serial());
    }
    return !confirmed && policies.detailOnFail(context)
        ? Map.of("error", audit.actionDetail())
        : Map.of();
  }
}
