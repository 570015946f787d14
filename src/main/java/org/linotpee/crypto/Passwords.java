package org.linotpee.crypto;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Hashes of people's passwords. New ones are Argon2id (RFC 9106); the formats of spec 05 section 11
 * are verified, recognised by their shape. Passwords count in UTF-8. Thread-safe.
 */
public final class Passwords {
  /** A hash that belongs to nobody, with the cost of a real one. */
  private static volatile String dummy;

  private Passwords() {}

  /**
   * Sets the cost of new hashes, once at start.
   *
   * @param memory in KiB, 1024 to 1048576
   * @param passes 1 to 64
   * @throws IllegalArgumentException for others
   */
  public static void cost(int memory, int passes) {
    Argon2id.cost(memory, passes);
    dummy = null;
  }

  /** The Argon2id hash of a password with a new salt, as PHC text {@code $argon2id$v=19$...}. */
  public static String hash(String password) {
    return Argon2id.hash(password);
  }

  /** The Argon2id hash of a password with a new salt, as PHC text {@code $argon2id$v=19$...}. */
  public static String hash(char[] password) {
    return hash(new String(password));
  }

  /**
   * Whether a candidate is the password of a stored hash. An empty value, {@code *}, {@code x},
   * {@code !}, plain text and malformed or unknown hashes verify for nobody.
   *
   * @param stored may be null
   * @param candidate may be null
   */
  public static boolean verify(String stored, String candidate) {
    return candidate != null
        && scheme(stored).map(scheme -> scheme.verify(stored, candidate)).orElse(false);
  }

  /** Takes as long as verifying a hash of ours, so that an unknown user does not answer sooner. */
  public static void verifyDummy(String candidate) {
    String nobodys = dummy;
    if (nobodys == null) {
      nobodys = hash(Randoms.hex(16));
      dummy = nobodys;
    }
    verify(nobodys, candidate == null ? "" : candidate);
  }

  /** Whether a hash should be replaced at the next login: not Argon2id, or of lower cost. */
  public static boolean outdated(String stored) {
    return stored == null || !Argon2id.isCurrent(stored);
  }

  /**
   * Whether the shape is that of a hash we can verify, for refusing others when they are imported.
   */
  public static boolean isKnownHash(String stored) {
    return scheme(stored).isPresent();
  }

  private static Optional<PasswordScheme> scheme(String stored) {
    if (stored == null) {
      return Optional.empty();
    }
    // The order is that of spec 05 section 11.1; the first shape that fits decides.
    return Stream.of(
            Argon2id.SCHEMES,
            LdapHashes.SCHEMES,
            CryptHashes.SCHEMES,
            BcryptHashes.SCHEMES,
            IteratedHashes.SCHEMES,
            DatabaseHashes.SCHEMES,
            DesHashes.SCHEMES)
        .flatMap(List::stream)
        .filter(scheme -> scheme.recognises(stored))
        .findFirst();
  }
}
