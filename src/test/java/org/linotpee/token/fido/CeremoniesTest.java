package org.linotpee.token.fido;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.linotpee.testing.SoftDevice;

/** The vector of spec 08 section 21, and devices of all algorithms. */
class CeremoniesTest {
  private static final String ID = "wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t8";
  private static final String COSE =
      "a5010203262001215820515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"
          + "2258204536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354";
  private static final String CREATED =
      "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EeEFSRWhNVUZS"
          + "WVhHQmthR3h3ZEhoOCIsIm9yaWdpbiI6Imh0dHBzOi8vbG9jYWxob3N0In0";
  private static final String ATTESTATION =
      "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NBAAAAAPHQ"
          + "8dDx0PHQ8dDx0PHQ8dAAIMDBwsPExcbHyMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7fpQECAyYgASFYIFFcPW6545"
          + "a5BNP-yn9U_c0MwemXvzddylFa0KbDtANfIlggRTa-OlDzGPv5pUdZAqIhUCvvDVfgjFOyzApW8X2fk1Q";
  private static final String GOT =
      "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiSUNFaUl5UWxKaWNvS1NvckxDMHVMekF4TWpNME5UWTNP"
          + "RGs2T3p3OVBqOCIsIm9yaWdpbiI6Imh0dHBzOi8vbG9jYWxob3N0In0";
  private static final String DATA = "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ";
  private static final String SIGNATURE =
      "MEUCIQDaKp4AUkautXitD8fqjG75UqURRaWJYRSQjJgA6fIrmgIgXSsP3l4UTn60qCatrxzkVAGD6gXBnIQNrquEDuzE"
          + "0IQ";
  private static final Instant NOW = Instant.parse("2026-11-22T07:28:12Z");
  private static final RelyingParty LOCALHOST = new RelyingParty("localhost", "");

  private final Ceremonies ceremonies = new Ceremonies();

  private static Ceremonies.Expected expected(String challenge, boolean verification) {
    return new Ceremonies.Expected(
        LOCALHOST, Base64.getUrlDecoder().decode(challenge), verification);
  }

  private static String created() {
    return "{\"id\":\"%s\",\"rawId\":\"%s\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"%s\",\"attestationObject\":\"%s\"}}"
        .formatted(ID, ID, CREATED, ATTESTATION);
  }

  private Credential registered() {
    return ceremonies.register(
        AttestationResponse.parse(created(), false),
        expected("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false),
        NOW);
  }

  private static String got(String data, String client, String signature) {
    return "{\"id\":\"%s\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"%s\",\"authenticatorData\":\"%s\",\"signature\":\"%s\"}}"
        .formatted(ID, client, data, signature);
  }

  private Ceremonies.Asserted login(Credential credential, long counter, String message) {
    return ceremonies.login(
        AssertionResponse.parse(message),
        credential,
        counter,
        expected("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8", true));
  }

  @Test
  void theVectorIsRegisteredAndStored() {
    Credential stored = Credential.parse(registered().toJson().toString());
    assertThat(HexFormat.of().formatHex(stored.publicKey())).isEqualTo(COSE);
    assertThat(Bytes.encoded(stored.id())).isEqualTo(ID);
    assertThat(stored.aaguid()).isEqualTo("f1d0f1d0-f1d0-f1d0-f1d0-f1d0f1d0f1d0");
    assertThat(stored.algorithm()).isEqualTo(-7);
    assertThat(stored.flags()).isEqualTo(0x41);
    assertThat(stored.attestationFormat()).isEqualTo("none");
    assertThat(stored.userVerified()).isFalse();
    assertThat(stored.registeredAt()).isEqualTo(NOW);
  }

  @Test
  void theVectorLogsIn() {
    Ceremonies.Asserted asserted = login(registered(), 0, got(DATA, GOT, SIGNATURE));
    assertThat(asserted).isEqualTo(new Ceremonies.Asserted(1, true, false));
  }

  @Test
  void aCounterThatDoesNotGrowTellsACopy() {
    assertThatThrownBy(() -> login(registered(), 1, got(DATA, GOT, SIGNATURE)))
        .isInstanceOf(Ceremonies.Cloned.class);
  }

  @Test
  void aBitFlippedAnywhereIsRefused() {
    Credential credential = registered();
    var random = new Random(21);
    for (int i = 0; i < 60; i++) {
      String[] parts = {DATA, GOT, SIGNATURE};
      int which = i % parts.length;
      byte[] bytes = Base64.getUrlDecoder().decode(parts[which]);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      parts[which] = Bytes.encoded(bytes);
      assertThatThrownBy(() -> login(credential, 0, got(parts[0], parts[1], parts[2])))
          .as(parts[which])
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void whateverIsSentIsRefusedAndNothingElse() {
    var random = new Random(22);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = Base64.getUrlDecoder().decode(ATTESTATION);
      int at = 30 + random.nextInt(bytes.length - 30);
      bytes[at] = (byte) random.nextInt(256);
      byte[] cut = i % 2 == 0 ? bytes : java.util.Arrays.copyOf(bytes, at);
      String message = created().replace(ATTESTATION, Bytes.encoded(cut));
      try {
        ceremonies.register(
            AttestationResponse.parse(message, false),
            expected("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false),
            NOW);
      } catch (Refused refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
    for (String text :
        List.of(
            "", "{}", "[]", "{\"response\":3}", "{\"rawId\":[],\"response\":{}}", "{".repeat(90))) {
      assertThatThrownBy(() -> AttestationResponse.parse(text, false)).isInstanceOf(Refused.class);
      assertThatThrownBy(() -> AssertionResponse.parse(text)).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @EnumSource(SoftDevice.Algorithm.class)
  void eachAlgorithmRegistersAndLogsIn(SoftDevice.Algorithm algorithm) throws Exception {
    var device = new SoftDevice("https://localhost", algorithm);
    for (boolean attests : new boolean[] {false, true}) {
      device.attests = attests;
      Credential credential = register(device);
      assertThat(credential.attestationFormat()).isEqualTo(attests ? "packed" : "none");
      assertThat(credential.transports()).containsExactly("usb");
      String answer =
          device.sign(
              Map.of(
                  "challenge", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8", "rpId", "localhost"));
      assertThat(login(credential, credential.signCount(), answer).userVerified()).isTrue();
      ObjectNode changed = (ObjectNode) new ObjectMapper().readTree(answer);
      changed.put("rawId", Bytes.encoded(new byte[32]));
      assertThatThrownBy(() -> login(credential, 0, changed.toString()))
          .isInstanceOf(Refused.class);
    }
  }

  private Credential register(SoftDevice device) {
    return ceremonies.register(
        AttestationResponse.parse(
            device.register(
                Map.of(
                    "challenge",
                    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                    "rp",
                    Map.of("id", "localhost"))),
            false),
        expected("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", true),
        NOW);
  }

  @Test
  void anAttestationWithAWrongSignatureIsRefused() {
    var device = new SoftDevice("https://localhost");
    device.attests = true;
    device.wrongSignature = true;
    assertThatThrownBy(() -> register(device)).isInstanceOf(Refused.class);
  }

  @Test
  void thePinEndsWhereTheObjectBegins() {
    assertThat(AssertionResponse.split("1234{\"a\":{\"b\":1}}").pin()).isEqualTo("1234");
    assertThat(AssertionResponse.split("{1{2{\"a\":1}").pin()).isEqualTo("{1{2");
    assertThat(AssertionResponse.split("{\"a\":1}").pin()).isEmpty();
    assertThat(AssertionResponse.split("1234{\"a\":1} ").otp()).isEqualTo("{\"a\":1} ");
    assertThat(AssertionResponse.split("12{34").otp()).isEmpty();
    assertThat(AssertionResponse.split("{\"a\":1}x").otp()).isEmpty();
    assertThat(AssertionResponse.split("{".repeat(200_000)).otp()).isEmpty();
  }
}
