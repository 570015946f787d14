package org.linotpee.token;

import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Randoms;

/** A token without a one-time password: the whole password is its PIN (spec 08 section 7). */
@Service
public class SpassTokenType implements TokenType {
  private static final int UNUSED_SEED_BYTES = 20;

  private final TokenSecrets secrets;

  @Inject
  public SpassTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "spass";
  }

  @Override
  public String storedName() {
    return "spass";
  }

  @Override
  public String serialPrefix() {
    return "LSSP";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE);
  }

  @Override
  public boolean pinOnly() {
    return true;
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    Optional<String> given = parameters.text("otpkey");
    if (parameters.generateKey() && given.isPresent()) {
      throw new LinotpException(344, "'genkey' and 'otpkey' cannot be used together");
    }
    String seed = given.orElseGet(() -> Randoms.hex(UNUSED_SEED_BYTES));
    secrets.replaceSeed(token, seed);
    if (parameters.text("onetime").isPresent()) {
      token.info(token.info().with("count_auth_success_max", 1));
    }
    return new Enrolled(Optional.of(seed), Optional.empty());
  }

  @Override
  public Split split(Token token, String password, boolean pinFirst) {
    return new Split(password, "");
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    return OptionalLong.of(0);
  }
}
