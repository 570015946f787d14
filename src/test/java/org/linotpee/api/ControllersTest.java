package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllersTest {
  @ParameterizedTest
  @CsvSource({
    "ALL, gettoken, admin, true",
    "ALL, gettoken, gettoken, false",
    "validate admin, '', system, false",
    "validate:/otp admin, '', validate, true",
    "ALL, 'auth manage', manage, false",
    "validate, validate, validate, false",
    "validate, '', healthcheck, true",
  })
  void theDisabledWin(String enabled, String disabled, String controller, boolean served) {
    assertThat(new Controllers(enabled, disabled).served(controller)).isEqualTo(served);
  }

  @Test
  void movedOnesAnswerUnderTheirPrefixAlone() {
    var controllers = new Controllers("validate:/otp admin", "");
    assertThat(controllers.moved("/otp/check")).hasValue("/validate/check");
    assertThat(controllers.moved("/otpx/check")).isEmpty();
    assertThat(controllers.leftBehind("/validate/check")).isTrue();
    assertThat(controllers.leftBehind("/admin/init")).isFalse();
    assertThat(new Controllers("ALL", "").anyMoved()).isFalse();
  }
}
