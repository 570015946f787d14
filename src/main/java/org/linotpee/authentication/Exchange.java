package org.linotpee.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AllowList;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.TokenRequest;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;

/** One token within one attempt. */
final class Exchange implements TokenRequest {
  private static final String SCOPE = "authentication";

  /** What every token of an attempt is asked with. */
  record Services(
      TokenSecrets secrets,
      Users users,
      PolicyEngine policies,
      Function<String, Optional<Token>> tokens) {}

  private final Candidate candidate;
  private final Token token;
  private final TokenType type;
  private final List<Challenge> known;
  private final Services services;
  private final List<String> remarks = new ArrayList<>();

  /**
   * @param known all challenges of the token that have not expired, the newest first
   */
  Exchange(
      Candidate candidate, Token token, TokenType type, List<Challenge> known, Services services) {
    this.candidate = candidate;
    this.token = token;
    this.type = type;
    this.known = known;
    this.services = services;
  }

  TokenType type() {
    return type;
  }

  /** True if the token is asked a challenge though its type needs none. */
  boolean challengedToo() {
    return candidate.rules().challenges(type);
  }

  /** Open or not, of whatever transaction. */
  List<Challenge> known() {
    return known;
  }

  /** True if the token has a challenge, be it closed, of the transaction that is named. */
  boolean related() {
    String transaction = candidate.attempt().transactionId();
    return known.stream().anyMatch(c -> c.belongsTo(transaction));
  }

  static boolean expired(Candidate candidate, Token token, TokenType type, Challenge challenge) {
    return Challenges.expired(
        challenge, token, type.name(), candidate.configuration(), candidate.now());
  }

  @Override
  public Token token() {
    return token;
  }

  @Override
  public Answer answer() {
    return candidate.attempt().answer();
  }

  @Override
  public UserName user() {
    return candidate.user().map(User::name).orElse(candidate.attempt().user());
  }

  @Override
  public Optional<String> option(String name) {
    return candidate.attempt().option(name);
  }

  @Override
  public boolean has(String name) {
    return candidate.attempt().options().containsKey(name);
  }

  @Override
  public boolean bySerialAlone() {
    return candidate.attempt().occasion() == Occasion.SERIAL;
  }

  @Override
  public boolean namesTransaction() {
    return candidate.namesTransaction();
  }

  @Override
  public List<Challenge> challenges() {
    String transaction = candidate.attempt().transactionId();
    return known.stream()
        .filter(Challenge::open)
        .filter(c -> transaction.isEmpty() || c.belongsTo(transaction))
        .toList();
  }

  @Override
  public boolean pinMatches(String text) {
    if (type.pinElsewhere(token)) {
      return true;
    }
    if (type.pinOnly() && candidate.rules().mode() != PinMode.PASSWORD) {
      return services.secrets().pinMatches(token, text);
    }
    return switch (candidate.rules().mode()) {
      case TOKEN_PIN -> services.secrets().pinMatches(token, text);
      case PASSWORD ->
          candidate.user().isPresent()
              && candidate
                  .outside()
                  .password(
                      text, () -> services.users().passwordMatches(candidate.user().get(), text));
      case ONLY_OTP -> text.isEmpty();
      case IGNORE_PIN -> true;
    };
  }

  @Override
  public TokenType.Split split() {
    String text = text();
    return candidate.rules().mode() == PinMode.ONLY_OTP && !type.pinOnly()
        ? new TokenType.Split("", text)
        : type.split(token, text, candidate.configuration().flag("PrependPin", true));
  }

  @Override
  public boolean otpFirst() {
    return candidate.rules().mode() == PinMode.PASSWORD && candidate.outside().rehearsing();
  }

  @Override
  public TokenType.CheckContext context() {
    return candidate.context();
  }

  @Override
  public boolean policyFlag(String action) {
    return services.policies().exists(SCOPE, action)
        && candidate
            .outside()
            .ask(
                "flag " + action,
                () -> services.policies().flag(SCOPE, action, candidate.policies()));
  }

  @Override
  public Optional<String> policyText(String scope, String action) {
    return services.policies().exists(scope, action)
        ? candidate
            .outside()
            .ask(
                "text " + scope + " " + action,
                () -> services.policies().text(scope, action, candidate.policies()))
        : Optional.empty();
  }

  @Override
  public AllowList allowed(String scope, String action) {
    return services.policies().exists(scope, action)
        ? candidate
            .outside()
            .ask(
                "allowed " + scope + " " + action,
                () -> services.policies().allowed(scope, action, candidate.policies()))
        : new AllowList(Set.of(), "");
  }

  @Override
  public void remark(String reason) {
    remarks.add(reason);
  }

  /** What the type has to say about a refusal. */
  List<String> remarks() {
    return remarks;
  }

  @Override
  public <T> T outside(String question, Supplier<T> call) {
    return candidate.outside().ask(token.serial() + " " + question, call);
  }

  @Override
  public Optional<Token> other(String serial) {
    return services.tokens().apply(serial);
  }
}
