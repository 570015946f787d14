package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Matcher;

/** The portable hashes of PHP applications. */
final class IteratedHashes {
  private static final int MAX_LOG_ROUNDS = 30;
  private static final int MIN_LOG_ROUNDS = 7;

  static final List<PasswordScheme> SCHEMES =
      List.of(
          PasswordScheme.of(
              "\\$[PH]\\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})",
              IteratedHashes::phpass));

  private IteratedHashes() {}

  private static boolean phpass(Matcher stored, String password) {
    int logRounds = CryptBase64.value(stored.group(1).charAt(0));
    if (logRounds < MIN_LOG_ROUNDS || logRounds > MAX_LOG_ROUNDS) {
      return false;
    }
    byte[] bytes = PasswordScheme.utf8(password);
    MessageDigest md5 = Digests.of("MD5");
    md5.update(stored.group(2).getBytes(StandardCharsets.US_ASCII));
    byte[] result = md5.digest(bytes);
    for (int i = 0; i < 1 << logRounds; i++) {
      md5.update(result);
      result = md5.digest(bytes);
    }
    return PasswordScheme.same(stored.group(3), CryptBase64.encode(result));
  }
}
