package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format of stored password hashes (spec 05 section 11.2).
 *
 * @param shape what a whole stored value looks like
 * @param check recomputes the hash
 */
record PasswordScheme(Pattern shape, Check check) {

  /** Compares a password with a stored value of the right shape. */
  @FunctionalInterface
  interface Check {
    /**
     * @param stored groups of the shape
     * @param password as typed
     * @throws IllegalArgumentException if the value is malformed in a way the shape cannot tell
     */
    boolean matches(Matcher stored, String password);
  }

  static PasswordScheme of(String shape, Check check) {
    return new PasswordScheme(Pattern.compile(shape), check);
  }

  boolean recognises(String stored) {
    return shape.matcher(stored).matches();
  }

  boolean verify(String stored, String password) {
    Matcher matcher = shape.matcher(stored);
    try {
      return matcher.matches() && check.matches(matcher, password);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The password's bytes; a new array each time, since some libraries wipe what they are given. */
  static byte[] utf8(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }

  /** Compares texts in constant time. */
  static boolean same(String expected, String actual) {
    return MessageDigest.isEqual(utf8(expected), utf8(actual));
  }
}
