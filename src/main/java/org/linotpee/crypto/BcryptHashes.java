package org.linotpee.crypto;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import org.bouncycastle.crypto.generators.BCrypt;

/** bcrypt, and bcrypt over a SHA-256 of the password, which lifts its limit of 72 bytes. */
final class BcryptHashes {
  private static final String STANDARD =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final String BCRYPT =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int MAX_BYTES = 72;
  private static final int HASH_BYTES = 23;
  private static final String SALT = "([./A-Za-z0-9]{22})";
  private static final String HASH = "([./A-Za-z0-9]{31})";

  static final List<PasswordScheme> PLAIN =
      List.of(PasswordScheme.of("\\$2([aby]?)\\$(\\d\\d)\\$" + SALT + HASH, BcryptHashes::bcrypt));

  private static final List<PasswordScheme> OVER_SHA256 =
      List.of(
          PasswordScheme.of(
              "\\$bcrypt-sha256\\$v=2,t=2[aby],r=(\\d{1,2})\\$" + SALT + "\\$" + HASH,
              (stored, password) ->
                  overSha256(
                      stored,
                      Digests.mac("HmacSHA256", PasswordScheme.utf8(stored.group(2)))
                          .doFinal(PasswordScheme.utf8(password)))),
          PasswordScheme.of(
              "\\$bcrypt-sha256\\$2[aby],(\\d{1,2})\\$" + SALT + "\\$" + HASH,
              (stored, password) ->
                  overSha256(stored, Digests.digest("SHA-256", PasswordScheme.utf8(password)))));

  static final List<PasswordScheme> SCHEMES =
      List.of(PLAIN.get(0), OVER_SHA256.get(0), OVER_SHA256.get(1));

  private BcryptHashes() {}

  private static boolean bcrypt(Matcher stored, String password) {
    byte[] bytes = PasswordScheme.utf8(password);
    // The first revision, $2$, left the terminating zero byte out.
    boolean terminated = !stored.group(1).isEmpty();
    byte[] key = Arrays.copyOf(bytes, Math.min(MAX_BYTES, bytes.length + (terminated ? 1 : 0)));
    return matches(key, stored.group(2), stored.group(3), stored.group(4));
  }

  private static boolean overSha256(Matcher stored, byte[] digest) {
    String text = Base64.getEncoder().encodeToString(digest);
    byte[] key = Arrays.copyOf(PasswordScheme.utf8(text), text.length() + 1);
    return matches(key, stored.group(1), stored.group(2), stored.group(3));
  }

  private static boolean matches(byte[] key, String cost, String salt, String hash) {
    byte[] computed = BCrypt.generate(key, decodeSalt(salt), Integer.parseInt(cost));
    return PasswordScheme.same(hash, encode(Arrays.copyOf(computed, HASH_BYTES)));
  }

  private static byte[] decodeSalt(String salt) {
    return Base64.getDecoder().decode(translate(salt, BCRYPT, STANDARD));
  }

  private static String encode(byte[] bytes) {
    return translate(Base64.getEncoder().withoutPadding().encodeToString(bytes), STANDARD, BCRYPT);
  }

  private static String translate(String text, String from, String to) {
    var translated = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      translated.append(to.charAt(from.indexOf(text.charAt(i))));
    }
    return translated.toString();
  }
}
