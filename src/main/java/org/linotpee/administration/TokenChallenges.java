package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshot;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/** Shows administrators which challenges tokens have been asked (spec 03 section 4.5). */
@Service
public class TokenChallenges {
  private static final int USAGE = 77;
  private static final String RIGHT = "checkstatus";

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Challenges challenges;
  private final AdminRights rights;
  private final Transactions transactions;
  private final Clock clock;

  @Inject
  public TokenChallenges(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      Challenges challenges,
      AdminRights rights,
      Transactions transactions,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.challenges = challenges;
    this.rights = rights;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Which challenges.
   *
   * @param transactionId of a transaction or, for a parent's, of its sub-transactions
   * @param closedToo not those alone that can still be answered
   */
  public record Question(
      Optional<String> transactionId, Optional<String> serial, UserName user, boolean closedToo) {}

  /** A token with its challenges, the newest first. */
  public record Asked(TokenList.Entry token, TokenType type, List<Challenge> challenges) {}

  /**
   * The challenges that have not expired, by token.
   *
   * @throws LinotpException 77 if neither transaction, serial nor user is given, 410 if the
   *     administrator may not look at them
   */
  public List<Asked> find(Question question) {
    if (question.transactionId().isEmpty()
        && question.serial().isEmpty()
        && !question.user().given()) {
      throw new LinotpException(USAGE, "Usage: one of transactionid, user and serial is required");
    }
    AdminRights.Scope scope = rights.of(RIGHT);
    if (scope.nowhere()) {
      throw AdminRights.denied("check the status of challenges");
    }
    Optional<User> user = Optional.empty();
    if (question.user().given()) {
      rights.requireForUser(RIGHT, "check the status of challenges of", question.user());
      user = Optional.of(users.require(question.user()));
    }
    Optional<User> owner = user;
    Snapshot snapshot = snapshots.current();
    return transactions.required(em -> found(em, question, owner, scope, snapshot));
  }

  private List<Asked> found(
      EntityManager em,
      Question question,
      Optional<User> user,
      AdminRights.Scope scope,
      Snapshot snapshot) {
    Realms realms = snapshot.part(Realms.class);
    List<Token> meant = meant(em, question, user, realms);
    List<Challenge> all =
        question.transactionId().isPresent()
            ? challenges.ofTransaction(em, question.transactionId().get())
            : challenges.ofTokens(em, meant);
    Map<Long, Set<String>> in = tokens.realmsOf(em, meant, realms);
    if (user.isEmpty()
        && !meant.isEmpty()
        && meant.stream().noneMatch(token -> scope.forToken(in.get(token.id())))) {
      throw AdminRights.denied("check the status of challenges of this token");
    }
    boolean closedToo = question.closedToo() && user.isEmpty();
    var asked = new ArrayList<Asked>();
    for (Token token : meant) {
      Optional<TokenType> type = types.of(token);
      if (type.isEmpty() || !scope.forToken(in.get(token.id()))) {
        continue;
      }
      List<Challenge> shown =
          all.stream()
              .filter(c -> c.tokenId() == token.id())
              .filter(c -> closedToo || c.open())
              .filter(
                  c ->
                      !Challenges.expired(
                          c, token, type.get().name(), snapshot.configuration(), clock.instant()))
              .toList();
      if (!shown.isEmpty()) {
        String resolver = token.owner().map(users::resolverId).orElse("");
        asked.add(
            new Asked(
                new TokenList.Entry(token, in.get(token.id()), resolver, Optional.empty()),
                type.get(),
                shown));
      }
    }
    return asked;
  }

  private List<Token> meant(
      EntityManager em, Question question, Optional<User> user, Realms realms) {
    List<Token> found;
    if (question.transactionId().isPresent()) {
      List<Challenge> asked = challenges.ofTransaction(em, question.transactionId().get());
      found = tokens.withIds(em, asked.stream().map(Challenge::tokenId).distinct().toList());
    } else if (question.serial().isPresent()) {
      found = tokens.bySerialPattern(em, question.serial().get());
    } else {
      found = tokens.lockOfUser(em, user.orElseThrow(), realms);
    }
    List<OwnerKey> owners = user.map(User::owners).orElse(List.of());
    return found.stream()
        .filter(
            t -> question.serial().map(s -> s.contains("*") || s.equals(t.serial())).orElse(true))
        .filter(t -> user.isEmpty() || t.owner().map(owners::contains).orElse(false))
        .toList();
  }
}
