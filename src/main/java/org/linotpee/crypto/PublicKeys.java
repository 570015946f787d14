package org.linotpee.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys of others, as PEM files have them (RFC 7468). */
public final class PublicKeys {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----");

  private PublicKeys() {}

  /**
   * The RSA key of a text.
   *
   * @throws GeneralSecurityException if it has none
   */
  public static PublicKey rsa(String pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException("there is no PUBLIC KEY block");
    }
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(
              new X509EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1).strip())));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the block is no Base64", e);
    }
  }
}
