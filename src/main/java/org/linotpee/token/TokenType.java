package org.linotpee.token;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;

/**
 * Everything special about a kind of token (spec 08): the extension point of the product. Nothing
 * outside an implementation asks which type a token has. CDI finds the implementations.
 */
public interface TokenType {
  /** How a token can be used. */
  enum Mode {
    /** PIN and one-time password in one request. */
    AUTHENTICATE,
    /** A challenge first, then its response. */
    CHALLENGE
  }

  /** A password as it was divided. */
  record Split(String pin, String otp) {
    /** Without its content, which is secret. */
    @Override
    public String toString() {
      return "PIN of " + pin.length() + ", OTP of " + otp.length() + " characters";
    }
  }

  /**
   * What a check may look at besides the token.
   *
   * @param now the moment of the request
   */
  record CheckContext(Configuration configuration, Instant now) {}

  /**
   * What the answer to an enrollment shows.
   *
   * @param seed the key as it was stored, to be shown once; empty if the type does not disclose it
   * @param otpauth the type of the otpauth URL ({@code hotp}, {@code totp}); empty if there is none
   */
  record Enrolled(Optional<String> seed, Optional<String> otpauth) {
    /** Without the seed. */
    @Override
    public String toString() {
      return "Enrolled[otpauth=" + otpauth + "]";
    }
  }

  /** The name in requests and policies, in lower case: {@code hmac}. */
  String name();

  /** The spelling that is stored and shown: {@code HMAC}. */
  String storedName();

  /** The prefix of generated serial numbers: {@code OATH}. */
  String serialPrefix();

  Set<Mode> modes();

  /**
   * Sets the token up from the parameters of a request: seed, info, length. The caller has handled
   * what all types share.
   *
   * @throws LinotpException if a parameter is missing or cannot be used
   */
  Enrolled enroll(Token token, EnrollmentParameters parameters);

  /** Divides a password into PIN and OTP: the last characters are the OTP, or the first. */
  default Split split(Token token, String password, boolean pinFirst) {
    int characters = password.codePointCount(0, password.length());
    if (characters <= token.otpLength()) {
      return new Split("", password);
    }
    int border =
        password.offsetByCodePoints(
            0, pinFirst ? characters - token.otpLength() : token.otpLength());
    String front = password.substring(0, border);
    String back = password.substring(border);
    return pinFirst ? new Split(front, back) : new Split(back, front);
  }

  /**
   * The counter at which the OTP is right, empty if it is wrong or was used. May change the token's
   * info (time shift, automatic resync); the caller moves the counter behind the match.
   */
  OptionalLong check(Token token, String otp, CheckContext context);

  /** Moves the token to two consecutive values; false if they are not. */
  default boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    return false;
  }

  /** True if the OTP is one of the token's next ones; it is spent then. */
  default boolean spend(Token token, String otp, int window, CheckContext context) {
    return false;
  }

  /**
   * The policy action that limits how many values may be read ({@code max_count_hotp}); empty if
   * values of this type cannot be read.
   */
  default Optional<String> readingLimit() {
    return Optional.empty();
  }

  /** The next values, without using them up. Only of a type with a {@link #readingLimit}. */
  default UpcomingValues upcoming(Token token, int count, CheckContext context) {
    throw LinotpException.unclassified("values of type " + storedName() + " cannot be read");
  }

  /**
   * Changes the time step.
   *
   * @throws LinotpException -311 if the type cannot have this one
   */
  default void changeTimeStep(Token token, int seconds) {
    token.info(token.info().with("timeStep", seconds));
  }

  /**
   * Forgets the device that a token is paired with, so that another can be.
   *
   * @throws LinotpException -311 if tokens of this type are not paired with devices
   */
  default void unpair(Token token) {
    throw LinotpException.unclassified("tokens of type " + storedName() + " cannot be unpaired");
  }
}
