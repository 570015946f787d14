package org.linotpee.crypto;

/** The Base64 of crypt(3): the alphabet {@code ./0-9A-Za-z}, least significant bits first. */
final class CryptBase64 {
  static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private CryptBase64() {}

  /** Three bytes become four characters; a rest of two becomes three, of one two. */
  static String encode(byte[] bytes) {
    var text = new StringBuilder();
    for (int i = 0; i < bytes.length; i += 3) {
      int count = Math.min(3, bytes.length - i);
      int group = 0;
      for (int j = 0; j < count; j++) {
        group |= (bytes[i + j] & 0xff) << (8 * j);
      }
      for (int j = 0; j <= count; j++) {
        text.append(ALPHABET.charAt(group >> (6 * j) & 0x3f));
      }
    }
    return text.toString();
  }

  /** The bytes at the given places, encoded. */
  static String encode(byte[] bytes, int... order) {
    var ordered = new byte[order.length];
    for (int i = 0; i < order.length; i++) {
      ordered[i] = bytes[order[i]];
    }
    return encode(ordered);
  }

  /** The value of one character; -1 if it is not of the alphabet. */
  static int value(char c) {
    return ALPHABET.indexOf(c);
  }

  /** A number, least significant character first. */
  static int number(String text) {
    int number = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      number = number << 6 | value(text.charAt(i));
    }
    return number;
  }
}
