package org.linotpee.token.fido;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The vector of spec 08 section 20. */
class U2fMessagesTest {
  private static final String APP_ID = "https://otp.example.com";
  private static final String PUBLIC_KEY =
      "04515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f4536be3a50f318"
          + "fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354";
  private static final String REGISTERED =
      "eyJ0eXAiOiJuYXZpZ2F0b3IuaWQuZmluaXNoRW5yb2xsbWVudCIsImNoYWxsZW5nZSI6IkFBRUNBd1FG"
          + "QmdjSUNRb0xEQTBPRHhBUkVoTVVGUllYR0JrYUd4d2RIaDg9Iiwib3JpZ2luIjoiaHR0cHM6Ly9vdHAu"
          + "ZXhhbXBsZS5jb20ifQ";
  private static final String REGISTRATION =
      "BQRRXD1uueOWuQTT_sp_VP3NDMHpl783XcpRWtCmw7QDX0U2vjpQ8xj7-aVHWQKiIVAr7w1X4IxTsswK"
          + "VvF9n5NUIGBhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5_MIIBEjCBuaADAgECAgEBMAoGCCqG"
          + "SM49BAMCMBMxETAPBgNVBAMMCFRlc3QgVTJGMB4XDTI0MDEwMTAwMDAwMFoXDTQ0MDEwMTAwMDAwMFow"
          + "EzERMA8GA1UEAwwIVGVzdCBVMkYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQfFAFGv7GyUfhPTdvg"
          + "1M3P13r9mEqVIONXlAIfgxK7nuyZWgix-ncE3z3MC1CpZlJj-3cR-V-fikScUJbkfIkrMAoGCCqGSM49"
          + "BAMCA0gAMEUCIQDJtit5xIRvg6Sg_LszylB-G8MbA3IAXwBBj_joq29dUwIgWgvS2XrG81nIFqFWdFe8"
          + "g82yIpD0kpoTiZkrGhXtEC0wRAIgGNE4mpMlOAAxuHKhYTltu3YMRT7Z3GHDINSxPeVuKS0CIEboCrFd"
          + "IqLu6AIl79Z05jx5jmYaP8q4VeTLEEjraM_d";
  private static final String SIGNED =
      "eyJ0eXAiOiJuYXZpZ2F0b3IuaWQuZ2V0QXNzZXJ0aW9uIiwiY2hhbGxlbmdlIjoiSUNFaUl5UWxKaWNv"
          + "S1NvckxDMHVMekF4TWpNME5UWTNPRGs2T3p3OVBqOD0iLCJvcmlnaW4iOiJodHRwczovL290cC5leGFt"
          + "cGxlLmNvbSJ9";
  private static final String SIGNATURE =
      "AQAAAAUwRQIhAJegcdhxrHnlSCuPBGTw6Dfnx_NzjEJQMxuMUEiqx3IHAiBE-0VqJguMYN5zF9cvrUs2"
          + "hB00sB54FC77oTDz_ISQmA";
  private static final U2fMessages.Expected FIRST =
      new U2fMessages.Expected(
          APP_ID, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", List.of(APP_ID));
  private static final U2fMessages.Expected SECOND =
      new U2fMessages.Expected(
          APP_ID, "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=", List.of("x", APP_ID));

  private static String registration(String data, String client) {
    return "{\"registrationData\":\"%s\",\"clientData\":\"%s\"}".formatted(data, client);
  }

  private static String signature(String data, String client, byte[] handle) {
    return "{\"signatureData\":\"%s\",\"clientData\":\"%s\",\"keyHandle\":\"%s\"}"
        .formatted(data, client, Bytes.encoded(handle));
  }

  private static U2fKey key() {
    return U2fMessages.registered(registration(REGISTRATION, REGISTERED), FIRST);
  }

  @Test
  void theVectorIsRegisteredAndLogsIn() {
    U2fKey key = U2fKey.parse(key().text());
    assertThat(HexFormat.of().formatHex(key.publicKey())).isEqualTo(PUBLIC_KEY);
    assertThat(key.handle()).startsWith(0x60, 0x61).hasSize(32);
    assertThat(U2fMessages.signed(signature(SIGNATURE, SIGNED, key.handle()), key, SECOND))
        .isEqualTo(5);
  }

  @Test
  void aBitFlippedAnywhereIsRefused() {
    U2fKey key = key();
    var random = new Random(20);
    for (int i = 0; i < 60; i++) {
      String[] parts = {SIGNATURE, SIGNED};
      byte[] bytes = Base64.getUrlDecoder().decode(parts[i % 2]);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      parts[i % 2] = Bytes.encoded(bytes);
      refused(signature(parts[0], parts[1], key.handle()), key, SECOND);
    }
    refused(signature(SIGNATURE, SIGNED, new byte[32]), key, SECOND);
    refused(signature(SIGNATURE, SIGNED, key.handle()), key, FIRST);
    refused(
        signature(SIGNATURE, SIGNED, key.handle()),
        key,
        new U2fMessages.Expected(APP_ID, SECOND.challenge(), List.of("https://example.com")));
    refused("{\"errorCode\":5}", key, SECOND);
    refused("{\"broken", key, SECOND);
  }

  private static void refused(String message, U2fKey key, U2fMessages.Expected expected) {
    assertThatThrownBy(() -> U2fMessages.signed(message, key, expected))
        .as(message)
        .isInstanceOf(Refused.class);
  }

  @Test
  void aDamagedRegistrationIsRefused() {
    var random = new Random(23);
    byte[] whole = Base64.getUrlDecoder().decode(REGISTRATION);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = whole.clone();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      byte[] damaged = i % 2 == 0 ? bytes : java.util.Arrays.copyOf(whole, at);
      try {
        U2fKey key =
            U2fMessages.registered(registration(Bytes.encoded(damaged), REGISTERED), FIRST);
        // what is not signed: the rest of the certificate
        assertThat(key.text()).isEqualTo(key().text());
      } catch (Refused refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }
}
