package org.linotpee.token;

import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Passwords;

/** A static password as token (spec 08 section 6); only its hash is kept, sealed. */
@Service
public class PwTokenType implements TokenType {
  private static final int MAX_PASSWORD = 255;

  private final TokenSecrets secrets;

  @Inject
  public PwTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "pw";
  }

  @Override
  public String storedName() {
    return "pw";
  }

  @Override
  public String serialPrefix() {
    return "KIPW";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    if (parameters.generateKey() && parameters.text("otpkey").isPresent()) {
      throw new LinotpException(344, "'genkey' and 'otpkey' cannot be used together");
    }
    String password =
        parameters.text("otpkey").orElseThrow(() -> LinotpException.missing("otpkey"));
    if (password.isEmpty() || password.length() > MAX_PASSWORD) {
      throw LinotpException.unclassified(
          "the password of a token has 1 to " + MAX_PASSWORD + " characters");
    }
    secrets.replaceSeed(token, Passwords.hash(password));
    token.otpLength(password.codePointCount(0, password.length()));
    if (parameters.text("onetime").isPresent()) {
      token.info(token.info().with("count_auth_success_max", 1));
    }
    return new Enrolled(Optional.of(password), Optional.empty());
  }

  /** The owner has chosen the password and knows it. */
  @Override
  public boolean seedIsShownToOwner() {
    return false;
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    return Passwords.verify(secrets.seed(token), otp) ? OptionalLong.of(0) : OptionalLong.empty();
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    return check(token, otp, context).isPresent();
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
