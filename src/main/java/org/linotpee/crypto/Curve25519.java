package org.linotpee.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Curve25519 in its two forms, on the raw 32 bytes that travel: Ed25519 signatures (RFC 8032),
 * X25519 agreements (RFC 7748), and the way from a key pair of the first kind to one of the second.
 */
public final class Curve25519 {
  /** The length of every key. */
  public static final int KEY_BYTES = 32;

  /** The length of a signature. */
  public static final int SIGNATURE_BYTES = 64;

  private Curve25519() {}

  // Ed25519 ---------------------------------------------------------------------------------------

  /** The Ed25519 public key of a seed. */
  public static byte[] signingPublic(byte[] seed) {
    var open = new byte[KEY_BYTES];
    Ed25519.generatePublicKey(key(seed), 0, open, 0);
    return open;
  }

  /** The Ed25519 signature of a message by the key of a seed. */
  public static byte[] sign(byte[] seed, byte[] message) {
    var signature = new byte[SIGNATURE_BYTES];
    Ed25519.sign(key(seed), 0, message, 0, message.length, signature, 0);
    return signature;
  }

  /** Whether an Ed25519 signature is right; false for one of another length. */
  public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_BYTES
        && Ed25519.verify(signature, 0, key(publicKey), 0, message, 0, message.length);
  }

  /**
   * True for a point of the large subgroup: with any other as public key, a signature or an
   * agreement proves nothing.
   */
  public static boolean isSigningPublic(byte[] publicKey) {
    return publicKey.length == KEY_BYTES && Ed25519.validatePublicKeyFull(publicKey, 0);
  }

  // X25519 ----------------------------------------------------------------------------------------

  /** The X25519 secret key that belongs to an Ed25519 seed (RFC 8032 section 5.1.5). */
  public static byte[] agreementSecret(byte[] seed) {
    byte[] secret = Arrays.copyOf(Digests.digest("SHA-512", key(seed)), KEY_BYTES);
    X25519.clampPrivateKey(secret);
    return secret;
  }

  /** The X25519 public key that belongs to an Ed25519 one: {@code u = (1 + y) / (1 - y)}. */
  public static byte[] agreementPublicOfSigning(byte[] publicKey) {
    int[] y = X25519Field.create();
    int[] above = X25519Field.create();
    int[] below = X25519Field.create();
    // decoding leaves the sign bit out
    X25519Field.decode(key(publicKey), 0, y);
    X25519Field.one(above);
    X25519Field.sub(above, y, below);
    X25519Field.add(above, y, above);
    X25519Field.carry(above);
    X25519Field.inv(below, below);
    X25519Field.mul(above, below, above);
    X25519Field.normalize(above);
    var open = new byte[KEY_BYTES];
    X25519Field.encode(above, open, 0);
    return open;
  }

  /** The X25519 public key of a secret one. */
  public static byte[] agreementPublic(byte[] secret) {
    var open = new byte[KEY_BYTES];
    X25519.scalarMultBase(key(secret), 0, open, 0);
    return open;
  }

  /**
   * What both sides compute.
   *
   * @throws IllegalArgumentException if the result is the same for every secret key: the public key
   *     has a small order (RFC 7748 section 6.1)
   */
  public static byte[] agree(byte[] secret, byte[] publicKey) {
    var shared = new byte[KEY_BYTES];
    if (!X25519.calculateAgreement(key(secret), 0, key(publicKey), 0, shared, 0)) {
      throw new IllegalArgumentException("the public key has a small order");
    }
    return shared;
  }

  private static byte[] key(byte[] bytes) {
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes");
    }
    return bytes;
  }
}
