package org.linotpee.token.paired;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Curve25519;
import org.linotpee.crypto.DeviceCipher;
import org.linotpee.crypto.Randoms;

/**
 * A challenge as it is sent to a device (spec 08 section 18.4). Only the device can read it; the
 * server has signed it.
 *
 * @param raw what is sent
 * @param base what the device's signature is about
 */
record PushChallenge(byte[] raw, byte[] base) {
  private static final int VERSION = 2;
  private static final int HALF = 16;
  private static final int MAX_LOGIN = 127;
  private static final int MAX_HOST = 255;

  /**
   * What is asked.
   *
   * @param type as {@link DeviceContent} has it
   * @param text to confirm; the serial number to activate a token; of a login {@code user@host}
   * @param callback where the answer is sent to
   */
  record Content(int type, String transactionId, Instant at, String text, String callback) {
    private byte[] clear() {
      var clear =
          new Packing().octet(type).transaction(transactionId).longNumber(at.getEpochSecond());
      if (type == DeviceContent.LOGIN) {
        int border = text.indexOf('@');
        clear.text("the login", text.substring(0, border), MAX_LOGIN);
        clear.text("the host", text.substring(border + 1), MAX_HOST);
      } else {
        boolean pairing = type == DeviceContent.PAIRING;
        clear.text("the text", text, pairing ? PairingUrl.MAX_SERIAL : DeviceContent.MAX_TEXT);
      }
      return clear.text("the callback URL", callback, DeviceContent.MAX_URL).toBytes();
    }
  }

  /**
   * Encrypts and signs a challenge for a device.
   *
   * @param userTokenId the device's own number for the token
   * @param device its Ed25519 public key
   * @throws LinotpException -311 if a text is too long
   */
  static PushChallenge of(Content content, ServerKeys server, long userTokenId, byte[] device) {
    return of(content, server, userTokenId, device, Randoms.bytes(Curve25519.KEY_BYTES));
  }

  /** The steps of section 18.4 with a given ephemeral secret. */
  static PushChallenge of(
      Content content, ServerKeys server, long userTokenId, byte[] device, byte[] ephemeral) {
    byte[] agreed =
        DeviceCipher.sha256(
            Curve25519.agree(ephemeral, Curve25519.agreementPublicOfSigning(device)));
    byte[] clear = content.clear();
    byte[] sealed =
        DeviceCipher.ctr(
            Arrays.copyOf(agreed, HALF), Arrays.copyOfRange(agreed, HALF, agreed.length), clear);
    byte[] unsigned =
        new Packing()
            .octet(VERSION)
            .number(userTokenId)
            .bytes(Curve25519.agreementPublic(ephemeral))
            .bytes(sealed)
            .toBytes();
    byte[] signature = server.sign(unsigned);
    return new PushChallenge(
        new Packing().bytes(unsigned).bytes(signature).toBytes(),
        new Packing().bytes(signature).bytes(clear).toBytes());
  }

  String url(String scheme) {
    return scheme + "://push/" + Packing.base64url(raw);
  }

  /** What a device signs to accept or to decline (section 18.5). */
  static byte[] signed(boolean accept, byte[] base) {
    return new Packing()
        .octet(VERSION)
        .bytes((accept ? "ACCEPT" : "DENY").getBytes(StandardCharsets.US_ASCII))
        .octet(0)
        .bytes(base)
        .toBytes();
  }
}
