package org.linotpee.gsm.pdu;

import java.util.regex.Pattern;

/**
 * A number as the network knows it.
 *
 * @param digits up to 20 of {@code 0-9*#}
 * @param international it begins with a country code
 */
public record PhoneNumber(String digits, boolean international) {
  private static final Pattern DIGITS = Pattern.compile("[0-9*#]{1,20}");
  static final int INTERNATIONAL = 0x91;
  static final int UNKNOWN = 0x81;
  private static final String NIBBLES = "0123456789*#abc";

  public PhoneNumber {
    if (!DIGITS.matcher(digits).matches()) {
      throw new PduException("a phone number has 1 to 20 digits");
    }
  }

  /**
   * Reads a number as people write it: blanks and the punctuation of numbers do not count.
   *
   * @throws PduException if anything else is in it
   */
  public static PhoneNumber of(String written) {
    String bare = written.strip().replaceAll("[\\s()/.\\-\\u00A0]", "");
    return bare.startsWith("+")
        ? new PhoneNumber(bare.substring(1), true)
        : new PhoneNumber(bare, false);
  }

  int type() {
    return international ? INTERNATIONAL : UNKNOWN;
  }

  /** Pairs of digits, swapped; an odd one is filled with F. */
  byte[] semiOctets() {
    byte[] octets = new byte[(digits.length() + 1) / 2];
    for (int i = 0; i < digits.length(); i++) {
      int nibble = NIBBLES.indexOf(digits.charAt(i));
      octets[i / 2] |= (byte) (i % 2 == 0 ? nibble : nibble << 4);
    }
    if (digits.length() % 2 == 1) {
      octets[octets.length - 1] |= (byte) 0xF0;
    }
    return octets;
  }

  /** Digits from swapped pairs; fill nibbles are left out. */
  static String fromSemiOctets(byte[] octets, int count) {
    var digits = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      int nibble = (i % 2 == 0 ? octets[i / 2] : octets[i / 2] >> 4) & 0x0F;
      if (nibble < NIBBLES.length()) {
        digits.append(NIBBLES.charAt(nibble));
      }
    }
    return digits.toString();
  }

  @Override
  public String toString() {
    return international ? "+" + digits : digits;
  }
}
