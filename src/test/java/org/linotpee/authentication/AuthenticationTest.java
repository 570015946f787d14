package org.linotpee.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;
import static org.linotpee.testing.TestProduct.map;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.audit.AuditRow;
import org.linotpee.audit.AuditSearch;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Hotp;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserQueue;
import org.linotpee.testing.TestProduct;

/** The algorithm of spec 02 section 3, on a database in memory. */
class AuthenticationTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice", "bob");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private static String hotp(long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(SEED), 6, Hotp.Algorithm.SHA1).value(counter);
  }

  private String totp(Duration shift) {
    return hotp(Math.floorDiv(product.clock.instant().plus(shift).getEpochSecond(), 30));
  }

  private List<AuditRow> auditRows() {
    var rows = new ArrayList<AuditRow>();
    product.auditSearch.rows(
        new AuditSearch.Criteria(Map.of("action", "validate/check"), false, "number", true),
        Optional.empty(),
        (row, intact) -> {
          assertThat(intact).isTrue();
          rows.add(row);
        });
    return rows;
  }

  @Test
  void acceptsEachValueOnce() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
    assertThat(product.check("alice", "1234" + hotp(0))).isTrue();
    assertThat(product.check("alice", "1234" + hotp(0))).isFalse();
    assertThat(product.check("alice", "1234" + hotp(9))).isTrue();
    assertThat(product.check("alice", "1234" + hotp(5))).isFalse();
    assertThat(product.token("H1").counter()).isEqualTo(10);
  }

  @Test
  void acceptsOneOfManyParallelRequests() throws Exception {
    product.enroll("alice", "otpkey", SEED, "pin", "1234");
    var pool = Executors.newFixedThreadPool(64);
    try {
      var attempts = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 64; i++) {
        attempts.add(() -> product.check("alice", "1234" + hotp(0)));
      }
      int accepted = 0;
      for (var answer : pool.invokeAll(attempts)) {
        accepted += answer.get() ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void costsAtMostFiveStatementsForAUserWithThreeTokens() {
    for (String serial : List.of("H1", "H2", "H3")) {
      product.enroll("alice", "otpkey", SEED, "serial", serial, "pin", serial);
    }
    product.check("alice", "H1" + hotp(0));
    product.database.takeStatements();
    assertThat(product.check("alice", "H2" + hotp(0))).isTrue();
    // one more asks for the user, in the managed resolver: another store would be asked elsewhere
    assertThat(product.database.takeStatements())
        .filteredOn(sql -> !sql.contains("managed_user"))
        .hasSizeLessThanOrEqualTo(5);
    assertThat(product.check("alice", "H2000000")).isFalse();
    assertThat(product.database.takeStatements())
        .filteredOn(sql -> !sql.contains("managed_user"))
        .hasSizeLessThanOrEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    // serial whose PIN is used, fail counts of H1, H2, H3 after a wrong value with that PIN
    "one, 1, 0, 0",
    "two, 0, 1, 0",
    "none, 1, 1, 1"
  })
  void countsTheFailureOfTheTokensWhosePinWasRight(String pin, int first, int second, int third) {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "one");
    product.enroll("alice", "otpkey", SEED, "serial", "H2", "pin", "two");
    product.enroll("alice", "otpkey", SEED, "serial", "H3", "pin", "three");
    assertThat(product.check("alice", pin + "000000")).isFalse();
    assertThat(List.of("H1", "H2", "H3"))
        .map(serial -> product.token(serial).failCount())
        .containsExactly(first, second, third);
  }

  @Test
  void successResetsAllExaminedTokens() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "one");
    product.enroll("alice", "otpkey", SEED, "serial", "H2", "pin", "two");
    product.check("alice", "none000000");
    assertThat(product.check("alice", "two" + hotp(0))).isTrue();
    assertThat(product.token("H1").failCount()).isZero();
    assertThat(product.token("H2").failCount()).isZero();
  }

  @Test
  void locksAtTheMaximumAndCountsNoFurther() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
    for (int i = 0; i < 12; i++) {
      assertThat(product.check("alice", "1234000000")).isFalse();
    }
    assertThat(product.token("H1").failCount()).isEqualTo(10);
    assertThat(product.check("alice", "1234" + hotp(0))).isFalse();
  }

  @Test
  void spendsAValueThatSeveralTokensAccept() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "same");
    product.enroll("alice", "otpkey", SEED, "serial", "H2", "pin", "same");
    assertThat(product.check("alice", "same" + hotp(0))).isFalse();
    assertThat(product.token("H1").counter()).isEqualTo(1);
    assertThat(product.token("H2").counter()).isEqualTo(1);
    assertThat(auditRows().get(0).actionDetail()).contains("-33");
  }

  @Test
  void totpFollowsTheDevicesClockAndRefusesReplay() {
    product.enroll("alice", "type", "totp", "otpkey", SEED, "serial", "T1", "pin", "p");
    String late = totp(Duration.ofSeconds(-90));
    assertThat(product.check("alice", "p" + late)).isTrue();
    assertThat(product.check("alice", "p" + late)).isFalse();
    assertThat(product.token("T1").info().number("timeShift", 0)).isEqualTo(-90);
    product.clock.advance(Duration.ofSeconds(30));
    assertThat(product.check("alice", "p" + totp(Duration.ofSeconds(-90)))).isTrue();
    assertThat(product.check("alice", "p" + totp(Duration.ofHours(2)))).isFalse();
  }

  @Test
  void passwordTokensHaveTheLengthOfTheirPassword() {
    product.enroll("alice", "type", "pw", "otpkey", "käse€", "pin", "ß");
    assertThat(product.check("alice", "ßkäse€")).isTrue();
    assertThat(product.check("alice", "käse€")).isFalse();
    assertThat(product.check("alice", "")).isFalse();
  }

  @Test
  void otpMayStandInFrontOfThePin() {
    product.configure("PrependPin", "False");
    product.enroll("alice", "otpkey", SEED, "pin", "1234");
    assertThat(product.check("alice", "1234" + hotp(0))).isFalse();
    assertThat(product.check("alice", hotp(0) + "1234")).isTrue();
  }

  @Test
  void limitsAndPeriodsAreHonouredAndCounted() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1");
    product.managed.set(
        new org.linotpee.administration.ManagedTokens.Selection(UserName.NONE, Optional.of("H1")),
        map("countauthsuccessmax", "1"),
        product.audit("admin/set"));
    assertThat(product.check("alice", hotp(0))).isTrue();
    assertThat(product.check("alice", hotp(1))).isFalse();
    assertThat(product.token("H1").failCount()).isEqualTo(1);
    assertThat(auditRows().get(0).info()).contains("limit of successful authentications");
  }

  @Test
  void inactiveTokensAndThoseOfOtherRealmsDoNotCount() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1");
    product.managed.moveToRealms("H1", List.of("linotp_admins"), product.audit("admin/tokenrealm"));
    assertThat(product.check("alice", hotp(0))).isFalse();
    product.managed.moveToRealms("H1", List.of(), product.audit("admin/tokenrealm"));
    assertThat(product.check("alice", hotp(0))).isTrue();
  }

  @Test
  void unknownUserAndWrongPasswordLookAlike() {
    product.enroll("alice", "otpkey", SEED, "pin", "1234");
    assertThat(product.outcome("nobody", "x")).isEqualTo(product.outcome("alice", "1234000000"));
    assertThat(product.outcome("bob", "x")).isEqualTo(product.outcome("nobody", "x"));
  }

  @Test
  void passesUnknownUsersOnlyWhereConfigured() {
    assertThat(product.check("nobody", "x")).isFalse();
    product.configure("PassOnUserNotFound", "True");
    assertThat(product.check("nobody", "x")).isTrue();
    assertThat(product.check("bob", "x")).isFalse();
    product.configure("PassOnUserNoToken", "True");
    assertThat(product.check("bob", "x")).isTrue();
  }

  @Test
  void aMissingPasswordIsAnErrorThatStoresNothing() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1");
    var attempt = new Attempt(product.name("alice"), Optional.empty(), Map.of(), "validate");
    assertThatThrownBy(() -> product.authentication.check(attempt, product.audit("validate/check")))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("pass");
    assertThat(product.token("H1").failCount()).isZero();
    assertThat(auditRows()).isEmpty();
  }

  @Test
  void eachDecisionHasOneAuditRowWithoutSecrets() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
    product.check("alice", "1234" + hotp(0));
    product.check("alice", "1234999999");
    assertThat(auditRows())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.toString()).doesNotContain("1234"))
        .extracting(AuditRow::success, AuditRow::serial, AuditRow::login, AuditRow::realm)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(false, "H1", "alice", "people"),
            org.assertj.core.groups.Tuple.tuple(true, "H1", "alice", "people"));
  }

  @Test
  void oneUserWhoIsHammeredWaitsInHisOwnQueue() {
    var queue = new UserQueue(1);
    assertThat(queue.run("user", () -> queue.run("other", () -> "done"))).isEqualTo("done");
    assertThatThrownBy(() -> queue.run("user", () -> queue.run("user", () -> "never")))
        .isInstanceOf(LinotpException.class);
  }
}
