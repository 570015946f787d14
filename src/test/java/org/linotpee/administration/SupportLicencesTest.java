package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.configuration.Settings;
import org.linotpee.testing.TestProduct;

/** Spec 05 section 15. The clock says 22 November 2026. */
class SupportLicencesTest {
  private final TestProduct product = new TestProduct();
  private KeyPair keys;
  private SupportLicences licences;

  @BeforeEach
  void begin(@TempDir Path home) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    Path file = home.resolve("vendor.pem");
    Files.writeString(
        file,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    licences = licences(home, file.toString());
  }

  @AfterEach
  void end() {
    product.close();
  }

  private SupportLicences licences(Path home, String keyFiles) {
    return new SupportLicences(
        product.snapshots,
        product.transactions,
        new ConfigurationEntries(product.snapshots, product.sealer),
        Settings.load(home, Map.of("LICENSE_KEY_FILES", keyFiles)),
        product.clock);
  }

  private String licence(String expire, String tokens) throws Exception {
    String text =
        """
        comment=for tests
        contact-name=Ännie
        contact-email=a@example.org
        contact-phone=1
        address=somewhere
        licensee=Example
        issuer=Vendor
        version=2
        subscription=2027-01-31
        expire=%s
        date=2026-01-01
        token-num=%s
        """
            .formatted(expire, tokens);
    var signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(keys.getPrivate());
    signer.update(text.getBytes(StandardCharsets.UTF_8));
    return "-----BEGIN LICENSE-----\r\n"
        + text.replace("\n", "\r\n")
        + "-----END LICENSE-----\r\n-----BEGIN LICENSE SIGNATURE-----\r\n"
        + Base64.getMimeEncoder().encodeToString(signer.sign())
        + "\r\n-----END LICENSE SIGNATURE-----\r\n";
  }

  @Test
  void aSignedOneIsInstalledAndShown() throws Exception {
    assertThat(licences.installed()).isEmpty();
    licences.install(licence("never", "10"), em -> {});
    SupportLicence installed = licences.installed().orElseThrow();
    assertThat(licences.shown(installed))
        .containsEntry("contact-name", "Ännie")
        .containsEntry("expire", "never");
    assertThat(licences.objection(installed)).isEmpty();
    product.clock.advance(java.time.Duration.ofDays(100));
    assertThat(licences.objection(installed)).hasValue("the licence has expired on 2027-01-31");
  }

  @Test
  void aForgedOrExpiredOneIsRefused(@TempDir Path home) throws Exception {
    String good = licence("31.12.2026", "10");
    for (String bad :
        new String[] {
          good.replace("Example", "Another"),
          good.replace("-----END LICENSE-----", ""),
          licence("12/31/2025", "10"),
          "rubbish"
        }) {
      assertThatThrownBy(() -> licences.install(bad, em -> {}))
          .hasFieldOrPropertyWithValue("code", -311);
    }
    assertThatThrownBy(() -> licences(home, "").install(good, em -> {}))
        .hasMessageContaining("no key of a vendor");
    assertThat(licences.installed()).isEmpty();
    licences.install(good, em -> {});
  }

  @Test
  void daysBeginOnce() throws Exception {
    String trial = licence("30 days", "10");
    licences.install(trial, em -> {});
    SupportLicence installed = licences.installed().orElseThrow();
    assertThat(licences.shown(installed)).containsEntry("expire", "2026-12-22");
    assertThatThrownBy(() -> licences.install(trial, em -> {}))
        .hasMessageContaining("installed before");
  }

  @Test
  void moreTokensThanItIsForAreToldButStopNothing() throws Exception {
    product.people("alice");
    licences.install(licence("never", "1"), em -> {});
    for (int i = 0; i < 4; i++) {
      product.enroll("alice", "type", "spass");
    }
    assertThat(licences.objection(licences.installed().orElseThrow()))
        .hasValue("more than 1 tokens are in use");
  }
}
