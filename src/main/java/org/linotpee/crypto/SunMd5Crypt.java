package org.linotpee.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Matcher;

/** Solaris' MD5 crypt (spec 05 section 11.4), whose rounds toss coins over a line of Hamlet's. */
final class SunMd5Crypt {
  private static final int BASE_ROUNDS = 4096;
  private static final int MAX_ROUNDS = 10_000_000;
  private static final byte[] SOLILOQUY = soliloquy();

  /** The bare form has one dollar sign before the hash; then that sign is no part of the salt. */
  static final PasswordScheme SCHEME =
      PasswordScheme.of(
          "(\\$md5(?:,rounds=(\\d{1,9}))?\\$[./0-9A-Za-z]{0,64}\\$?)\\$([./0-9A-Za-z]{22})",
          SunMd5Crypt::matches);

  private SunMd5Crypt() {}

  private static boolean matches(Matcher stored, String password) {
    int rounds = BASE_ROUNDS;
    if (stored.group(2) != null) {
      rounds += Integer.parseInt(stored.group(2));
    }
    if (rounds > MAX_ROUNDS) {
      return false;
    }
    MessageDigest md5 = Digests.of("MD5");
    md5.update(PasswordScheme.utf8(password));
    byte[] digest = md5.digest(stored.group(1).getBytes(StandardCharsets.US_ASCII));
    for (int round = 0; round < rounds; round++) {
      int x = half(digest, 0, round);
      int y = half(digest, 8, round + 64);
      md5.update(digest);
      if (bit(digest, x) != bit(digest, y)) {
        md5.update(SOLILOQUY);
      }
      digest = md5.digest(Integer.toString(round).getBytes(StandardCharsets.US_ASCII));
    }
    String encoded =
        CryptBase64.encode(digest, 12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11);
    return PasswordScheme.same(stored.group(3), encoded);
  }

  private static int half(byte[] digest, int offset, int shiftBit) {
    int x = 0;
    for (int i = 0; i < 8; i++) {
      int a = digest[(i + offset) % 16] & 0xff;
      int b = digest[(i + offset + 3) % 16] & 0xff;
      int v = digest[(a >> (b % 5)) % 16] & 0xff;
      if ((b >> (a % 8) & 1) == 1) {
        v >>= 1;
      }
      x |= bit(digest, v) << i;
    }
    return (bit(digest, shiftBit) == 1 ? x >> 1 : x) % 128;
  }

  private static int bit(byte[] digest, int number) {
    return digest[number / 8 % 16] >> (number % 8) & 1;
  }

  /** The text with the zero byte that ended the C string. */
  private static byte[] soliloquy() {
    try (InputStream text = SunMd5Crypt.class.getResourceAsStream("soliloquy.txt")) {
      byte[] bytes = text.readAllBytes();
      return Arrays.copyOf(bytes, bytes.length + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
