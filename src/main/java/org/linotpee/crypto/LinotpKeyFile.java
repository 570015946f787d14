package org.linotpee.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The {@code encKey} file of a LinOTP installation, for reading its database once during an import
 * (spec 06 sections 4 to 6). Nothing new is ever encrypted with it.
 */
public final class LinotpKeyFile {
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final String PIN_MARKER = "@@";
  private static final HexFormat HEX = HexFormat.of();

  /** Which of the three keys of the file. */
  public enum Slot {
    /** Seeds, user PINs, SO PINs, encrypted OTP PINs. */
    TOKEN(0),
    /** Encrypted configuration values. */
    CONFIGURATION(32),
    /** Challenges and everything else. */
    OTHER(64);

    private final int offset;

    Slot(int offset) {
      this.offset = offset;
    }
  }

  /** How the last block was filled up. */
  public enum Padding {
    /** Schema level 3.1.0.0 and later. */
    PKCS7,
    /** Before: the bytes 1 and 2, then zeros, and no extra block. */
    MARKED_ZEROS
  }

  private final byte[] keys;
  private final Padding padding;

  private LinotpKeyFile(byte[] keys, Padding padding) {
    if (keys.length < KEY_BYTES * Slot.values().length) {
      throw new KeyFileException(
          "LinOTP's key file has at least 96 bytes; this one is another file or cut short.");
    }
    this.keys = keys;
    this.padding = padding;
  }

  /**
   * Reads the file.
   *
   * @param padding which one the schema level of the database implies
   * @throws KeyFileException if it cannot be read or is too short
   */
  public static LinotpKeyFile load(Path file, Padding padding) {
    try {
      return new LinotpKeyFile(Files.readAllBytes(file), padding);
    } catch (IOException e) {
      throw new KeyFileException("LinOTP's key file " + file + " cannot be read.", e);
    }
  }

  /**
   * The keys of a file that was read already.
   *
   * @throws KeyFileException if they are too short
   */
  public static LinotpKeyFile of(byte[] content, Padding padding) {
    return new LinotpKeyFile(content.clone(), padding);
  }

  /**
   * Decrypts a value.
   *
   * @param iv 16 bytes
   * @throws SealException if the key is wrong or the value is damaged, as far as that can be told:
   *     the values have no authentication code
   */
  public byte[] decrypt(Slot slot, byte[] iv, byte[] encrypted) {
    byte[] padded = decipher(slot, iv, encrypted);
    byte[] hex = padding == Padding.PKCS7 ? unpadPkcs7(padded) : unpadMarkedZeros(padded);
    try {
      return HEX.parseHex(new String(hex, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw wrongKey();
    }
  }

  /**
   * Decrypts a value in the text form {@code <hex of the IV>:<hex of the cipher text>}.
   *
   * @throws SealException as {@link #decrypt}
   */
  public byte[] decryptText(Slot slot, String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new SealException("A value of LinOTP's database is not encrypted.");
    }
    return decrypt(slot, parse(text.substring(0, colon)), parse(text.substring(colon + 1)));
  }

  /** Whether {@code LinOtpPinHash} holds an encrypted PIN, not a hash. */
  public static boolean isEncryptedPin(String pinHash) {
    return pinHash.startsWith(PIN_MARKER);
  }

  /**
   * The PIN in an encrypted {@code LinOtpPinHash}.
   *
   * @throws SealException as {@link #decrypt}, and if it is a hash
   */
  public String pin(String pinHash) {
    if (!isEncryptedPin(pinHash)) {
      throw new SealException("A PIN of LinOTP's database is a hash.");
    }
    byte[] text = parse(pinHash.substring(PIN_MARKER.length()));
    byte[] pin = decryptText(Slot.TOKEN, new String(text, StandardCharsets.US_ASCII));
    return new String(pin, StandardCharsets.UTF_8);
  }

  private byte[] decipher(Slot slot, byte[] iv, byte[] encrypted) {
    if (iv.length != BLOCK_BYTES || encrypted.length == 0 || encrypted.length % BLOCK_BYTES != 0) {
      throw new SealException("A value of LinOTP's database is damaged: its length is wrong.");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      var key = new SecretKeySpec(keys, slot.offset, KEY_BYTES, "AES");
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
      return cipher.doFinal(encrypted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java platform lacks AES/CBC", e);
    }
  }

  private static byte[] unpadPkcs7(byte[] padded) {
    int count = padded[padded.length - 1];
    if (count < 1 || count > BLOCK_BYTES) {
      throw wrongKey();
    }
    for (int i = padded.length - count; i < padded.length; i++) {
      if (padded[i] != count) {
        throw wrongKey();
      }
    }
    return Arrays.copyOf(padded, padded.length - count);
  }

  private static byte[] unpadMarkedZeros(byte[] padded) {
    int end = padded.length;
    while (end > 0 && padded[end - 1] == 0) {
      end--;
    }
    if (end < 2 || padded[end - 2] != 1 || padded[end - 1] != 2) {
      throw wrongKey();
    }
    return Arrays.copyOf(padded, end - 2);
  }

  private static byte[] parse(String hex) {
    try {
      return HEX.parseHex(hex.strip());
    } catch (IllegalArgumentException e) {
      // The cause would quote the value.
      throw new SealException(
          "A value of LinOTP's database is damaged: it is no hexadecimal text.");
    }
  }

  private static SealException wrongKey() {
    return new SealException(
        "A value of LinOTP's database does not decrypt: the key file belongs to another"
            + " installation, or the schema level is another one.");
  }
}
