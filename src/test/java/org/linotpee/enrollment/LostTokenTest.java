package org.linotpee.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.testing.TestProduct;

/** Spec 03 section 6. */
class LostTokenTest {
  private static final LostToken.Wish PASSWORD =
      new LostToken.Wish("", Optional.empty(), Optional.empty());
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

  private LostToken.Replacement replace(String serial) {
    return product.lostToken.replace(serial, PASSWORD, product.audit("admin/losttoken"));
  }

  @Test
  void theReplacementTakesOverOwnerRealmsAndPin() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "p");
    var replacement = replace("H1");
    assertThat(replacement.serial()).isEqualTo("lostH1");
    assertThat(replacement.password()).matches("[A-Za-z0-9]{10}");
    assertThat(replacement.endDate()).isEqualTo("02/12/26 23:59");
    assertThat(replacement.toString()).doesNotContain(replacement.password());
    assertThat(product.token("H1").active()).isFalse();
    assertThat(product.check("alice", "p755224")).isFalse();
    assertThat(product.check("alice", "p" + replacement.password())).isTrue();
    var again = replace("H1");
    assertThat(product.check("alice", "p" + replacement.password())).isFalse();
    assertThat(product.check("alice", "p" + again.password())).isTrue();
  }

  @Test
  void thePinOfALostSpassTokenIsNotPassedOn() {
    product.enroll("alice", "type", "spass", "serial", "S1", "pin", "secret");
    var replacement = replace("S1");
    assertThat(replacement.pinCopied()).isFalse();
    assertThat(product.check("alice", replacement.password())).isTrue();
  }

  @Test
  void withoutAnOwnerOrWithATakenSerialNothingIsIssued() {
    product.enroll("", "otpkey", SEED, "serial", "N1");
    assertThatThrownBy(() -> replace("N1")).hasMessageContaining("assigned");
    assertThatThrownBy(() -> replace("nope")).hasMessageContaining("No token with serial nope");
    product.enroll("alice", "otpkey", SEED, "serial", "H1");
    product.enroll("alice", "otpkey", SEED, "serial", "lostH1");
    assertThatThrownBy(() -> replace("H1")).hasMessageContaining("already exist with type");
    assertThat(product.token("H1").active()).isTrue();
  }
}
