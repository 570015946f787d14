package org.linotpee.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestClock;

class ProviderSettingsTest {
  private static final Timeouts STANDARD = Timeouts.ofSeconds(5, 7);

  private static ProviderSettings settings(String json) {
    return ProviderSettings.parse("one", "9", json);
  }

  @Test
  void anErrorInTheJsonHasItsPlace() {
    assertThatThrownBy(() -> settings("{\"URL\": \"x\",\n \"PASSWORD\": \"geheim\" oops}"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("line 2, column 2")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void singleQuotesAreNamed() {
    assertThatThrownBy(() -> settings("{'URL': 'http://x/'}"))
        .hasMessageContaining("line 1, column 2")
        .hasMessageContaining("use double quotes");
  }

  @Test
  void singleQuotesWithinDoubleOnesAreNoError() {
    assertThat(settings("{\"a\": \"it's\"}").required("a")).isEqualTo("it's");
    assertThatThrownBy(() -> settings("{\"a\": \"it's\",}"))
        .hasMessageNotContaining("use double quotes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"x\"", "{\"a\": 1} x", "{\"a\": 1", "null", "secretword"})
  void whatIsNoObjectIsRefused(String text) {
    assertThatThrownBy(() -> settings(text))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("line 1, column")
        .hasMessageNotContaining("secretword");
  }

  @Test
  void timeoutsAreNumbersOrPairs() {
    assertThat(settings("{\"TIMEOUT\": 3}").timeouts(STANDARD)).isEqualTo(Timeouts.ofSeconds(3, 3));
    assertThat(settings("{\"TIMEOUT\": \"0.5\"}").timeouts(STANDARD).read())
        .isEqualTo(Duration.ofMillis(500));
    assertThat(settings("{\"TIMEOUT\": \"3, 10\"}").timeouts(STANDARD))
        .isEqualTo(Timeouts.ofSeconds(3, 10));
    assertThat(settings("{\"timeout\": [1, 2]}").timeouts(STANDARD))
        .isEqualTo(Timeouts.ofSeconds(1, 2));
    assertThat(settings("{\"timeout\": 1, \"TIMEOUT\": 2}").timeouts(STANDARD))
        .isEqualTo(Timeouts.ofSeconds(2, 2));
    assertThat(settings("{}").timeouts(STANDARD)).isEqualTo(STANDARD);
    assertThat(settings("{}").timeoutsOrField(STANDARD)).isEqualTo(Timeouts.ofSeconds(9, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "30s", "1,2,3", "1,0", "1,", "NaN", "1e9", "99999"})
  void otherTimeoutsAreErrors(String text) {
    assertThatThrownBy(() -> settings("{\"TIMEOUT\": \"" + text + "\"}").timeouts(STANDARD))
        .isInstanceOf(LinotpException.class);
  }

  @Test
  void theTimeoutFieldIsNotReadIfTheSettingsHaveOne() {
    assertThat(ProviderSettings.parse("one", "rubbish", "{\"TIMEOUT\": 2}").timeouts(STANDARD))
        .isEqualTo(Timeouts.ofSeconds(2, 2));
  }

  @Test
  void flagsOfEmailAreStrictThoseOfSmsAreNot() {
    assertThat(settings("{\"F\": \"Yes\"}").flag("F", false)).isTrue();
    assertThat(settings("{\"F\": false}").flag("F", true)).isFalse();
    assertThatThrownBy(() -> settings("{\"F\": \"on\"}").flag("F", false))
        .hasMessageContaining("'F'");
    assertThat(settings("{\"F\": \"on\"}").laxFlag("F")).isFalse();
    assertThat(settings("{\"F\": \"True\"}").laxFlag("F")).isTrue();
    assertThat(settings("{\"F\": true}").laxFlag("F")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'+49 (171) 123-456', false, '', '+49 (171) 123-456'",
    "'+49 (171) 123-456', true, '', '+49171123456'",
    "' +49 (171) 123-456', true, '+', '49171123456'",
    "'0171/123 456', true, '+', '0171123456'",
    "'0049171123456', false, '00', '49171123456'",
    "'+49(0)171 123456', true, '', '+490171123456'"
  })
  void numbersAsGatewaysWantThem(String number, boolean msisdn, String prefix, String expected) {
    assertThat(
            Phones.normalised(
                number,
                settings(
                    "{\"MSISDN\": %s, \"SUPPRESS_PREFIX\": \"%s\"}".formatted(msisdn, prefix))))
        .isEqualTo(expected);
  }

  @Test
  void theTrunkZeroCanBeLeftOut() {
    assertThat(
            Phones.normalised(
                "+49(0)171 123456", settings("{\"MSISDN\": true, \"DROP_TRUNK_ZERO\": true}")))
        .isEqualTo("+49171123456");
  }

  @Test
  void whatIsToldHoldsNoOneTimePassword() {
    var message =
        new Message(
            "+49171", "Code 755224 for you", Optional.empty(), Map.of(Message.OTP, "abcdef"));
    assertThat(Secrecy.told("bad: Code 755224 for you", message)).doesNotContain("755224");
    assertThat(Secrecy.told("bad number 755224\r\nINFO forged, abcdef", message))
        .doesNotContain("755224", "abcdef", "\n");
    assertThat(message.toString()).doesNotContain("755224");
  }

  @Test
  void whatIsNotAvailableIsLeftAloneLongerEachTime() {
    var clock = new TestClock(Instant.parse("2026-11-22T07:28:12Z"));
    var blocks = new Blocks(clock);
    for (int seconds : List.of(60, 90, 150, 270, 510, 990, 1950, 3870, 7710, 7710)) {
      blocks.block("a");
      blocks.block("a");
      assertThat(blocks.blocked("a")).isTrue();
      clock.advance(Duration.ofSeconds(seconds - 1));
      assertThat(blocks.blocked("a")).as("after %d s", seconds - 1).isTrue();
      clock.advance(Duration.ofSeconds(1));
      assertThat(blocks.blocked("a")).as("after %d s", seconds).isFalse();
    }
    blocks.release("a");
    blocks.block("a");
    clock.advance(Duration.ofSeconds(60));
    assertThat(blocks.blocked("a")).isFalse();
  }
}
