package org.linotpee.crypto;

import java.util.List;
import java.util.regex.Matcher;

/** The hashes of crypt(3) that are built on DES (spec 05 section 11.2). */
final class DesHashes {
  private static final int BLOCK_BYTES = 8;
  private static final int DES_ITERATIONS = 25;
  private static final int HASH_CHARACTERS = 11;

  private static final PasswordScheme DES =
      PasswordScheme.of("([./0-9A-Za-z]{2})([./0-9A-Za-z]{11})", DesHashes::des);
  private static final PasswordScheme BSDI =
      PasswordScheme.of(
          "_([./0-9A-Za-z]{4})([./0-9A-Za-z]{4})([./0-9A-Za-z]{11})", DesHashes::bsdi);
  private static final PasswordScheme BIG =
      PasswordScheme.of("([./0-9A-Za-z]{2})((?:[./0-9A-Za-z]{11}){2,})", DesHashes::bigcrypt);

  /** Those that may stand behind {@code {CRYPT}}. */
  static final List<PasswordScheme> IN_DIRECTORIES = List.of(DES, BSDI);

  static final List<PasswordScheme> SCHEMES = List.of(DES, BSDI, BIG);

  private DesHashes() {}

  private static boolean des(Matcher stored, String password) {
    return PasswordScheme.same(
        stored.group(2), block(PasswordScheme.utf8(password), 0, stored.group(1)));
  }

  /** Every block of eight bytes is hashed; the salt of the next is the start of this one's hash. */
  private static boolean bigcrypt(Matcher stored, String password) {
    byte[] bytes = PasswordScheme.utf8(password);
    var computed = new StringBuilder();
    String salt = stored.group(1);
    for (int start = 0; start == 0 || start < bytes.length; start += BLOCK_BYTES) {
      String hash = block(bytes, start, salt);
      computed.append(hash);
      salt = hash.substring(0, 2);
    }
    return PasswordScheme.same(stored.group(2), computed.toString());
  }

  private static boolean bsdi(Matcher stored, String password) {
    byte[] bytes = PasswordScheme.utf8(password);
    int rounds = CryptBase64.number(stored.group(1));
    if (rounds == 0) {
      return false;
    }
    long key = key(bytes, 0);
    for (int start = BLOCK_BYTES; start < bytes.length; start += BLOCK_BYTES) {
      key = new Des(key).encrypt(key, 0, 1) ^ key(bytes, start);
    }
    long hash = new Des(key).encrypt(0, CryptBase64.number(stored.group(2)), rounds);
    return PasswordScheme.same(stored.group(3), encode(hash));
  }

  private static String block(byte[] password, int start, String salt) {
    var des = new Des(key(password, start));
    return encode(des.encrypt(0, CryptBase64.number(salt), DES_ITERATIONS));
  }

  /** Seven bits of each of eight characters, in the bits of the key that are not parity. */
  private static long key(byte[] password, int start) {
    long key = 0;
    for (int i = start; i < start + BLOCK_BYTES; i++) {
      int character = i < password.length ? password[i] : 0;
      key = key << 8 | (character << 1 & 0xff);
    }
    return key;
  }

  /** Unlike elsewhere in crypt(3) the most significant bits come first; two zero bits fill up. */
  private static String encode(long hash) {
    var text = new StringBuilder(HASH_CHARACTERS);
    for (int shift = 58; shift >= 0; shift -= 6) {
      text.append(CryptBase64.ALPHABET.charAt((int) (hash >>> shift) & 0x3f));
    }
    return text.append(CryptBase64.ALPHABET.charAt((int) (hash << 2) & 0x3f)).toString();
  }
}
