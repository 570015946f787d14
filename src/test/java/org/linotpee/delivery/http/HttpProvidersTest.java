package org.linotpee.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Neighbours;
import org.linotpee.delivery.Neighbours.Gateway;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.TestAuthority;

class HttpProvidersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NUMBER = "+49 (171) 123-456";
  private static final Message SMS = Message.sms(NUMBER, "716616");

  private static TestAuthority authority;

  private final Tls tls = new Tls(Settings.load(Path.of("target", "no-home"), Map.of()));
  private final Gateway gateway = new Gateway();

  @BeforeAll
  static void found(@TempDir Path folder) throws Exception {
    authority = new TestAuthority(folder);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Provider http(String json) {
    return open(new HttpSmsProvider(tls), json);
  }

  private static Provider open(ProviderClass providerClass, String json) {
    return providerClass.open(ProviderSettings.parse("one", "5", json.replace('\'', '"')));
  }

  private static Outcome send(Provider provider) {
    try (provider) {
      return provider.send(SMS);
    }
  }

  private Outcome send(String more) {
    return send(http("{'URL': '" + gateway.url() + "'" + more + "}"));
  }

  // the request -----------------------------------------------------------------------------------

  @Test
  void numberTextAndParametersAreAForm() {
    assertThat(
            send(
                ", 'PARAMETER': {'user': 'me', 'from': 'Ä B'}, 'SMS_PHONENUMBER_KEY': 'to',"
                    + " 'SMS_TEXT_KEY': 'text'"))
        .isInstanceOf(Outcome.Accepted.class);
    assertThat(gateway.only().body())
        .isEqualTo("to=%2B49+%28171%29+123-456&text=716616&user=me&from=%C3%84+B");
  }

  @Test
  void byGetTheyGoBehindWhatTheUrlHas() {
    send(http("{'URL': '" + gateway.url() + "?a=1#x', 'HTTP_Method': 'get'}"));
    assertThat(gateway.only().target())
        .isEqualTo("/sms?a=1&phone=%2B49+%28171%29+123-456&sms=716616");
  }

  @Test
  void aNumberOrTextCannotLeaveItsParameter() {
    try (Provider provider =
        http("{'URL': '" + gateway.url() + "', 'HTTP_Method': 'GET', 'PARAMETER': {'k': 'v'}}")) {
      provider.send(
          Message.sms("1&to=2#/../x HTTP/1.1\r\nX-Evil: 1", "a&b=c%0d%0a\r\nHost: evil\u0000"));
    }
    assertThat(gateway.only().target()).startsWith("/sms?phone=1%26to%3D2%23%2F..%2Fx+HTTP");
    assertThat(gateway.only().target()).doesNotContain("&b=", "evil\n").endsWith("&k=v");
    assertThat(gateway.only().headers()).doesNotContainKey("X-Evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'HEADERS': {'X': 'a\\r\\nB: c'}",
        "'HEADERS': {'X\\r\\nB': 'c'}",
        "'HEADERS': {'Content-Length': '3'}",
        "'HEADERS': 'X: 1'",
        "'AUTH_TYPE': 'ntlm'",
        "'PROXY': 'ftp://x/'",
        "'PROXY': 7",
        "'PARAMETER': 'a=b'",
        "'SERVER_CERTIFICATE': '/no/such/file'",
        "'SERVER_CERTIFICATE': 7",
        "'CLIENT_CERTIFICATE_FILE': '/no/such/file'",
        "'RETURN_SUCCESS_REGEX': '('",
        "'TIMEOUT': '30s'"
      })
  void settingsThatCannotBeUsedAreRefused(String setting) {
    assertThatThrownBy(() -> http("{'URL': 'http://x/', " + setting + "}"))
        .isInstanceOf(LinotpException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ftp://x/", "http:///x", "/sms", "file:///etc/passwd", "http://%zz/"})
  void otherUrlsAreRefused(String url) {
    assertThatThrownBy(() -> http("{'URL': '" + url + "'}"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("'URL'");
  }

  @Test
  void headersAndBasicLoginAreSentAtOnce() {
    send(", 'USERNAME': 'u', 'PASSWORD': 'pä', 'HEADERS': {'X-A': '1'}");
    assertThat(gateway.only().headers())
        .containsEntry("X-A", "1")
        .containsEntry("Authorization", "Basic dTpww6Q=");
  }

  @Test
  void aLoginInTheUrlIsUsedUnlessThereIsAnother() {
    String url = gateway.url().replace("//", "//u:p%40@");
    send(http("{'URL': '" + url + "'}"));
    send(http("{'URL': '" + url + "', 'USERNAME': 'a', 'PASSWORD': 'b'}"));
    assertThat(gateway.asked.get(0).headers()).containsEntry("Authorization", "Basic dTpwQA==");
    assertThat(gateway.asked.get(1).headers()).containsEntry("Authorization", "Basic YTpi");
  }

  @Test
  void digestAnswersTheChallenge() {
    gateway.answers(
        asked ->
            asked.headers().containsKey("Authorization")
                ? Neighbours.Answer.of(200, "ok")
                : new Neighbours.Answer(
                    401,
                    "who?",
                    Map.of("WWW-Authenticate", "Digest realm=\"r\", nonce=\"abc\", qop=\"auth\"")));
    Outcome outcome =
        send(", 'USERNAME': 'u', 'PASSWORD': 'p', 'AUTH_TYPE': 'Digest', 'RETURN_SUCCESS': 'ok'");
    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    assertThat(gateway.asked).hasSize(2);
    assertThat(gateway.asked.get(1).headers().get("Authorization"))
        .startsWith("Digest ")
        .contains("username=\"u\"");
    assertThat(gateway.asked.get(1).body()).isEqualTo(gateway.asked.get(0).body());
  }

  @Test
  void aLoginIsNotTakenAlongToAnotherServer() {
    try (var other = new Gateway()) {
      gateway.answers(
          asked -> new Neighbours.Answer(302, "moved", Map.of("Location", other.url())));
      send(
          ", 'USERNAME': 'u', 'PASSWORD': 'p', 'HTTP_Method': 'GET',"
              + " 'HEADERS': {'Authorization': 'Bearer x'}");
      assertThat(other.asked)
          .allSatisfy(asked -> assertThat(asked.headers()).doesNotContainKey("Authorization"));
    }
  }

  // the answer ------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'RETURN_SUCCESS': 'ID';ID: 8e1726;true",
        "'RETURN_SUCCESS': 'ID'; ERR: 105;false",
        "'RETURN_FAIL': 'ERR';ERR: 105;false",
        "'RETURN_FAIL': 'ERR';some ERR;true",
        "'RETURN_SUCCESS_REGEX': 'result:0|success';ok: id=12 success;true",
        "'RETURN_SUCCESS_REGEX': '^result:0';ok result:0;false",
        "'RETURN_FAIL_REGEX': 'id=\\\\d+';ok: id=12 success;false",
        "'RETURN_FAIL_REGEX': 'id=\\\\d+';ok: id=none;true",
        "'RETURN_SUCCESS_REGEX': '(?=x)ok';ok;false",
        "'RETURN_SUCCESS_REGEX': '(?P<a>o)(?=k)';ok;true",
        "'RETURN_SUCCESS': 'ok', 'RETURN_FAIL': 'ok';ok;true",
        "'X': 1;anything;true"
      },
      quoteCharacter = '`')
  void theFirstReturnSettingDecides(String setting, String body, boolean success) {
    gateway.answers(500, body);
    assertThat(send(", " + setting) instanceof Outcome.Accepted).isEqualTo(success);
  }

  @Test
  void anExpressionThatTakesTooLongIsNoSuccess() {
    gateway.answers(200, "a".repeat(5000) + "!");
    assertThat(send(", 'RETURN_SUCCESS_REGEX': '^(?=(a+)+$)b'"))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void theStatusCountsOnRequestOnly() {
    gateway.answers(503, "ok");
    assertThat(send("")).isInstanceOf(Outcome.Accepted.class);
    assertThat(send(", 'CHECK_HTTP_STATUS': true"))
        .isInstanceOf(Outcome.Refused.class)
        .extracting(Outcome::reason)
        .asString()
        .contains("503");
  }

  @Test
  void whatCannotBeReachedIsUnavailable() {
    assertThat(send(http("{'URL': 'http://127.0.0.1:" + Neighbours.closedPort() + "/'}")))
        .isInstanceOf(Outcome.Unavailable.class);
    assertThat(send(http("{'URL': 'http://no-such-host.invalid/'}")))
        .isInstanceOf(Outcome.Unavailable.class);
    gateway.answers(asked -> new Neighbours.Answer(302, "", Map.of("Location", gateway.url())));
    assertThat(send(", 'HTTP_Method': 'GET'")).isInstanceOf(Outcome.Unavailable.class);
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedFor() {
    gateway.answers(
        asked -> {
          sleep(3000);
          return Neighbours.Answer.of(200, "ok");
        });
    long begin = System.nanoTime();
    assertThat(send(", 'TIMEOUT': '2,0.3'")).isInstanceOf(Outcome.Unavailable.class);
    assertThat(System.nanoTime() - begin).isLessThan(2_500_000_000L);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anEmptyNumberIsRefusedWithoutAConnection() {
    try (Provider provider =
        http("{'URL': '" + gateway.url() + "', 'MSISDN': true, 'SUPPRESS_PREFIX': '+'}")) {
      assertThat(provider.send(Message.sms("+ ()", "1"))).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(gateway.asked).isEmpty();
  }

  // proxies and TLS -------------------------------------------------------------------------------

  @Test
  void anHttpProxyWithLoginIsUsed() throws Exception {
    try (var proxy = new Neighbours.HttpProxy("me", "pw");
        var secure = new Gateway(authority.serverContext(), true)) {
      String through = ", 'PROXY': 'http://me:pw@127.0.0.1:" + proxy.port() + "'";
      String trust =
          ", 'SERVER_CERTIFICATE': '%s', 'CLIENT_CERTIFICATE_FILE': '%s'"
              .formatted(authority.ca(), authority.client());
      assertThat(
              send(http("{'URL': 'http://sms.invalid:" + gateway.port() + "/s'" + through + "}")))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(send(http("{'URL': '" + secure.url() + "'" + through + trust + "}")))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(proxy.requests).hasSize(2).noneMatch(line -> line.startsWith("407"));
      assertThat(proxy.requests.get(1)).startsWith("CONNECT 127.0.0.1:" + secure.port());
      assertThat(gateway.only().headers()).doesNotContainKey("Authorization");
      assertThat(secure.only().headers()).doesNotContainKey("Proxy-Authorization");
      assertThat(send(http("{'URL': '" + secure.url() + "'" + through + "}")))
          .as("certificate of an authority that is not known")
          .isInstanceOf(Outcome.Unavailable.class);
      String wrong = through.replace("me:pw", "me:no");
      assertThat(send(http("{'URL': 'http://sms.invalid/s'" + wrong + "}")))
          .isInstanceOf(Outcome.Unavailable.class);
      assertThat(send(http("{'URL': '" + secure.url() + "'" + wrong + trust + "}")))
          .isInstanceOf(Outcome.Unavailable.class);
      assertThat(
              send(
                  http(
                      "{'URL': 'https://127.0.0.1:%d/'%s%s}"
                          .formatted(Neighbours.closedPort(), through, trust))))
          .as("the proxy cannot connect")
          .isInstanceOf(Outcome.Unavailable.class);
    }
  }

  @Test
  void aSocksProxyWithLoginIsUsed() throws Exception {
    try (var proxy = new Neighbours.SocksProxy("me", "pw");
        var secure = new Gateway(authority.serverContext(), false)) {
      String at = "me:pw@127.0.0.1:" + proxy.port();
      assertThat(
              send(
                  http(
                      "{'URL': 'http://sms.invalid:%d/', 'PROXY': 'socks5h://%s'}"
                          .formatted(gateway.port(), at))))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(
              send(
                  http(
                      "{'URL': '%s', 'PROXY': {'https': 'socks5://%s'}, 'SERVER_CERTIFICATE': '%s'}"
                          .formatted(secure.url(), at, authority.ca()))))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(proxy.targets)
          .containsExactly("sms.invalid:" + gateway.port(), "127.0.0.1:" + secure.port());
      assertThat(send(", 'PROXY': 'socks5://me:no@127.0.0.1:" + proxy.port() + "'"))
          .isEqualTo(new Outcome.Unavailable("the SOCKS proxy refuses the login"));
    }
  }

  @Test
  void certificatesAreVerifiedUnlessSwitchedOff() throws Exception {
    try (var secure = new Gateway(authority.serverContext(), false)) {
      String url = "{'URL': '" + secure.url() + "'";
      assertThat(send(http(url + "}"))).isInstanceOf(Outcome.Unavailable.class);
      assertThat(send(http(url + ", 'SERVER_CERTIFICATE': '" + authority.ca() + "'}")))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(send(http(url + ", 'SERVER_CERTIFICATE': 'false'}")))
          .isInstanceOf(Outcome.Accepted.class);
      String otherName = "{'URL': 'https://127.0.0.2:" + secure.port() + "/'";
      assertThat(send(http(otherName + ", 'SERVER_CERTIFICATE': '" + authority.ca() + "'}")))
          .as("another name than in the certificate")
          .isInstanceOf(Outcome.Unavailable.class);
    }
  }

  @Test
  void theTestTellsWhatTheGatewaySaid() {
    try (Provider provider =
        http("{'URL': '" + gateway.url().replace("//", "//u:secret@") + "'}")) {
      gateway.answers(405, "");
      assertThat(provider.test().passed()).isTrue();
      assertThat(provider.test().message()).contains("405");
      gateway.answers(401, "");
      assertThat(provider.test().passed()).isFalse();
      assertThat(provider.test().toString()).doesNotContain("secret");
    }
  }

  // REST ------------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'foo':'bar'}|foo|{'foo':'MOD'}",
        "{'foo':{'bar':'baz'}}|foo.bar|{'foo':{'bar':'MOD'}}",
        "{'foo':['bar','baz']}|foo[1]|{'foo':['bar','MOD']}",
        "{'foo':['bar','baz']}|foo.1|{'foo':['bar','MOD']}",
        "{'foo':['bar']}|foo[2]|{'foo':['bar','MOD']}",
        "{'foo':[{'bar':'baz'}]}|foo[0].bar|{'foo':[{'bar':'MOD'}]}",
        "{'foo':[['bar','baz'],['quux','glorp']]}|foo[1][0]"
            + "|{'foo':[['bar','baz'],['MOD','glorp']]}",
        "{'foo':'bar'}|foo.bar.baz|",
        "{'foo':['bar']}|foo[7].x|"
      })
  void placesInDocuments(String document, String path, String expected) throws Exception {
    var node = (ObjectNode) JSON.readTree(document.replace('\'', '"'));
    if (expected == null) {
      assertThatThrownBy(() -> JsonPath.parse(path).write(node, TextNode.valueOf("MOD")))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      JsonPath.parse(path).write(node, TextNode.valueOf("MOD"));
      assertThat(node).isEqualTo(JSON.readTree(expected.replace('\'', '"')));
    }
  }

  private Outcome rest(String payload) {
    return send(
        open(
            new RestSmsProvider(tls),
            "{'URL': '%s', 'SMS_TEXT_KEY': 'body', 'SMS_PHONENUMBER_KEY': 'to', 'PAYLOAD': %s}"
                .formatted(gateway.url(), payload)));
  }

  @Test
  void restPutsTextAndNumberIntoTheDocument() throws Exception {
    assertThat(rest("{'to': [1, '<phone>', {'<phone>': 1}], 'body': 'OTP: <message>'}"))
        .isInstanceOf(Outcome.Accepted.class);
    assertThat(JSON.readTree(gateway.only().body()))
        .isEqualTo(
            JSON.readTree(
                "{\"to\": [1, \"+49 (171) 123-456\", {\"<phone>\": 1}], \"body\": \"OTP: 716616\"}"));
    assertThat(gateway.only().headers().get("Content-type")).startsWith("application/json");
  }

  @Test
  void aTextCannotLeaveItsPlaceInTheDocument() throws Exception {
    try (Provider provider =
        open(
            new RestSmsProvider(tls),
            "{'URL': '%s', 'SMS_TEXT_KEY': 'body', 'SMS_PHONENUMBER_KEY': 'to', 'PAYLOAD': {}}"
                .formatted(gateway.url()))) {
      provider.send(Message.sms("1\", \"x\": \"", "a\", \"to\": \"2"));
    }
    assertThat(JSON.readTree(gateway.only().body()).size()).isEqualTo(2);
  }

  @Test
  void restTriesTheNextUrlAndRefusesErrors() {
    String urls = "http://127.0.0.1:" + Neighbours.closedPort() + "/, " + gateway.url();
    String config =
        "{'URL': '" + urls + "', 'SMS_TEXT_KEY': 'a', 'SMS_PHONENUMBER_KEY': 'b', 'PAYLOAD': {}}";
    assertThat(send(open(new RestSmsProvider(tls), config))).isInstanceOf(Outcome.Accepted.class);
    gateway.answers(400, "no");
    assertThat(rest("{}")).isInstanceOf(Outcome.Refused.class);
  }

  // voice and push --------------------------------------------------------------------------------

  private Provider voice(String twilio) {
    return open(
        new VoiceProvider(tls),
        "{'server_url': '" + gateway.url() + "', 'twilioConfig': " + twilio + "}");
  }

  @Test
  void theVoiceServiceGetsTheCall() throws Exception {
    var message =
        new Message(
            "+491711234567",
            "Hi! Your otp is {otp}",
            Optional.empty(),
            Map.of(Message.OTP, "98018932", Message.LOCALE, "de"));
    try (Provider provider =
        voice("{'accountSid': 'AC', 'authToken': '8f', 'callerNumber': '+49'}")) {
      assertThat(provider.send(message)).isEqualTo(new Outcome.Accepted("ok"));
      gateway.answers(500, "no");
      assertThat(provider.send(message)).isInstanceOf(Outcome.Refused.class);
      assertThat(provider.send(SMS))
          .as("without one-time password")
          .isInstanceOf(Outcome.Refused.class);
      gateway.answers(400, "");
      assertThat(provider.test().passed()).isTrue();
    }
    assertThat(JSON.readTree(gateway.asked.get(0).body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"call": {"calleeNumber": "+491711234567",
                  "messageTemplate": "Hi! Your otp is {otp}", "otp": "98018932", "locale": "de",
                  "twilioConfig": {"accountSid": "AC", "authToken": "8f", "callerNumber": "+49",
                    "voice": "alice"}}}
                """));
    assertThat(gateway.asked.get(2).body()).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'accountSid': 'AC', 'authToken': '8f', 'callerNumber': '+49', 'color': 'red'}",
        "[]"
      })
  void otherTwilioSettingsAreRefused(String twilio) {
    assertThatThrownBy(() -> voice(twilio)).isInstanceOf(LinotpException.class);
  }

  @Test
  void eachPushUrlIsTriedTwiceAndThenLeftAlone() throws Exception {
    String config =
        "{'push_url': ['http://127.0.0.1:%d/', '%s']}"
            .formatted(Neighbours.closedPort(), gateway.url());
    var message =
        new Message("DGWU62", "lseqr://push/AQ", Optional.empty(), Map.of("transactionid", "722"));
    try (Provider provider = open(new PushProvider(tls, Clock.systemUTC()), config)) {
      assertThat(provider.send(message)).isEqualTo(new Outcome.Accepted("ok"));
      assertThat(JSON.readTree(gateway.only().body()))
          .isEqualTo(
              JSON.readTree(
                  "{\"challenge\": {\"transactionId\": \"722\", \"gda\": \"DGWU62\","
                      + " \"challenge\": \"lseqr://push/AQ\"}}"));
      gateway.answers(404, "");
      assertThat(provider.send(message)).isInstanceOf(Outcome.Refused.class);
    }
  }
}
