package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.crypto.Hotp.Algorithm;

class HotpTest {
  private static final String DIGITS = "1234567890";
  private static final byte[] KEY20 = ascii(DIGITS.repeat(2));
  private static final byte[] KEY32 = ascii(DIGITS.repeat(3) + "12");
  private static final byte[] KEY64 = ascii(DIGITS.repeat(6) + "1234");

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String[] values(byte[] key, int count, int digits, Algorithm algorithm) {
    return IntStream.range(0, count)
        .mapToObj(counter -> Hotp.value(key, counter, digits, algorithm))
        .toArray(String[]::new);
  }

  @Test
  void valuesOfRfc4226() {
    assertThat(values(KEY20, 10, 6, Algorithm.SHA1))
        .containsExactly(
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489");
    assertThat(values(KEY20, 10, 8, Algorithm.SHA1))
        .containsExactly(
            "84755224",
            "94287082",
            "37359152",
            "26969429",
            "40338314",
            "68254676",
            "18287922",
            "82162583",
            "73399871",
            "45520489");
  }

  @Test
  void valuesWithLongerDigests() {
    assertThat(values(KEY32, 6, 6, Algorithm.SHA256))
        .containsExactly("920136", "119246", "882438", "975832", "791148", "744399");
    assertThat(values(KEY64, 4, 8, Algorithm.SHA512))
        .containsExactly("53550594", "90693936", "68765371", "02628588");
  }

  @Test
  void leadingZerosAreKept() {
    byte[] key = HexFormat.of().parseHex("AD8EABE235FC57C815B26CEF3709075580B44738");
    assertThat(values(key, 12, 6, Algorithm.SHA1))
        .containsExactly(
            "870581", "793334", "088491", "013126", "818771", "454594", "217219", "250710",
            "478893", "517407", "341582", "058477");
  }

  @ParameterizedTest
  @CsvSource({
    "59, 94287082, 46119246, 90693936",
    "1111111109, 07081804, 68084774, 25091201",
    "1111111111, 14050471, 67062674, 99943326",
    "1234567890, 89005924, 91819424, 93441116",
    "2000000000, 69279037, 90698825, 38618901",
    "20000000000, 65353130, 77737706, 47863826"
  })
  void valuesOfRfc6238(long time, String sha1, String sha256, String sha512) {
    assertThat(Hotp.value(KEY20, time / 30, 8, Algorithm.SHA1)).isEqualTo(sha1);
    assertThat(Hotp.value(KEY32, time / 30, 8, Algorithm.SHA256)).isEqualTo(sha256);
    assertThat(Hotp.value(KEY64, time / 30, 8, Algorithm.SHA512)).isEqualTo(sha512);
  }

  @Test
  void theEndOfAWindowIsExclusive() {
    var generator = new Hotp.Generator(KEY20, 6, Algorithm.SHA1);
    assertThat(generator.find("520489", 0, 10)).isEqualTo(9);
    assertThat(generator.find("520489", 0, 9)).isEqualTo(-1);
    assertThat(generator.find("520489", 9, 10)).isEqualTo(9);
    assertThat(generator.find("520489", 10, 20)).isEqualTo(-1);
  }

  @Test
  void countersBelowZeroAreLeftOut() {
    assertThat(new Hotp.Generator(KEY20, 6, Algorithm.SHA1).find("755224", -10, 1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"''", "7552241", "75522", "' 755224'", "+55224", "-55224", "75522a", "٧٥٥٢٢٤"})
  void onlyTheRightNumberOfAsciiDigitsIsAHit(String otp) {
    assertThat(new Hotp.Generator(KEY20, 6, Algorithm.SHA1).find(otp, 0, 1000)).isEqualTo(-1);
  }

  @Test
  void anAbsentValueIsNoHit() {
    assertThat(new Hotp.Generator(KEY20, 6, Algorithm.SHA1).find(null, 0, 10)).isEqualTo(-1);
  }

  @Test
  void tenDigitsKeepTheirPlaces() {
    String value = Hotp.value(KEY20, 0, 10, Algorithm.SHA1);
    assertThat(value).isEqualTo("1284755224");
    assertThat(new Hotp.Generator(KEY20, 10, Algorithm.SHA1).find(value, 0, 3)).isZero();
  }

  @Test
  void elevenDigitsAreRefused() {
    assertThatThrownBy(() -> Hotp.value(KEY20, 0, 11, Algorithm.SHA1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEmptyKeyIsAKey() {
    assertThat(Hotp.value(new byte[0], 0, 6, Algorithm.SHA1))
        .isEqualTo(Hotp.value(new byte[1], 0, 6, Algorithm.SHA1));
  }

  @ParameterizedTest
  @CsvSource({
    "sha256, SHA256",
    "SHA-256, SHA256",
    "HmacSHA512, SHA512",
    "sha512, SHA512",
    "sha1, SHA1",
    "'', SHA1",
    "whirlpool, SHA1",
    ", SHA1"
  })
  void anUnknownAlgorithmIsSha1(String name, Algorithm expected) {
    assertThat(Algorithm.of(name)).isEqualTo(expected);
  }
}
