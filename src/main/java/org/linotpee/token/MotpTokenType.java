package org.linotpee.token;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.MobileOtp;
import org.linotpee.crypto.Randoms;

/** Mobile-OTP (spec 08 section 4); the PIN of the device is the token's user PIN. */
@Service
public class MotpTokenType implements TokenType {
  private static final int GENERATED_BYTES = 8;

  private final TokenSecrets secrets;

  @Inject
  public MotpTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "motp";
  }

  @Override
  public String storedName() {
    return "mOTP";
  }

  @Override
  public String serialPrefix() {
    return "LSMO";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String seed =
        parameters.generateKey() && parameters.text("otpkey").isEmpty()
            ? Randoms.hex(GENERATED_BYTES).toUpperCase(java.util.Locale.ROOT)
            : HmacTokenType.hexSeed(parameters.key(GENERATED_BYTES));
    String devicePin =
        parameters.text("otppin").orElseThrow(() -> LinotpException.missing("otppin"));
    int length = HmacTokenType.otpLength(parameters);
    secrets.replaceSeed(token, seed);
    secrets.changeUserPin(token, devicePin);
    token.otpLength(length);
    token.info(token.info().with("hashlib", HmacTokenType.algorithm(parameters).hashlib()));
    return new Enrolled(Optional.of(seed), Optional.empty());
  }

  @Override
  public Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    return HmacTokenType.withKey(parameters);
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    long hit = find(token, otp, 2 * token.counterWindow(), context);
    return hit < 0 ? OptionalLong.empty() : OptionalLong.of(hit - 1);
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    long hit = find(token, otp, window, context);
    if (hit >= 0) {
      token.counter(hit);
    }
    return hit >= 0;
  }

  /** The tick of a value that is later than the last accepted one, or -1. */
  private long find(Token token, String otp, int window, CheckContext context) {
    long now = MobileOtp.tick(context.now().getEpochSecond());
    long hit =
        MobileOtp.find(
            secrets.seed(token),
            secrets.userPin(token),
            otp,
            token.otpLength(),
            now - window,
            now + window);
    return hit > token.counter() ? hit : -1;
  }

  /** The PIN alone asks for a challenge. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    return NewChallenge.shown(prompt(request.context().configuration(), HmacTokenType.PROMPT));
  }
}
