package org.linotpee.token.paired;

import java.util.Arrays;
import java.util.Base64;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Curve25519;
import org.linotpee.crypto.Randoms;

/**
 * The key pair by which devices of a partition know the server (spec 08 section 16.1).
 *
 * @param seed of the Ed25519 pair, secret
 * @param publicKey the Ed25519 public key
 */
record ServerKeys(int partition, byte[] seed, byte[] publicKey) {
  private static final int MALFORMED = 10;

  static ServerKeys generate(int partition) {
    byte[] seed = Randoms.bytes(Curve25519.KEY_BYTES);
    return new ServerKeys(partition, seed, Curve25519.signingPublic(seed));
  }

  /**
   * Reads the stored form: the Base64 of seed and public key.
   *
   * @throws LinotpException 10 if it is none
   */
  static ServerKeys decode(int partition, String stored) {
    try {
      byte[] both = Base64.getDecoder().decode(stored.trim());
      if (both.length == 2 * Curve25519.KEY_BYTES) {
        byte[] seed = Arrays.copyOf(both, Curve25519.KEY_BYTES);
        byte[] open = Arrays.copyOfRange(both, Curve25519.KEY_BYTES, both.length);
        // a signature under a key that does not belong to the seed gives the seed away
        if (Arrays.equals(open, Curve25519.signingPublic(seed))) {
          return new ServerKeys(partition, seed, open);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new LinotpException(MALFORMED, malformed(partition), e);
    }
    throw new LinotpException(MALFORMED, malformed(partition));
  }

  private static String malformed(int partition) {
    return "the key pair of partition " + partition + " is malformed";
  }

  String encodedSecret() {
    byte[] both = Arrays.copyOf(seed, 2 * Curve25519.KEY_BYTES);
    System.arraycopy(publicKey, 0, both, Curve25519.KEY_BYTES, Curve25519.KEY_BYTES);
    return Base64.getEncoder().encodeToString(both);
  }

  String encodedPublic() {
    return Base64.getEncoder().encodeToString(publicKey);
  }

  /** The X25519 secret key of the pair. */
  byte[] agreementSecret() {
    return Curve25519.agreementSecret(seed);
  }

  byte[] sign(byte[] message) {
    return Curve25519.sign(seed, message);
  }

  /** Without the seed. */
  @Override
  public String toString() {
    return "key pair of partition " + partition;
  }
}
