package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealerTest {
  private static final String PLACE = "token/OATH0001/seed";
  private static final byte[] CLEAR = "a secret".getBytes(StandardCharsets.UTF_8);

  private final KeyFile keyFile = KeyFile.of(Randoms.bytes(32));
  private final Sealer sealer = new Sealer(new Keys(keyFile));

  @Test
  void aSealedValueOpensInItsPlace() {
    String sealed = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    assertThat(sealed).startsWith("k1:").doesNotContain("secret");
    assertThat(sealer.open(Purpose.SEED, PLACE, sealed)).isEqualTo(CLEAR);
    assertThat(sealer.keyIdOf(sealed)).isEqualTo("k1");
  }

  @Test
  void anEmptyValueIsSealedToo() {
    assertThat(sealer.open(Purpose.PIN, "", sealer.seal(Purpose.PIN, "", new byte[0]))).isEmpty();
  }

  @Test
  void equalValuesLookDifferent() {
    assertThat(sealer.seal(Purpose.SEED, PLACE, CLEAR))
        .isNotEqualTo(sealer.seal(Purpose.SEED, PLACE, CLEAR));
  }

  @Test
  void aValueWithAnyBitFlippedDoesNotOpen() {
    String sealed = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    byte[] bytes = Base64.getDecoder().decode(sealed.substring(3));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertDoesNotOpen("k1:" + Base64.getEncoder().encodeToString(flipped));
    }
  }

  @Test
  void aValueWithAnyCharacterChangedDoesNotOpen() {
    String sealed = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    for (int i = 0; i < sealed.length(); i++) {
      for (int bit = 0; bit < 7; bit++) {
        var changed = new StringBuilder(sealed);
        changed.setCharAt(i, (char) (sealed.charAt(i) ^ 1 << bit));
        assertDoesNotOpen(changed.toString());
      }
      assertDoesNotOpen(sealed.substring(0, i));
    }
  }

  @Test
  void aMovedValueDoesNotOpen() {
    String sealed = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    assertThatThrownBy(() -> sealer.open(Purpose.SEED, "token/OATH0002/seed", sealed))
        .isInstanceOf(SealException.class);
    assertThatThrownBy(() -> sealer.open(Purpose.PIN, PLACE, sealed))
        .isInstanceOf(SealException.class);
    assertThat(sealer.open(Purpose.SEED, PLACE, sealed)).isEqualTo(CLEAR);
  }

  @Test
  void aKeyFileWithANewKeyOpensOldValues() {
    String old = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    KeyFile rotated = keyFile.withNewKey();
    var after = new Sealer(new Keys(rotated));
    assertThat(after.open(Purpose.SEED, PLACE, old)).isEqualTo(CLEAR);
    String renewed = after.seal(Purpose.SEED, PLACE, CLEAR);
    assertThat(after.keyIdOf(renewed)).isEqualTo(rotated.activeId()).isNotEqualTo("k1");
    var retired = new Sealer(new Keys(rotated.without("k1")));
    assertThat(retired.open(Purpose.SEED, PLACE, renewed)).isEqualTo(CLEAR);
    assertThatThrownBy(() -> retired.open(Purpose.SEED, PLACE, old))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("k1");
  }

  @Test
  void anotherInstallationCannotOpen() {
    String sealed = sealer.seal(Purpose.SEED, PLACE, CLEAR);
    var other = new Sealer(new Keys(KeyFile.of(Randoms.bytes(32))));
    assertThatThrownBy(() -> other.open(Purpose.SEED, PLACE, sealed))
        .isInstanceOf(SealException.class)
        .hasMessageNotContaining(sealed);
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    var audit = new AuditKeys(new Keys(keyFile));
    byte[] code = audit.hmac("k1", CLEAR);
    assertThat(
            IntStream.range(0, 20_000)
                .parallel()
                .filter(
                    i -> {
                      String place = "token/" + i;
                      String sealed = sealer.seal(Purpose.SEED, place, CLEAR);
                      return !Arrays.equals(sealer.open(Purpose.SEED, place, sealed), CLEAR)
                          || !Arrays.equals(audit.hmac("k1", CLEAR), code);
                    })
                .count())
        .isZero();
  }

  private void assertDoesNotOpen(String sealed) {
    assertThatThrownBy(() -> sealer.open(Purpose.SEED, PLACE, sealed))
        .as(sealed)
        .isInstanceOf(SealException.class);
  }
}
