package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;

/** Spec 07 section 19.3, as far as it needs no other servers. */
class LoginExamplesTest extends Examples {
  private Outcome outcome(String user, String password) {
    return product.authentication.check(
        new Attempt(name(user, ""), Optional.of(password), Map.of(), "validate"),
        audit("validate/check"));
  }

  private boolean check(String user, String password) {
    return outcome(user, password).accepted();
  }

  private boolean checkFrom(String client, String user, String password) {
    product.client = client;
    try {
      return check(user, password);
    } finally {
      product.client = HERE;
    }
  }

  private boolean checkSerial(String serial, String password) {
    return product
        .authentication
        .check(
            new Attempt(
                UserName.NONE,
                Optional.of(password),
                TestProduct.map("serial", serial),
                "validate"),
            audit("validate/check_s"))
        .accepted();
  }

  private static final String WITHOUT_TOKEN = "passthru_user2";

  @Test
  void v1ToV6UsersWithoutToken() {
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isTrue();
    assertThat(check(WITHOUT_TOKEN, "wrong")).isFalse();
    policy("p", "authentication", "passthru=false");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "!passthru");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru", "user", "passthru_user1");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru, passOnNoToken");
    assertThat(check(WITHOUT_TOKEN, "wrong")).isFalse();
    policy("p", "authentication", "passOnNoToken");
    assertThat(check(WITHOUT_TOKEN, "wrong")).isTrue();
  }

  @Test
  void v7ToV12ClientsAndRealms() {
    policy("pn", "authentication", "passOnNoToken");
    policy("pt", "authentication", "passthru", "client", "192.168.13.14");
    assertThat(check(WITHOUT_TOKEN, "wrong")).isTrue();
    assertThat(checkFrom("192.168.13.14", WITHOUT_TOKEN, "wrong")).isFalse();
    assertThat(checkFrom("192.168.13.14", WITHOUT_TOKEN, "geheim2")).isTrue();
    product.policyStore.delete(java.util.List.of("pn", "pt"), false, em -> {});
    policy("p", "authentication", "passthru", "client", "*, !127.0.0.1");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru", "client", "0.0.0.0/0, !127.0.0.1");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru", "realm", "!mydefrealm");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru", "realm", "MYDEFREALM");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isTrue();
    policy("p", "authentication", "passthru", "active", "1");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isTrue();
  }

  @Test
  void clientsWithIpv6Addresses() {
    policy("p", "authentication", "passthru", "client", "2001:db8::/32, !2001:db8::dead");
    assertThat(checkFrom("2001:db8::1", WITHOUT_TOKEN, "geheim2")).isTrue();
    assertThat(checkFrom("2001:db8::dead", WITHOUT_TOKEN, "geheim2")).isFalse();
    assertThat(checkFrom("2001:db9::1", WITHOUT_TOKEN, "geheim2")).isFalse();
    policy("p", "authentication", "passthru", "client", "10.0.0.0/8");
    assertThat(checkFrom("::ffff:10.0.0.1", WITHOUT_TOKEN, "geheim2")).isTrue();
  }

  private static final String WITH_TOKEN = "passthru_user1";

  @Test
  void v13ToV22PinModes() {
    policy("o", "authentication", "otppin=1", "user", WITH_TOKEN);
    assertThat(check(WITH_TOKEN, "geheim1geheim")).isTrue();
    assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
    policy("o", "authentication", "otppin=2");
    assertThat(check(WITH_TOKEN, "geheim")).isTrue();
    assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
    policy("o", "authentication", "otppin=3");
    assertThat(check(WITH_TOKEN, "xxxgeheim")).isTrue();
    assertThat(check(WITH_TOKEN, "geheim")).isTrue();
    policy("o", "authentication", "otppin=password");
    assertThat(check(WITH_TOKEN, "geheim1geheim")).isTrue();
    policy("o", "authentication", "otppin=password", "active", "False");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("o", "authentication", "otppin=2", "user", "hans");
    assertThat(checkSerial("T1", "pingeheim")).isTrue();
    policy("o", "authentication", "otppin=2", "realm", "myotherrealm");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("o", "authentication", "otppin=2", "realm", "mydefrealm");
    assertThat(checkSerial("T3", "geheim")).isTrue();
  }

  @Test
  void v19AndV20TheMorePreciseModeElseTheFirstByName() {
    policy("o1", "authentication", "otppin=1");
    policy("o2", "authentication", "otppin=2");
    assertThat(check(WITH_TOKEN, "geheim1geheim")).isTrue();
    policy("o2", "authentication", "otppin=2", "user", WITH_TOKEN);
    assertThat(check(WITH_TOKEN, "geheim")).isTrue();
  }

  @Test
  void v23ToV28Authorize() {
    enroll("passthru_user2", "", "serial", "T4", "pin", "pin");
    policy("z", "authorization", "authorize", "user", "hans");
    assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
    policy("z", "authorization", "authorize", "user", WITH_TOKEN, "client", "192.168.17.15");
    assertThat(checkFrom("192.168.17.15", WITH_TOKEN, "pingeheim")).isTrue();
    assertThat(checkFrom("192.168.17.16", WITH_TOKEN, "pingeheim")).isFalse();
    assertThat(checkFrom("192.168.17.15", WITHOUT_TOKEN, "pingeheim")).isFalse();
    policy("z2", "authorization", "authorize", "user", WITHOUT_TOKEN);
    assertThat(check(WITHOUT_TOKEN, "pingeheim")).isTrue();
    product.policyStore.delete(java.util.List.of("z2"), false, em -> {});
    policy(
        "z",
        "authorization",
        "authorize",
        "client",
        "192.168.0.0/16, -192.168.17.15, !192.168.17.16");
    policy(
        "z1",
        "authorization",
        "authorize",
        "user",
        WITH_TOKEN,
        "client",
        "192.168.17.15, 192.168.17.16");
    assertThat(checkFrom("192.168.17.15", WITHOUT_TOKEN, "pingeheim")).isFalse();
    assertThat(checkFrom("192.168.20.1", WITHOUT_TOKEN, "pingeheim")).isTrue();
    assertThat(checkFrom("192.168.17.15", WITH_TOKEN, "pingeheim")).isTrue();
    product.policyStore.delete(java.util.List.of("z1"), false, em -> {});
    policy("z", "authorization", "authorize", "user", "*@mydefrealm");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("z", "authorization", "authorize=false", "user", WITH_TOKEN);
    assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
  }

  @Test
  void v29ToV33TheTokenThatWasUsed() {
    policy("d", "authorization", "detail_on_fail");
    policy("t", "authorization", "tokentype=\"hmac totp\"");
    Outcome refused = outcome(WITH_TOKEN, "pingeheim");
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.detail().get("error").toString()).contains("tokentype");
    policy("t", "authorization", "tokentype=\"hmac pw\"");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("t", "authorization", "tokentype=*");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("t", "authorization", "serial=^X");
    assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
    policy("t", "authorization", "serial=^T[0-9]+$");
    assertThat(check(WITH_TOKEN, "pingeheim")).isTrue();
    policy("p", "authentication", "passthru");
    policy("t", "authorization", "serial=^X");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isTrue();
    policy("t", "authorization", "tokentype=hmac");
    assertThat(check(WITHOUT_TOKEN, "geheim2")).isTrue();
  }

  @Test
  void v34SetRealm() {
    policy("p", "authentication", "passthru");
    policy("sr", "authorization", "setrealm=myotherrealm", "realm", "mydefrealm", "user", "max2");
    assertThat(check("max2", "pw")).isTrue();
    assertThat(check("max2@mydefrealm", "pw")).isTrue();
    assertThat(check("max2@mydefrealm", "wrong")).isFalse();
  }

  @Test
  void v35AndV36Details() {
    policy("d", "authorization", "detail_on_success, detail_on_fail");
    assertThat(outcome(WITHOUT_TOKEN, "x").detail())
        .containsEntry("error", "User has no tokens assigned");
    policy("p", "authentication", "passOnNoToken");
    Map<String, Object> detail = outcome(WITHOUT_TOKEN, "x").detail();
    assertThat(detail)
        .containsEntry("realm", "mydefrealm")
        .containsEntry("tokentype", null)
        .containsEntry("serial", null);
    assertThat(detail.get("user")).asString().contains("username=" + WITHOUT_TOKEN);
    assertThat(outcome(WITH_TOKEN, "pingeheim").detail()).containsEntry("serial", "T1");
  }

  @Test
  void v40AndV41ThePinTriggersAChallengeWhereThePolicyNamesTheType() {
    enroll(
        WITHOUT_TOKEN, "", "type", "hmac", "otpkey", TestProduct.SEED, "serial", "H1", "pin", "pp");
    Outcome refused = outcome(WITHOUT_TOKEN, "pp");
    assertThat(refused).isInstanceOf(Outcome.Refused.class);
    assertThat(refused.detail()).isEmpty();
    policy("cr", "authentication", "challenge_response=\"hmac totp\"");
    Outcome asked = outcome(WITHOUT_TOKEN, "pp");
    assertThat(asked).isInstanceOf(Outcome.Challenged.class);
    assertThat(asked.detail()).containsKey("transactionid");
  }

  @Test
  void v42AQrTokenNeedsAnAddressForItsPairing() {
    var qr = Map.of("type", "qr", "serial", "Q1");
    var owner = name(WITHOUT_TOKEN, "");
    assertThatThrownBy(() -> product.enrollment.enroll(qr, owner, audit("admin/init")))
        .isInstanceOfSatisfying(
            LinotpException.class,
            e -> assertThat(e.code()).isEqualTo(LinotpException.UNCLASSIFIED))
        .hasMessageContaining("qrtoken_pairing_callback_url")
        .hasMessageContaining("qrtoken_pairing_callback_sms");
  }

  @Test
  void v44AndV45TheClientDecides() {
    policy("q1", "authentication", "qrtoken_pairing_callback_url=http://local");
    policy(
        "q2",
        "authentication",
        "qrtoken_pairing_callback_url=http://client",
        "client",
        "192.168.0.0/16");
    policy("so", "authentication", "support_offline=qr", "client", "127.0.0.1/24");
    assertThat(textFor("192.168.13.14", "qrtoken_pairing_callback_url")).contains("http://client");
    assertThat(textFor("172.111.1.14", "qrtoken_pairing_callback_url")).contains("http://local");
    assertThat(textFor("127.0.0.1", "support_offline")).contains("qr");
    assertThat(textFor("128.0.0.1", "support_offline")).isEmpty();
  }

  private Optional<String> textFor(String client, String action) {
    return product.policies.text(
        "authentication",
        action,
        new PolicyContext(
            Optional.of(new PolicySubject("hans", "mydefrealm", "")),
            Optional.of("mydefrealm"),
            client));
  }

  @Test
  void aPolicyThatCannotBeReadNeverWidensAccess() {
    product.configure("Policy.z.scope", "authorization");
    product.configure("Policy.z.action", "authorize='");
    product.configure("Policy.z.realm", "*");
    try {
      assertThat(check(WITH_TOKEN, "pingeheim")).isFalse();
    } finally {
      product.policyStore.delete(java.util.List.of("z"), true, em -> {});
    }
  }
}
