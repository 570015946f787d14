package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * Gives a user without token the one unassigned token of his realm whose value he has typed (spec
 * 02 section 7). Trying changes nothing; only the value of the token that is assigned is spent.
 */
@Service
public class AutoAssignment {
  private static final int BLOCK = 500;

  /** Each of them may let the user wait. */
  private static final int MOST_SERVERS = 5;

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final TokenPolicies tokenPolicies;
  private final LoginPolicies policies;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final Clock clock;

  @Inject
  public AutoAssignment(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      TokenPolicies tokenPolicies,
      LoginPolicies policies,
      Transactions transactions,
      AuditTrail auditTrail,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.tokenPolicies = tokenPolicies;
    this.policies = policies;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.clock = clock;
  }

  /**
   * A token and how the password divides for it.
   *
   * @param place where it was found to be the user's; empty if here
   */
  private record Match(String serial, TokenType.Split split, Optional<String> place) {}

  /** What is typed, by whom. */
  private record Typed(User user, Attempt attempt, boolean onlyValue, boolean asksServers) {
    String password() {
      return attempt.password().orElseThrow();
    }
  }

  /** Assigns the token that fits, if a policy wants it and exactly one does; true if so. */
  boolean assign(User user, Attempt attempt, PolicyContext context, AuditRecord audit) {
    String password = attempt.password().orElse("");
    if (password.isEmpty()) {
      return false;
    }
    if (policies.autoAssignmentWithoutPassword(context)) {
      String realm = policies.realmOfAutoAssignment(context).orElse(context.realm().orElse(""));
      List<Match> matches = matches(realm, new Typed(user, attempt, true, false));
      return matches.size() == 1 && assign(user, matches.get(0), Optional.of(""), audit);
    }
    if (!policies.autoAssignment(context)) {
      return false;
    }
    List<Match> matches =
        matches(
            context.realm().orElse(""),
            new Typed(user, attempt, false, policies.autoAssignmentAsksServers(context)));
    if (matches.size() != 1 || !users.passwordMatches(user, matches.get(0).split().pin())) {
      return false;
    }
    Optional<String> pin =
        policies.keepsPinAtAutoAssignment(context)
            ? Optional.empty()
            : Optional.of(matches.get(0).split().pin());
    return assign(user, matches.get(0), pin, audit);
  }

  private TokenType.CheckContext check() {
    return new TokenType.CheckContext(snapshots.current().configuration(), clock.instant());
  }

  /** At most two tokens whose value is right. */
  private List<Match> matches(String realm, Typed typed) {
    Optional<Long> realmId =
        snapshots.current().part(Realms.class).named(realm).map(Realms.Realm::id);
    var matches = new ArrayList<Match>();
    if (realmId.isEmpty()) {
      return matches;
    }
    Optional<String> only = typed.attempt().option("token_type");
    var places = new HashSet<String>();
    List<Token> block;
    long last = 0;
    do {
      long after = last;
      block = transactions.required(em -> block(em, realmId.get(), after));
      for (Token token : block) {
        Optional<TokenType> type =
            types.of(token).filter(t -> only.map(t.name()::equalsIgnoreCase).orElse(true));
        if (type.isPresent() && matches.size() < 2) {
          match(token, type.get(), typed, places).ifPresent(matches::add);
        }
      }
      last = block.isEmpty() ? 0 : block.get(block.size() - 1).id();
    } while (block.size() == BLOCK && matches.size() < 2);
    return matches;
  }

  private Optional<Match> match(Token token, TokenType type, Typed typed, Set<String> places) {
    Configuration configuration = snapshots.current().configuration();
    Optional<TokenType.Trial> trial =
        typed.asksServers() ? type.trial(token, configuration) : Optional.empty();
    if (trial.isPresent()) {
      return elsewhere(token, trial.get(), typed, places);
    }
    var split =
        typed.onlyValue()
            ? new TokenType.Split("", typed.password())
            : type.split(token, typed.password(), configuration.flag("PrependPin", true));
    return !type.pinOnly() && type.check(token, split.otp(), check()).isPresent()
        ? Optional.of(new Match(token.serial(), split, Optional.empty()))
        : Optional.empty();
  }

  /**
   * Each server is asked once, however many tokens it has, and only with the password of the user:
   * the first of these tokens is as good as the others.
   */
  private Optional<Match> elsewhere(
      Token token, TokenType.Trial trial, Typed typed, Set<String> places) {
    if (places.size() >= MOST_SERVERS || !places.add(trial.place())) {
      return Optional.empty();
    }
    boolean pinFirst = snapshots.current().configuration().flag("PrependPin", true);
    var split = TokenType.divided(typed.password(), token.otpLength(), pinFirst);
    return users.passwordMatches(typed.user(), split.pin())
            && trial.asks().test(typed.user().name().login(), typed.password())
        ? Optional.of(new Match(token.serial(), split, Optional.of(trial.place())))
        : Optional.empty();
  }

  private static List<Token> block(EntityManager em, long realmId, long after) {
    List<Token> found =
        em.createQuery(
                "SELECT t FROM Token t, TokenRealm r WHERE r.tokenId = t.id AND r.realmId = :realm"
                    + " AND t.ownerId = '' AND t.id > :after ORDER BY t.id",
                Token.class)
            .setParameter("realm", realmId)
            .setParameter("after", after)
            .setMaxResults(BLOCK)
            .getResultList();
    em.clear();
    return found;
  }

  /** Somebody else may have got the token, or used the value, in the meantime. */
  private boolean assign(User user, Match match, Optional<String> pin, AuditRecord audit) {
    Realms realms = snapshots.current().part(Realms.class);
    return transactions.required(
        em -> {
          Token token = tokens.lockOne(em, match.serial());
          if (token.owner().isPresent() || !tokens.lockOfUser(em, user, realms).isEmpty()) {
            return false;
          }
          TokenType type = types.of(token).orElseThrow();
          if (!spend(token, type, match)) {
            return false;
          }
          token.assign(user.owner());
          token.resetFailCount();
          List<String> names = Tokens.realmsOf(user, realms);
          tokens.setRealms(em, token, names, realms);
          boolean reversible =
              tokenPolicies.reversiblePins(Optional.of(user), names, audit.client());
          pin.ifPresent(text -> secrets.changePin(token, text, reversible));
          audit
              .success(true)
              .serial(token.serial())
              .tokenType(token.type())
              .info("Token auto assigned");
          auditTrail.store(em, audit);
          return true;
        });
  }

  /** A value that was right elsewhere is spent there. */
  private boolean spend(Token token, TokenType type, Match match) {
    if (match.place().isPresent()) {
      return type.trial(token, snapshots.current().configuration())
          .map(TokenType.Trial::place)
          .equals(match.place());
    }
    OptionalLong counter = type.check(token, match.split().otp(), check());
    counter.ifPresent(right -> token.counter(right + 1));
    return counter.isPresent();
  }
}
