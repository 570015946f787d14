package org.linotpee.crypto;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * What protects the audit trail: an HMAC-SHA-256 for each row and an Ed25519 signature (RFC 8032)
 * for each batch, with keys derived from the master keys. Thread-safe.
 */
public final class AuditKeys {
  private static final int HMAC_KEY_BYTES = 32;
  private static final int SEED_BYTES = Ed25519PrivateKeyParameters.KEY_SIZE;

  private record Pair(Ed25519PrivateKeyParameters secret, Ed25519PublicKeyParameters open) {}

  private final Keys keys;
  private final Map<String, Pair> pairs = new ConcurrentHashMap<>();
  private final ThreadLocal<Map<String, Mac>> macs = ThreadLocal.withInitial(HashMap::new);

  public AuditKeys(Keys keys) {
    this.keys = keys;
  }

  /** The id of the key for new rows and batches. */
  public String activeId() {
    return keys.activeId();
  }

  /** The ids of all keys, the active one first. */
  public List<String> ids() {
    return keys.ids();
  }

  /** An Ed25519 signature with the active key, 64 bytes. */
  public byte[] sign(byte[] data) {
    var signer = new Ed25519Signer();
    signer.init(true, pair(activeId()).secret());
    signer.update(data, 0, data.length);
    return signer.generateSignature();
  }

  /** Whether an Ed25519 signature is right; false for an unknown key. */
  public boolean verify(String keyId, byte[] data, byte[] signature) {
    if (!keys.ids().contains(keyId)) {
      return false;
    }
    var signer = new Ed25519Signer();
    signer.init(false, pair(keyId).open());
    signer.update(data, 0, data.length);
    return signer.verifySignature(signature);
  }

  /**
   * The public key, 32 bytes (RFC 8032 section 5.1.5), for checking an export elsewhere.
   *
   * @throws KeyFileException if there is no such master key
   */
  public byte[] publicKey(String keyId) {
    return pair(keyId).open().getEncoded();
  }

  /**
   * The HMAC-SHA-256 of data, 32 bytes. Compare with {@link java.security.MessageDigest#isEqual}.
   *
   * @throws KeyFileException if there is no such master key
   */
  public byte[] hmac(String keyId, byte[] data) {
    return macs.get()
        .computeIfAbsent(keyId, id -> Digests.mac("HmacSHA256", hmacKey(id)))
        .doFinal(data);
  }

  private byte[] hmacKey(String keyId) {
    return Arrays.copyOf(material(keyId), HMAC_KEY_BYTES);
  }

  private Pair pair(String keyId) {
    return pairs.computeIfAbsent(
        keyId,
        id -> {
          var secret = new Ed25519PrivateKeyParameters(material(id), HMAC_KEY_BYTES);
          return new Pair(secret, secret.generatePublicKey());
        });
  }

  /** One derivation, two independent keys: the HMAC's, then the signature's. */
  private byte[] material(String keyId) {
    return keys.derive(Purpose.AUDIT, keyId, HMAC_KEY_BYTES + SEED_BYTES);
  }
}
