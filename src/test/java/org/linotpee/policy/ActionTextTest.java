package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of spec 07 sections 4.3, 4.6 and 4.8. */
class ActionTextTest {
  private static Map<String, Object> actions(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static void reads(String text, Object... pairs) {
    assertThat(ActionText.parse(text)).as(text).isEqualTo(actions(pairs));
  }

  @Test
  void theGrammar() {
    reads("");
    reads("delete", "delete", true);
    reads(", delete ,", "delete", true);
    reads("!delete", "delete", false);
    reads("! delete", "delete", false);
    reads("delete=true", "delete", "true");
    reads("delete=FALSE", "delete", false);
    reads("delete=0", "delete", "0");
    reads("!delete=1", "!delete", "1");
    reads("otppin = 3 ", "otppin", "3");
    reads("f =,", "f", "");
    reads("=x");
    reads("a=b=c", "a", "b=c");
    reads("a=!b", "a", "!b");
    reads("a='x,y'", "a", "x,y");
    reads("a=\"x'y\"", "a", "x'y");
    reads("a='x' y", "a", "'x' y");
    reads("a='x','y'", "a", "x", "'y'", true);
    reads("a=\" x \"", "a", " x ");
    reads("a= x y ", "a", "x y");
    reads("a=x,a=x", "a", "x");
    reads("a='abc = 1' b = '1 ,0'", "a", "'abc = 1' b = '1 ,0'");
    reads("c=\",;'_\", d='\",,\",,\"'", "c", ",;'_", "d", "\",,\",,\"");
    reads("*", "*", true);
    reads("*, !remove", "*", true, "remove", false);
    reads("smstext=Your code: <otp>, thanks", "smstext", "Your code: <otp>", "thanks", true);
    reads(
        "voice_message = \"Sir, your otp is {otp}\" , otppin=3,!enrollHMAC,delete",
        "voice_message",
        "Sir, your otp is {otp}",
        "otppin",
        "3",
        "enrollHMAC",
        false,
        "delete",
        true);
    reads(
        "forward_server=radius://192.0.2.7:1812/?encsecret=f23847c20,x=123",
        "forward_server",
        "radius://192.0.2.7:1812/?encsecret=f23847c20",
        "x",
        "123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=x,a=y", "a='x", "a=it's"})
  void malformedTexts(String text) {
    assertThatThrownBy(() -> ActionText.parse(text)).isInstanceOf(ActionText.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1h | 3600",
        "3h 20m 10s | 12010",
        "1d 1 h | 90000",
        "36 h 120 m | 136800",
        "2w | 1209600",
        "2 days 3 hours | 183600",
        "P23DT23H | 2070000",
        "PT1M | 60",
        "P1M | 2592000",
        "P1Y2M3W4DT5H6M7S | 38898367"
      })
  void durations(String text, long seconds) {
    assertThat(PolicyDuration.seconds(text)).contains(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1h 1d", "1.5h", "abc", "8", "", "P", "PT"})
  void noDurations(String text) {
    assertThat(PolicyDuration.seconds(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "selfservice | foo",
        "foo | delete",
        "enrollment | maxtoken=a",
        "selfservice | delete=maybe",
        "selfservice | totp_otplen=7",
        "authentication | otppin=9",
        "authentication | otppin=1 2",
        "authentication | otppin",
        "authentication | support_offline=qr push",
        "enrollment | lostTokenValid=abc",
        "enrollment | tokenlabel",
        "selfservice | *"
      })
  void whatIsRefusedAtSave(String scope, String text) {
    assertThatThrownBy(() -> PolicyCatalogue.check("p", scope, ActionText.items(text)))
        .hasMessageContaining(scope);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "authentication | support_offline=qr u2f",
        "enrollment | lostTokenValid=1d 3h",
        "enrollment | maxtoken",
        "admin | *",
        "enrollment | partition=1",
        "authentication | qrtanurl.one=http://x",
        "ocra2 | whatever=1",
        "reporting | token_status=active, token_status=inactive"
      })
  void whatIsAccepted(String scope, String text) {
    PolicyCatalogue.check("p", scope, ActionText.items(text));
  }
}
