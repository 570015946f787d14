package org.linotpee.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Tls;

/**
 * How a gateway proves who it is, and this server to the gateway (spec 11 section 5.4).
 *
 * @param verify whether its certificate has to be good
 */
public record GatewayTls(SSLContext context, boolean verify) {
  /**
   * Reads the settings.
   *
   * @param trustKey the key with the trusted certificates; {@code false} in it means that no
   *     certificate is verified
   * @param certificateKey the key with the client's certificate
   * @param keyKey the key with its private key, {@code ""} if this is in the same file
   * @throws LinotpException -311 if a file is missing or cannot be used
   */
  public static GatewayTls of(
      Tls tls, ProviderSettings settings, String trustKey, String certificateKey, String keyKey) {
    boolean verify = true;
    Optional<Path> trusted = Optional.empty();
    JsonNode trust = settings.value(trustKey);
    if (trust.isBoolean() ? !trust.booleanValue() : trust.asText().equals("false")) {
      verify = false;
    } else if (trust.isTextual() && !trust.asText().isEmpty()) {
      trusted = Optional.of(existing(trustKey, trust.asText()));
    } else if (!trust.isMissingNode() && !trust.isNull() && !trust.isTextual()) {
      throw ProviderSettings.unusable(trustKey, "has to be a path, or false");
    }
    Optional<Path> certificate =
        settings.text(certificateKey).map(path -> existing(certificateKey, path));
    Optional<Path> key =
        keyKey.isEmpty() ? Optional.empty() : settings.text(keyKey).map(p -> existing(keyKey, p));
    try {
      return new GatewayTls(tls.context(verify, trusted, certificate, key), verify);
    } catch (IOException | GeneralSecurityException e) {
      throw LinotpException.unclassified("certificates cannot be used: " + e.getMessage());
    }
  }

  private static Path existing(String key, String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (java.nio.file.InvalidPathException e) {
      throw ProviderSettings.unusable(key, "is no path");
    }
    if (!Files.isReadable(path)) {
      throw ProviderSettings.unusable(key, "names a file that does not exist or cannot be read");
    }
    return path;
  }
}
