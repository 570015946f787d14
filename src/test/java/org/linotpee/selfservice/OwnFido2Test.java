package org.linotpee.selfservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;
import org.linotpee.testing.SoftDevice;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Token;

/** FIDO2 tokens from their registration by the user to the login (spec 08 section 21). */
class OwnFido2Test {
  private static final String PIN = "1234";
  private static final ObjectMapper JSON = new ObjectMapper();

  private SelfserviceProduct self;
  private TestProduct product;
  private SoftDevice device;

  @BeforeEach
  void begin() {
    self = new SelfserviceProduct("alice", "bob");
    product = self.product;
    device = new SoftDevice("https://login.bank.example");
    product.policy(
        "rp", "enrollment", "fido2_rp_id=bank.example, fido2_rp_name=Bank", "active", "True");
    product.policy("s", "selfservice", "enrollFIDO2, setOTPPIN, enable, verify");
  }

  @AfterEach
  void end() {
    self.close();
  }

  // registration ----------------------------------------------------------------------------------

  private JsonNode begin(String user, String serial, String... more) {
    var parameters = TestProduct.map("type", "fido2", "serial", serial, "pin", PIN);
    parameters.putAll(TestProduct.map(more));
    return request(
        self.enrollment.enroll(self.user(user), parameters, self.audit("enroll")).more());
  }

  private static JsonNode request(Map<String, Object> told) {
    return JSON.valueToTree(told.get("registerrequest"));
  }

  private JsonNode beginAgain(String user, String serial) {
    return request(
        self.enrollment
            .proceed(
                self.user(user),
                "fido2",
                Optional.of(serial),
                Map.of("phase", Optional.of("registration")),
                self.audit("fido2_activate_begin"))
            .more());
  }

  private void finish(String user, String serial, String response) {
    self.enrollment.proceed(
        self.user(user),
        "fido2",
        Optional.of(serial),
        Map.of("attestationResponse", Optional.of(response)),
        self.audit("fido2_activate_finish"));
  }

  private void register(String serial) {
    finish("alice", serial, device.register(begin("alice", serial)));
  }

  private static void refused(int code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            LinotpException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void aDeviceIsRegisteredInTwoSteps() {
    JsonNode request = begin("alice", "F1");
    assertThat(request.path("rp").toString())
        .isEqualTo("{\"id\":\"bank.example\",\"name\":\"Bank\"}");
    assertThat(request.path("user").toString())
        .isEqualTo("{\"id\":\"YWxpY2U\",\"name\":\"alice\",\"displayName\":\"alice\"}");
    assertThat(request.path("timeout").asInt()).isEqualTo(120_000);
    assertThat(request.path("attestation").asText()).isEqualTo("direct");
    assertThat(request.path("authenticatorSelection").toString())
        .isEqualTo(
            "{\"residentKey\":\"preferred\",\"requireResidentKey\":false,\"userVerification\":\"preferred\"}");
    assertThat(request.has("hints") || request.has("excludeCredentials")).isFalse();
    Token token = product.token("F1");
    assertThat(token.active()).isFalse();
    assertThat(token.otpLength()).isEqualTo(32);
    assertThat(self.tokens.list(self.user("alice"), Optional.empty(), false).get(0).enrollment())
        .containsEntry("detail", "unpaired");

    finish("alice", "F1", device.register(request));
    token = product.token("F1");
    assertThat(token.active()).isTrue();
    assertThat(token.info().get("phase")).contains("authentication");
    assertThat(token.info().get("counter")).contains("1");
    assertThat(token.info().get("registration_challenge")).isEmpty();
    assertThat(token.info().get("fido2_credential").orElseThrow())
        .contains(
            "\"rp_id\":\"bank.example\"", "\"transports\":[\"usb\"]", "\"resident_key\":true");
  }

  @Test
  void aResponseIsTakenOnceAndOnlyForTheNewestChallenge() {
    String first = device.register(begin("alice", "F1"));
    JsonNode again = beginAgain("alice", "F1");
    refused(905, () -> finish("alice", "F1", first));
    String second = device.register(again);
    finish("alice", "F1", second);
    refused(905, () -> finish("alice", "F1", second));
    refused(905, () -> beginAgain("alice", "F1"));
  }

  @Test
  void aRegistrationThatTookTooLongIsRefused() {
    String response = device.register(begin("alice", "F1"));
    product.clock.advance(Duration.ofSeconds(121));
    refused(905, () -> finish("alice", "F1", response));
    product.configure("FIDO2ChallengeValidityTime", "300");
    finish("alice", "F1", response);
  }

  @Test
  void onlyTheOwnerGoesOnAndOnlyWithTheRight() {
    String response = device.register(begin("alice", "F1"));
    refused(-311, () -> finish("bob", "F1", response));
    refused(-311, () -> finish("alice", "nosuch", response));
    refused(905, () -> finish("alice", "", response));
    product.enroll("alice", "serial", "H1", "otpkey", TestProduct.SEED);
    refused(905, () -> finish("alice", "H1", response));
    product.policy("s", "selfservice", "enrollHMAC");
    refused(410, () -> finish("alice", "F1", response));
    refused(410, () -> beginAgain("alice", "F1"));
    assertThat(product.token("F1").active()).isFalse();
  }

  private void refusedWhen(Consumer<SoftDevice> misbehave) {
    JsonNode request = beginAgain("alice", "F1");
    SoftDevice bad = new SoftDevice("https://bank.example");
    misbehave.accept(bad);
    String response = bad.register(request);
    refused(905, () -> finish("alice", "F1", response));
    assertThat(product.token("F1").active()).isFalse();
  }

  @Test
  void whatIsNotRightIsNotRegistered() {
    product.policy(
        "v",
        "enrollment",
        "fido2_rp_id=bank.example, fido2_user_verification_requirement=required");
    product.policy("rp", "enrollment", "tokenissuer=x");
    begin("alice", "F1");
    refusedWhen(d -> d.origin = "https://bank.example.evil.example");
    refusedWhen(d -> d.origin = "http://bank.example");
    refusedWhen(d -> d.crossOrigin = true);
    refusedWhen(d -> d.rpId = Optional.of("evil.example"));
    refusedWhen(d -> d.challenge = Optional.of("AAAA"));
    refusedWhen(d -> d.type = Optional.of("webauthn.get"));
    refusedWhen(d -> d.flags = SoftDevice.VERIFIED);
    refusedWhen(d -> d.flags = SoftDevice.PRESENT);
    refusedWhen(
        d -> {
          d.attests = true;
          d.wrongSignature = true;
        });
    finish("alice", "F1", device.register(beginAgain("alice", "F1")));
  }

  @Test
  void withoutRelyingPartyThereIsNoRegistration() {
    for (String id : List.of("co.uk", "https://bank.example", "127.0.0.1")) {
      product.policy("rp", "enrollment", "fido2_rp_id=" + id);
      refused(1901, () -> begin("alice", "F1"));
    }
    product.policy("rp", "enrollment", "fido2_rp_name=Bank");
    refused(1901, () -> begin("alice", "F1"));
    refused(
        905,
        () ->
            product.enrollment.enroll(
                TestProduct.map("type", "fido2"), UserName.NONE, product.audit("admin/init")));
  }

  @Test
  void policiesDecideWhatTheDeviceIsAskedFor() {
    product.policy(
        "p",
        "enrollment",
        "fido2_authenticator_types=hybrid security-key, fido2_attestation_conveyance=none,"
            + " fido2_resident_key_requirement=required, fido2_user_verification_requirement=discouraged,"
            + " tokenlabel=<u>@<r> <d>");
    JsonNode request = begin("alice", "F1", "description", "blue");
    assertThat(request.path("hints").toString()).isEqualTo("[\"hybrid\",\"security-key\"]");
    assertThat(request.path("authenticatorSelection").toString())
        .isEqualTo(
            "{\"authenticatorAttachment\":\"cross-platform\",\"residentKey\":\"required\","
                + "\"requireResidentKey\":true,\"userVerification\":\"discouraged\"}");
    assertThat(request.path("attestation").asText()).isEqualTo("none");
    assertThat(request.path("user").path("displayName").asText()).isEqualTo("alice@people blue");
    product.policy("p", "enrollment", "fido2_authenticator_types=client-device");
    assertThat(
            beginAgain("alice", "F1")
                .path("authenticatorSelection")
                .path("authenticatorAttachment"))
        .hasToString("\"platform\"");
    product.policy("p", "enrollment", "fido2_authenticator_types=client-device hybrid");
    assertThat(beginAgain("alice", "F1").path("authenticatorSelection").toString())
        .doesNotContain("Attachment");
  }

  @Test
  void theRelyingPartyOfATokenOutlivesThePolicy() {
    begin("alice", "F1");
    product.policy("rp", "enrollment", "fido2_rp_id=other.example, fido2_rp_name=Other");
    JsonNode request = beginAgain("alice", "F1");
    assertThat(request.path("rp").path("id").asText()).isEqualTo("bank.example");
    finish("alice", "F1", device.register(request));
    assertThat(challenge().path("rpId").asText()).isEqualTo("bank.example");
  }

  @Test
  void onlyModelsOfAnyFittingPolicyAreRegistered() {
    product.policy(
        "m1", "enrollment", "fido2_allowed_authenticators=00000000-0000-0000-0000-00000000000A");
    JsonNode request = begin("alice", "F1");
    assertThatThrownBy(() -> finish("alice", "F1", device.register(request)))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("m1");
    product.policy(
        "m2", "enrollment", "fido2_allowed_authenticators=x F1D0F1D0-f1d0-f1d0-f1d0-f1d0f1d0f1d0");
    finish("alice", "F1", device.register(request));
  }

  @Test
  void aDeviceIsNotRegisteredTwice() {
    register("F1");
    JsonNode request = begin("alice", "F2");
    assertThat(request.path("excludeCredentials").size()).isEqualTo(1);
    refused(905, () -> finish("alice", "F2", device.register(request)));
    finish("alice", "F2", new SoftDevice("https://bank.example").register(request));
  }

  @Test
  void aStepIsNotCountedAsAToken() {
    product.policy("max", "enrollment", "maxtoken=1, maxtokenFIDO2=1");
    register("F1");
    refused(411, () -> begin("alice", "F2"));
  }

  @Test
  void anUnregisteredTokenCannotBeEnabledOrUsed() {
    begin("alice", "F1");
    refused(
        -311,
        () -> self.tokens.enable(self.user("alice"), Optional.of("F1"), self.audit("enable")));
    assertThat(product.outcome("alice", PIN)).isInstanceOf(Outcome.Refused.class);
    refused(
        905,
        () -> self.test.verify(self.user("alice"), Map.of("serial", "F1"), self.audit("verify")));
  }

  @Test
  void administratorsGoTheSameTwoSteps() {
    var step = TestProduct.map("type", "fido2", "serial", "F1", "pin", PIN, "enable", "True");
    var result =
        product.enrollment.enroll(step, product.name("alice"), product.audit("admin/init"));
    assertThat(product.outcome("alice", PIN)).isInstanceOf(Outcome.Refused.class);
    var second = new LinkedHashMap<>(step);
    second.put("attestationResponse", device.register(request(result.more())));
    refused(
        905,
        () -> product.enrollment.enroll(second, product.name("bob"), product.audit("admin/init")));
    product.enrollment.enroll(second, product.name("alice"), product.audit("admin/init"));
    assertThat(answer(device.sign(challenge()))).isTrue();
  }

  // login -----------------------------------------------------------------------------------------

  private String transaction;

  private JsonNode challenge() {
    var challenged = (Outcome.Challenged) product.outcome("alice", PIN);
    transaction = challenged.transactionId();
    return JSON.valueToTree(challenged.detail().get("signrequest"));
  }

  private boolean answer(String text) {
    return product.check("alice", text, "transactionid", transaction);
  }

  @Test
  void thePinBringsAChallengeAndTheDeviceAnswersItOnce() {
    register("F1");
    JsonNode request = challenge();
    assertThat(request.path("allowCredentials").toString())
        .contains("\"type\":\"public-key\"", "\"transports\":[\"usb\"]");
    assertThat(request.path("timeout").asInt()).isEqualTo(120_000);
    assertThat(request.path("userVerification").asText()).isEqualTo("preferred");
    String response = device.sign(request);
    assertThat(answer(response)).isTrue();
    Token token = product.token("F1");
    assertThat(token.info().get("counter")).contains("2");
    assertThat(token.info().get("last_auth_uv")).contains("True");
    assertThat(token.counter()).isEqualTo(1);
    assertThat(answer(response)).isFalse();
    assertThat(product.token("F1").active()).isTrue();
    challenge();
    assertThat(answer(response)).isFalse();
  }

  @Test
  void theAnswerMayHaveThePinInFront() {
    register("F1");
    assertThat(answer(PIN + device.sign(challenge()))).isTrue();
    String response = device.sign(challenge());
    assertThat(answer("4321" + response)).isFalse();
    assertThat(answer(response)).isTrue();
  }

  @Test
  void anExpiredChallengeIsNotAnswered() {
    register("F1");
    String response = device.sign(challenge());
    product.clock.advance(Duration.ofSeconds(121));
    assertThat(answer(response)).isFalse();
  }

  @Test
  void aChallengeIsBoundToItsTransaction() {
    register("F1");
    JsonNode first = challenge();
    challenge();
    assertThat(answer(device.sign(first))).isFalse();
    assertThat(product.token("F1").failCount()).isEqualTo(1);
  }

  private void refusedAnswer(Consumer<SoftDevice> misbehave, Consumer<SoftDevice> mend) {
    JsonNode request = challenge();
    int before = product.token("F1").failCount();
    misbehave.accept(device);
    assertThat(answer(device.sign(request))).isFalse();
    assertThat(product.token("F1").failCount()).isEqualTo(before + 1);
    mend.accept(device);
  }

  @Test
  void whatIsNotRightIsCountedAsAFailure() {
    product.policy("v", "authentication", "fido2_user_verification_requirement=required");
    register("F1");
    String home = device.origin;
    refusedAnswer(d -> d.origin = "https://evil.example", d -> d.origin = home);
    refusedAnswer(d -> d.crossOrigin = true, d -> d.crossOrigin = false);
    refusedAnswer(d -> d.rpId = Optional.of("evil.example"), d -> d.rpId = Optional.empty());
    refusedAnswer(d -> d.challenge = Optional.of("AAAA"), d -> d.challenge = Optional.empty());
    refusedAnswer(d -> d.type = Optional.of("webauthn.create"), d -> d.type = Optional.empty());
    refusedAnswer(d -> d.wrongSignature = true, d -> d.wrongSignature = false);
    byte[] id = device.id;
    refusedAnswer(d -> d.id = new byte[32], d -> d.id = id);
    refusedAnswer(d -> d.flags = SoftDevice.PRESENT, d -> d.flags = 5);
    refusedAnswer(d -> d.flags = SoftDevice.VERIFIED, d -> d.flags = 5);
    assertThat(answer("{\"broken")).isFalse();
    assertThat(product.token("F1").locked()).isTrue();
    product.transactions.required(
        em -> {
          product.tokens.bySerial(em, "F1").orElseThrow().resetFailCount();
          return null;
        });
    assertThat(answer(device.sign(challenge()))).isTrue();
  }

  @Test
  void aCounterThatDoesNotGrowDisablesTheToken() {
    register("F1");
    device.counter = 10;
    assertThat(answer(device.sign(challenge()))).isTrue();
    device.counter = 10;
    assertThat(answer(device.sign(challenge()))).isFalse();
    assertThat(product.token("F1").active()).isFalse();
  }

  @Test
  void aDeviceThatNeverCountsIsAcceptedOneThatStopsIsNot() {
    device.counter = 0;
    register("F1");
    device.counter = 0;
    assertThat(answer(device.sign(challenge()))).isTrue();
    device.counter = 5;
    assertThat(answer(device.sign(challenge()))).isTrue();
    device.counter = 0;
    assertThat(answer(device.sign(challenge()))).isFalse();
    assertThat(product.token("F1").active()).isFalse();
  }

  @Test
  void modelsThatAreNotAllowedAnyMoreAreNotAsked() {
    register("F1");
    JsonNode request = challenge();
    product.policy("m", "authorization", "fido2_allowed_authenticators=" + UUID.randomUUID());
    assertThat(product.outcome("alice", PIN)).isInstanceOf(Outcome.Refused.class);
    assertThat(answer(device.sign(request))).isFalse();
    product.policy("m", "authorization", "fido2_allowed_authenticators=" + device.model);
    assertThat(answer(device.sign(challenge()))).isTrue();
  }

  @Test
  void aKeyThatWasPutIntoTheInfoOpensNothing() {
    register("F1");
    SoftDevice other = new SoftDevice(device.origin);
    finish("bob", "F2", other.register(begin("bob", "F2")));
    product.transactions.required(
        em -> {
          Token mine = product.tokens.bySerial(em, "F1").orElseThrow();
          Token others = product.tokens.bySerial(em, "F2").orElseThrow();
          mine.info(others.info());
          return null;
        });
    assertThat(answer(other.sign(challenge()))).isFalse();
    assertThat(answer(device.sign(challenge()))).isTrue();
  }

  @Test
  void offlineDataIsTheKeyIfAPolicyAllows() {
    register("F1");
    product.policy("o", "authentication", "support_offline=fido2");
    String response = device.sign(challenge());
    Outcome outcome =
        product.outcome("alice", response, "transactionid", transaction, "use_offline", "true");
    assertThat(outcome.accepted()).isTrue();
    assertThat(outcome.detail().get("offline").toString()).contains("public_key", "credential_id");
  }

  @Test
  void ownersTryTheirTokens() {
    register("F1");
    var user = self.user("alice");
    var asked = self.test.verify(user, Map.of("serial", "F1"), self.audit("verify"));
    String id = asked.detail().get("transactionId").toString();
    String response = device.sign(asked.detail().get("signrequest"));
    var step = Map.of("serial", "F1", "transactionid", id, "otp", response);
    assertThat(self.test.verify(user, step, self.audit("verify")).value()).isTrue();
    var replay = self.test.verify(user, step, self.audit("verify"));
    assertThat(replay.value()).isFalse();
    assertThat(replay.detail()).isEmpty();
  }

  @Test
  void theDeviceIsTheSecondFactorOfTheSelfService() {
    register("F1");
    product.policy("s", "selfservice", "mfa_login");
    var first = self.first("alice");
    assertThat(first.accepted()).isFalse();
    var asked = self.next(first.session().orElseThrow(), "serial", "F1");
    assertThat(asked.accepted()).isFalse();
    String response = device.sign(asked.detail().get("signrequest"));
    var session = asked.session().orElseThrow();
    device.wrongSignature = true;
    assertThat(self.next(session, "otp", device.sign(asked.detail().get("signrequest"))).accepted())
        .isFalse();
    assertThat(self.next(session, "otp", response).accepted()).isTrue();
  }

  @Test
  void twoDevicesAreAskedAtOnceAndEitherAnswers() {
    register("F1");
    SoftDevice other = new SoftDevice(device.origin);
    finish("alice", "F2", other.register(begin("alice", "F2")));
    var challenged = (Outcome.Challenged) product.outcome("alice", PIN);
    var second =
        challenged.challenges().stream()
            .filter(c -> c.serial().equals("F2"))
            .findFirst()
            .orElseThrow();
    String response = other.sign(second.detail().get("signrequest"));
    boolean accepted =
        product
            .authentication
            .check(
                new Attempt(
                    product.name("alice"),
                    Optional.of(response),
                    Map.of("transactionid", second.transactionId()),
                    "validate"),
                product.audit("validate/check"))
            .accepted();
    assertThat(accepted).isTrue();
    assertThat(product.token("F1").failCount()).isZero();
  }
}
