package org.linotpee.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** Hashes with a scheme in braces in front, as directories store them (RFC 2307 and successors). */
final class LdapHashes {
  private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";
  private static final int MAX_SALT_BYTES = 16;
  private static final int PKCS5S2_SALT_BYTES = 16;
  private static final int PKCS5S2_ROUNDS = 10_000;
  private static final List<String> FSHP_DIGESTS =
      List.of("SHA-1", "SHA-256", "SHA-384", "SHA-512");
  private static final int FSHP_MAX_ROUNDS = 100_000_000;

  static final List<PasswordScheme> SCHEMES =
      Stream.concat(
              Stream.of(
                  plain("SHA", "SHA-1"),
                  salted("SSHA", "SHA-1"),
                  plain("MD5", "MD5"),
                  salted("SMD5", "MD5"),
                  plain("SHA256", "SHA-256"),
                  salted("SSHA256", "SHA-256"),
                  plain("SHA512", "SHA-512"),
                  salted("SSHA512", "SHA-512"),
                  PasswordScheme.of("\\{PKCS5S2\\}" + BASE64, LdapHashes::pkcs5s2),
                  PasswordScheme.of(
                      "\\{FSHP([0-3])\\|(\\d{1,4})\\|(\\d{1,9})\\}" + BASE64, LdapHashes::fshp)),
              Stream.of(CryptHashes.SCHEMES, BcryptHashes.PLAIN, DesHashes.IN_DIRECTORIES)
                  .flatMap(List::stream)
                  .map(LdapHashes::inBraces))
          .toList();

  private LdapHashes() {}

  /** {@code {CRYPT}} in front of a hash of crypt(3). */
  private static PasswordScheme inBraces(PasswordScheme crypt) {
    return PasswordScheme.of("\\{CRYPT\\}" + crypt.shape().pattern(), crypt.check());
  }

  private static PasswordScheme plain(String name, String algorithm) {
    return PasswordScheme.of(
        "\\{" + name + "\\}" + BASE64,
        (stored, password) ->
            MessageDigest.isEqual(
                Base64.getDecoder().decode(stored.group(1)),
                Digests.digest(algorithm, PasswordScheme.utf8(password))));
  }

  private static PasswordScheme salted(String name, String algorithm) {
    return PasswordScheme.of(
        "\\{" + name + "\\}" + BASE64,
        (stored, password) -> {
          byte[] bytes = Base64.getDecoder().decode(stored.group(1));
          int length = Digests.of(algorithm).getDigestLength();
          if (bytes.length <= length || bytes.length > length + MAX_SALT_BYTES) {
            return false;
          }
          byte[] salt = Arrays.copyOfRange(bytes, length, bytes.length);
          return MessageDigest.isEqual(
              Arrays.copyOf(bytes, length),
              Digests.digest(algorithm, PasswordScheme.utf8(password), salt));
        });
  }

  /** Atlassian's PBKDF2 with HMAC-SHA-1: salt of 16 bytes, then 32 bytes. */
  private static boolean pkcs5s2(Matcher stored, String password) {
    byte[] bytes = Base64.getDecoder().decode(stored.group(1));
    if (bytes.length != PKCS5S2_SALT_BYTES + 32) {
      return false;
    }
    var generator = new PKCS5S2ParametersGenerator(new SHA1Digest());
    generator.init(
        PasswordScheme.utf8(password), Arrays.copyOf(bytes, PKCS5S2_SALT_BYTES), PKCS5S2_ROUNDS);
    var key = (KeyParameter) generator.generateDerivedMacParameters(256);
    return MessageDigest.isEqual(
        Arrays.copyOfRange(bytes, PKCS5S2_SALT_BYTES, bytes.length), key.getKey());
  }

  /** Fairly Secure Hashed Password: salt, then the digest, iterated. */
  private static boolean fshp(Matcher stored, String password) {
    String algorithm = FSHP_DIGESTS.get(Integer.parseInt(stored.group(1)));
    int saltLength = Integer.parseInt(stored.group(2));
    int rounds = Integer.parseInt(stored.group(3));
    byte[] bytes = Base64.getDecoder().decode(stored.group(4));
    MessageDigest digest = Digests.of(algorithm);
    if (bytes.length != saltLength + digest.getDigestLength()
        || rounds < 1
        || rounds > FSHP_MAX_ROUNDS) {
      return false;
    }
    digest.update(bytes, 0, saltLength);
    byte[] result = digest.digest(PasswordScheme.utf8(password));
    for (int i = 1; i < rounds; i++) {
      result = digest.digest(result);
    }
    return MessageDigest.isEqual(Arrays.copyOfRange(bytes, saltLength, bytes.length), result);
  }
}
