package org.linotpee.token.paired;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Curve25519;
import org.linotpee.crypto.DeviceCipher;
import org.linotpee.crypto.Randoms;

/**
 * A challenge as a device reads it from a QR code (spec 08 section 17.4). Only the device can read
 * it, and compute the answer.
 *
 * @param raw what the QR code has
 * @param answer 32 bytes that the device answers
 */
record QrChallenge(byte[] raw, byte[] answer) {
  private static final int VERSION = 1;
  private static final int HALF = 16;
  private static final int HAS_URL = 2;
  private static final int HAS_SMS = 4;
  private static final int HAS_SIGNATURE = 8;
  private static final int RESETS_URL = 16;
  private static final int MAX_SMS = 31;

  /**
   * What is asked.
   *
   * @param type as {@link DeviceContent} has it
   * @param reset the device forgets the URL that it has stored
   * @param callback where the answer is sent to
   * @param smsCallback the telephone number that it is sent to, for want of a network
   */
  record Content(
      int type,
      boolean reset,
      String transactionId,
      String text,
      Optional<String> callback,
      Optional<String> smsCallback) {
    private byte[] header() {
      int flags =
          (callback.isPresent() ? HAS_URL : 0)
              | (smsCallback.isPresent() ? HAS_SMS : 0)
              | (type == DeviceContent.PAIRING ? HAS_SIGNATURE : 0)
              | (reset ? RESETS_URL : 0);
      return new Packing().octet(type).octet(flags).transaction(transactionId).toBytes();
    }

    private byte[] data() {
      int most = type == DeviceContent.PAIRING ? PairingUrl.MAX_SERIAL : DeviceContent.MAX_TEXT;
      var data = new Packing().text("the text", text, most);
      callback.ifPresent(url -> data.text("the callback URL", url, DeviceContent.MAX_URL));
      smsCallback.ifPresent(number -> data.text("the callback number", number, MAX_SMS));
      return data.toBytes();
    }
  }

  /**
   * Encrypts a challenge for a device.
   *
   * @param userTokenId the device's own number for the token
   * @param device its X25519 public key
   * @throws LinotpException -311 if a text is too long
   */
  static QrChallenge of(Content content, ServerKeys server, long userTokenId, byte[] device) {
    return of(content, server, userTokenId, device, Randoms.bytes(Curve25519.KEY_BYTES));
  }

  /** The steps of section 17.4 with a given ephemeral secret. */
  static QrChallenge of(
      Content content, ServerKeys server, long userTokenId, byte[] device, byte[] ephemeral) {
    byte[] header = new Packing().octet(VERSION).number(userTokenId).toBytes();
    byte[] first = DeviceCipher.sha256(Curve25519.agree(ephemeral, device));
    byte[] second = DeviceCipher.sha256(first);
    byte[] encryptionKey = Arrays.copyOf(first, HALF);
    byte[] answerKey = Arrays.copyOf(second, HALF);
    byte[] nonce = Arrays.copyOfRange(second, HALF, second.length);
    byte[] clearHeader = content.header();
    byte[] data = content.data();
    byte[] signature =
        content.type() == DeviceContent.PAIRING
            ? DeviceCipher.hmac(
                Curve25519.agree(server.agreementSecret(), device), nonce, clearHeader, data)
            : new byte[0];
    byte[] clear = new Packing().bytes(clearHeader).bytes(signature).bytes(data).toBytes();
    byte[] raw =
        new Packing()
            .bytes(header)
            .bytes(Curve25519.agreementPublic(ephemeral))
            .bytes(DeviceCipher.sealEax(encryptionKey, nonce, header, clear))
            .toBytes();
    return new QrChallenge(raw, DeviceCipher.hmac(answerKey, nonce, clear));
  }

  String url(String scheme) {
    return scheme + "://chal/" + Packing.base64url(raw);
  }

  /** The answer as digits, for people who type it (section 17.4, TAN). */
  static String tan(byte[] answer, int digits) {
    int offset = answer[answer.length - 1] & 0xf;
    long number = ByteBuffer.wrap(answer).getInt(offset) & 0x7fffffff;
    String all = String.format(Locale.ROOT, "%0" + digits + "d", number);
    return all.substring(all.length() - digits);
  }
}
