package org.linotpee.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.LinotpException;
import org.linotpee.delivery.Neighbours;
import org.linotpee.forwarding.RadiusServer;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;

/** Tokens whose values other servers check (spec 08 sections 13 and 14, spec 02 section 7.1). */
class ElsewhereTest {
  private static final String YES = "{\"result\": {\"status\": true, \"value\": true}}";
  private static final String NO = "{\"result\": {\"status\": true, \"value\": false}}";

  private TestProduct product;
  private Neighbours.Gateway other;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice", "bob");
    other = new Neighbours.Gateway();
  }

  @AfterEach
  void stop() {
    other.close();
    product.close();
  }

  private String url() {
    return other.url().replaceAll("/sms$", "");
  }

  private void remote(String user, String serial, String... more) {
    Map<String, String> all =
        TestProduct.map("type", "remote", "serial", serial, "remote.server", url(), "pin", "near");
    all.putAll(TestProduct.map(more));
    product.enrollment.enroll(
        all, user.isEmpty() ? UserName.NONE : product.name(user), product.audit("admin/init"));
  }

  private static Map<String, String> form(Neighbours.Asked asked) {
    var form = new TreeMap<String, String>();
    for (String pair : asked.body().split("&")) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  // remote ----------------------------------------------------------------------------------------

  @Test
  void aRightPinHereSendsTheRestAWrongOneNothing() {
    remote("alice", "R1", "remote.user", "bob", "remote.realm", "far");
    other.answers(200, YES);
    assertThat(product.check("alice", "fear123456")).isFalse();
    assertThat(other.asked).isEmpty();
    assertThat(product.check("alice", "near123456")).isTrue();
    assertThat(other.only().target()).isEqualTo("/validate/check");
    assertThat(form(other.only()))
        .isEqualTo(Map.of("user", "bob", "realm", "far", "pass", "123456"));
    assertThat(product.token("R1").counter()).isEqualTo(1);
  }

  @Test
  void withThePinElsewhereEverythingIsSent() {
    remote("alice", "R1", "remote.serial", "FAR1", "remote.local_checkpin", "0");
    other.answers(a -> Neighbours.Answer.of(200, form(a).get("pass").equals("ok") ? YES : NO));
    assertThat(product.check("alice", "near")).isFalse();
    assertThat(product.token("R1").failCount()).isEqualTo(1);
    assertThat(product.check("alice", "ok")).isTrue();
    assertThat(product.token("R1").failCount()).isZero();
    assertThat(other.asked.get(1).target()).isEqualTo("/validate/check_s");
    assertThat(form(other.asked.get(1))).isEqualTo(Map.of("serial", "FAR1", "pass", "ok"));
  }

  @Test
  void whatTheOtherServerAsksBackBecomesAChallengeOfOurOwn() {
    remote("alice", "R1", "remote.serial", "FAR1", "remote.local_checkpin", "0");
    other.answers(
        a ->
            Neighbours.Answer.of(
                200,
                form(a).containsKey("state")
                    ? form(a).get("pass").equals("4711") ? YES : NO
                    : "{\"result\": {\"status\": true, \"value\": false},"
                        + " \"detail\": {\"transactionid\": \"far-1\", \"message\": \"Code?\"}}"));
    assertThat(product.outcome("alice", "static")).isInstanceOf(Outcome.Refused.class);
    product.policy("cr", "authentication", "challenge_response=remote");
    var asked = (Outcome.Challenged) product.outcome("alice", "static");
    assertThat(asked.transactionId()).isNotEqualTo("far-1").matches("[0-9]{17}");
    assertThat(asked.detail())
        .containsEntry("message", "Remote Otp: ")
        .containsEntry("remote_message", "Code?");
    assertThat(product.check("alice", "4712", "state", asked.transactionId())).isFalse();
    assertThat(product.check("alice", "4711", "state", asked.transactionId())).isTrue();
    assertThat(form(other.asked.get(other.asked.size() - 1)))
        .containsEntry("state", "far-1")
        .containsEntry("pass", "4711");
    assertThat(product.check("alice", "4711", "state", asked.transactionId())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"result\": {\"status\": false, \"value\": true}}",
        "{\"result\": {}}",
        "<html>",
        "{\"result\": {\"status\": true, \"value\": \"true \"}}"
      })
  void oddAnswersAreRefusals(String answer) {
    remote("alice", "R1", "remote.serial", "FAR1", "remote.local_checkpin", "0");
    other.answers(200, answer);
    assertThat(product.check("alice", "x")).isFalse();
    other.answers(500, YES);
    assertThat(product.check("alice", "x")).isFalse();
  }

  @Test
  void aServerThatIsDownIsARefusal() {
    remote("alice", "R1", "remote.local_checkpin", "0", "remote.server", "http://127.0.0.1:9");
    assertThat(product.check("alice", "x")).isFalse();
  }

  @Test
  void aTokenOfNobodyAsksAboutNobody() {
    remote("", "R1", "remote.local_checkpin", "0");
    other.answers(200, YES);
    assertThat(
            product
                .authentication
                .check(
                    new Attempt(
                        UserName.NONE, Optional.of("x"), Map.of("serial", "R1"), "validate"),
                    product.audit("validate/check_s"))
                .accepted())
        .isFalse();
    assertThat(other.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "file:///etc/passwd", "no url", "http://", "x.example.com"})
  void onlyWebServersCanBeAsked(String server) {
    assertThatThrownBy(() -> remote("alice", "R1", "remote.server", server))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("remote.server");
  }

  // automatic assignment --------------------------------------------------------------------------

  private void pool(String... serials) {
    product.policy("aa", "enrollment", "autoassignment, autoassignment_forward");
    for (String serial : serials) {
      remote("", serial, "realm", "people", "remote.realm", "far", "pin", "");
    }
  }

  @Test
  void theServerOfAPoolTellsWhoseValueItIsAndIsAskedOnce() {
    pool("R1", "R2", "R3");
    other.answers(200, YES);
    assertThat(product.check("alice", "wrong123456")).isFalse();
    assertThat(other.asked).isEmpty();
    assertThat(product.check("alice", "pw123456")).isTrue();
    assertThat(form(other.only()))
        .isEqualTo(Map.of("user", "alice", "realm", "far", "pass", "pw123456"));
    assertThat(product.token("R1").owner()).isPresent();
    assertThat(product.token("R2").owner()).isEmpty();
    assertThat(product.check("alice", "pw654321")).isTrue();
    assertThat(form(other.asked.get(1)))
        .isEqualTo(Map.of("user", "alice", "realm", "people", "pass", "654321"));
  }

  @Test
  void whatTheServerRefusesIsNotAssigned() {
    pool("R1");
    other.answers(200, NO);
    assertThat(product.check("alice", "pw123456")).isFalse();
    assertThat(product.token("R1").owner()).isEmpty();
  }

  @Test
  void withoutThePolicyNoServerIsAsked() {
    pool("R1");
    product.policy("aa", "enrollment", "autoassignment");
    other.answers(200, YES);
    assertThat(product.check("alice", "pw123456")).isFalse();
    assertThat(other.asked).isEmpty();
  }

  // radius ----------------------------------------------------------------------------------------

  private void radius(RadiusServer server, String... more) {
    Map<String, String> all =
        TestProduct.map(
            "type",
            "radius",
            "serial",
            "D1",
            "radius.server",
            "127.0.0.1:" + server.port(),
            "radius.user",
            "far-alice",
            "radius.secret",
            "s3cret",
            "pin",
            "near");
    all.putAll(TestProduct.map(more));
    product.enrollment.enroll(all, product.name("alice"), product.audit("admin/init"));
  }

  @Test
  void aRadiusServerDecides() throws Exception {
    try (var server =
        new RadiusServer(
            "s3cret",
            r ->
                r.password().equals("right")
                    ? RadiusServer.Answer.ACCEPT
                    : RadiusServer.Answer.REJECT)) {
      radius(server);
      assertThat(product.check("alice", "right")).isTrue();
      assertThat(product.check("alice", "wrong")).isFalse();
      assertThat(server.requests().get(0).user()).isEqualTo("far-alice");
      radius(server, "radius.local_checkpin", "1", "otplen", "5");
      int before = server.requests().size();
      assertThat(product.check("alice", "fearright")).isFalse();
      assertThat(server.requests()).hasSize(before);
      assertThat(product.check("alice", "nearright")).isTrue();
    }
  }

  @Test
  void aRadiusChallengeIsAnsweredWithItsState() throws Exception {
    try (var server =
        new RadiusServer(
            "s3cret",
            r ->
                r.state().isEmpty()
                    ? new RadiusServer.Answer(11, Optional.of("st\u00e4te"), List.of("Code?"))
                    : r.state().get().equals("st\u00e4te") && r.password().equals("4711")
                        ? RadiusServer.Answer.ACCEPT
                        : RadiusServer.Answer.REJECT)) {
      radius(server);
      product.policy("cr", "authentication", "challenge_response=*");
      var asked = (Outcome.Challenged) product.outcome("alice", "static");
      assertThat(product.check("alice", "4711", "transactionid", asked.transactionId())).isTrue();
    }
  }

  @Test
  void theSharedSecretIsNotShown() throws Exception {
    try (var server = new RadiusServer("s3cret", r -> RadiusServer.Answer.ACCEPT)) {
      radius(server);
      Token token = product.token("D1");
      assertThat(token.info().text()).doesNotContain("s3cret").contains("far-alice");
      assertThat(product.secrets.seed(token)).isEqualTo("733363726574");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:0", "host:99999", "http://host", "a b", "::1", ""})
  void whatIsNoRadiusServer(String address) throws Exception {
    try (var server = new RadiusServer("s3cret", r -> RadiusServer.Answer.ACCEPT)) {
      assertThatThrownBy(() -> radius(server, "radius.server", address))
          .isInstanceOf(LinotpException.class)
          .hasMessageContaining("radius.server");
    }
  }
}
