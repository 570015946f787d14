package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of RFC 7748 and RFC 8032, and pairs that belong together. */
class Curve25519Test {
  private static final String SEED =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  private static final String PUBLIC =
      "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** RFC 7748 section 5.2. */
  @ParameterizedTest
  @CsvSource({
    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
        + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
        + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
        + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
        + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
  })
  void agreesAsTheStandardSays(String secret, String open, String shared) {
    assertThat(hex(Curve25519.agree(bytes(secret), bytes(open)))).isEqualTo(shared);
  }

  /** RFC 7748 section 6.1. */
  @Test
  void bothSidesAgree() {
    byte[] bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    byte[] alice = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assertThat(hex(Curve25519.agreementPublic(bob)))
        .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assertThat(hex(Curve25519.agree(bob, alice)))
        .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void pointsOfSmallOrderAreRefused(String open) {
    byte[] secret = Curve25519.agreementSecret(bytes(SEED));
    assertThatThrownBy(() -> Curve25519.agree(secret, bytes(open)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** RFC 8032 section 7.1, tests 1 and 2. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
  })
  void signsAsTheStandardSays(String seed, String open, String message, String signature) {
    assertThat(hex(Curve25519.signingPublic(bytes(seed)))).isEqualTo(open);
    assertThat(hex(Curve25519.sign(bytes(seed), bytes(message)))).isEqualTo(signature);
    assertThat(Curve25519.verify(bytes(open), bytes(message), bytes(signature))).isTrue();
  }

  @Test
  void aBitFlippedAnywhereFails() {
    byte[] message = "pay".getBytes(StandardCharsets.UTF_8);
    byte[] signature = Curve25519.sign(bytes(SEED), message);
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Curve25519.verify(bytes(PUBLIC), message, changed)).as("bit " + bit).isFalse();
    }
    assertThat(Curve25519.verify(bytes(PUBLIC), message, new byte[64])).isFalse();
    assertThat(Curve25519.verify(bytes(PUBLIC), message, new byte[0])).isFalse();
  }

  /** Where every signature would be right, nothing is signed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "02"
      })
  void publicKeysOutsideOfTheLargeSubgroupAreNone(String open) {
    assertThat(Curve25519.isSigningPublic(bytes(open))).isFalse();
    assertThat(Curve25519.isSigningPublic(bytes(PUBLIC))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    SEED
        + ","
        + PUBLIC
        + ",3894eea49c580aef816935762be049559d6d1440dede12e6a125f1841fff8e6f,"
        + "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01",
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f,"
        + "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7,"
        + "887af58a36202e05c4c1cfec5bf6c61fad66bca851536004074b31f1b56e4a49,"
        + "5730800ab340fcb18ce5111eda9d705f91388b41e4544cbd103ba5942db2233e"
  })
  void aSigningPairBecomesAnAgreementPair(String seed, String open, String secret, String agreed) {
    assertThat(hex(Curve25519.signingPublic(bytes(seed)))).isEqualTo(open);
    assertThat(hex(Curve25519.agreementSecret(bytes(seed)))).isEqualTo(secret);
    assertThat(hex(Curve25519.agreementPublicOfSigning(bytes(open)))).isEqualTo(agreed);
    assertThat(hex(Curve25519.agreementPublic(bytes(secret)))).isEqualTo(agreed);
  }

  @Test
  void everyPairBecomesOne() {
    for (int i = 0; i < 200; i++) {
      byte[] seed = Randoms.bytes(32);
      assertThat(Curve25519.agreementPublicOfSigning(Curve25519.signingPublic(seed)))
          .as(hex(seed))
          .isEqualTo(Curve25519.agreementPublic(Curve25519.agreementSecret(seed)));
    }
  }
}
