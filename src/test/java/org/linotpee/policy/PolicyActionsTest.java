package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;

class PolicyActionsTest {
  @Test
  void aTextIsReadAndWrittenAgain() {
    String text = "enable, !disable, maxtoken=5, tokenlabel=\"<u>, <r>\", otppin=0";
    List<PolicyActions.Entry> entries = PolicyActions.of(text);
    assertThat(entries)
        .containsExactly(
            new PolicyActions.Entry("enable", "true", true),
            new PolicyActions.Entry("disable", "false", true),
            new PolicyActions.Entry("maxtoken", "5", false),
            new PolicyActions.Entry("tokenlabel", "<u>, <r>", false),
            new PolicyActions.Entry("otppin", "0", false));
    assertThat(PolicyActions.text(entries)).isEqualTo(text);
  }

  @Test
  void aValueWithDoubleQuotesGetsSingleOnes() {
    var entry = new PolicyActions.Entry("footer_text", "say \"a, b\"", false);
    String text = PolicyActions.text(List.of(entry));
    assertThat(PolicyActions.of(text)).containsExactly(entry);
  }

  @Test
  void anOpenQuoteIsRefused() {
    assertThatThrownBy(() -> PolicyActions.of("a=\"b"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("non terminated quote");
  }
}
