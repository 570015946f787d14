package org.linotpee.tokenfile;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.linotpee.configuration.LinotpException;
import org.linotpee.tokenfile.XmlRecords.Element;

/**
 * Opens the encrypted keys of a container: AES-128-CBC, after the HMAC-SHA1 over IV and ciphertext
 * was found right (RFC 6030 section 6).
 */
final class PskcCipher {
  private static final int KEY_BYTES = 16;
  private static final int BLOCK = 16;
  private static final int MAX_ITERATIONS = 10_000_000;

  private final byte[] key;
  private final byte[] macKey;

  private PskcCipher(byte[] key, byte[] macKey) {
    this.key = key;
    this.macKey = macKey;
  }

  /**
   * The cipher of a container.
   *
   * @throws LinotpException -311 if the key does not fit, or an algorithm is not supported
   */
  static PskcCipher of(Pskc.Key given, Optional<Element> encryptionKey, Optional<Element> mac) {
    Element derivation =
        encryptionKey.orElseThrow(
            () -> LinotpException.unclassified("the file has encrypted values but no key"));
    byte[] key = transportKey(given, derivation);
    if (key.length != KEY_BYTES) {
      throw LinotpException.unclassified("the key of the file must have 16 bytes");
    }
    Element method =
        mac.orElseThrow(() -> LinotpException.unclassified("the file has no MAC method"));
    if (!method.attribute("Algorithm").orElse("").endsWith("#hmac-sha1")) {
      throw LinotpException.unclassified("only hmac-sha1 is supported as MAC method");
    }
    Element macKey =
        method
            .child("MACKey")
            .orElseThrow(() -> LinotpException.unclassified("the file has no MAC key"));
    return new PskcCipher(key, decrypted(key, cipherText(macKey)));
  }

  private static byte[] transportKey(Pskc.Key given, Element derivation) {
    if (given instanceof Pskc.Preshared preshared) {
      try {
        return HexFormat.of().parseHex(preshared.hex().strip());
      } catch (IllegalArgumentException e) {
        throw LinotpException.unclassified("the pre-shared key must be hexadecimal");
      }
    }
    if (given instanceof Pskc.Password password) {
      return derived(password.text(), derivation);
    }
    throw LinotpException.unclassified(
        "the keys in the file are encrypted: a key or a password is needed");
  }

  private static byte[] derived(String password, Element derivation) {
    if (password.length() < 6 || password.length() > 64) {
      throw LinotpException.unclassified("the password must have 6 to 64 characters");
    }
    Element method =
        derivation
            .descendant("KeyDerivationMethod")
            .filter(m -> m.attribute("Algorithm").orElse("").endsWith("#pbkdf2"))
            .orElseThrow(
                () -> LinotpException.unclassified("only pbkdf2 is supported as key derivation"));
    Element parameters =
        method
            .child("PBKDF2-params")
            .orElseThrow(() -> LinotpException.unclassified("the key derivation is incomplete"));
    byte[] salt =
        Pskc.base64(parameters.at("Salt", "Specified").map(Element::text).orElse(""), "the salt");
    int iterations = number(parameters, "IterationCount", MAX_ITERATIONS);
    int bytes = number(parameters, "KeyLength", KEY_BYTES);
    if (salt.length == 0) {
      throw LinotpException.unclassified("the key derivation has no salt");
    }
    try {
      var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, bytes * 8);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    }
  }

  private static int number(Element parameters, String name, int largest) {
    String text = parameters.child(name).map(Element::text).orElse("");
    int number = text.matches("\\d{1,8}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > largest) {
      throw LinotpException.unclassified("the key derivation has the wrong " + name);
    }
    return number;
  }

  /** The clear value, if its MAC is right. */
  byte[] open(Element encrypted, Optional<String> valueMac, String serial) {
    byte[] sealed = cipherText(encrypted);
    byte[] expected =
        Pskc.base64(
            valueMac.orElseThrow(
                () -> LinotpException.unclassified("the key '" + serial + "' has no MAC")),
            "the MAC of '" + serial + "'");
    if (!MessageDigest.isEqual(expected, mac(sealed))) {
      throw LinotpException.unclassified(
          "the MAC of the key '" + serial + "' does not fit: wrong key, or a damaged file");
    }
    return decrypted(key, sealed);
  }

  private byte[] mac(byte[] sealed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(macKey, "HmacSHA1"));
      return mac.doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }

  private static byte[] cipherText(Element encrypted) {
    String method =
        encrypted.child("EncryptionMethod").flatMap(m -> m.attribute("Algorithm")).orElse("");
    if (!method.endsWith("#aes128-cbc")) {
      throw LinotpException.unclassified("only aes128-cbc is supported as encryption");
    }
    String value = encrypted.at("CipherData", "CipherValue").map(Element::text).orElse("");
    return Pskc.base64(value, "an encrypted value");
  }

  /** Padding is taken off where it is there; some vendors leave it out. */
  private static byte[] decrypted(byte[] key, byte[] sealed) {
    if (sealed.length < 2 * BLOCK || sealed.length % BLOCK != 0) {
      throw LinotpException.unclassified("an encrypted value has the wrong length");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(sealed, 0, BLOCK));
      byte[] clear = cipher.doFinal(sealed, BLOCK, sealed.length - BLOCK);
      int padding = clear[clear.length - 1];
      boolean padded = padding >= 1 && padding <= BLOCK;
      for (int i = 1; padded && i <= padding; i++) {
        padded = clear[clear.length - i] == padding;
      }
      byte[] bare = padded ? Arrays.copyOf(clear, clear.length - padding) : clear;
      if (bare.length == 0) {
        throw LinotpException.unclassified("an encrypted value is empty");
      }
      return bare;
    } catch (GeneralSecurityException e) {
      throw LinotpException.unclassified("an encrypted value cannot be opened");
    }
  }
}
