package org.linotpee.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;

class ProviderMaskTest {
  private static final String STORED =
      """
      {"URL": "https://sms.example.com", "PROXY": "http://u:p4@proxy", "PASSWORD": "p1",
       "PARAMETER": {"api_key": "p2", "from": "me"}, "HEADERS": {"Authorization": ["p3"]},
       "retries": 2}""";

  @Test
  void noSecretIsShown() {
    assertThat(ProviderMask.masked(STORED))
        .doesNotContain("p1", "p2", "p3", "p4")
        .contains("https://sms.example.com", "me", "\"retries\" : 2");
  }

  @Test
  void masksKeepWhatIsStored() {
    String back = ProviderMask.unmasked(ProviderMask.masked(STORED), STORED);
    assertThat(back).contains("p1", "p2", "p3", "p4").doesNotContain(ProviderMask.MASK);
  }

  @Test
  void whatIsTypedReplacesWhatIsStored() {
    assertThat(ProviderMask.unmasked("{\"PASSWORD\": \"new\"}", STORED))
        .isEqualTo("{\"PASSWORD\": \"new\"}");
  }

  @Test
  void aMaskWithoutSecretIsRefused() {
    assertThatThrownBy(() -> ProviderMask.unmasked("{\"OTHER\": \"********\"}", STORED))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("OTHER");
  }
}
