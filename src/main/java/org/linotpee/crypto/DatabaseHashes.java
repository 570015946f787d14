package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;

/** Hashes that database servers made for their own accounts. */
final class DatabaseHashes {
  private static final String HEX40 = "([0-9a-fA-F]{40})";

  static final List<PasswordScheme> SCHEMES =
      List.of(
          PasswordScheme.of(
              "0x0100([0-9a-fA-F]{8})[0-9a-fA-F]{40}" + HEX40,
              // Ignores case: the first digest, which does not, was for the server's own use.
              (stored, password) -> mssql(stored, password.toUpperCase(Locale.ROOT))),
          PasswordScheme.of("0x0100([0-9a-fA-F]{8})" + HEX40, DatabaseHashes::mssql),
          PasswordScheme.of("([0-9a-fA-F]{16})", DatabaseHashes::mysql323),
          PasswordScheme.of("\\*" + HEX40, DatabaseHashes::mysql41),
          PasswordScheme.of("S:" + HEX40 + "([0-9a-fA-F]{20})", DatabaseHashes::oracle11));

  private DatabaseHashes() {}

  private static boolean mssql(Matcher stored, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_16LE);
    return same(stored.group(2), Digests.digest("SHA-1", bytes, hex(stored.group(1))));
  }

  private static boolean mysql41(Matcher stored, String password) {
    byte[] once = Digests.digest("SHA-1", PasswordScheme.utf8(password));
    return same(stored.group(1), Digests.digest("SHA-1", once));
  }

  private static boolean oracle11(Matcher stored, String password) {
    byte[] salt = hex(stored.group(2));
    return same(stored.group(1), Digests.digest("SHA-1", PasswordScheme.utf8(password), salt));
  }

  /** Spec 05 section 11.3; arithmetic modulo 2^32. */
  private static boolean mysql323(Matcher stored, String password) {
    int nr = 0x50305735;
    int nr2 = 0x12345671;
    int add = 7;
    for (byte b : PasswordScheme.utf8(password)) {
      if (b == ' ' || b == '\t') {
        continue;
      }
      int c = b & 0xff;
      nr ^= ((nr & 63) + add) * c + (nr << 8);
      nr2 += (nr2 << 8) ^ nr;
      add += c;
    }
    String computed = String.format("%08x%08x", nr & 0x7fffffff, nr2 & 0x7fffffff);
    return PasswordScheme.same(stored.group(1).toLowerCase(Locale.ROOT), computed);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static boolean same(String expectedHex, byte[] actual) {
    return MessageDigest.isEqual(hex(expectedHex), actual);
  }
}
