package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 07 section 3.8. */
class PolicyFileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "enable, disable",
        "smstext=\"Your code is <otp>, thanks\"",
        "smstext='your \"code\": <otp>, # sir'",
        "a='x'",
        "x=\"\"\"",
        " blanks ",
        "100%(now)s",
        "it's",
        "line\nbreak",
        "",
        "#"
      })
  void everyTextComesBack(String action) {
    var policies = new ArrayList<PolicyFields>();
    for (String name : List.of("one", "two")) {
      policies.add(
          PolicyFields.of(
              name, Map.of("scope", "authentication", "action", action, "realm", "a, b")));
    }
    Map<String, Map<String, String>> read = PolicyFile.read(PolicyFile.write(policies));
    assertThat(read.keySet()).containsExactly("one", "two");
    assertThat(read.get("two").get("action")).isEqualTo(action);
    assertThat(read.get("one").get("realm")).isEqualTo("a, b");
  }

  @Test
  void whatOtherServersWrite() {
    var read =
        PolicyFile.read(
            "# comment\r\n[q1]\r\naction = passthru  # why\r\nscope=selfservice\r\nuser =\r\n"
                + "realm = a, b\r\nclient = \"\" # none\r\n");
    assertThat(read.get("q1"))
        .isEqualTo(
            new HashMap<>(
                Map.of(
                    "action",
                    "passthru",
                    "scope",
                    "selfservice",
                    "user",
                    "",
                    "realm",
                    "a, b",
                    "client",
                    "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rubbish",
        "key = value",
        "[a]\nrubbish",
        "[a]\naction = \"open",
        "[a]\nx = 'a' b"
      })
  void whatCannotBeRead(String text) {
    assertThatThrownBy(() -> PolicyFile.read(text)).hasMessageMatching(".*line [12].*");
  }
}
