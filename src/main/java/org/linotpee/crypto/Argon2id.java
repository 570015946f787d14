package org.linotpee.crypto;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106) in the PHC text form {@code $argon2id$v=19$m=..,t=..,p=..$salt$hash}. */
final class Argon2id {
  private static final int LEAST_MEMORY = 1024;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** A foreign hash may not make the server fall over. */
  private static final Cost LIMIT = new Cost(1 << 20, 64, 16);

  /** Of new hashes. */
  private static volatile Cost current = new Cost(19456, 2, 1);

  private static final String SHAPE =
      "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})"
          + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{22,86})";
  private static final Pattern PATTERN = Pattern.compile(SHAPE);

  static final List<PasswordScheme> SCHEMES =
      List.of(new PasswordScheme(PATTERN, Argon2id::matches));

  /**
   * @param memory in KiB
   */
  private record Cost(int memory, int passes, int lanes) {
    static Cost of(Matcher stored) {
      return new Cost(
          Integer.parseInt(stored.group(1)),
          Integer.parseInt(stored.group(2)),
          Integer.parseInt(stored.group(3)));
    }

    boolean isAtLeast(Cost other) {
      return memory >= other.memory && passes >= other.passes && lanes >= other.lanes;
    }
  }

  private Argon2id() {}

  static void cost(int memory, int passes) {
    var cost = new Cost(memory, passes, 1);
    if (!LIMIT.isAtLeast(cost) || !cost.isAtLeast(new Cost(LEAST_MEMORY, 1, 1))) {
      throw new IllegalArgumentException(
          "the cost of password hashes must be %d to %d KiB and 1 to %d passes"
              .formatted(LEAST_MEMORY, LIMIT.memory(), LIMIT.passes()));
    }
    current = cost;
  }

  static String hash(String password) {
    Cost cost = current;
    byte[] salt = Randoms.bytes(SALT_BYTES);
    byte[] hash = compute(password, salt, cost, HASH_BYTES);
    var encoder = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + cost.memory()
        + ",t="
        + cost.passes()
        + ",p="
        + cost.lanes()
        + "$"
        + encoder.encodeToString(salt)
        + "$"
        + encoder.encodeToString(hash);
  }

  static boolean isCurrent(String stored) {
    Matcher matcher = PATTERN.matcher(stored);
    return matcher.matches() && Cost.of(matcher).isAtLeast(current);
  }

  private static boolean matches(Matcher stored, String password) {
    Cost cost = Cost.of(stored);
    if (!LIMIT.isAtLeast(cost) || !cost.isAtLeast(new Cost(8 * cost.lanes(), 1, 1))) {
      return false;
    }
    byte[] salt = Base64.getDecoder().decode(stored.group(4));
    byte[] expected = Base64.getDecoder().decode(stored.group(5));
    return MessageDigest.isEqual(expected, compute(password, salt, cost, expected.length));
  }

  private static byte[] compute(String password, byte[] salt, Cost cost, int length) {
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memory())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var hash = new byte[length];
    generator.generateBytes(PasswordScheme.utf8(password), hash);
    return hash;
  }
}
