package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/** Iterated hashes of applications: those of PHP, PBKDF2 and scrypt in their textual forms. */
final class IteratedHashes {
  private static final int MAX_LOG_ROUNDS = 30;
  private static final int MIN_LOG_ROUNDS = 7;
  private static final int MAX_PBKDF2_ROUNDS = 100_000_000;
  private static final long MAX_SCRYPT_BYTES = 1L << 28;
  private static final String BASE64 = "([A-Za-z0-9+./]+)";

  static final List<PasswordScheme> SCHEMES =
      List.of(
          PasswordScheme.of(
              "\\$[PH]\\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})",
              IteratedHashes::phpass),
          PasswordScheme.of(
              "\\$pbkdf2(|-sha256|-sha512)\\$(\\d{1,9})\\$" + BASE64 + "\\$" + BASE64,
              IteratedHashes::pbkdf2),
          PasswordScheme.of(
              "\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,4}),p=(\\d{1,4})\\$" + BASE64 + "\\$" + BASE64,
              IteratedHashes::scrypt));

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

  private static boolean pbkdf2(Matcher stored, String password) {
    Digest digest =
        switch (stored.group(1)) {
          case "-sha256" -> new SHA256Digest();
          case "-sha512" -> new SHA512Digest();
          default -> new SHA1Digest();
        };
    int rounds = Integer.parseInt(stored.group(2));
    byte[] expected = decode(stored.group(4));
    if (rounds < 1 || rounds > MAX_PBKDF2_ROUNDS || expected.length != digest.getDigestSize()) {
      return false;
    }
    return MessageDigest.isEqual(
        expected, pbkdf2(digest, password, decode(stored.group(3)), rounds));
  }

  /** PBKDF2 with HMAC (RFC 8018 section 5.2), as long as the digest. */
  private static byte[] pbkdf2(Digest digest, String password, byte[] salt, int rounds) {
    var generator = new PKCS5S2ParametersGenerator(digest);
    generator.init(PasswordScheme.utf8(password), salt, rounds);
    int bits = 8 * digest.getDigestSize();
    return ((KeyParameter) generator.generateDerivedMacParameters(bits)).getKey();
  }

  /** RFC 7914. */
  private static boolean scrypt(Matcher stored, String password) {
    int logCost = Integer.parseInt(stored.group(1));
    int blockSize = Integer.parseInt(stored.group(2));
    int lanes = Integer.parseInt(stored.group(3));
    byte[] expected = decode(stored.group(5));
    if (logCost < 1 || logCost > 24 || blockSize < 1 || lanes < 1 || lanes > 64) {
      return false;
    }
    if (128L * blockSize * (1 << logCost) > MAX_SCRYPT_BYTES || expected.length < 16) {
      return false;
    }
    byte[] computed =
        SCrypt.generate(
            PasswordScheme.utf8(password),
            decode(stored.group(4)),
            1 << logCost,
            blockSize,
            lanes,
            expected.length);
    return MessageDigest.isEqual(expected, computed);
  }

  /** Base64 without padding, in which a full stop may stand for the plus sign. */
  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64.replace('.', '+'));
  }
}
