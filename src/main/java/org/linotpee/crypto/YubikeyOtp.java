package org.linotpee.crypto;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a YubiKey types in its AES mode: 32 characters modhex, one encrypted block.
 *
 * @param privateId 12 hexadecimal digits
 * @param counter usage counter and session counter as one number that only grows
 */
public record YubikeyOtp(String privateId, long counter) {
  /** The characters of the block. */
  public static final int LENGTH = 32;

  private static final String MODHEX = "cbdefghijklnrtuv";
  private static final int CRC_OK = 0xF0B8;

  /** The hexadecimal form of modhex text, empty if it is none. */
  public static Optional<String> hex(String modhex) {
    var hex = new StringBuilder();
    for (char c : modhex.toLowerCase(Locale.ROOT).toCharArray()) {
      int digit = MODHEX.indexOf(c);
      if (digit < 0) {
        return Optional.empty();
      }
      hex.append(Character.forDigit(digit, 16));
    }
    return Optional.of(hex.toString());
  }

  /**
   * Opens a block; empty if it was not made with this key.
   *
   * @param key 16 bytes
   * @param modhex the last 32 characters of what was typed
   */
  public static Optional<YubikeyOtp> open(byte[] key, String modhex) {
    Optional<String> hex = modhex.length() == LENGTH ? hex(modhex) : Optional.empty();
    if (hex.isEmpty()) {
      return Optional.empty();
    }
    byte[] block = decrypt(key, HexFormat.of().parseHex(hex.get()));
    if (crc(block) != CRC_OK) {
      return Optional.empty();
    }
    int usage = (block[6] & 0xFF) | (block[7] & 0xFF) << 8;
    int session = block[11] & 0xFF;
    return Optional.of(
        new YubikeyOtp(HexFormat.of().formatHex(block, 0, 6), (long) usage << 8 | session));
  }

  private static byte[] decrypt(byte[] key, byte[] block) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"));
      return cipher.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("an AES key has 16 bytes", e);
    }
  }

  private static int crc(byte[] block) {
    int crc = 0xFFFF;
    for (byte b : block) {
      crc ^= b & 0xFF;
      for (int i = 0; i < 8; i++) {
        boolean out = (crc & 1) == 1;
        crc >>>= 1;
        if (out) {
          crc ^= 0x8408;
        }
      }
    }
    return crc;
  }
}
