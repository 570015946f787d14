package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/policies.md} says what the catalogue says. */
class PolicyDocumentTest {
  @Test
  void thePageIsCurrent() throws Exception {
    assertThat(Files.readString(Path.of("docs", "policies.md")))
        .as("run: bin/linotp policies documentation > docs/policies.md")
        .isEqualTo(PolicyDocument.markdown());
  }

  @Test
  void everyActionIsDescribed() {
    PolicyCatalogue.scopes()
        .forEach(
            (scope, actions) ->
                actions.forEach(
                    (name, action) -> {
                      assertThat(action.description()).as(scope + "/" + name).isNotBlank();
                      assertThat(action.otherwise()).as(scope + "/" + name).isNotBlank();
                    }));
  }
}
