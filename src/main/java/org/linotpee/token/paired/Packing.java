package org.linotpee.token.paired;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.linotpee.configuration.LinotpException;

/** Writes the binary forms of the protocol: little-endian numbers, texts that end with NUL. */
final class Packing {
  private static final int TRANSACTION_SUFFIX = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Packing octet(int value) {
    out.write(value);
    return this;
  }

  /** Four bytes, unsigned. */
  Packing number(long value) {
    return bytes(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) value)
            .array());
  }

  /** Eight bytes. */
  Packing longNumber(long value) {
    return bytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /** The id of a transaction as a number: two digits behind that of its root. */
  Packing transaction(String id) {
    int dot = id.indexOf('.');
    String digits =
        dot < 0
            ? id + "0".repeat(TRANSACTION_SUFFIX)
            : id.substring(0, dot) + id.substring(dot + 1);
    return longNumber(Long.parseUnsignedLong(digits));
  }

  Packing bytes(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  /**
   * A text and its end.
   *
   * @param what it is, for the refusal
   * @param most bytes of the text
   * @throws LinotpException -311 if it is longer, or has an end within
   */
  Packing text(String what, String value, int most) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > most) {
      throw LinotpException.unclassified(what + " is longer than " + most + " bytes");
    }
    if (value.indexOf('\0') >= 0) {
      throw LinotpException.unclassified(what + " has a forbidden character");
    }
    return bytes(utf8).octet(0);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
