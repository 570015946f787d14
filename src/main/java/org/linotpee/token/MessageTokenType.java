package org.linotpee.token;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Hotp;
import org.linotpee.crypto.Randoms;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;

/**
 * What tokens have in common whose one-time password is made here and sent to the user: the PIN
 * asks for it; the answer is the value alone with the transaction's id, or PIN and value without.
 */
abstract class MessageTokenType implements TokenType {
  static final String SCOPE = "authentication";
  private static final int SEED_BYTES = 20;

  private final TokenSecrets secrets;
  private final Delivery delivery;
  private final PolicyEngine policies;

  MessageTokenType(TokenSecrets secrets, Delivery delivery, PolicyEngine policies) {
    this.secrets = secrets;
    this.delivery = delivery;
    this.policies = policies;
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.CHALLENGE);
  }

  // enrollment ------------------------------------------------------------------------------------

  /** The given seed, or one of ours; it is never shown. */
  static String seed(EnrollmentParameters parameters) {
    return parameters.generateKey() || parameters.text("otpkey").isPresent()
        ? HmacTokenType.hexSeed(parameters.key(SEED_BYTES))
        : Randoms.hex(SEED_BYTES);
  }

  /** A parameter that tells where messages go. */
  static String address(EnrollmentParameters parameters, String name) {
    String address = parameters.text(name).map(String::trim).orElse("");
    if (address.isEmpty()) {
      throw LinotpException.missing(name);
    }
    return address;
  }

  /** The digits of the values, as for HOTP tokens. */
  static int otpLength(EnrollmentParameters parameters) {
    return HmacTokenType.otpLength(parameters);
  }

  final TokenSecrets secrets() {
    return secrets;
  }

  final Hotp.Generator generator(Token token) {
    return new Hotp.Generator(
        secrets.key(token),
        token.otpLength(),
        Hotp.Algorithm.of(token.info().get("hashlib").orElse("sha1")));
  }

  // answers ---------------------------------------------------------------------------------------

  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone();
  }

  /**
   * The value as the answer to the request's challenges.
   *
   * @return at which counter, and which challenges it answers; empty if it is wrong
   */
  abstract Optional<Reaction.Right> match(TokenRequest request, Split split);

  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    if (request.challenges().isEmpty()) {
      return Optional.empty();
    }
    String text = request.text();
    Optional<Reaction.Right> alone = match(request, new Split("", text));
    return alone.isPresent() ? alone : withPin(request);
  }

  /**
   * PIN and value. While asking for the PIN may cost something, the value has to be right first.
   */
  private Optional<Reaction.Right> withPin(TokenRequest request) {
    Split split = request.split();
    if (!plausible(request.token(), split.otp())) {
      return Optional.empty();
    }
    if (request.otpFirst()) {
      return match(request, split).filter(right -> request.pinMatches(split.pin()));
    }
    return request.pinMatches(split.pin()) ? match(request, split) : Optional.empty();
  }

  private static boolean plausible(Token token, String otp) {
    return otp.length() == token.otpLength() && otp.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** What is neither PIN and right value nor the PIN is wrong. */
  @Override
  public Reaction react(TokenRequest request) {
    if (request.namesTransaction()) {
      return answer(request).map(right -> (Reaction) right).orElse(Reaction.WRONG);
    }
    if (request.answer() instanceof Answer.Text) {
      Optional<Reaction.Right> right = withPin(request);
      if (right.isPresent()) {
        return right.get();
      }
    }
    return triggers(request) ? Reaction.TRIGGER : Reaction.WRONG;
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    return OptionalLong.empty();
  }

  // sending ---------------------------------------------------------------------------------------

  final Optional<String> policy(String action, PolicyContext context) {
    return policies.text(SCOPE, action, context).filter(text -> !text.isEmpty());
  }

  final boolean flag(String action, PolicyContext context) {
    return policies.flag(SCOPE, action, context);
  }

  /**
   * Where the message goes: to what the token says or, if a policy wants it, to what the user store
   * says now.
   */
  final String recipient(
      Token token,
      String member,
      String policy,
      String attribute,
      Sending.Circumstances circumstances) {
    String stored = token.info().get(member).orElse("");
    return flag(policy, circumstances.policies())
        ? Optional.ofNullable(circumstances.attributes().get(attribute))
            .filter(address -> !address.isBlank())
            .orElse(stored)
        : stored;
  }

  /** Sends it by the providers that policies choose. */
  final Receipt send(ProviderType type, Message message, Sending.Circumstances circumstances) {
    return delivery.send(type, delivery.choice(type, circumstances.policies()), message);
  }

  final Delivery delivery() {
    return delivery;
  }

  /** What the reply tells of each challenge. */
  static Map<String, Object> state(String transactionId) {
    return Map.of("state", transactionId);
  }

  static String remark(Receipt.Sent sent) {
    return "provider=" + sent.provider();
  }

  @Override
  public String blockedMessage() {
    return name().toLowerCase(Locale.ROOT) + " with otp already submitted";
  }

  /**
   * Requires that a user who may not choose where his messages go has given what his user store
   * says (spec 09 section 9.1 step 6).
   *
   * @param attributes of the user, the first that he has counts
   * @throws LinotpException -311 if it is something else
   */
  static void requireOwn(
      Map<String, String> parameters,
      String parameter,
      OwnEnrollment context,
      String policy,
      List<String> attributes) {
    Optional<String> given = Optional.ofNullable(parameters.get(parameter)).map(String::trim);
    if (given.isEmpty() || context.setting().apply(policy).orElse(1) != 0) {
      return;
    }
    String own =
        attributes.stream()
            .map(name -> context.attributes().getOrDefault(name, "").trim())
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    if (!given.get().equals(own)) {
      throw LinotpException.unclassified("You may only use your own '" + parameter + "'.");
    }
  }
}
