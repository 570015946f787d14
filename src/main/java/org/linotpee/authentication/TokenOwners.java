package org.linotpee.authentication;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.Sending;
import org.linotpee.token.Token;
import org.linotpee.token.Tokens;

/** Whose a token is, for requests that name no user. Asks the user store: never under a lock. */
@Service
public class TokenOwners {
  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final Transactions transactions;
  private final LoginPolicies policies;

  @Inject
  public TokenOwners(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      Transactions transactions,
      LoginPolicies policies) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.transactions = transactions;
    this.policies = policies;
  }

  /** The owner of a token, in the token's first realm; the login is empty if nobody has it. */
  UserName nameOf(Token token, Set<String> realms) {
    String login =
        token
            .owner()
            .flatMap(users::attributes)
            .map(a -> a.getOrDefault("username", ""))
            .orElse("");
    String realm =
        realms.stream()
            .findFirst()
            .or(
                () ->
                    token
                        .owner()
                        .flatMap(o -> realms().containing(o.resolverName()).stream().findFirst())
                        .map(Realms.Realm::name))
            .orElse("");
    return new UserName(login, realm);
  }

  /** The owner of the token of a serial; empty if there is no such token. */
  Optional<UserName> nameOf(String serial) {
    return transactions
        .required(
            em ->
                tokens
                    .bySerial(em, serial)
                    .map(t -> Map.entry(t, tokens.realmsOf(em, t, realms()))))
        .map(found -> nameOf(found.getKey(), found.getValue()));
  }

  /** The owner as a user, if he can be found. */
  Optional<User> find(UserName name) {
    return name.given() && users.find(name) instanceof UserLookup.Found found
        ? Optional.of(found.user())
        : Optional.empty();
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /** What sending a challenge of a token may look at. */
  Sending.Circumstances circumstances(
      Candidate candidate, String serial, Optional<OwnerKey> owner, String transactionId) {
    Map<String, String> options = candidate.attempt().options();
    Optional<User> user =
        candidate.user().filter(u -> owner.map(u.owners()::contains).orElse(true));
    if (user.isPresent()) {
      return new Sending.Circumstances(
          transactionId, user.get().attributes(), candidate.policies(), options);
    }
    Map<String, String> attributes = owner.flatMap(users::attributes).orElse(Map.of());
    PolicyContext context =
        nameOf(serial)
            .map(name -> policies.context(name, candidate.policies().client()))
            .orElse(candidate.policies());
    return new Sending.Circumstances(transactionId, attributes, context, options);
  }

  /** The serials of a user's tokens. */
  List<String> serialsOf(User user) {
    return transactions.required(
        em -> tokens.lockOfUser(em, user, realms()).stream().map(Token::serial).toList());
  }
}
