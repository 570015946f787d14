package org.linotpee.selfservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Hotp;

/** Spec 09 sections 3 to 5. */
class SelfserviceLoginTest {
  private SelfserviceProduct portal;

  @BeforeEach
  void start() {
    portal = new SelfserviceProduct("alice", "bob");
  }

  @AfterEach
  void stop() {
    portal.close();
  }

  private static String hotp(long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(SEED), 6, Hotp.Algorithm.SHA1).value(counter);
  }

  private Session.Opened half(String login) {
    return portal.first(login).session().orElseThrow();
  }

  private void withSecondFactor() {
    portal.product.policy("m", "selfservice", "mfa_login");
    portal.product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "pp");
  }

  @Test
  void thePasswordOpensASessionThatOnlyItsValueFinds() {
    var opened = portal.first("alice");
    assertThat(opened.accepted()).isTrue();
    String value = opened.session().orElseThrow().value();
    assertThat(value).matches("[0-9a-f]{64}");
    assertThat(portal.let(opened.session().get()).name().login()).isEqualTo("alice");
    List<?> stored =
        portal.product.transactions.required(
            em ->
                em.createNativeQuery("SELECT value_hash FROM selfservice_session").getResultList());
    assertThat(stored).hasSize(1);
    assertThat(stored.get(0)).isNotEqualTo(value);
  }

  @Test
  void aSessionNeedsCookieAndParameterAndTheAddressItCameFrom() {
    String value = half("alice").value();
    Optional<String> given = Optional.of(value);
    var sessions = portal.sessions;
    String here = SelfserviceProduct.ADDRESS;
    assertThat(sessions.require(given, given, here, false)).isNotNull();
    assertThatThrownBy(() -> sessions.require(Optional.empty(), given, here, true))
        .isInstanceOf(LinotpException.class);
    assertThatThrownBy(() -> sessions.require(given, Optional.empty(), here, true))
        .isInstanceOf(LinotpException.class);
    assertThatThrownBy(() -> sessions.require(given, Optional.of("0".repeat(64)), here, true))
        .isInstanceOf(LinotpException.class);
    assertThatThrownBy(() -> sessions.require(given, given, "192.0.2.9", true))
        .isInstanceOf(LinotpException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"90s", "90", "1m 30s"})
  void aSessionEndsWhenItsTimeIsOver(String lifetime) {
    portal.product.configure("selfservice.auth_expiry", lifetime);
    Session.Opened session = half("alice");
    portal.product.clock.advance(Duration.ofSeconds(89));
    assertThat(portal.let(session)).isNotNull();
    portal.product.clock.advance(Duration.ofSeconds(2));
    assertThatThrownBy(() -> portal.let(session)).isInstanceOf(LinotpException.class);
  }

  @Test
  void aNamesakeDoesNotGetTheSessionOfSomebodyWhoIsGone() {
    Session.Opened session = half("alice");
    portal.product.transactions.required(
        em ->
            em.createNativeQuery("UPDATE selfservice_session SET owner_id = 'another'")
                .executeUpdate());
    assertThatThrownBy(() -> portal.let(session)).isInstanceOf(LinotpException.class);
  }

  @Test
  void aWrongPasswordAnUnknownUserAndAnAddressWithAPasswordAreRefusedAlike() {
    assertThat(portal.first("alice", "password", "x")).isEqualTo(SelfserviceLogin.Result.REFUSED);
    assertThat(portal.first("nobody")).isEqualTo(SelfserviceLogin.Result.REFUSED);
    assertThat(portal.first("")).isEqualTo(SelfserviceLogin.Result.REFUSED);
    assertThat(portal.first("alice", "inAddress", "1")).isEqualTo(SelfserviceLogin.Result.REFUSED);
  }

  @Test
  void afterManyWrongPasswordsEvenTheRightOneHasToWait() {
    for (int i = 0; i < 8; i++) {
      assertThat(portal.first("alice", "password", "x").accepted()).isFalse();
    }
    var waiting = portal.first("alice");
    assertThat(waiting.accepted()).isFalse();
    assertThat(waiting.retryAfter()).isPresent();
    assertThat(portal.first("bob").accepted()).isTrue();
    portal.product.clock.advance(Duration.ofMinutes(1));
    assertThat(portal.first("alice").accepted()).isTrue();
    assertThat(portal.first("alice", "password", "x").retryAfter()).isEmpty();
    assertThat(portal.first("alice").accepted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "alice@people", "people\\alice"})
  void theNameMayHaveItsRealm(String login) {
    assertThat(portal.first(login).accepted()).isTrue();
    assertThat(portal.first(login, "realm", "nowhere").accepted()).isTrue();
    assertThat(portal.first("alice@nowhere").accepted()).isFalse();
  }

  // the second factor ----------------------------------------------------------------------------

  @Test
  void thePasswordAloneOpensOnlyTheWayToTheSecondFactor() {
    withSecondFactor();
    var first = portal.first("alice");
    assertThat(first.accepted()).isFalse();
    assertThat(first.tokens().orElseThrow()).hasSize(1);
    Session.Opened session = first.session().orElseThrow();
    assertThatThrownBy(() -> portal.let(session)).isInstanceOf(LinotpException.class);
    var second = portal.next(session, "otp", hotp(0));
    assertThat(second.accepted()).isTrue();
    assertThat(portal.let(second.session().orElseThrow()).name().login()).isEqualTo("alice");
  }

  @Test
  void guessesBehindTheRightPasswordHaveAnEnd() {
    withSecondFactor();
    List<Session.Opened> sessions = IntStream.range(0, 9).mapToObj(i -> half("alice")).toList();
    for (Session.Opened session : sessions.subList(0, 8)) {
      assertThat(portal.next(session, "otp", "000000").accepted()).isFalse();
    }
    var waiting = portal.next(sessions.get(8), "otp", hotp(0));
    assertThat(waiting.accepted()).isFalse();
    assertThat(waiting.retryAfter()).isPresent();
    assertThat(portal.first("alice").retryAfter()).isPresent();
    portal.product.clock.advance(Duration.ofMinutes(1));
    assertThat(portal.next(half("alice"), "otp", hotp(0)).accepted()).isTrue();
    assertThat(portal.first("alice").retryAfter()).isEmpty();
  }

  @Test
  void aSessionIsUsedUpByTheStepThatFollows() {
    withSecondFactor();
    Session.Opened session = half("alice");
    assertThat(portal.next(session, "otp", hotp(0)).accepted()).isTrue();
    assertThat(portal.next(session, "otp", hotp(1)).accepted()).isFalse();
    assertThat(portal.product.token("H1").counter()).isEqualTo(1);
  }

  @Test
  void anotherAddressCannotGoOn() {
    withSecondFactor();
    Session.Opened session = half("alice");
    assertThat(portal.next(session, "otp", hotp(0), "address", "192.0.2.9").accepted()).isFalse();
    assertThat(portal.product.token("H1").counter()).isZero();
    assertThat(portal.next(session, "otp", hotp(0)).accepted()).isTrue();
  }

  @Test
  void theTokenOfSomebodyElseIsNoSecondFactor() {
    withSecondFactor();
    portal.product.enroll("bob", "otpkey", SEED, "serial", "B1");
    Session.Opened session = half("alice");
    assertThat(portal.next(session, "serial", "B1", "otp", hotp(0)).accepted()).isFalse();
    var asked = portal.next(session, "serial", "B1");
    assertThat(asked.detail()).isEmpty();
    assertThat(asked.session()).isEmpty();
    assertThat(portal.product.token("B1").counter()).isZero();
    assertThat(portal.product.token("B1").failCount()).isZero();
  }

  @Test
  void aChallengeIsToldOnceAndAnsweredInItsOwnSession() {
    withSecondFactor();
    Session.Opened session = half("alice");
    var asked = portal.next(session, "serial", "H1");
    assertThat(asked.accepted()).isFalse();
    assertThat(asked.detail()).containsKeys("transactionId", "replyMode", "linotp_tokenserial");
    Session.Opened challenged = asked.session().orElseThrow();
    assertThat(portal.next(session, "otp", hotp(0)).detail()).isEmpty();
    var polled = portal.next(challenged);
    assertThat(polled.accepted()).isFalse();
    assertThat(polled.detail()).containsEntry("status", "open").containsEntry("valid_tan", false);
    assertThat(portal.next(challenged, "otp", "000000").accepted()).isFalse();
    var answered = portal.next(challenged, "otp", hotp(0));
    assertThat(answered.accepted()).isTrue();
    assertThat(portal.let(answered.session().orElseThrow())).isNotNull();
  }

  @Test
  void oneOfManyParallelAnswersLogsIn() throws Exception {
    withSecondFactor();
    Session.Opened challenged = portal.next(half("alice"), "serial", "H1").session().orElseThrow();
    var pool = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> answer = () -> portal.next(challenged, "otp", hotp(0)).accepted();
      long accepted = 0;
      for (var future : pool.invokeAll(List.of(answer, answer, answer, answer))) {
        accepted += future.get() ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void passwordAndValueTogetherNeedNoPin() {
    withSecondFactor();
    assertThat(portal.first("alice", "otp", "pp" + hotp(0)).accepted()).isFalse();
    assertThat(portal.first("alice", "password", "x", "otp", hotp(0)).accepted()).isFalse();
    assertThat(portal.product.token("H1").failCount()).isEqualTo(1);
    assertThat(portal.first("alice", "otp", hotp(0)).accepted()).isTrue();
    assertThat(portal.first("alice", "otp", hotp(0)).accepted()).isFalse();
  }

  @Test
  void whoHasNoTokenGetsInByPasswordOnlyIfAPolicySaysSo() {
    portal.product.policy("m", "selfservice", "mfa_login");
    portal.product.policy("p", "authentication", "passOnNoToken, passthru");
    assertThat(portal.first("alice").accepted()).isFalse();
    assertThat(portal.first("alice", "otp", "123456").accepted()).isFalse();
    portal.product.policy("m", "selfservice", "mfa_login, mfa_passOnNoToken");
    assertThat(portal.first("alice").accepted()).isTrue();
    portal.product.enroll("alice", "otpkey", SEED, "serial", "H1");
    assertThat(portal.first("alice").accepted()).isFalse();
  }

  @Test
  void theSecondFactorMayBeForSomeUsersOnly() {
    portal.product.policy("m", "selfservice", "mfa_login", "user", "alice");
    assertThat(portal.first("alice").accepted()).isFalse();
    assertThat(portal.first("bob").accepted()).isTrue();
    assertThat(portal.portal.beforeLogin("192.0.2.1").settings()).containsEntry("mfa_login", true);
  }

  @Test
  void bothFactorsMayComeInOneText() {
    withSecondFactor();
    assertThat(both("pp" + hotp(0), "pw").accepted()).isTrue();
    assertThat(both("pp" + hotp(0), "pw").accepted()).isFalse();
    assertThat(both("pp" + hotp(1), "x").accepted()).isFalse();
    for (String text : List.of("pw", ":1189!===", "A:B", "a:b:c")) {
      assertThatThrownBy(
              () -> portal.login.login("alice", "", Optional.of(text), portal.audit("auth")))
          .isInstanceOf(LinotpException.class);
    }
  }

  private SelfserviceLogin.Result both(String otp, String password) {
    var base32 = new Base32();
    String text =
        base32.encodeToString(otp.getBytes(StandardCharsets.UTF_8))
            + ":"
            + base32.encodeToString(password.getBytes(StandardCharsets.UTF_8));
    return portal.login.login("alice", "", Optional.of(text), portal.audit("auth"));
  }

  @Test
  void logoutEndsTheSession() {
    Session.Opened session = half("alice");
    portal.login.logout(List.of(session.value(), "unknown"), portal.audit("logout"));
    assertThatThrownBy(() -> portal.let(session)).isInstanceOf(LinotpException.class);
  }
}
