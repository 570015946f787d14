package org.linotpee.token.fido;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenRequest;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;

/**
 * Devices that sign a challenge in the browser (spec 08 sections 20 and 21): registered in two
 * steps, the first of which leaves an inactive token; a PIN brings the challenge.
 */
abstract class DeviceTokenType implements TokenType {
  static final String PHASE = "phase";
  static final String REGISTRATION = "registration";
  static final String AUTHENTICATION = "authentication";
  static final String CHALLENGE = "challenge";
  static final String COUNTER = "counter";
  static final int CHALLENGE_BYTES = 32;
  private static final int OTP_LENGTH = 32;

  private final String name;
  private final String activation;
  final TokenSecrets secrets;

  /**
   * @param activation the name of the form with which a user registers the device
   */
  DeviceTokenType(String name, String activation, TokenSecrets secrets) {
    this.name = name;
    this.activation = activation;
    this.secrets = secrets;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String storedName() {
    return name;
  }

  @Override
  public final Set<Mode> modes() {
    return Set.of(Mode.CHALLENGE);
  }

  @Override
  public final boolean usable(Token token) {
    return token.active() && registered(token);
  }

  @Override
  public final Optional<Activation> activation(Token token) {
    return registered(token) ? Optional.empty() : Optional.of(new Activation(activation));
  }

  static boolean registered(Token token) {
    return phase(token).equals(AUTHENTICATION);
  }

  static boolean beingRegistered(Token token) {
    return phase(token).equals(REGISTRATION);
  }

  private static String phase(Token token) {
    return token.info().get(PHASE).orElse("");
  }

  /** The token waits for its device, what it was before is forgotten; the info it begins with. */
  final TokenInfo begun(Token token) {
    secrets.replaceSeed(token, "{}");
    token.active(false);
    token.otpLength(OTP_LENGTH);
    token.counterWindow(0);
    token.syncWindow(0);
    return token.info().with(PHASE, REGISTRATION).without(COUNTER);
  }

  /** Takes what the device is known by. */
  final TokenInfo completed(Token token, String device) {
    secrets.replaceSeed(token, device);
    token.active(true);
    return token.info().with(PHASE, AUTHENTICATION);
  }

  /** A device has no values that could be typed. */
  @Override
  public final OptionalLong check(Token token, String otp, CheckContext context) {
    return OptionalLong.empty();
  }

  /**
   * The response of a device, alone or behind the PIN; what policies put first is compared first.
   */
  static Optional<Reaction.Right> behindPin(
      TokenRequest request, Split split, Supplier<Optional<Reaction.Right>> response) {
    if (split.pin().isEmpty()) {
      return response.get();
    }
    if (!request.otpFirst() && !request.pinMatches(split.pin())) {
      return Optional.empty();
    }
    return response.get().filter(right -> !request.otpFirst() || request.pinMatches(split.pin()));
  }
}
