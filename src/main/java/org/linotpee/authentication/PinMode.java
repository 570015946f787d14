package org.linotpee.authentication;

/** What has to stand before the one-time password (spec 02 section 3.4). */
enum PinMode {
  TOKEN_PIN,
  PASSWORD,
  ONLY_OTP,
  IGNORE_PIN;

  /** The mode that a policy names, by number or by name; anything unknown is the first. */
  static PinMode of(String value) {
    return switch (value.trim()) {
      case "1", "password" -> PASSWORD;
      case "2", "only_otp" -> ONLY_OTP;
      case "3", "ignore_pin" -> IGNORE_PIN;
      default -> TOKEN_PIN;
    };
  }
}
