package org.linotpee.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.crypto.Mac;

/** One-time passwords of RFC 4226, and with a time step as counter those of RFC 6238. */
public final class Hotp {
  private static final int MAX_DIGITS = 10;
  private static final long[] POWERS_OF_TEN = new long[MAX_DIGITS + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i <= MAX_DIGITS; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  /** The digest under the HMAC. RFC 4226 knows SHA-1 alone; RFC 6238 adds the others. */
  public enum Algorithm {
    SHA1("HmacSHA1", 20),
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String macName;
    private final int seedBytes;

    Algorithm(String macName, int seedBytes) {
      this.macName = macName;
      this.seedBytes = seedBytes;
    }

    /**
     * The algorithm of a name such as {@code sha256}, {@code SHA-256} or {@code HmacSHA256}; SHA-1
     * for an unknown, empty or absent name (spec 08 section 2).
     */
    public static Algorithm of(String name) {
      String plain =
          name == null ? "" : name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]|hmac", "");
      return switch (plain) {
        case "sha256" -> SHA256;
        case "sha512" -> SHA512;
        default -> SHA1;
      };
    }

    /** The name as token info and enrollment URLs write it: {@code sha1}, {@code sha256}, ... */
    public String hashlib() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Length of a generated seed in bytes: that of the digest (RFC 6238 section 5.1). */
    public int seedBytes() {
      return seedBytes;
    }
  }

  private Hotp() {}

  /**
   * The value of one counter.
   *
   * @param digits 1 to 10; the value is left-padded with zeros
   */
  public static String value(byte[] key, long counter, int digits, Algorithm algorithm) {
    return new Generator(key, digits, algorithm).value(counter);
  }

  /** Values of one key; keeps its HMAC between counters, and is therefore not thread-safe. */
  public static final class Generator {
    private final Mac mac;
    private final int digits;
    private final byte[] message = new byte[Long.BYTES];
    private final byte[] digest;

    /**
     * @param digits 1 to 10
     */
    public Generator(byte[] key, int digits, Algorithm algorithm) {
      if (digits < 1 || digits > MAX_DIGITS) {
        throw new IllegalArgumentException("A one-time password has 1 to 10 digits.");
      }
      this.mac = Digests.mac(algorithm.macName, key);
      this.digits = digits;
      this.digest = new byte[mac.getMacLength()];
    }

    /** The value of one counter, left-padded with zeros. */
    public String value(long counter) {
      var text = new char[digits];
      long number = number(counter);
      for (int i = digits - 1; i >= 0; i--) {
        text[i] = (char) ('0' + number % 10);
        number /= 10;
      }
      return new String(text);
    }

    /**
     * The first counter of a window whose value is the given one.
     *
     * @param otp as the user typed it; anything but exactly the right number of ASCII digits is no
     *     hit
     * @param fromInclusive first counter; negative ones are left out
     * @param toExclusive end of the window
     * @return the counter, or -1
     */
    public long find(String otp, long fromInclusive, long toExclusive) {
      long wanted = parse(otp);
      if (wanted < 0) {
        return -1;
      }
      for (long counter = Math.max(0, fromInclusive); counter < toExclusive; counter++) {
        // One comparison of machine words: nothing depends on how many digits agree.
        if ((number(counter) ^ wanted) == 0) {
          return counter;
        }
      }
      return -1;
    }

    private long parse(String otp) {
      if (otp == null || otp.length() != digits) {
        return -1;
      }
      long number = 0;
      for (int i = 0; i < digits; i++) {
        char c = otp.charAt(i);
        if (c < '0' || c > '9') {
          return -1;
        }
        number = 10 * number + (c - '0');
      }
      return number;
    }

    /** Dynamic truncation, RFC 4226 section 5.3. */
    private long number(long counter) {
      ByteBuffer.wrap(message).putLong(counter);
      try {
        mac.update(message);
        mac.doFinal(digest, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("The digest's buffer is too short", e);
      }
      int offset = digest[digest.length - 1] & 0xf;
      int truncated = ByteBuffer.wrap(digest).getInt(offset) & 0x7fffffff;
      return truncated % POWERS_OF_TEN[digits];
    }
  }
}
