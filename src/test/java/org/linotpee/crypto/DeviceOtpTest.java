package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of spec 08 sections 4, 5 and 11. */
class DeviceOtpTest {
  @ParameterizedTest
  @CsvSource({
    "129612120, 6666, 6ed4e4",
    "129612130, 6666, 502a59",
    "0, 1, bd94a4",
    "4, 1, fb596e",
    "129612244, 77777777, 7abf75",
    "129612253, 77777777, 4d4ac4"
  })
  void mobileOtp(long tick, String pin, String value) {
    assertThat(MobileOtp.value("0123456789abcdef", pin, tick, 6)).isEqualTo(value);
    assertThat(MobileOtp.find("0123456789abcdef", pin, value, 6, tick - 3, tick + 3))
        .isEqualTo(tick);
  }

  @Test
  void mobileOtpOfAMoment() {
    assertThat(MobileOtp.tick(1544616720)).isEqualTo(154461672);
    assertThat(MobileOtp.value("1234567890123456", "1234", 154461672, 6)).isEqualTo("488ccf");
    assertThat(MobileOtp.find("1234567890123456", "1234", "488CCF", 6, 154461672, 154461673))
        .isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "3132333435363738393031323334353637383930, 2024-01-01, 6, 361801",
    "3132333435363738393031323334353637383930, 2024-01-01, 8, 06820169",
    "3132333435363738393031323334353637383930, 2026-02-24, 6, 563264",
    "3132333435363738393031323334353637383930, 2026-02-24, 8, 10553152",
    "AD8EABE235FC57C815B26CEF3709075580B44738, 2026-02-24, 6, 087972",
    "AD8EABE235FC57C815B26CEF3709075580B44738, 2026-02-24, 8, 89809572",
    "12341234123412341234123412341234, 2012-05-16, 6, 427701",
    "12341234123412341234123412341234, 2012-05-17, 6, 028193"
  })
  void dayPassword(String seed, LocalDate day, int digits, String value) {
    assertThat(DayPassword.value(seed, day, digits)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "fcniufvgvjturjgvinhebbbertjnihit, 256",
    "tbkfkdhnfjbjnkcbtbcckklhvgkljifu, 257",
    "ktvkekfgufndgbfvctgfrrkinergbtdj, 258",
    "ljlhjbkejkctubnejrhuvljkvglvvlbk, 769",
    "eihtnehtetluntirtirrvblfkttbjuih, 770"
  })
  void yubikey(String typed, long counter) {
    byte[] key = HexFormat.of().parseHex("9163508031b20d2fbb1868954e041729");
    assertThat(YubikeyOtp.open(key, typed)).contains(new YubikeyOtp("adb0ee7dd24a", counter));
    assertThat(YubikeyOtp.open(key, "c" + typed.substring(1))).isEmpty();
    assertThat(YubikeyOtp.open(new byte[16], typed)).isEmpty();
    assertThat(YubikeyOtp.open(key, typed.replace('t', 'x'))).isEmpty();
  }
}
