package org.linotpee.crypto;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Unpredictable values from the operating system's generator. Thread-safe. */
public final class Randoms {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Randoms() {}

  /** Random bytes. */
  public static byte[] bytes(int count) {
    var bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /**
   * Random bytes as lower-case hexadecimal text.
   *
   * @param bytes number of bytes; the text is twice as long
   */
  public static String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** A text of {@code count} decimal digits; leading zeros are as likely as others. */
  public static String digits(int count) {
    return fromAlphabet(count, "0123456789");
  }

  /** A text of {@code count} characters, each drawn with the same probability from the alphabet. */
  public static String fromAlphabet(int count, String alphabet) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** A number from 0 (inclusive) to the bound (exclusive). */
  public static int below(int bound) {
    return RANDOM.nextInt(bound);
  }
}
