package org.linotpee.token.paired;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a device reads to learn of the server and its token (spec 08 section 16.2).
 *
 * @param kind the code of the token's type
 * @param callback where the answer is sent to
 * @param smsCallback the telephone number that it is sent to, for want of a network
 * @param otpLength digits of the values, for types that have such
 */
record PairingUrl(
    int kind,
    String serial,
    Optional<String> callback,
    Optional<String> smsCallback,
    OptionalInt otpLength) {
  private static final int VERSION = 2;
  private static final int PUBLIC_KEY = 1;
  private static final int SERIAL = 2;
  private static final int CALLBACK = 4;
  private static final int SMS_CALLBACK = 8;
  private static final int OTP_LENGTH = 16;

  /** The longest serial number that devices take. */
  static final int MAX_SERIAL = 63;

  private static final int MAX_CALLBACK = 511;
  private static final int MAX_SMS_CALLBACK = 31;

  /**
   * As it is shown.
   *
   * @param scheme of the app's URLs
   */
  String text(String scheme, ServerKeys keys) {
    var data =
        new Packing()
            .octet(VERSION)
            .octet(kind)
            .number(flags())
            .number(keys.partition())
            .bytes(keys.publicKey())
            .text("the serial number", serial, MAX_SERIAL);
    callback.ifPresent(url -> data.text("the callback URL", url, MAX_CALLBACK));
    smsCallback.ifPresent(number -> data.text("the callback number", number, MAX_SMS_CALLBACK));
    otpLength.ifPresent(data::octet);
    return scheme + "://pair/" + Packing.base64url(data.toBytes());
  }

  private int flags() {
    return PUBLIC_KEY
        | SERIAL
        | (callback.isPresent() ? CALLBACK : 0)
        | (smsCallback.isPresent() ? SMS_CALLBACK : 0)
        | (otpLength.isPresent() ? OTP_LENGTH : 0);
  }
}
