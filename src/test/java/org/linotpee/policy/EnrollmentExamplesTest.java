package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.linotpee.authentication.Attempt;
import org.linotpee.enrollment.LostToken;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.TokenPolicies;

/** Spec 07 section 19.4, as far as it is not about the self-service interface. */
class EnrollmentExamplesTest extends Examples {
  private boolean check(UserName user, String password, String... options) {
    return product
        .authentication
        .check(
            new Attempt(user, Optional.of(password), TestProduct.map(options), "validate"),
            audit("validate/check"))
        .accepted();
  }

  private User user(String login, String realm) {
    return ((UserLookup.Found) product.users.find(name(login, realm))).user();
  }

  private TokenPolicies.Limits limits(String login) {
    return product.tokenPolicies.limits(user(login, ""), HERE);
  }

  @Test
  void e1ToE6TokensOfAUser() {
    policy("m", "enrollment", "maxtoken=2");
    enroll("hans", "");
    enroll("hans", "");
    refused(411, () -> enroll("hans", ""));
    reset();
    policy("m", "enrollment", "maxtoken=1", "user", "max1", "realm", "myotherrealm");
    refused(411, () -> enroll("max1", "myotherrealm"));
    enroll("max2", "myotherrealm");
    enroll("max2", "myotherrealm");
    reset();
    policy("m", "enrollment", "maxtoken=5, maxtokenHMAC=0");
    refused(412, () -> enroll("hans", "", "type", "hmac", "otpkey", TestProduct.SEED));
    enroll("hans", "");
    assertThat(limits("hans").tokens()).hasValue(5);
    assertThat(limits("hans").ofTypes()).containsExactly(Map.entry("hmac", 0));
    reset();
    product.configure("policy_action_validation", "False");
    policy("general", "enrollment", "maxtoken=2");
    policy("dummy", "enrollment", "dummy=2", "user", "hans");
    assertThat(limits("hans").tokens()).hasValue(2);
    reset();
    policy("one", "enrollment", "maxtoken=1", "user", "root");
    policy("three", "enrollment", "maxtoken=3");
    assertThat(limits("passthru_user1").tokens()).hasValue(3);
    reset();
    policy("m", "enrollment", "maxtoken");
    enroll("hans", "");
    refused(411, () -> enroll("hans", ""));
  }

  @Test
  void e7ToE9TokensOfARealm() {
    enroll("hans", "", "serial", "T5");
    enroll("hans", "", "serial", "T6");
    enroll("hans", "", "serial", "T7", "enable", "false");
    policy("tc", "enrollment", "tokencount=3", "realm", "mydefrealm");
    refused(410, () -> enroll("hans", ""));
    refused(
        410,
        () ->
            product.managed.assign(
                List.of("T3"), name("hans", ""), Optional.empty(), false, audit("admin/assign")));
    refused(
        410,
        () -> product.managed.moveToRealms("T3", List.of("mydefrealm"), audit("admin/tokenrealm")));
    refused(410, () -> enable("T7"));
    assertThat(enable("T5")).isEqualTo(1);
    disable("T5");
    assertThat(product.managed.moveToRealms("T3", List.of("mydefrealm"), audit("admin/tokenrealm")))
        .isEqualTo(1);
    product.managed.unassign("T6", audit("admin/unassign"));
    refused(410, () -> enroll("hans", ""));
  }

  @Test
  void e11AndE12RandomPins() {
    policy("r", "enrollment", "otp_pin_random=6", "realm", "myotherrealm", "user", "max1");
    enroll("max1", "myotherrealm", "type", "spass", "pin", "otppin", "serial", "S1");
    enroll("max2", "myotherrealm", "type", "spass", "pin", "otppin", "serial", "S2");
    assertThat(check(name("max1", "myotherrealm"), "otppin")).isFalse();
    assertThat(check(name("max2", "myotherrealm"), "otppin")).isTrue();
    policy("r", "enrollment", "otp_pin_random=4");
    enroll("", "", "serial", "S3");
    assertThat(check(UserName.NONE, "geheim", "serial", "S3")).isFalse();
    policy("r", "enrollment", "otp_pin_random=12, otp_pin_random_content=n, otp_pin_encrypt=1");
    enroll("", "", "serial", "S4");
    assertThat(product.secrets.pin(product.token("S4")).orElseThrow()).matches("[0-9]{12}");
  }

  private String url(String login, String realm, String... parameters) {
    Map<String, String> all = TestProduct.map("otpkey", TestProduct.SEED);
    all.putAll(TestProduct.map(parameters));
    UserName owner = login.isEmpty() ? UserName.NONE : name(login, realm);
    return product.enrollment.enroll(all, owner, audit("admin/init")).otpauthUrl().orElseThrow();
  }

  @Test
  void e13AndTheTableOfLabels() {
    assertThat(url("", "", "serial", "H1")).startsWith("otpauth://hotp/LinOTP:H1?");
    assertThat(url("hans", "", "serial", "H2")).startsWith("otpauth://hotp/LinOTP:hans?");
    policy("tl", "enrollment", "tokenlabel=<u>", "user", "max1");
    policy(
        "ti", "enrollment", "tokenissuer=fakeissuer-<r>", "user", "max1", "realm", "myotherrealm");
    assertThat(url("max1", "myOtherRealm", "serial", "H3"))
        .startsWith("otpauth://hotp/fakeissuer-myOtherRealm:max1?");
    reset();
    policy("l", "enrollment", "tokenlabel=\"<u>@<r> (<s>) <d>\", tokenissuer=\"ACME <r>\"");
    assertThat(
            url(
                "passthru_user1",
                "mydefrealm",
                "type",
                "totp",
                "serial",
                "S1",
                "description",
                "my phone"))
        .startsWith(
            "otpauth://totp/ACME%20mydefrealm:passthru_user1%40mydefrealm%20%28S1%29%20my%20phone?")
        .contains("issuer=ACME%20mydefrealm");
    assertThat(url("", "", "serial", "S2")).startsWith("otpauth://hotp/ACME%20:%40%20%28S2%29%20?");
    policy("l", "enrollment", "tokenissuer=\"M\u00fcller & S\u00f6hne: VPN\"");
    assertThat(url("passthru_user1", "", "serial", "S5"))
        .startsWith("otpauth://hotp/M%C3%BCller%20%26%20S%C3%B6hne%3A%20VPN:passthru_user1?");
  }

  @Test
  void e17ToE20Autoassignment() {
    reset();
    policy("aa", "enrollment", "autoassignment");
    moved("H1");
    assertThat(check(name("passthru_user2", ""), "wrong755224")).isFalse();
    assertThat(check(name("passthru_user1", ""), "geheim1755224")).isFalse();
    assertThat(check(name("passthru_user2", ""), "geheim2755224")).isTrue();
    assertThat(product.token("H1").owner()).isPresent();
    assertThat(check(name("passthru_user2", ""), "geheim2287082")).isTrue();
    reset();
    policy("aa", "enrollment", "autoassignment");
    moved("H1");
    moved("H2");
    assertThat(check(name("passthru_user2", ""), "geheim2755224")).isFalse();
    reset();
    policy("aw", "enrollment", "autoassignment_without_password");
    moved("H1");
    assertThat(check(name("passthru_user2", ""), "755224")).isTrue();
    assertThat(check(name("passthru_user2", ""), "287082")).isTrue();
  }

  /** An HOTP token without owner in the default realm. */
  private void moved(String serial) {
    enroll("", "", "type", "hmac", "otpkey", TestProduct.SEED, "serial", serial);
    product.managed.moveToRealms(serial, List.of("mydefrealm"), audit("admin/tokenrealm"));
  }

  private LostToken.Replacement lost(String serial) {
    return product.lostToken.replace(
        serial,
        new LostToken.Wish("", Optional.empty(), Optional.empty()),
        audit("admin/losttoken"));
  }

  @Test
  void e21AndE22ReplacementsOfLostTokens() {
    enroll("hans", "", "serial", "L1");
    enroll("horst", "", "serial", "L2");
    policy("l1", "enrollment", "lostTokenValid=8", "user", "hans");
    policy("l2", "enrollment", "lostTokenValid=5, lostTokenPWLen=6, lostTokenPWContents=n");
    var ofHans = lost("L1");
    assertThat(ofHans.endDate()).isEqualTo("30/11/26 23:59");
    assertThat(ofHans.password()).matches("[0-9]{6}");
    assertThat(lost("L2").endDate()).isEqualTo("27/11/26 23:59");
  }

  @Test
  void e39ThePartitionOfAClient() {
    policy("pa", "enrollment", "partition=2", "client", "127.0.0.1/24");
    for (var expected :
        Map.of(HERE, Optional.of(2), "128.0.0.1", Optional.<Integer>empty()).entrySet()) {
      var context =
          new PolicyContext(
              Optional.of(PolicySubject.of(user("hans", ""))),
              Optional.of("mydefrealm"),
              expected.getKey());
      assertThat(product.policies.number("enrollment", "partition", context))
          .isEqualTo(expected.getValue());
    }
  }

  private boolean granted(String login, String action) {
    return product.policies.grants(
        "selfservice",
        action,
        new PolicyContext(
            Optional.of(PolicySubject.of(user(login, ""))), Optional.of("mydefrealm"), HERE));
  }

  @Test
  void e23ToE28RightsOfUsers() {
    assertThat(granted("hans", "delete")).isFalse();
    policy("s", "selfservice", "!delete, disable=0, enable=false");
    for (String action : List.of("delete", "disable", "enable")) {
      assertThat(granted("hans", action)).as(action).isFalse();
    }
    reset();
    policy("a", "selfservice", "enrollHMAC");
    policy("b", "selfservice", "enrollTOTP, reset");
    policy("c", "selfservice", "delete", "user", "passthru_user1");
    assertThat(everything("passthru_user1")).containsOnlyKeys("delete");
    assertThat(everything("passthru_user2")).containsOnlyKeys("enrollHMAC", "enrollTOTP", "reset");
    assertThat(granted("passthru_user1", "enrollHMAC")).isTrue();
    product.configure("selfservice.rights_as_shown", "True");
    assertThat(granted("passthru_user1", "enrollHMAC")).isFalse();
    assertThat(granted("passthru_user1", "delete")).isTrue();
    product.configure("selfservice.rights_as_shown", "False");
    policy("d", "selfservice", "!enrollHMAC", "user", "passthru_user1");
    assertThat(granted("passthru_user1", "enrollHMAC")).isFalse();
    assertThat(granted("passthru_user2", "enrollHMAC")).isTrue();
    reset();
    product.configure("policy_action_validation", "False");
    policy("s", "selfservice", "*");
    assertThat(granted("hans", "enrollHMAC")).isFalse();
  }

  private Map<String, Object> everything(String login) {
    return product.policies.everything(
        "selfservice",
        new PolicyContext(
            Optional.of(PolicySubject.of(user(login, ""))), Optional.of("mydefrealm"), HERE));
  }

  @Test
  void e32AndE33WhatAPinMustBeLike() {
    policy("s", "selfservice", "setOTPPIN, otp_pin_minlength=4, otp_pin_maxlength=8");
    var rules = product.tokenPolicies.pinRules(user("hans", ""), HERE);
    assertThat(rules.problem("bla")).isPresent();
    assertThat(rules.problem("12345678test")).isPresent();
    assertThat(rules.problem("1234567")).isEmpty();
    policy("s", "selfservice", "setOTPPIN, otp_pin_contents=c");
    rules = product.tokenPolicies.pinRules(user("hans", ""), HERE);
    assertThat(rules.problem("123456")).isPresent();
    assertThat(rules.problem("ab3456")).isEmpty();
  }

  @Test
  void e34AndE35SettingsOfAnotherRealmOrUser() {
    policy(
        "h", "selfservice", "hmac_otplen=8, mfa_login", "realm", "myotherrealm", "user", "nobody");
    var hans =
        new PolicyContext(
            Optional.of(PolicySubject.of(user("hans", ""))), Optional.of("mydefrealm"), HERE);
    assertThat(product.policies.number("selfservice", "hmac_otplen", hans)).isEmpty();
    assertThat(product.policies.flag("selfservice", "mfa_login", hans)).isFalse();
    assertThat(product.policies.flagForAnybody("selfservice", "mfa_login", HERE)).isTrue();
  }

  @Test
  void e37WhatIsReported() {
    policy("rp", "reporting", "token_total, token_status=active");
    policy("rp2", "reporting", "token_status= active&assigned ", "realm", "mydefrealm");
    assertThat(product.policies.reportedStatuses("mydefrealm")).containsExactly("active&assigned");
    assertThat(product.policies.reportedStatuses("myotherrealm"))
        .containsExactlyInAnyOrder("total", "active");
  }

  @Test
  void e38PinsThatCanBeReadAgain() {
    policy("po", "enrollment", "otp_pin_encrypt", "client", "127.0.0.1/24");
    enroll("hans", "", "serial", "R1", "pin", "secret");
    assertThat(product.secrets.pin(product.token("R1"))).contains("secret");
    product.client = "128.0.0.1";
    enroll("hans", "", "serial", "R2", "pin", "secret");
    assertThat(product.secrets.pin(product.token("R2"))).isEmpty();
  }

  @Test
  void e40TextsWithCommasAndEqualsSigns() {
    policy("s", "selfservice", "footer_text=\"Acme, Inc.\", imprint_url=https://a.example/i?x=y");
    assertThat(product.policies.textForAnybody("selfservice", "footer_text", HERE))
        .contains("Acme, Inc.");
    assertThat(product.policies.textForAnybody("selfservice", "imprint_url", HERE))
        .contains("https://a.example/i?x=y");
  }
}
