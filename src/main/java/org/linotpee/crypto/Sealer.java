package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for storage with AES-256-GCM (NIST SP 800-38D). A sealed value reads {@code
 * <keyId>:<Base64 of nonce, cipher text and tag>} and opens only for the purpose and in the context
 * it was sealed for. Thread-safe.
 *
 * <p>The context names the place of the value, for example {@code token/OATH0001/seed}, so that
 * whoever can write to the database cannot give one token another one's secret.
 */
public final class Sealer {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private record KeyName(Purpose purpose, String keyId) {}

  private final Keys keys;
  private final ConcurrentMap<KeyName, SecretKeySpec> aesKeys = new ConcurrentHashMap<>();
  private final ThreadLocal<Cipher> ciphers = ThreadLocal.withInitial(Sealer::newCipher);

  public Sealer(Keys keys) {
    this.keys = Objects.requireNonNull(keys, "Keys are required.");
  }

  /**
   * Seals a value with the active key.
   *
   * @param context where the value is stored; the same text opens it
   */
  public String seal(Purpose purpose, String context, byte[] clear) {
    String keyId = keys.activeId();
    byte[] nonce = Randoms.bytes(NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, purpose, keyId, context, nonce);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + clear.length + TAG_BYTES);
      cipher.doFinal(clear, 0, clear.length, sealed, NONCE_BYTES);
      return keyId + ":" + Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new SealException("A value cannot be sealed.", e);
    }
  }

  /** The id of the master key that new values are sealed with. */
  public String activeId() {
    return keys.activeId();
  }

  /**
   * Opens a sealed value.
   *
   * @throws SealException if its key is unknown, or it is damaged, or was sealed for another
   *     purpose or context
   */
  public byte[] open(Purpose purpose, String context, String sealed) {
    String keyId = keyIdOf(sealed);
    byte[] bytes = decode(sealed.substring(keyId.length() + 1));
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, purpose, keyId, context, bytes);
      return cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
    } catch (KeyFileException e) {
      throw new SealException(
          "A sealed value of "
              + context
              + " needs the key '"
              + keyId
              + "', which the key file lacks.",
          e);
    } catch (GeneralSecurityException e) {
      throw new SealException(
          "A sealed value of " + context + " does not open: it is damaged or was moved.", e);
    }
  }

  /**
   * The id of the master key under which a value is sealed.
   *
   * @throws SealException if the text is no sealed value
   */
  public String keyIdOf(String sealed) {
    int colon = sealed.indexOf(':');
    if (colon < 1) {
      throw new SealException("A stored value is not sealed.");
    }
    return sealed.substring(0, colon);
  }

  private Cipher cipher(int mode, Purpose purpose, String keyId, String context, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = ciphers.get();
    var parameters = new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce, 0, NONCE_BYTES);
    cipher.init(mode, aesKey(purpose, keyId), parameters);
    cipher.updateAAD((purpose.name() + "\0" + context).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private SecretKeySpec aesKey(Purpose purpose, String keyId) {
    return aesKeys.computeIfAbsent(
        new KeyName(purpose, keyId),
        name -> new SecretKeySpec(keys.derive(name.purpose(), name.keyId(), KEY_BYTES), "AES"));
  }

  private static byte[] decode(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new SealException("A sealed value is damaged: it is no Base64 text.", e);
    }
    // The decoder ignores spare bits of the last character and missing padding; we accept one
    // spelling only, so that every changed character is noticed.
    if (bytes.length < NONCE_BYTES + TAG_BYTES
        || !Base64.getEncoder().encodeToString(bytes).equals(base64)) {
      throw new SealException("A sealed value is damaged: it is cut short or was edited.");
    }
    return bytes;
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform offers AES/GCM/NoPadding", e);
    }
  }
}
