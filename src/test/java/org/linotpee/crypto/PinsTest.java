package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PinsTest {
  private static final String PLACE = "token/OATH0001/pin";

  private final KeyFile keyFile = KeyFile.of(Randoms.bytes(32));
  private final Pins pins = pins(keyFile);

  private static Pins pins(KeyFile keyFile) {
    return new Pins(new Sealer(new Keys(keyFile)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234", "", "pässwörd", " 1 "})
  void everyFormComparesExactly(String pin) {
    for (String stored :
        new String[] {pins.hash(PLACE, pin), pins.reversible(PLACE, pin), pins.slow(PLACE, pin)}) {
      assertThat(pins.matches(PLACE, stored, pin)).isTrue();
      assertThat(pins.matches(PLACE, stored, pin + "x")).isFalse();
      assertThat(pins.matches(PLACE, stored, "4711")).isFalse();
    }
  }

  @ParameterizedTest
  @NullAndEmptySource
  void withoutAStoredPinTheEmptyOneMatches(String stored) {
    assertThat(pins.matches(PLACE, stored, "")).isTrue();
    assertThat(pins.matches(PLACE, stored, "1")).isFalse();
    assertThat(pins.reveal(PLACE, stored)).hasValue("");
    assertThat(pins.move(PLACE, "token/OATH0002/pin", stored)).isEmpty();
    assertThat(pins.keyIdOf(stored)).isEmpty();
  }

  @Test
  void onlyAReversiblePinIsRevealed() {
    String reversible = pins.reversible(PLACE, "1234");
    assertThat(pins.reveal(PLACE, reversible)).hasValue("1234");
    assertThat(pins.isReversible(reversible)).isTrue();
    String hash = pins.hash(PLACE, "1234");
    assertThat(pins.reveal(PLACE, hash)).isEmpty();
    assertThat(pins.isReversible(hash)).isFalse();
  }

  @Test
  void aRelabelledPinDoesNotOpen() {
    String hash = pins.hash(PLACE, "1234");
    assertThatThrownBy(() -> pins.reveal(PLACE, "r" + hash.substring(1)))
        .isInstanceOf(SealException.class);
    assertThatThrownBy(() -> pins.matches(PLACE, "1234", "1234"))
        .isInstanceOf(SealException.class)
        .hasMessageNotContaining("1234");
  }

  @Test
  void aPinMovesByMoveAlone() {
    String other = "token/OATH0002/pin";
    String hash = pins.hash(PLACE, "1234");
    assertThatThrownBy(() -> pins.matches(other, hash, "1234")).isInstanceOf(SealException.class);
    assertThat(pins.matches(other, pins.move(PLACE, other, hash), "1234")).isTrue();
  }

  @Test
  void movingRenewsTheKey() {
    KeyFile rotated = keyFile.withNewKey();
    Pins after = pins(rotated);
    String renewed = after.move(PLACE, PLACE, pins.hash(PLACE, "1234"));
    assertThat(after.keyIdOf(renewed)).hasValue(rotated.activeId());
    assertThat(pins(rotated.without("k1")).matches(PLACE, renewed, "1234")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1234:bef3dd7e1bf949e30da61c22b4818684d62b34a0e9b8576a17b58f750faa4a5e",
        ":be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991"
      })
  void anImportedHashIsKeptAsItIs(String vector) {
    int colon = vector.indexOf(':');
    byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    byte[] digest = HexFormat.of().parseHex(vector.substring(colon + 1));
    String stored = pins.hashed(PLACE, salt, digest);
    assertThat(pins.matches(PLACE, stored, vector.substring(0, colon))).isTrue();
    assertThat(pins.matches(PLACE, stored, "12345")).isFalse();
  }
}
