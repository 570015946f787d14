package org.linotpee.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.EAXBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The symmetric half of what is exchanged with paired devices (spec 08 section 16.1): AES-128 in
 * EAX mode with a nonce and a tag of 16 bytes each, in counter mode, SHA-256 and HMAC-SHA-256.
 */
public final class DeviceCipher {
  /** The length of the tag behind what EAX encrypts. */
  public static final int TAG_BYTES = 16;

  private DeviceCipher() {}

  /** Encrypts; the tag that also covers the header is behind the cipher text. */
  public static byte[] sealEax(byte[] key, byte[] nonce, byte[] header, byte[] clear) {
    try {
      return eax(true, key, nonce, header, clear);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("EAX cannot encrypt", e);
    }
  }

  /** What was encrypted; empty if key, nonce, header or text is another one. */
  public static Optional<byte[]> openEax(byte[] key, byte[] nonce, byte[] header, byte[] sealed) {
    try {
      return Optional.of(eax(false, key, nonce, header, sealed));
    } catch (InvalidCipherTextException e) {
      return Optional.empty();
    }
  }

  private static byte[] eax(boolean encrypt, byte[] key, byte[] nonce, byte[] header, byte[] input)
      throws InvalidCipherTextException {
    var cipher = new EAXBlockCipher(AESEngine.newInstance());
    cipher.init(
        encrypt, new AEADParameters(new KeyParameter(key), TAG_BYTES * Byte.SIZE, nonce, header));
    var output = new byte[cipher.getOutputSize(input.length)];
    int length = cipher.processBytes(input, 0, input.length, output, 0);
    length += cipher.doFinal(output, length);
    return Arrays.copyOf(output, length);
  }

  /**
   * Encrypts or decrypts in counter mode.
   *
   * @param counter the first block, 128 bits, counted up as one number
   */
  public static byte[] ctr(byte[] key, byte[] counter, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks AES in counter mode", e);
    }
  }

  /** SHA-256. */
  public static byte[] sha256(byte[] data) {
    return Digests.digest("SHA-256", data);
  }

  /** HMAC-SHA-256 of the concatenated parts. */
  public static byte[] hmac(byte[] key, byte[]... parts) {
    Mac mac = Digests.mac("HmacSHA256", key);
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }
}
