package org.linotpee.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 05 section 3.6. */
class ConfiguredDurationTest {
  @ParameterizedTest
  @CsvSource({
    "3600, 3600",
    "3600 s, 3600",
    "3600 seconds, 3600",
    "1h 20 minutes 90 s, 4890",
    "3 weeks 5 days, 2246400",
    "P23DT23H, 2070000",
    "p1m, 2592000",
  })
  void known(String text, long seconds) {
    assertThat(ConfiguredDuration.seconds(text)).contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600 xx", "3w10", "3600 years", "", "P", "-1", "s"})
  void rejected(String text) {
    assertThat(ConfiguredDuration.seconds(text)).isEmpty();
  }
}
