package org.linotpee.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Message digests and keyed digests that every Java platform has. */
final class Digests {
  private Digests() {}

  static MessageDigest of(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java platform lacks " + algorithm, e);
    }
  }

  /** The digest of the concatenated parts. */
  static byte[] digest(String algorithm, byte[]... parts) {
    MessageDigest digest = of(algorithm);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /**
   * A keyed digest, for example {@code HmacSHA256} (RFC 2104).
   *
   * @param key may be empty: one zero byte is the same key, and one that Java accepts
   */
  static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks " + algorithm, e);
    }
  }
}
