package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;

class JsonTest {
  @Test
  void theEnvelopeHasThreeBlanksAndItsMembersInOrder() {
    assertThat(Reply.value(true).detail(Map.of("serial", "H1")).text())
        .isEqualTo(
            """
            {
               "jsonrpc": "2.0802",
               "result": {
                  "status": true,
                  "value": true
               },
               "version": "LinOTP 3.4.4",
               "versionNumber": "3.4.4",
               "id": 1,
               "detail": {
                  "serial": "H1"
               }
            }""");
  }

  @Test
  void anErrorHasCodeAndMessageAndNoValue() {
    assertThat(Reply.error(LinotpException.missing("serial")).text())
        .contains("\"message\": \"ERR905: Missing parameter: 'serial'\"")
        .doesNotContain("\"value\"");
  }

  @Test
  void anEmptyDetailIsLeftOut() {
    assertThat(Reply.value(1).detail(Map.of()).text()).doesNotContain("detail");
  }

  @Test
  void whatIsBeyondAsciiIsEscapedInLowerCase() {
    assertThat(Json.line(List.of("M\u00fcller \u20ac \ud83d\ude00 \u0007 \" \\")))
        .isEqualTo("[\"M\\u00fcller \\u20ac \\ud83d\\ude00 \\u0007 \\\" \\\\\"]");
  }

  @Test
  void emptyContainersAreWrittenOnOneLine() {
    var value = new LinkedHashMap<String, Object>();
    value.put("a", List.of());
    value.put("b", Map.of());
    value.put("c", null);
    assertThat(Json.line(value)).isEqualTo("{\"a\": [], \"b\": {}, \"c\": null}");
  }
}
