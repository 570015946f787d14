package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.linotpee.audit.AuditRecord;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.Occasion;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TransactionStatus;
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
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.UsageScope;

/**
 * The second factor of administrators: one of their own tokens in the administrators' realm, where
 * a policy {@code authentication/admin_mfa_login} wants it (spec 10 section 2.1; in the scope admin
 * it would be a right on tokens, and {@code *} would hide it).
 */
@Service
public class AdministratorFactor {
  private static final String SCOPE = "authentication";
  private static final String ACTION = "admin_mfa_login";

  private final PolicyEngine policies;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Challenges challenges;
  private final Authentication authentication;
  private final TransactionStatus status;
  private final Snapshots snapshots;
  private final Transactions transactions;

  @Inject
  public AdministratorFactor(
      PolicyEngine policies,
      Users users,
      Tokens tokens,
      TokenTypes types,
      Challenges challenges,
      Authentication authentication,
      TransactionStatus status,
      Snapshots snapshots,
      Transactions transactions) {
    this.policies = policies;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.challenges = challenges;
    this.authentication = authentication;
    this.status = status;
    this.snapshots = snapshots;
    this.transactions = transactions;
  }

  /**
   * A token that may be used.
   *
   * @param type as stored, for example {@code HMAC}
   * @param typed it shows values that can be typed at once; else it has to be asked
   */
  public record Choice(String serial, String type, String description, boolean typed) {}

  /**
   * What is wanted besides the password.
   *
   * @param user the administrator with all that he owns
   * @param choices the active tokens, locked ones too; one of them is needed
   * @param unusable there are tokens, but none that can be used: nothing is enough
   */
  record Demand(User user, List<Choice> choices, boolean unusable) {
    static Demand nothingOf(User user) {
      return new Demand(user, List.of(), false);
    }

    boolean nothing() {
      return choices.isEmpty() && !unusable;
    }
  }

  /** Tokens that are still being enrolled bind nobody; those of unknown types do. */
  private boolean binds(Token token) {
    return token.active() || types.of(token).filter(type -> complete(token, type)).isPresent();
  }

  private static boolean complete(Token token, TokenType type) {
    return "completed".equals(type.enrollmentStatus(token).get("status"))
        && type.activation(token).isEmpty();
  }

  private Optional<Choice> choice(Token token) {
    return types
        .of(token)
        .filter(type -> token.active() && type.usable(token) && complete(token, type))
        .map(
            type ->
                new Choice(
                    token.serial(),
                    token.type(),
                    token.description(),
                    type.modes(token).contains(TokenType.Mode.AUTHENTICATE)));
  }

  /**
   * What is wanted of an administrator.
   *
   * @param found by the user store that knows his password
   */
  Demand demand(User found, String client) {
    if (!policies.exists(SCOPE, ACTION)) {
      return Demand.nothingOf(found);
    }
    User user = whole(found);
    var context =
        new PolicyContext(
            Optional.of(PolicySubject.of(user)), Optional.of(user.name().realm()), client);
    if (!policies.flag(SCOPE, ACTION, context)) {
      return Demand.nothingOf(user);
    }
    List<Token> owned =
        transactions
            .required(em -> tokens.ofUser(em, user, snapshots.current().part(Realms.class)))
            .stream()
            .filter(token -> !UsageScope.forRollout(token))
            .toList();
    List<Choice> choices = owned.stream().flatMap(token -> choice(token).stream()).toList();
    boolean bound =
        owned.stream().anyMatch(this::binds) || (owned.isEmpty() && boundElsewhere(user));
    return new Demand(user, choices, choices.isEmpty() && bound);
  }

  /** Several resolvers may know the same person, whose tokens may belong to any of them. */
  private User whole(User found) {
    UserName name = found.name();
    return users.findFresh(new UserName(name.login(), name.realm())) instanceof UserLookup.Found all
            && all.user().owners().containsAll(found.owners())
        ? all.user()
        : found;
  }

  /**
   * True if a user store that cannot be asked now may know the same person, and somebody of his id
   * has a token there.
   */
  private boolean boundElsewhere(User user) {
    UserName name = user.name();
    Set<String> known =
        user.owners().stream().map(OwnerKey::resolverSpec).collect(Collectors.toSet());
    return snapshots.current().part(Realms.class).named(name.realm()).stream()
        .flatMap(realm -> realm.resolvers().stream())
        .filter(resolver -> !known.contains(resolver.spec()))
        .filter(
            resolver ->
                users.findFresh(new UserName(name.login(), name.realm(), resolver.name()))
                        instanceof UserLookup.NotFound missing
                    && missing.unreachable())
        .anyMatch(
            resolver ->
                transactions.required(
                    em -> tokens.anyOf(em, new OwnerKey(resolver.spec(), user.owner().userId()))));
  }

  /** Checks a value of any of the user's tokens; a wrong one counts, and asks no token. */
  Outcome value(User user, String otp, AuditRecord audit, Authentication.Acceptance acceptance) {
    return authentication.checkOwn(
        user, attempt(user, otp, Map.of(), Occasion.SELFSERVICE_VALUE), audit, acceptance);
  }

  /** Asks a token of the user for a challenge. */
  Outcome ask(User user, String serial, AuditRecord audit) {
    var texts =
        Map.of("data", "Administrator Login\nUser: " + user.name().login(), "content_type", "0");
    return authentication.checkOwn(
        user,
        attempt(user, "", texts, Occasion.SELFSERVICE_STEP).with(List.of(serial)),
        audit,
        Authentication.Acceptance.NOTHING);
  }

  /** Checks the answer to an open transaction. */
  Outcome answer(
      User user,
      String transaction,
      String otp,
      AuditRecord audit,
      Authentication.Acceptance acceptance) {
    return authentication.checkOwn(
        user,
        attempt(user, otp, Map.of("transactionid", transaction), Occasion.SELFSERVICE_STEP)
            .with(own(user, transaction).map(asked -> asked.token().serial()).distinct().toList()),
        audit,
        (em, row) -> {
          // a typed answer must not pass for the confirmation of a device afterwards
          challenges
              .ofTransaction(em, transaction)
              .forEach(challenge -> challenges.delete(em, challenge));
          acceptance.apply(em, row);
        });
  }

  private static Attempt attempt(
      User user, String otp, Map<String, String> options, Occasion occasion) {
    return new Attempt(user.name(), Optional.of(otp), options, "admin").at(occasion);
  }

  /** True while the transaction can be answered. */
  boolean open(User user, String transaction) {
    return own(user, transaction).findAny().isPresent();
  }

  private Stream<TransactionStatus.Asked> own(User user, String transaction) {
    return status.answerableBy(user, transaction).stream().filter(asked -> asked.token().active());
  }

  /**
   * Uses up a transaction that the device of a token has confirmed, so that it lets one login in.
   *
   * @param acceptance done in the same transaction of the database
   * @return the serial number of the token; empty if nothing was confirmed
   */
  Optional<String> confirmed(
      User user, String transaction, AuditRecord audit, Authentication.Acceptance acceptance) {
    Optional<String> serial =
        own(user, transaction)
            .filter(asked -> asked.challenge().valid())
            .filter(asked -> asked.type().replyModes().contains("online"))
            .map(asked -> asked.token().serial())
            .findFirst();
    return serial.filter(
        found ->
            transactions.required(
                em -> {
                  tokens.lockBySerial(em, found);
                  List<Challenge> left =
                      challenges.ofTransaction(em, transaction).stream()
                          .filter(Challenge::valid)
                          .toList();
                  left.forEach(challenge -> challenges.delete(em, challenge));
                  if (!left.isEmpty()) {
                    acceptance.apply(em, audit.serial(found).success(true));
                  }
                  return !left.isEmpty();
                }));
  }
}
