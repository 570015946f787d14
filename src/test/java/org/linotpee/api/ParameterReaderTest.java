package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;

class ParameterReaderTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private static InputStream body(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theQueryStringWinsOverTheFormAndTheFirstValueOverLaterOnes() {
    var parameters = ParameterReader.read("a=1&a=2", FORM, body("a=3&b=4&b=5"), false);
    assertThat(parameters.text("a")).contains("1");
    assertThat(parameters.text("b")).contains("4");
  }

  @Test
  void aNameWithBracketsIsAListOfAllValues() {
    var parameters = ParameterReader.read("s%5B%5D=A", FORM, body("s[]=B&s[]=C"), false);
    assertThat(parameters.list("s")).containsExactly("A", "B", "C");
  }

  @Test
  void aJsonBodyReplacesQueryAndFormAndScalarsWorkLikeTheirText() {
    var parameters =
        ParameterReader.read(
            "a=1",
            "application/json",
            body("{\"b\": true, \"n\": 6, \"l\": [\"x\", 2], \"z\": null}"),
            false);
    assertThat(parameters.has("a")).isFalse();
    assertThat(parameters.text("b")).contains("true");
    assertThat(parameters.text("n")).contains("6");
    assertThat(parameters.list("l")).containsExactly("x", "2");
    assertThat(parameters.has("z")).isFalse();
  }

  @Test
  void whatClaimsToBeJsonAndIsNotIsHttp400() {
    assertThatThrownBy(() -> ParameterReader.read(null, "application/json", body("{"), false))
        .isInstanceOfSatisfying(
            ParameterReader.Unreadable.class, e -> assertThat(e.httpStatus()).isEqualTo(400));
    assertThatThrownBy(() -> ParameterReader.read(null, "application/json", body("[1]"), false))
        .isInstanceOf(ParameterReader.Unreadable.class);
  }

  @Test
  void multipartFormsAreReadLikeUrlencodedOnesAndCarryFiles() {
    String multipart =
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nM\u00fcller\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"u.csv\"\r\n"
            + "Content-Type: text/plain\r\n\r\nline\n\r\n--x--\r\n";
    var parameters =
        ParameterReader.read(null, "multipart/form-data; boundary=x", body(multipart), false);
    assertThat(parameters.text("a")).contains("M\u00fcller");
    assertThat(parameters.file("file").orElseThrow().content()).asString().isEqualTo("line\n");
  }

  @Test
  void theOldParameterSessionIsIgnoredAndBadBytesAreNoError() {
    var parameters = ParameterReader.read("session=x&pass=%ff&odd=%zz", null, null, false);
    assertThat(parameters.has("session")).isFalse();
    assertThat(parameters.text("pass")).contains("\ufffd");
    assertThat(parameters.text("odd")).contains("%zz");
  }

  @Test
  void aSwitchIsTrueFalseOrAnError() {
    var parameters = ParameterReader.read("a=YES&b=0&c=maybe", null, null, false);
    assertThat(parameters.flag("a")).contains(true);
    assertThat(parameters.flag("b")).contains(false);
    assertThat(parameters.flag("d")).isEmpty();
    assertThatThrownBy(() -> parameters.flag("c"))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(-311));
  }
}
