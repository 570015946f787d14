package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AES-EAX with the vectors of its authors, AES-CTR with those of NIST SP 800-38A. */
class DeviceCipherTest {
  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @ParameterizedTest
  @CsvSource({
    "233952DEE4D5ED5F9B9C6D6FF80FF478,62EC67F9C3A4A407FCB2A8C49031A8B3,6BFB914FD07EAE6B,'',"
        + "E037830E8389F27B025A2D6527E79D01",
    "91945D3F4DCBEE0BF45EF52255F095A4,BECAF043B0A23D843194BA972C66DEBD,FA3BFD4806EB53FA,F7FB,"
        + "19DD5C4C9331049D0BDAB0277408F67967E5"
  })
  void eaxIsThatOfItsAuthors(String key, String nonce, String header, String clear, String sealed) {
    assertThat(DeviceCipher.sealEax(bytes(key), bytes(nonce), bytes(header), bytes(clear)))
        .isEqualTo(bytes(sealed));
    assertThat(DeviceCipher.openEax(bytes(key), bytes(nonce), bytes(header), bytes(sealed)))
        .hasValue(bytes(clear));
  }

  @Test
  void aBitFlippedAnywhereDoesNotOpen() {
    byte[] key = bytes("91945D3F4DCBEE0BF45EF52255F095A4");
    byte[] nonce = bytes("BECAF043B0A23D843194BA972C66DEBD");
    byte[] header = bytes("FA3BFD4806EB53FA");
    byte[] sealed = bytes("19DD5C4C9331049D0BDAB0277408F67967E5");
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(DeviceCipher.openEax(key, nonce, header, changed)).as("bit " + bit).isEmpty();
    }
    assertThat(DeviceCipher.openEax(key, nonce, new byte[8], sealed)).isEmpty();
    assertThat(DeviceCipher.openEax(key, nonce, header, new byte[0])).isEmpty();
  }

  /** SP 800-38A, F.5.1; the counter carries over all its bytes. */
  @Test
  void ctrIsThatOfTheStandard() {
    assertThat(
            DeviceCipher.ctr(
                bytes("2b7e151628aed2a6abf7158809cf4f3c"),
                bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
                bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")))
        .isEqualTo(bytes("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"));
  }
}
