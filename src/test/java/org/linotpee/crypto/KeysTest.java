package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Derived keys may never change: stored values depend on them. The numbers are made elsewhere. */
class KeysTest {
  private static final byte[] MASTER =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  private static final byte[] DATA = "batch".getBytes(StandardCharsets.US_ASCII);

  private final KeyFile keyFile = KeyFile.of(MASTER, Randoms.bytes(32));
  private final Keys keys = new Keys(keyFile);

  @Test
  void hkdfOfRfc5869() {
    byte[] key =
        Hkdf.derive(
            HexFormat.of().parseHex("0b".repeat(22)),
            HexFormat.of().parseHex("000102030405060708090a0b0c"),
            HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9"),
            42);
    assertThat(key)
        .asHexString()
        .isEqualToIgnoringCase(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  void aPurposeKeyIsAlwaysTheSame() {
    assertThat(keys.derive(Purpose.SEED, "k1", 32))
        .asHexString()
        .isEqualToIgnoringCase("b6d60aeae1914d77ec7ab0330658cbe30eed51c41fe7fd220e871a503c5eb81a");
  }

  @Test
  void purposesMasterKeysAndLengthsHaveKeysOfTheirOwn() {
    byte[] seed = keys.derive(Purpose.SEED, "k1", 32);
    assertThat(keys.derive(Purpose.PIN, "k1", 32)).isNotEqualTo(seed);
    assertThat(keys.derive(Purpose.SEED, "k2", 32)).isNotEqualTo(seed);
    assertThat(Arrays.copyOf(keys.derive(Purpose.SEED, "k1", 64), 32)).isNotEqualTo(seed);
  }

  @Test
  void callersCannotChangeACachedKey() {
    keys.derive(Purpose.SEED, "k1", 32)[0] ^= 1;
    assertThat(keys.derive(Purpose.SEED, "k1", 32)[0]).isEqualTo((byte) 0xb6);
  }

  @Test
  void anUnknownMasterKeyIsNamed() {
    assertThatThrownBy(() -> keys.derive(Purpose.SEED, "k9", 32))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("k9");
  }

  @Test
  void theJwtKeyIsAlwaysTheSame() {
    var jwt = new JwtKeys(keys);
    assertThat(jwt.privateKey("k1").getS())
        .isEqualTo(
            new BigInteger("482251a5214759c0ff8bbdccef994de6c1e7c7649932297da30105d590b97e24", 16));
    assertThat(jwt.activeId()).isEqualTo("k1");
    assertThat(jwt.ids()).containsExactly("k1", "k2");
  }

  @Test
  void anotherNodeAcceptsAJwtSignature() throws GeneralSecurityException {
    byte[] sign = new JwtKeys(keys).sign(DATA);
    assertThat(sign).hasSize(64);
    var node = new JwtKeys(new Keys(keyFile));
    assertThat(node.verify("k1", DATA, sign)).isTrue();
    assertThat(node.verify("k2", DATA, sign)).isFalse();
    assertThat(node.verify("k9", DATA, sign)).isFalse();
    assertThat(node.verify("k1", DATA, new byte[3])).isFalse();
    assertThat(node.verify("k1", DATA, new byte[64])).isFalse();
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(node.publicKey("k1"));
    verifier.update(DATA);
    assertThat(verifier.verify(sign)).isTrue();
  }

  @Test
  void aJwtSignatureWithAnyBitFlippedIsRefused() {
    var jwt = new JwtKeys(keys);
    byte[] sign = jwt.sign(DATA);
    for (int bit = 0; bit < sign.length * 8; bit++) {
      sign[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(jwt.verify("k1", DATA, sign)).isFalse();
      sign[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void theAuditKeysAreAlwaysTheSame() {
    var audit = new AuditKeys(keys);
    assertThat(audit.publicKey("k1"))
        .asHexString()
        .isEqualToIgnoringCase("c354651505e3017898c998466699f9922535fd4807aa6752ae7d2f59d35fad16");
    assertThat(audit.sign(DATA))
        .asHexString()
        .isEqualToIgnoringCase(
            "b43323ac177d70dc3243fc1eb807d7146bd4e8667e787054dbc40dd2736f6639"
                + "c695bc518a4c011384d01c45c5a171883d69236a1e6f0ece8669642909fd8b07");
    assertThat(audit.hmac("k1", "row".getBytes(StandardCharsets.US_ASCII)))
        .asHexString()
        .isEqualToIgnoringCase("3b687ec33d08b1ceed31790a40455e62c97d310c2bf6211331caca06ac2596c2");
  }

  @Test
  void anAuditSignatureHoldsForItsDataAndKeyAlone() {
    byte[] signature = new AuditKeys(keys).sign(DATA);
    var audit = new AuditKeys(new Keys(keyFile.withNewKey()));
    assertThat(audit.verify("k1", DATA, signature)).isTrue();
    assertThat(audit.verify("k2", DATA, signature)).isFalse();
    assertThat(audit.verify("k9", DATA, signature)).isFalse();
    assertThat(audit.verify("k1", new byte[] {1}, signature)).isFalse();
    assertThat(audit.verify("k1", DATA, new byte[5])).isFalse();
    signature[10] ^= 1;
    assertThat(audit.verify("k1", DATA, signature)).isFalse();
  }
}
