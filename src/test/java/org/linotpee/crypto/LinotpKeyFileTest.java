package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.crypto.LinotpKeyFile.Padding;
import org.linotpee.crypto.LinotpKeyFile.Slot;

/** The vectors of spec 06 sections 4 to 6. */
class LinotpKeyFileTest {
  private static final String IV = "000102030405060708090a0b0c0d0e0f";

  private final LinotpKeyFile file = LinotpKeyFile.of(keys(), Padding.PKCS7);

  private static byte[] keys() {
    var keys = new byte[96];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (byte) i;
    }
    return keys;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIGURATION, 9155b802828d570efb197d1f5767c5a8, s3cret",
    "CONFIGURATION, 705c820e371f3e0513470d66dc484ee9, ''",
    "CONFIGURATION, d2532ae27264540ea2da097963ec7a30e1ef081e90b27422f4b132d381c7505c, pässwörd",
    "TOKEN, c8abc8bd0a38f2e62ed39cfd11d4736f, 4711"
  })
  void valuesDecrypt(Slot slot, String encrypted, String clear) {
    assertThat(text(file.decryptText(slot, IV + ":" + encrypted))).isEqualTo(clear);
  }

  @Test
  void valuesOfOldSchemasDecrypt() {
    var old = LinotpKeyFile.of(keys(), Padding.MARKED_ZEROS);
    String value = IV + ":5ec8e4406ede8b5fa64b7d0d9c816b02";
    assertThat(text(old.decryptText(Slot.CONFIGURATION, value))).isEqualTo("s3cret");
    assertThatThrownBy(() -> file.decryptText(Slot.CONFIGURATION, value))
        .isInstanceOf(SealException.class);
  }

  @Test
  void aSeedIsTheTextOfItsDigits() {
    byte[] encrypted =
        HexFormat.of()
            .parseHex(
                "cca24736dd742f1eaa46ab864a7d596c219dde4bfb0de2bae20595f592a5cbced639c040ee5a98c5f4cf8"
                    + "10512568a4f09c2b5dae54ef97a8f0bee4e4dd3f000c432622cda4988edd5642d1e1703ce4aa13d"
                    + "9da88b172a691fbb0399c7099bf9");
    assertThat(text(file.decrypt(Slot.TOKEN, HexFormat.of().parseHex(IV), encrypted)))
        .isEqualTo("3132333435363738393031323334353637383930");
  }

  @Test
  void anEncryptedPinIsRead() {
    String stored =
        "@@30303031303230333034303530363037303830393061306230633064306530663a3234306138323263383361"
            + "663634376230393731353131633932386136623738";
    assertThat(LinotpKeyFile.isEncryptedPin(stored)).isTrue();
    assertThat(file.pin(stored)).isEqualTo("1234");
    assertThatThrownBy(() -> file.pin("bef3dd7e")).isInstanceOf(SealException.class);
  }

  @ParameterizedTest
  @CsvSource({"9155b802828d570efb197d1f5767c5a9", "9155b8", "''", "zz"})
  void aDamagedValueIsRefused(String encrypted) {
    assertThatThrownBy(() -> file.decryptText(Slot.CONFIGURATION, IV + ":" + encrypted))
        .isInstanceOf(SealException.class);
    assertThatThrownBy(() -> file.decryptText(Slot.CONFIGURATION, "plain"))
        .isInstanceOf(SealException.class);
  }

  @Test
  void anotherKeyIsNoticed() {
    assertThatThrownBy(() -> file.decryptText(Slot.TOKEN, IV + ":9155b802828d570efb197d1f5767c5a8"))
        .isInstanceOf(SealException.class);
  }

  @Test
  void aShortFileIsRefused() {
    assertThatThrownBy(() -> LinotpKeyFile.of(new byte[95], Padding.PKCS7))
        .isInstanceOf(KeyFileException.class);
  }
}
