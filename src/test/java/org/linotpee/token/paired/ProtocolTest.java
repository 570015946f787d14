package org.linotpee.token.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Curve25519;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.PairingResponse;

/** The worked examples of the protocol (spec 08 sections 16.4, 17.6 and 18.6). */
class ProtocolTest {
  private static final String SECRET =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
  private static final ServerKeys SERVER = ServerKeys.decode(0, SECRET);
  private static final byte[] PHONE =
      bytes("404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f");
  private static final byte[] PUSH_PHONE =
      bytes("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
  private static final String PAIR = "https://otp.example.com/validate/pair";
  private static final String CHECK = "https://otp.example.com/validate/check_t";
  private static final String ACCEPT = "https://otp.example.com/validate/accept_transaction";
  private static final String RESPONSE =
      "AQAAAABJPoL8dEZKWSaIF2I9IFPF644sxKmItP7heexrAQ1THQ32rXTixqoyms7Zs8l-kKQsRJpIrK57T6m5ctii3Vu3q2Qgh6XGg7HFDLbXm-ct3lFaJZM2VsiN5xcvvTWCxsVOgKQ";

  private TestProduct product;

  @AfterEach
  void stop() {
    if (product != null) {
      product.close();
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** 32 bytes that count up. */
  private static byte[] from(int first) {
    var bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private PairingResponses server() {
    product = new TestProduct();
    product.snapshots.change(
        em -> {
          em.find(ConfigurationEntry.class, "SecretKey.Partition.0").update(SECRET, null, null);
          return null;
        });
    return new PairingResponses(product.partitionKeys);
  }

  @Test
  void theServersPairIsStoredAsSeedAndPublicKey() {
    assertThat(SERVER.encodedSecret()).isEqualTo(SECRET);
    assertThat(SERVER.encodedPublic()).isEqualTo("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=");
    assertThat(SERVER.toString()).doesNotContain("AAEC");
  }

  @Test
  void aPairThatDoesNotBelongTogetherIsRefused() {
    byte[] wrong = Base64.getDecoder().decode(SECRET);
    wrong[40] ^= 1;
    for (String stored : List.of("", "!", "AAAA", Base64.getEncoder().encodeToString(wrong))) {
      assertThatThrownBy(() -> ServerKeys.decode(0, stored))
          .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(10));
    }
  }

  // pairing ---------------------------------------------------------------------------------------

  @Test
  void pairingUrlsOfQrTokens() {
    assertThat(
            new PairingUrl(
                    2,
                    "LSQR0001A2B3",
                    Optional.of(PAIR),
                    Optional.of("+4915112345678"),
                    OptionalInt.of(8))
                .text("lseqr", SERVER))
        .isEqualTo(
            "lseqr://pair/AgIfAAAAAAAAAAOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4TFNRUjAwMDFBMkIzAGh0dHBzOi8vb3RwLmV4YW1wbGUuY29tL3ZhbGlkYXRlL3BhaXIAKzQ5MTUxMTIzNDU2NzgACA");
    assertThat(
            new PairingUrl(
                    2, "LSQR0001A2B3", Optional.of(PAIR), Optional.empty(), OptionalInt.of(8))
                .text("lseqr", SERVER))
        .isEqualTo(
            "lseqr://pair/AgIXAAAAAAAAAAOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4TFNRUjAwMDFBMkIzAGh0dHBzOi8vb3RwLmV4YW1wbGUuY29tL3ZhbGlkYXRlL3BhaXIACA");
  }

  @Test
  void pairingUrlsOfPushTokens() {
    assertThat(
            new PairingUrl(
                    4, "KIPT0001C4D5", Optional.of(PAIR), Optional.empty(), OptionalInt.empty())
                .text("lseqr", SERVER))
        .isEqualTo(
            "lseqr://pair/AgQHAAAAAAAAAAOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4S0lQVDAwMDFDNEQ1AGh0dHBzOi8vb3RwLmV4YW1wbGUuY29tL3ZhbGlkYXRlL3BhaXIA");
  }

  /** An end of text within a text would let whoever chooses it write the next ones. */
  @Test
  void textsThatWouldSpillOverAreRefused() {
    assertThatThrownBy(
            () ->
                new PairingUrl(
                        2,
                        "Q1\0http://evil.example",
                        Optional.of(PAIR),
                        Optional.empty(),
                        OptionalInt.of(8))
                    .text("lseqr", SERVER))
        .isInstanceOf(LinotpException.class);
    assertThatThrownBy(
            () ->
                new PairingUrl(
                        2,
                        "\u20ac".repeat(22),
                        Optional.of(PAIR),
                        Optional.empty(),
                        OptionalInt.of(8))
                    .text("lseqr", SERVER))
        .isInstanceOf(LinotpException.class);
  }

  @Test
  void aResponseOfAQrTokenIsRead() {
    PairingResponse response = server().open(RESPONSE);
    assertThat(response.kind()).isEqualTo(2);
    assertThat(response.partition()).isZero();
    assertThat(response.userTokenId()).isEqualTo(7);
    assertThat(response.serial()).isEqualTo("LSQR0001A2B3");
    assertThat(response.texts(0)).hasValue(List.of("LSQR0001A2B3", ""));
    assertThat(response.publicKey()).isEqualTo(Curve25519.agreementPublic(PHONE));
  }

  @Test
  void aResponseOfAPushTokenIsRead() {
    PairingResponse response =
        server()
            .open(
                "AQAAAABJPoL8dEZKWSaIF2I9IFPF644sxKmItP7heexrAQ1THQv4rXTilqC5lVF-gPBDrL2USXqTjDgcJEt1CnLmgonnsekzT2jBmbDDDLbXm-Ur2FdaRAZteWD2gjhm-K0FR2DRqJgBlXfF5wRt1mCOZgMOD21jQj8yjBcTW0wuFv-SH8-Q9DpzpkdMijFsmjt-QQlQYh7QUsMYVjtoCN8idpMX0M4-VYl453gu25CkIbpyvnA");
    assertThat(response.kind()).isEqualTo(4);
    assertThat(response.userTokenId()).isEqualTo(9);
    assertThat(response.texts(64)).hasValue(List.of("KIPT0001C4D5", "alice", "gda-0815"));
    assertThat(response.texts(0)).isEmpty();
    assertThat(Curve25519.verify(response.publicKey(), response.before(64), response.last(64)))
        .isTrue();
  }

  @Test
  void aBitOfAResponseFlippedAnywhereIsRefused() {
    PairingResponses server = server();
    byte[] raw = Base64.getUrlDecoder().decode(RESPONSE);
    for (int bit = 0; bit < raw.length * 8; bit++) {
      byte[] changed = raw.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      // the top bit of a coordinate has no meaning (RFC 7748 section 5)
      boolean meaningless = bit == (5 + 31) * 8 + 7;
      String text = Packing.base64url(changed);
      if (!meaningless) {
        assertThatThrownBy(() -> server.open(text))
            .as("bit " + bit)
            .isInstanceOf(LinotpException.class);
      }
    }
    for (String text : List.of("", "AQAAAAA", "!!!", "A".repeat(5000))) {
      assertThatThrownBy(() -> server.open(text)).isInstanceOf(LinotpException.class);
    }
  }

  @Test
  void contentWithoutItsPartsIsNoResponse() {
    assertThat(PairingResponse.parse(0, new byte[0])).isEmpty();
    assertThat(PairingResponse.parse(0, new byte[37])).isEmpty();
    assertThat(PairingResponse.parse(0, new byte[38])).isEmpty();
    byte[] endless = new byte[40];
    endless[37] = 'Q';
    endless[38] = '1';
    endless[39] = '2';
    assertThat(PairingResponse.parse(0, endless)).isEmpty();
    endless[39] = 0;
    assertThat(PairingResponse.parse(0, endless)).isPresent();
    endless[37] = (byte) 0xff;
    assertThat(PairingResponse.parse(0, endless)).isEmpty();
  }

  // qr --------------------------------------------------------------------------------------------

  private static QrChallenge challenge(QrChallenge.Content content, int ephemeral) {
    return QrChallenge.of(content, SERVER, 7, Curve25519.agreementPublic(PHONE), from(ephemeral));
  }

  @Test
  void theActivationOfAQrToken() {
    QrChallenge made =
        challenge(
            new QrChallenge.Content(
                1,
                true,
                "49384759812345678",
                "LSQR0001A2B3",
                Optional.of(CHECK),
                Optional.of("+4915112345678")),
            0xa0);
    assertThat(made.url("lseqr"))
        .isEqualTo(
            "lseqr://chal/AQcAAABgWnJdKkrf7rGinhft1iHBt1k-6M28RKxsSrbi-AXSPN1qqwPbxh7IaJW6i8IsI2Dl7T86hDzoEtep8vl0EDmLTVSAoFUpuyfXaGZ-UxIHnVoZx6QaA-C4i3ZXc0l7ByTPZcPu-aArKhR3USRS_XaT5o7pArwsKCOp3AFDwaKpfRjTZp2Dkrr32s10Qd3T0mIL5HvwRrykFeMGY3mV5g8");
    assertThat(Packing.base64url(made.answer()))
        .isEqualTo("u4fdoFSKGAWaqB2kOG22NHeLke4YmFZR1wHv1xRuUPw");
    assertThat(QrChallenge.tan(made.answer(), 6)).isEqualTo("714164");
    assertThat(QrChallenge.tan(made.answer(), 8)).isEqualTo("46714164");
    assertThat(QrChallenge.tan(made.answer(), 10)).isEqualTo("0946714164");
    assertThat(QrChallenge.tan(made.answer(), 12)).isEqualTo("000946714164");
  }

  @Test
  void aTextToConfirm() {
    QrChallenge made =
        challenge(
            new QrChallenge.Content(
                0,
                false,
                "83920174655012397",
                "Transfer 100 EUR to Alice?",
                Optional.of(CHECK),
                Optional.empty()),
            0xc0);
    assertThat(made.url("lseqr"))
        .isEqualTo(
            "lseqr://chal/AQcAAADcLMox6OQ7vZHf9-R1zKM0frR4EH1b12WrpK5KMMNdRO_EjVKhRHRcTEegpSxdVsb7awTnhxblc6xyFt6XKdwXQThXeUZDlsJLuxQa4HDKmYMeY3th9YngSZdKXMIWY6DC6c83Fvn572vOjeWuzpPZVXdXMG7GeXC1naggqzk");
    assertThat(Packing.base64url(made.answer()))
        .isEqualTo("O04KDHR51FvZKeGaMU6zIAAEkHTj7nLrL5u1Dt6r3wo");
    assertThat(QrChallenge.tan(made.answer(), 8)).isEqualTo("37495118");
  }

  @Test
  void aLoginWithoutCallbacksInASubTransaction() {
    QrChallenge made =
        challenge(
            new QrChallenge.Content(
                2,
                false,
                "12345678901234.01",
                "alice@vpn.example.com",
                Optional.empty(),
                Optional.empty()),
            0xd0);
    assertThat(made.url("lseqr"))
        .isEqualTo(
            "lseqr://chal/AQcAAABrPuZ0Y1g8vj3Aj-nQdlwmZv9SEN1SfJ2HBeRJJ8gNVXQXmgEIbiwpUCJNrlT0qgZp1osdTYJBxHM0XfBnmEnFUtxkUxsruSH2C2m2KraC8w");
    assertThat(Packing.base64url(made.answer()))
        .isEqualTo("UyAT0tAePlv-3RUxwc6uOnmmlaLgo8PfxQwxhU8PJ3c");
    assertThat(QrChallenge.tan(made.answer(), 8)).isEqualTo("43429397");
  }

  @ParameterizedTest
  @CsvSource({"1,63", "0,511", "2,511"})
  void textsHaveALimit(int type, int most) {
    for (int length : new int[] {most, most + 1}) {
      var content =
          new QrChallenge.Content(
              type,
              false,
              "12345678901234567",
              "x".repeat(length),
              Optional.empty(),
              Optional.empty());
      if (length == most) {
        assertThat(challenge(content, 1).raw()).hasSizeGreaterThan(most);
      } else {
        assertThatThrownBy(() -> challenge(content, 1)).isInstanceOf(LinotpException.class);
      }
    }
  }

  // push ------------------------------------------------------------------------------------------

  private static PushChallenge push(
      int type, String transaction, long at, String text, int ephemeral) {
    return PushChallenge.of(
        new PushChallenge.Content(type, transaction, Instant.ofEpochSecond(at), text, ACCEPT),
        SERVER,
        9,
        Curve25519.signingPublic(PUSH_PHONE),
        from(ephemeral));
  }

  private static String answered(boolean accept, PushChallenge made) {
    return Packing.base64url(
        Curve25519.sign(PUSH_PHONE, PushChallenge.signed(accept, made.base())));
  }

  @Test
  void aRequestToSign() {
    PushChallenge made = push(0, "83920174655012397", 1700000100, "Pay 42 EUR?", 0xc0);
    assertThat(made.url("lseqr"))
        .isEqualTo(
            "lseqr://push/AgkAAADcLMox6OQ7vZHf9-R1zKM0frR4EH1b12WrpK5KMMNdRA8DGGY8rVxbMG7kCzaKTzA3_2-HKtwh_Vu_Y79o9hJ_f0mS1IBqLKIE5QI7ycPBGsibbFBtFX9tGPVCbvHdVoymNgtCTl66gsB7imB8VOw_LE1a1akeMYD1U55bgraubonpHq8ClwI7o1nG05kXDWxvWRTRMv21huwnPWszsDDv4j_D-UOxZOW-TgGeJ2AWSgc");
    assertThat(answered(true, made))
        .isEqualTo(
            "Q2nEsyWLmeLGwddD22xVXhdOqtuiO5CMrPZABWiI3N9KuqEgSWXh01QwEPcTX03LXpwYrthunVjQO1LxEP_fAw");
    assertThat(answered(false, made))
        .isEqualTo(
            "naMQtAWiFrFxbCn7qkQTA3cwjmn_s-14JbuLaJy5G-jIWGN0iKSeesAMINd2MFWy2dB6rhvu6xvHZxlu9gh5CA");
  }

  @Test
  void theActivationOfAPushToken() {
    PushChallenge made = push(1, "49384759812345678", 1700000000, "KIPT0001C4D5", 0xa0);
    assertThat(answered(true, made))
        .isEqualTo(
            "AtbmYWwLAUGkYC4tNAorwnLobpHmKJ4Azxt27BiEzHKgvUfN37yW_B3lPDuywDbOh_vwNygIdyLx8TvW1OCrAA");
  }

  @Test
  void aLoginOfAPushToken() {
    PushChallenge made = push(2, "12345678901234.01", 1700000200, "alice@vpn.example.com", 0xd0);
    assertThat(answered(true, made))
        .isEqualTo(
            "gMAvQmf_KsTsSnIacI3oHnU-XrlqQelhuhlvkgT0U6xi5_ZPxcQKyudVZZujwkGFBRyYoTgfRxhDMnRlzMHlAg");
  }
}
