package org.linotpee.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;

/** The vectors of spec 07 section 11.3. */
class PinRulesTest {
  private static final List<String> PINS =
      List.of(
          "",
          "abc",
          "123",
          "abc1",
          "!!!",
          "abc1!",
          "a-b",
          "\u00e4\u00f6",
          "abc1\u00e4",
          "ab 1",
          "A@1",
          "1-2");

  private static PinRules contents(String contents) {
    return new PinRules(Optional.empty(), Optional.empty(), contents, PinRules.Classes.STANDARD);
  }

  @ParameterizedTest
  @CsvSource({
    "'', T T T T T T T T T T T T",
    "c,  F T F T F T T F T T T F",
    "n,  F F T T F T F F T T T T",
    "s,  F F F F T T F F F F T F",
    "o,  F F F F F F T T T T F T",
    "cn, F F F T F T F F T T T F",
    "nc, F F F T F T F F T T T F",
    "cns,F F F F F T F F F F T F",
    "+c, F T F F F F F F F F F F",
    "+n, F F T F F F F F F F F F",
    "+cn,F T T T F F F F F F F F",
    "+cns,F T T T T T F F F F T F",
    "+,  F F F F F F F F F F F F",
    "-c, F T F F F F F F F F F F",
    "-cn,F F F T F F F F F F F F",
    "-cns,F F F F F T F F F F T F",
    "-,  T F F F F F F F F F F F",
    "C,  T T T T T T T T T T T T"
  })
  void contents(String contents, String outcomes) {
    String[] expected = outcomes.split(" ");
    for (int i = 0; i < PINS.size(); i++) {
      assertThat(contents(contents).problem(PINS.get(i)).isEmpty())
          .as("'%s' with contents '%s'", PINS.get(i), contents)
          .isEqualTo(expected[i].equals("T"));
    }
  }

  @Test
  void lengthIsCountedInCharacters() {
    var rules = new PinRules(Optional.of(4), Optional.of(8), "", PinRules.Classes.STANDARD);
    assertThatThrownBy(() -> rules.require("bla"))
        .isInstanceOf(LinotpException.class)
        .hasMessageStartingWith("Error: ")
        .hasMessageContaining("too short");
    assertThatThrownBy(() -> rules.require("12345678test")).hasMessageContaining("too long");
    rules.require("1234567");
    rules.require("\ud83d\udd11".repeat(8));
    assertThat(rules.problem("\ud83d\udd11".repeat(3))).isPresent();
  }

  @Test
  void theClassesCanBeConfigured() {
    var classes =
        PinRules.Classes.of(
            new Configuration(
                List.of(new Configuration.Entry("linotpPolicy.pin_s", "[-]", "", ""))));
    var rules = new PinRules(Optional.empty(), Optional.empty(), "s", classes);
    assertThat(rules.problem("1-2")).isEmpty();
    assertThat(rules.problem("1!2")).isPresent();
    assertThatThrownBy(
            () ->
                PinRules.Classes.of(
                    new Configuration(
                        List.of(new Configuration.Entry("linotpPolicy.pin_c", "[", "", "")))))
        .isInstanceOf(LinotpException.class);
  }
}
