package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.digests.MD4Digest;

/** Hashes of crypt(3) in the form {@code $id$...}, without those of bcrypt. */
final class CryptHashes {
  private static final String SALT = "[./0-9A-Za-z]";
  private static final int SHA1_MAX_ROUNDS = 100_000_000;

  static final List<PasswordScheme> SCHEMES =
      List.of(
          PasswordScheme.of(
              "(\\$1\\$" + SALT + "{0,8}\\$)([./0-9A-Za-z]{22})", CryptHashes::md5Crypt),
          PasswordScheme.of("\\$3\\$\\$([0-9a-fA-F]{32})", CryptHashes::ntHash),
          PasswordScheme.of(
              "(\\$6\\$(?:rounds=\\d{1,9}\\$)?" + SALT + "{0,16}\\$)([./0-9A-Za-z]{86})",
              (stored, password) ->
                  PasswordScheme.same(
                      stored.group(1) + stored.group(2),
                      Sha2Crypt.sha512Crypt(PasswordScheme.utf8(password), stored.group(1)))),
          PasswordScheme.of(
              "(\\$5\\$(?:rounds=\\d{1,9}\\$)?" + SALT + "{0,16}\\$)([./0-9A-Za-z]{43})",
              (stored, password) ->
                  PasswordScheme.same(
                      stored.group(1) + stored.group(2),
                      Sha2Crypt.sha256Crypt(PasswordScheme.utf8(password), stored.group(1)))),
          PasswordScheme.of(
              "\\$sha1\\$(\\d{1,9})\\$(" + SALT + "{0,64})\\$([./0-9A-Za-z]{28})",
              CryptHashes::sha1Crypt),
          SunMd5Crypt.SCHEME);

  private CryptHashes() {}

  private static boolean md5Crypt(Matcher stored, String password) {
    return PasswordScheme.same(
        stored.group(1) + stored.group(2),
        Md5Crypt.md5Crypt(PasswordScheme.utf8(password), stored.group(1)));
  }

  private static boolean ntHash(Matcher stored, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_16LE);
    var digest = new MD4Digest();
    digest.update(bytes, 0, bytes.length);
    var hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return MessageDigest.isEqual(HexFormat.of().parseHex(stored.group(1)), hash);
  }

  /** NetBSD's iterated HMAC-SHA-1. */
  private static boolean sha1Crypt(Matcher stored, String password) {
    int rounds = Integer.parseInt(stored.group(1));
    if (rounds < 1 || rounds > SHA1_MAX_ROUNDS) {
      return false;
    }
    Mac mac = Digests.mac("HmacSHA1", PasswordScheme.utf8(password));
    byte[] result =
        (stored.group(2) + "$sha1$" + stored.group(1)).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < rounds; i++) {
      result = mac.doFinal(result);
    }
    String encoded =
        CryptBase64.encode(
            result, 2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 17, 16, 15, 0, 19, 18);
    return PasswordScheme.same(stored.group(3), encoded);
  }
}
