package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.KeyFileException;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Sealer;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.TokenSecrets;

/** Wrong key files are told, and rotation renews every seal. */
class KeyRotationTest {
  private static final KeyFile OLD = KeyFile.of(new byte[32]);
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice");
    product.rotation(OLD).verify();
  }

  @AfterEach
  void stop() {
    product.close();
  }

  @Test
  void aWrongKeyFileIsRefused() {
    byte[] other = new byte[32];
    other[0] = 1;
    assertThatThrownBy(() -> product.rotation(KeyFile.of(other)).verify())
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("not the one that this database was made with");
    product.rotation(OLD).verify();
  }

  @Test
  void aKeyFileWithoutANeededKeyIsRefused() {
    KeyFile newer = OLD.withNewKey();
    product.rotation(newer).verify();
    assertThatThrownBy(() -> product.rotation(OLD).verify())
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("lacks the key");
  }

  @Test
  void resealingRenewsAllAndTheOldKeyCanBeRetired() {
    for (int i = 0; i < 5; i++) {
      product.enroll("alice", "otpkey", SEED, "serial", "H" + i, "pin", "p" + i);
    }
    // the tokens and the key pair for paired devices
    long sealed = 5 + 2;
    KeyFile both = OLD.withNewKey();
    KeyRotation rotation = product.rotation(both);
    rotation.verify();
    assertThat(rotation.secretsByKey()).isEqualTo(Map.of("k1", sealed));
    assertThat(rotation.reseal(seen -> {})).isEqualTo(sealed);
    assertThat(rotation.reseal(seen -> {})).isZero();
    assertThat(rotation.secretsByKey()).isEqualTo(Map.of(both.activeId(), sealed));

    var sealer = new Sealer(new Keys(both.without("k1")));
    var secrets = new TokenSecrets(sealer, new Pins(sealer));
    for (int i : List.of(0, 4)) {
      assertThat(secrets.seed(product.token("H" + i))).isEqualTo(SEED);
      assertThat(secrets.pinMatches(product.token("H" + i), "p" + i)).isTrue();
    }
  }
}
