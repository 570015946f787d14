package org.linotpee.crypto;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import org.apache.commons.codec.digest.UnixCrypt;

/** The hashes of crypt(3) that are built on DES. */
final class DesHashes {
  private static final int BLOCK_BYTES = 8;

  private static final PasswordScheme DES =
      PasswordScheme.of("([./0-9A-Za-z]{2})([./0-9A-Za-z]{11})", DesHashes::des);

  static final List<PasswordScheme> IN_DIRECTORIES = List.of(DES);

  static final List<PasswordScheme> SCHEMES = List.of(DES);

  private DesHashes() {}

  private static boolean des(Matcher stored, String password) {
    byte[] bytes = PasswordScheme.utf8(password);
    byte[] block = Arrays.copyOf(bytes, Math.min(bytes.length, BLOCK_BYTES));
    return PasswordScheme.same(
        stored.group(1) + stored.group(2), UnixCrypt.crypt(block, stored.group(1)));
  }
}
