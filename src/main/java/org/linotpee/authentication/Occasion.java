package org.linotpee.authentication;

/** Where an attempt to authenticate comes from; some places have rules of their own. */
public enum Occasion {
  /** A user, or a serial, at {@code /validate/check} and what shares its rules. */
  CHECK,
  /** A serial and nobody else ({@code /validate/check_s}): a challenge may need no password. */
  SERIAL,
  /** The answer to a transaction ({@code /validate/check_t}): the id tells the tokens. */
  TRANSACTION,
  /** A value that came to the self-service together with the password, which was right. */
  SELFSERVICE_VALUE,
  /**
   * What follows the password at the self-service: a value behind anything, the answer to a
   * challenge or, with every type that can, the wish for one.
   */
  SELFSERVICE_STEP,
  /** A user whose PIN is to send a message, and nothing else ({@code /validate/smspin}). */
  SENDING,
  /** A user tries one of his own tokens in the self-service: the PIN does not matter. */
  SELFSERVICE_VERIFY;

  /** The rule for PINs that holds whatever policies say; else theirs. */
  PinMode pinMode(PinMode byPolicy) {
    return switch (this) {
      case SELFSERVICE_VALUE -> PinMode.ONLY_OTP;
      case SELFSERVICE_STEP, SELFSERVICE_VERIFY -> PinMode.IGNORE_PIN;
      default -> byPolicy;
    };
  }
}
