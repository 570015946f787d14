package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.UpcomingValues;

/** Spec 02 section 16, and the examples A45 and A46 of spec 07. */
class TokenValuesTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("hans", "horst");
    product.configure("linotpGetotp.active", "True");
    product.enroll("hans", "otpkey", SEED, "serial", "H1", "pin", "1234", "encryptpin", "true");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private TokenValues.Next next(String serial, UserName user) throws Exception {
    return product.tokenValues.next(
        Optional.ofNullable(serial), user, Optional.empty(), product.audit("gettoken/getotp"));
  }

  private UpcomingValues several(String serial, int count, Instant at) throws Exception {
    return product
        .tokenValues
        .several(serial, count, Optional.ofNullable(at), product.audit("gettoken/getmultiotp"))
        .values();
  }

  @Test
  void nothingIsToldWithoutTheSwitchOrAPolicy() {
    assertThatThrownBy(() -> next("H1", UserName.NONE))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(-311))
        .hasMessageContaining("policy forbids");
    assertThatThrownBy(() -> several("H1", 2, null))
        .isInstanceOf(TokenValues.NoValues.class)
        .hasMessage("No count specified");
    product.configure("linotpGetotp.active", "False");
    product.policy("r", "gettoken", "max_count_hotp=2");
    assertThatThrownBy(() -> next("H1", UserName.NONE)).hasMessageContaining("not activated");
  }

  @Test
  void asManyAsThePolicySaysAndNoneIsUsedUp() throws Exception {
    product.policy("r", "gettoken", "max_count_hotp=2", "realm", "people", "user", "admin");
    assertThat(several("H1", 3, null).values())
        .extracting(UpcomingValues.Value::position, UpcomingValues.Value::otp)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("0", "755224"),
            org.assertj.core.groups.Tuple.tuple("1", "287082"));
    TokenValues.Next next = next("H1", UserName.NONE);
    assertThat(next.value()).isEqualTo("755224");
    assertThat(next.pin()).isEqualTo("1234");
    assertThat(next.password()).isEqualTo("1234755224");
    assertThat(product.token("H1").counter()).isZero();
    product.configure("PrependPin", "False");
    assertThat(next("H1", UserName.NONE).password()).isEqualTo("7552241234");
  }

  @Test
  void aTokenOutsideAllRealmsBelongsToThePoliciesForAll() throws Exception {
    product.enroll("", "otpkey", SEED, "serial", "H2");
    product.policy("r", "gettoken", "max_count_hotp=1", "realm", "people");
    assertThatThrownBy(() -> several("H2", 1, null)).isInstanceOf(TokenValues.NoValues.class);
    product.policy("r", "gettoken", "max_count_hotp=1", "realm", "*");
    assertThat(several("H2", 1, null).values()).hasSize(1);
  }

  @Test
  void theAdministratorNeedsTheRightForTheToken() throws Exception {
    product.policy("r", "gettoken", "max_count_hotp=1");
    product.policy("a", "admin", "getotp", "realm", "linotp_admins");
    assertThatThrownBy(() -> next("H1", UserName.NONE))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(410));
    assertThatThrownBy(() -> next(null, product.name("hans")))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(410));
    product.policy("a", "admin", "getotp", "realm", "people");
    assertThat(next(null, product.name("hans")).value()).isEqualTo("755224");
  }

  @Test
  void oneTokenMustBeMeant() {
    product.policy("r", "gettoken", "max_count_hotp=1");
    assertThatThrownBy(() -> next("nope", UserName.NONE)).hasMessageContaining("nope");
    assertThatThrownBy(() -> next(null, UserName.NONE)).isInstanceOf(TokenValues.NoValues.class);
    assertThatThrownBy(() -> next(null, product.name("horst"))).hasMessageContaining("no token");
    product.enroll("hans", "otpkey", SEED, "serial", "H2");
    assertThatThrownBy(() -> next(null, product.name("hans")))
        .isInstanceOfSatisfying(
            TokenValues.NoValues.class, e -> assertThat(e.serials()).containsExactly("H1", "H2"));
    product.enroll("horst", "type", "pw", "otpkey", "geheim", "serial", "P1");
    assertThatThrownBy(() -> several("P1", 1, null))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(410));
  }

  @Test
  void valuesOfAMoment() throws Exception {
    product.policy("r", "gettoken", "max_count_totp=2, max_count_dpw=2");
    product.enroll("hans", "type", "totp", "otpkey", SEED, "serial", "O1");
    product.enroll("hans", "type", "dpw", "otpkey", "geheim", "serial", "D1");
    Instant moment = Instant.ofEpochSecond(1_700_000_000);
    UpcomingValues totp = several("O1", 9, moment);
    assertThat(totp.values().get(0))
        .isEqualTo(
            new UpcomingValues.Value(
                "56666666", "921300", Optional.of(Instant.parse("2023-11-14T22:13:00Z"))));
    assertThat(totp.values().get(1).otp()).isEqualTo("732303");
    assertThat(totp.clock()).contains(new UpcomingValues.DeviceClock(0, 30));
    assertThat(several("D1", 9, Instant.parse("2024-01-01T12:00:00Z")).values())
        .extracting(UpcomingValues.Value::position)
        .containsExactly("24-01-01", "24-01-02");
  }
}
