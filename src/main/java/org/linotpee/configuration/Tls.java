package org.linotpee.configuration;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in outgoing connections (design.md section 6): the PEM bundle of the operating system
 * (TLS_CA_CERTIFICATES_FILE), else the JVM's, and what an administrator has put as {@code *.pem} or
 * {@code *.crt} into the folder {@code certificates} of the home. Read once.
 */
@Service
public class Tls {
  private static final Logger LOG = System.getLogger(Tls.class.getName());

  private final Path bundle;
  private final Path own;
  private SSLContext verifying;
  private SSLContext trusting;

  @Inject
  public Tls(Settings settings) {
    this.bundle = settings.path(Setting.TLS_CA_CERTIFICATES_FILE);
    this.own = settings.home().resolve("certificates");
  }

  /** Verifies certificates; the host name is the caller's to ask for. */
  public synchronized SSLContext verifying() {
    if (verifying == null) {
      verifying = context(null);
    }
    return verifying;
  }

  /** Accepts any certificate, for connections whose definition says so. */
  public synchronized SSLContext trusting() {
    if (trusting == null) {
      trusting = context(new TrustManager[] {new Anybody()});
    }
    return trusting;
  }

  /**
   * A context for one definition of a gateway.
   *
   * @param verify false accepts any certificate
   * @param trusted a PEM file, or a directory of them, trusted instead of all others
   * @param certificate the certificate of this server, with its chain
   * @param key its private key, if it is not in the same file
   * @throws IOException if a file cannot be read
   * @throws GeneralSecurityException if there is not in them what is needed
   */
  public SSLContext context(
      boolean verify, Optional<Path> trusted, Optional<Path> certificate, Optional<Path> key)
      throws IOException, GeneralSecurityException {
    if (trusted.isEmpty() && certificate.isEmpty()) {
      return verify ? verifying() : trusting();
    }
    TrustManager[] managers =
        !verify
            ? new TrustManager[] {new Anybody()}
            : trusted.isPresent() ? trustManagers(trusted.get()) : trustManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        certificate.isPresent() ? keyManagers(certificate.get(), key) : null, managers, null);
    return context;
  }

  private static TrustManager[] trustManagers(Path place)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Path file : files(place)) {
      for (Certificate trusted : PemFile.read(file).certificates()) {
        store.setCertificateEntry("trusted-" + number++, trusted);
      }
    }
    if (number == 0) {
      throw new GeneralSecurityException("there is no certificate in " + place);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<Path> files(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static KeyManager[] keyManagers(Path certificate, Optional<Path> key)
      throws IOException, GeneralSecurityException {
    PemFile file = PemFile.read(certificate);
    PrivateKey secret =
        (key.isPresent() ? PemFile.read(key.get()) : file)
            .key()
            .orElseThrow(
                () ->
                    new GeneralSecurityException(
                        "there is no private key in " + key.orElse(certificate)));
    if (file.certificates().isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in " + certificate);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry(
        "client", secret, new char[0], file.certificates().toArray(new Certificate[0]));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private SSLContext context(TrustManager[] managers) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers == null ? trustManagers() : managers, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the trusted certificates cannot be read", e);
    }
  }

  private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    if (Files.isReadable(bundle)) {
      add(store, bundle);
    } else {
      addDefaults(store);
    }
    if (Files.isDirectory(own)) {
      try (Stream<Path> files = Files.list(own)) {
        for (Path file : files.sorted().toList()) {
          if (file.toString().endsWith(".pem") || file.toString().endsWith(".crt")) {
            add(store, file);
          }
        }
      }
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static void add(KeyStore store, Path file) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(file.getFileName() + "-" + number++, certificate);
      }
    } catch (IOException | java.security.cert.CertificateException e) {
      LOG.log(Level.WARNING, "certificates of {0} are not used: {1}", file, e.getMessage());
    }
  }

  private static void addDefaults(KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof javax.net.ssl.X509TrustManager x509) {
        int number = 0;
        for (X509Certificate certificate : x509.getAcceptedIssuers()) {
          store.setCertificateEntry("default-" + number++, certificate);
        }
      }
    }
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
