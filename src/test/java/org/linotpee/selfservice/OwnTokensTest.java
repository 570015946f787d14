package org.linotpee.selfservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;
import static org.linotpee.testing.TestProduct.map;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditRow;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Hotp;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.identity.User;

/** Spec 09 sections 7 to 10: what users may do, and to which tokens. */
class OwnTokensTest {
  private static final Optional<String> MINE = Optional.of("H1");
  private static final Optional<String> OTHERS = Optional.of("B1");

  private SelfserviceProduct portal;
  private User alice;

  @BeforeEach
  void start() {
    portal = new SelfserviceProduct("alice", "bob");
    alice = portal.user("alice");
    portal.product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "pp");
    portal.product.enroll("bob", "otpkey", SEED, "serial", "B1", "pin", "pp");
  }

  @AfterEach
  void stop() {
    portal.close();
  }

  private void may(String actions) {
    portal.product.policy("s", "selfservice", actions);
  }

  private static String hotp(long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(SEED), 6, Hotp.Algorithm.SHA1).value(counter);
  }

  private static void refused(int code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LinotpException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private Enrollment.Result enroll(String... parameters) {
    return portal.enrollment.enroll(alice, map(parameters), portal.audit("enroll"));
  }

  // operations -----------------------------------------------------------------------------------

  @Test
  void withoutTheRightNothingHappens() {
    var tokens = portal.tokens;
    var audit = portal.audit("x");
    refused(410, () -> tokens.disable(alice, MINE, audit));
    refused(410, () -> tokens.delete(alice, MINE, audit));
    refused(410, () -> tokens.setPin(alice, MINE, Optional.of("new"), audit));
    refused(410, () -> tokens.assign(alice, MINE, Optional.empty(), Optional.empty(), audit));
    refused(410, () -> tokens.serialByOtp(alice, Optional.of("1"), Optional.empty(), audit));
    refused(410, () -> portal.test.verify(alice, map("serial", "H1"), audit));
    assertThat(audit.serial()).isEqualTo("H1");
    assertThat(portal.product.token("H1").active()).isTrue();
  }

  @Test
  void theTokenOfSomebodyElseStaysAsItIs() {
    may("enable, disable, delete, reset, unassign, setOTPPIN, setMOTPPIN, resync, setDescription");
    var tokens = portal.tokens;
    List<Object> before = state("B1");
    assertThat(tokens.disable(alice, OTHERS, portal.audit("disable"))).isFalse();
    assertThat(tokens.delete(alice, OTHERS, portal.audit("delete"))).isFalse();
    assertThat(tokens.unassign(alice, OTHERS, Optional.of("x"), portal.audit("u"))).isFalse();
    assertThat(tokens.setPin(alice, OTHERS, Optional.of("x"), portal.audit("p"))).isFalse();
    assertThat(tokens.setDevicePin(alice, OTHERS, Optional.of("x"), portal.audit("m"))).isFalse();
    assertThat(
            tokens.resync(
                alice, OTHERS, Optional.of(hotp(30)), Optional.of(hotp(31)), portal.audit("r")))
        .isEmpty();
    refused(-311, () -> tokens.describeAs(alice, OTHERS, Optional.of("mine"), portal.audit("d")));
    assertThat(state("B1")).isEqualTo(before);
    refused(1102, () -> tokens.disable(alice, Optional.of("B*"), portal.audit("disable")));
    refused(905, () -> tokens.delete(alice, Optional.empty(), portal.audit("delete")));
  }

  private List<Object> state(String serial) {
    var token = portal.product.token(serial);
    return List.of(
        token.owner(),
        token.active(),
        token.counter(),
        token.failCount(),
        token.description(),
        token.sealedPin(),
        token.sealedUserPin());
  }

  @Test
  void aChangeLeavesItsAuditRowWithSerialAndType() {
    may("disable, history");
    AuditRecord audit = portal.audit("disable").user("alice", "people");
    assertThat(portal.tokens.disable(alice, MINE, audit)).isTrue();
    AuditRecord foreign = portal.audit("disable").user("bob", "people");
    portal.tokens.disable(portal.user("bob"), OTHERS, foreign);
    var query =
        new History.Query(
            Map.of("user", "bob"), "number", true, Optional.empty(), Optional.empty());
    List<AuditRow> rows = portal.history.find(alice, query, portal.audit("history")).rows();
    assertThat(rows).allMatch(row -> row.login().equals("alice"));
    assertThat(rows.get(0).serial()).isEqualTo("H1");
    assertThat(rows.get(0).tokenType()).isEqualTo("HMAC");
    assertThat(rows.get(0).success()).isTrue();
  }

  @Test
  void thePinObeysTheRulesAndIsClearedWithTheOwner() {
    may("setOTPPIN, unassign, otp_pin_minlength=4");
    refused(
        -311, () -> portal.tokens.setPin(alice, MINE, Optional.of("abc"), portal.audit("setpin")));
    assertThat(portal.product.check("alice", "pp" + hotp(0))).isTrue();
    portal.tokens.setPin(alice, MINE, Optional.of("abcd"), portal.audit("setpin"));
    assertThat(portal.product.check("alice", "abcd" + hotp(1))).isTrue();
    portal.tokens.unassign(alice, MINE, Optional.empty(), portal.audit("unassign"));
    assertThat(portal.product.token("H1").owner()).isEmpty();
    assertThat(portal.product.token("H1").sealedPin()).isEmpty();
  }

  @Test
  void onlyAFreeTokenOfTheRealmCanBeTaken() {
    may("assign");
    portal.product.enroll("", "otpkey", SEED, "serial", "F1", "realm", "people");
    var none = Optional.<String>empty();
    assertThatThrownBy(() -> portal.tokens.assign(alice, OTHERS, none, none, portal.audit("a")))
        .hasMessage("The token is already assigned to another user.");
    portal.tokens.assign(alice, Optional.of("F1"), none, none, portal.audit("assign"));
    assertThat(portal.product.token("F1").owner()).contains(alice.owner());
    assertThat(portal.tokens.list(alice, Optional.empty(), true)).hasSize(2);
  }

  // enrollment -----------------------------------------------------------------------------------

  @Test
  void limitsComeBeforeTheRightAndTheRightBeforeParameters() {
    portal.product.policy("m", "enrollment", "maxtoken=1");
    refused(411, () -> enroll("type", "hmac"));
    portal.product.policy("m", "enrollment", "maxtokenHMAC=1");
    refused(412, () -> enroll("type", "hmac"));
    refused(410, () -> enroll("type", "totp", "otplen", "nonsense"));
    refused(905, () -> enroll());
    may("enrollTOTP");
    portal.product.policy("t", "enrollment", "tokencount=2");
    refused(413, () -> enroll("type", "totp"));
  }

  @Test
  void parallelEnrollmentsDoNotExceedALimit() throws Exception {
    may("enrollTOTP");
    portal.product.policy("m", "enrollment", "maxtoken=3");
    var pool = Executors.newFixedThreadPool(6);
    try {
      Callable<Integer> one =
          () -> {
            try {
              enroll("type", "totp");
              return 0;
            } catch (LinotpException e) {
              return e.code();
            }
          };
      var codes = new java.util.ArrayList<Integer>();
      for (var future : pool.invokeAll(List.of(one, one, one, one, one, one))) {
        codes.add(future.get());
      }
      assertThat(codes).containsOnly(0, 411);
      assertThat(codes.stream().filter(code -> code == 0)).hasSize(2);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void whatOnlyAdministratorsDecideIsNotTakenFromUsers() {
    may("enrollHMAC");
    enroll(
        "type",
        "hmac",
        "serial",
        "N1",
        "realm",
        "linotp_admins",
        "enable",
        "false",
        "scope",
        "{\"path\":[\"validate\"]}",
        "user",
        "bob");
    var token = portal.product.token("N1");
    assertThat(token.active()).isTrue();
    assertThat(token.info().get("scope")).isEmpty();
    assertThat(token.owner()).contains(alice.owner());
    assertThat(portal.tokens.list(alice, Optional.empty(), true).get(1).realms())
        .containsExactly("people");
  }

  @Test
  void theSerialOfSomebodyElseIsNotTakenOver() {
    may("enrollHMAC");
    portal.product.enroll("", "otpkey", SEED, "serial", "F1");
    refused(1102, () -> enroll("type", "hmac", "serial", "B1"));
    refused(1102, () -> enroll("type", "hmac", "serial", "F1"));
    assertThat(portal.product.check("bob", "pp" + hotp(0))).isTrue();
    may("enrollHMAC, assign");
    assertThat(enroll("type", "hmac", "serial", "F1").serial()).isEqualTo("F1");
    assertThat(enroll("type", "hmac", "serial", "H1").serial()).isEqualTo("H1");
  }

  @Test
  void aPinNeedsTheRightToSetOne() {
    may("enrollHMAC");
    refused(410, () -> enroll("type", "hmac", "pin", "1234"));
    may("enrollHMAC, setOTPPIN, otp_pin_minlength=4");
    refused(-311, () -> enroll("type", "hmac", "pin", "1"));
    assertThat(enroll("type", "hmac", "pin", "1234").seed()).isPresent();
  }

  @Test
  void policiesCompleteWhatTheUserLeavesOut() {
    may("enrollTOTP, enrollPW, totp_otplen=8, totp_hashlib=2, totp_timestep=60");
    enroll("type", "totp", "serial", "T1", "otplen", "6");
    var token = portal.product.token("T1");
    assertThat(token.otpLength()).isEqualTo(8);
    assertThat(token.info().get("hashlib")).contains("sha256");
    assertThat(token.info().get("timeStep")).contains("60");
    assertThat(enroll("type", "pw", "otpkey", "geheim").seed()).isEmpty();
  }

  // the test -------------------------------------------------------------------------------------

  @Test
  void aTestIgnoresThePinAndCountsAsLogin() {
    may("verify");
    assertThat(verify("serial", "H1", "otp", "000000")).isFalse();
    assertThat(portal.product.token("H1").failCount()).isEqualTo(1);
    assertThat(verify("serial", "H1", "otp", "anything" + hotp(0))).isTrue();
    assertThat(verify("serial", "H1", "otp", hotp(0))).isFalse();
    assertThat(portal.product.token("H1").counter()).isEqualTo(1);
    refused(-311, () -> verify("serial", "B1", "otp", hotp(0)));
    assertThat(portal.product.token("B1").counter()).isZero();
    refused(905, () -> verify("otp", hotp(1)));
    refused(-311, () -> verify("transactionid", "12345678901234567"));
    assertThat(portal.test.verify(alice, map("serial", "H1"), portal.audit("verify")).detail())
        .containsKeys("message", "replyMode")
        .doesNotContainKey("transactionId");
  }

  private boolean verify(String... parameters) {
    return portal.test.verify(alice, map(parameters), portal.audit("verify")).value();
  }
}
