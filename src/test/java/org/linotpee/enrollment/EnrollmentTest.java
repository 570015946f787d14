package org.linotpee.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;
import static org.linotpee.testing.TestProduct.map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestProduct;

/** Spec 03 section 2. */
class EnrollmentTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private Enrollment.Result enroll(String user, String... parameters) {
    return product.enrollment.enroll(
        map(parameters), product.name(user), product.audit("admin/init"));
  }

  @Test
  void tellsSeedAndUrlOnce() {
    var result = enroll("alice", "otpkey", SEED);
    assertThat(result.serial()).matches("OATH0001[0-9A-F]{4}");
    assertThat(result.seed()).hasValue(SEED);
    assertThat(result.otpauthUrl())
        .hasValue(
            "otpauth://hotp/LinOTP:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0"
                + "&issuer=LinOTP");
  }

  @ParameterizedTest
  @CsvSource({
    "1610, type, nosuch",
    "905, type, hmac",
    "905, type, totp",
    "905, type, pw",
    "-311, otpkey, xyz",
    "-311, otpkey, 313",
    "-311, genkey, 2",
  })
  void refusesBadParametersAndStoresNothing(int code, String name, String value) {
    assertThatThrownBy(() -> enroll("", "serial", "H1", name, value))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(code));
    boolean stored = product.transactions.required(em -> product.tokens.exists(em, "H1"));
    assertThat(stored).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"hashlib, md5", "otplen, 7", "otplen, x", "serial, a*b", "serial, 'a,b'"})
  void refusesWhatAnAppCouldNotTell(String name, String value) {
    assertThatThrownBy(() -> enroll("", "otpkey", SEED, name, value))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(-311));
  }

  @Test
  void anUnknownOwnerIsAnError() {
    assertThatThrownBy(() -> enroll("nobody", "otpkey", SEED))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(1112))
        .hasMessageContaining("getUserId failed: no user >nobody< found!");
  }

  @Test
  void aSerialKeepsItsType() {
    enroll("alice", "otpkey", SEED, "serial", "H1", "description", "old");
    assertThatThrownBy(
            () -> enroll("", "type", "pw", "otpkey", "x", "serial", "H1", "description", "new"))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(10));
    assertThat(product.token("H1").description()).isEqualTo("old");
  }

  @Test
  void aNewSeedKeepsOwnerRealmAndPin() {
    enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
    enroll("", "genkey", "1", "serial", "H1");
    assertThat(product.token("H1").owner()).isPresent();
    assertThat(product.secrets.pinMatches(product.token("H1"), "1234")).isTrue();
    assertThat(product.secrets.seed(product.token("H1"))).isNotEqualTo(SEED);
  }

  @Test
  void secretsAreSealedAndBoundToTheirToken() {
    enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
    enroll("alice", "otpkey", SEED, "serial", "H2", "pin", "1234");
    var one = product.token("H1");
    assertThat(one.sealedSeed()).doesNotContain(SEED);
    assertThatThrownBy(
            () ->
                product.transactions.required(
                    em -> {
                      var two = product.tokens.lockOne(em, "H2");
                      two.resealSeed(one.sealedSeed());
                      return product.secrets.seed(two);
                    }))
        .hasMessageContaining("damaged or was moved");
  }

  @ParameterizedTest
  @CsvSource({
    "hotp, A/B & C, jörg/staff, 6, sha1, 30,"
        + " otpauth://hotp/A/B%20%26%20C:j%C3%B6rg/staff?secret=GEZDG&counter=0&issuer=A%2FB%20%26%20C",
    "totp, LinOTP, a, 8, sha256, 60,"
        + " otpauth://totp/LinOTP:a?secret=GEZDG&digits=8&algorithm=SHA256&period=60&issuer=LinOTP",
    "totp, LinOTP, a, 6, sha1, 30, otpauth://totp/LinOTP:a?secret=GEZDG&issuer=LinOTP",
  })
  void urlsFollowTheSpecification(
      String kind,
      String issuer,
      String label,
      int digits,
      String algorithm,
      int period,
      String url) {
    assertThat(
            OtpAuthUrl.of(
                new OtpAuthUrl.Content(kind, label, issuer, "313233", digits, algorithm, period)))
        .isEqualTo(url);
  }

  @Test
  void longLabelsAreCutBetweenCharacters() {
    String url =
        OtpAuthUrl.of(
            new OtpAuthUrl.Content("hotp", "ö".repeat(400), "LinOTP", "313233", 6, "sha1", 30));
    assertThat(url).hasSizeLessThanOrEqualTo(400);
    assertThat(url.substring(0, url.indexOf('?'))).matches(".*(%[0-9A-F]{2})$");
  }

  @Test
  void qrCodesArePictures() {
    assertThat(QrCode.png("otpauth://hotp/x")).startsWith(0x89, 'P', 'N', 'G');
    assertThatThrownBy(() -> QrCode.png("x".repeat(5000))).isInstanceOf(LinotpException.class);
  }
}
