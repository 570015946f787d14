package org.linotpee.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certification authority of its own, made by the JDK's keytool. */
public final class TestAuthority {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private final Path folder;

  public TestAuthority(Path folder) throws Exception {
    this.folder = folder;
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    Files.write(ca(), output("-exportcert", "-rfc", "-alias", "ca"));
    issue("server", "san=ip:127.0.0.1,dns:localhost");
    issue("client", "eku=clientAuth");
  }

  private void issue(String alias, String extension) throws Exception {
    keytool("-genkeypair", "-alias", alias, "-dname", "CN=" + alias);
    byte[] request = output("-certreq", "-alias", alias);
    byte[] certificate = run(request, "-gencert", "-rfc", "-alias", "ca", "-ext", extension);
    byte[] chain =
        (new String(certificate, StandardCharsets.US_ASCII) + Files.readString(ca()))
            .getBytes(StandardCharsets.US_ASCII);
    run(chain, "-importcert", "-noprompt", "-alias", alias);
  }

  private void keytool(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-keyalg", "EC", "-validity", "30"));
    run(new byte[0], all.toArray(new String[0]));
  }

  private byte[] output(String... arguments) throws Exception {
    return run(new byte[0], arguments);
  }

  private byte[] run(byte[] input, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store().toString(), "-storepass", "changeit", "-storetype", "PKCS12"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var out = process.getOutputStream()) {
      out.write(input);
    }
    byte[] output;
    try (InputStream in = process.getInputStream()) {
      output = in.readAllBytes();
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ": " + new String(output, StandardCharsets.UTF_8));
    }
    return output;
  }

  private Path store() {
    return folder.resolve("store.p12");
  }

  /** The certificate of the authority, PEM. */
  public Path ca() {
    return folder.resolve("ca.pem");
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new ByteArrayInputStream(Files.readAllBytes(store())), PASSWORD);
    return keys;
  }

  /** Certificate and key of a client in one file, PEM. */
  public Path client() throws GeneralSecurityException, IOException {
    Path file = folder.resolve("client.pem");
    var text = new StringBuilder();
    for (Certificate certificate : keys().getCertificateChain("client")) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    text.append(pem("PRIVATE KEY", keys().getKey("client", PASSWORD).getEncoded()));
    return Files.writeString(file, text);
  }

  private static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(content), label);
  }

  /** For a server on loopback whose clients are of the same authority. */
  public SSLContext serverContext() throws GeneralSecurityException, IOException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "server",
        keys().getKey("server", PASSWORD),
        PASSWORD,
        keys().getCertificateChain("server"));
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(own, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
