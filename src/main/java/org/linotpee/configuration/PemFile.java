package org.linotpee.configuration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A file with certificates, a private key, or both (RFC 7468). Messages never show its content. */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final long MAX_LENGTH = 4L * 1024 * 1024;

  private final Path path;
  private final List<Certificate> certificates = new ArrayList<>();
  private PrivateKey key;

  private PemFile(Path path) {
    this.path = path;
  }

  static PemFile read(Path path) throws IOException, GeneralSecurityException {
    if (Files.size(path) > MAX_LENGTH) {
      throw new IOException(path + " is too large");
    }
    var file = new PemFile(path);
    Matcher blocks = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
    while (blocks.find()) {
      file.add(blocks.group(1), blocks.group(2));
    }
    return file;
  }

  private void add(String label, String text) throws GeneralSecurityException {
    byte[] content;
    try {
      content = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(path + ": a block is no Base64", e);
    }
    switch (label) {
      case "CERTIFICATE" ->
          certificates.add(
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(content)));
      case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" -> key = key(label, content);
      case "ENCRYPTED PRIVATE KEY" ->
          throw new GeneralSecurityException(path + ": the private key has a passphrase");
      default -> {
        // parameters and comments
      }
    }
  }

  private PrivateKey key(String label, byte[] content) throws GeneralSecurityException {
    try {
      PrivateKeyInfo info =
          switch (label) {
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    RSAPrivateKey.getInstance(content));
            case "EC PRIVATE KEY" -> {
              ECPrivateKey ec = ECPrivateKey.getInstance(content);
              yield new PrivateKeyInfo(
                  new AlgorithmIdentifier(
                      X9ObjectIdentifiers.id_ecPublicKey, ec.getParametersObject()),
                  ec);
            }
            default -> PrivateKeyInfo.getInstance(content);
          };
      String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
      String algorithm =
          oid.equals(PKCSObjectIdentifiers.rsaEncryption.getId())
              ? "RSA"
              : oid.equals(X9ObjectIdentifiers.id_ecPublicKey.getId()) ? "EC" : oid;
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (IOException | IllegalArgumentException e) {
      throw new GeneralSecurityException(path + ": the private key cannot be read", e);
    }
  }

  List<Certificate> certificates() {
    return List.copyOf(certificates);
  }

  Optional<PrivateKey> key() {
    return Optional.ofNullable(key);
  }
}
