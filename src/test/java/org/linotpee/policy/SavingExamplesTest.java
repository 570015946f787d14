package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.testing.TestProduct;

/** Spec 07 section 19.2. */
class SavingExamplesTest extends Examples {
  private PolicySearch search;

  @BeforeEach
  void search() {
    product.configure("policy_action_validation", "True");
    search = new PolicySearch(product.policies);
  }

  private void save(String... fields) {
    product.policyStore.set(TestProduct.map(fields), false, em -> {});
  }

  private PolicyFields stored(String name) {
    return search.find(PolicySearch.Filter.ALL).get(name);
  }

  private List<String> found(String realm, String action) {
    return List.copyOf(
        search
            .find(
                new PolicySearch.Filter(
                    List.of(),
                    Optional.empty(),
                    Optional.ofNullable(realm),
                    Optional.ofNullable(action),
                    Optional.empty(),
                    false))
            .keySet());
  }

  @Test
  void p1ToP6WhatIsRefused() {
    refused(905, () -> save("scope", "selfservice", "action", "enable", "realm", "*"));
    for (String name : List.of("", "a.b", "a\n")) {
      refused(
          -311, () -> save("name", name, "scope", "selfservice", "action", "enable", "realm", "*"));
    }
    refused(-311, () -> save("name", "a", "scope", "selfservice", "action", "", "realm", "*"));
    refused(-311, () -> save("name", "a", "scope", "selfservice", "action", "enable", "realm", ""));
    refused(-311, () -> save("name", "a", "scope", "selfservice", "action", "foo", "realm", "*"));
    refused(-311, () -> save("name", "a", "scope", "foo", "action", "delete", "realm", "*"));
    assertThat(stored("a")).isNull();
  }

  @Test
  void p7AndP8WithoutValidationAnythingIsStoredThatCanBeRead() {
    product.configure("policy_action_validation", "False");
    save("name", "a", "scope", "foo", "action", "delete", "realm", "*");
    assertThat(stored("a").scope()).isEqualTo("foo");
    policy("t", "selfservice", "totp_hashlib=sha256");
    var context =
        new PolicyContext(
            Optional.of(new PolicySubject("hans", "mydefrealm", "")),
            Optional.of("mydefrealm"),
            HERE);
    assertThatThrownBy(() -> product.policies.everything("selfservice", context))
        .hasMessageContaining("'t'")
        .hasMessageContaining("sha256");
    refused(-311, () -> save("name", "b", "scope", "selfservice", "action", "a='x", "realm", "*"));
  }

  @Test
  void p9ToP11TheStoredForm() {
    policy("u", "selfservice", "enable", "user", "hans", "client", "10.0.0.1");
    save("name", "u", "scope", "selfservice", "action", "enable", "realm", "*");
    assertThat(stored("u"))
        .extracting(PolicyFields::user, PolicyFields::client)
        .containsExactly("*", "*");
    save("name", "u2", "scope", "audit", "action", "view", "realm", "MyDefRealm");
    assertThat(stored("u2"))
        .extracting(PolicyFields::user, PolicyFields::realm)
        .containsExactly("", "mydefrealm");
    assertThat(stored("u2").time()).isEqualTo("* * * * * *;");
  }

  @Test
  void p12ToP15Searching() {
    policy("g1", "selfservice", "enable", "realm", "myDefRealm");
    policy("g2", "selfservice", "enable,delete");
    policy("g3", "selfservice", "enable", "active", "no");
    assertThat(found("mydefrealm", null)).containsExactly("g1");
    assertThat(found("nope", null)).containsExactly("g2");
    assertThat(found(null, "delete")).containsExactly("g2");
    assertThat(found(null, null)).containsExactly("g1", "g2");
    assertThat(search.find(PolicySearch.Filter.ALL)).containsKey("g3");
  }

  private PolicySearch.Decision check(
      String scope, String action, String user, String realm, String client) {
    return search.check(scope, action, user, realm, client);
  }

  private static List<String> names(PolicySearch.Decision decision) {
    return decision.deciding().stream().map(Policy::name).toList();
  }

  @Test
  void p16ToP18CheckingAdministrators() {
    assertThat(check("admin", "enable", "any", "any", HERE))
        .extracting(PolicySearch.Decision::allowed, PolicySearch.Decision::open)
        .containsExactly(true, true);
    policy("cp1", "admin", "*", "realm", "realm1", "user", "cp1");
    assertThat(names(check("admin", "initHMAC", "cp1", "realm1", ""))).containsExactly("cp1");
    assertThat(check("admin", "initHMAC", "cp1", "realm2", "").allowed()).isFalse();
  }

  @Test
  void p19ToP21CheckingUsers() {
    policy("ce1", "enrollment", "maxtoken=3", "user", "user1");
    policy("ce2", "enrollment", "maxtoken=1", "user", "");
    assertThat(names(check("enrollment", "maxtoken", "user1", "mydefrealm", "")))
        .containsExactly("ce1");
    assertThat(names(check("enrollment", "maxtoken", "user2", "mydefrealm", "")))
        .containsExactly("ce2");
    policy("cs1", "selfservice", "enrollHMAC, setOTPPIN", "user", "user1");
    policy(
        "cs2",
        "selfservice",
        "enrollHMAC, setOTPPIN, webprovisionGOOGLE",
        "user",
        "user1",
        "client",
        "172.16.200.10");
    assertThat(check("selfservice", "webprovisionGOOGLE", "user1", "r", "192.168.20.1").allowed())
        .isFalse();
    assertThat(names(check("selfservice", "webprovisionGOOGLE", "user1", "r", "172.16.200.10")))
        .containsExactly("cs2");
    assertThat(names(check("selfservice", "enrollHMAC", "user1", "r", "192.168.20.1")))
        .containsExactly("cs1");
  }

  @Test
  void aFlagThatIsOffIsNotAllowed() {
    policy("p", "selfservice", "enable=0, disable=false, !delete, reset=1");
    for (String action : List.of("enable", "disable", "delete")) {
      assertThat(check("selfservice", action, "hans", "r", HERE).allowed()).as(action).isFalse();
    }
    assertThat(check("selfservice", "reset", "hans", "r", HERE).allowed()).isTrue();
    policy("q", "enrollment", "maxtoken=0");
    assertThat(check("enrollment", "maxtoken", "hans", "r", HERE).allowed()).isTrue();
  }

  @Test
  void aDecisionIsExplained() {
    policy("wild", "authentication", "otppin=1");
    policy("named", "authentication", "otppin=2", "user", "hans");
    policy("elsewhere", "authentication", "otppin=3", "realm", "myotherrealm");
    policy("inside", "authentication", "otppin=3", "client", "10.0.0.0/8");
    policy("past", "authentication", "otppin=3", "time", "* * * * * 2001");
    policy("max", "authentication", "otppin=3", "user", "max1");
    policy("silent", "authentication", "passthru");
    assertThat(check("authentication", "otppin", "hans", "mydefrealm", HERE).verdicts())
        .extracting(Verdict::toString)
        .containsExactly(
            "elsewhere does not match the realm",
            "inside does not match the client",
            "max does not match the user",
            "named decides",
            "past does not hold at this time",
            "wild matches, but another policy names the user more precisely");
  }

  @Test
  void p22ToP24ExportAndImport() {
    policy("help", "admin", "enable, disable", "realm", "sales, support", "user", "hd1, hd2");
    policy("sms", "authentication", "smstext=\"Your code is <otp>, thanks\"");
    policy("text", "selfservice", "footer_text='a \"b\"'");
    policy("empty", "audit", "view", "user", "", "client", "", "active", "no");
    var before = search.find(PolicySearch.Filter.ALL);
    String file = PolicyFile.write(before.values());
    reset();
    assertThat(product.policyStore.load(file, em -> {})).isEqualTo(4);
    var after = search.find(PolicySearch.Filter.ALL);
    assertThat(after.get("help")).isEqualTo(before.get("help"));
    assertThat(after.get("sms")).isEqualTo(before.get("sms"));
    assertThat(after.get("text")).isEqualTo(before.get("text"));
    product.policyStore.load("[i1]\naction = view\nscope = audit\n", em -> {});
    assertThat(stored("i1"))
        .isEqualTo(new PolicyFields("i1", "audit", "view", "*", "*", "*", "*", "True"));
    refused(
        -311,
        () ->
            product.policyStore.load(
                "[ok]\naction = view\nscope = audit\n[bad]\nscope = audit\n", em -> {}));
    refused(
        -311,
        () ->
            product.policyStore.load(
                "[ok]\naction = view\nscope = audit\n[bad]\naction = foo\nscope = audit\n",
                em -> {}));
    assertThat(stored("ok")).isNull();
  }

  @Test
  void p25WhatCouldNeverBeEvaluatedIsNotStored() {
    for (String[] field :
        List.of(
            new String[] {"time", "* * *"},
            new String[] {"time", "*/0 * * * * *"},
            new String[] {"client", "10.0.0.1-10.0.0.9"},
            new String[] {"user", "[a"})) {
      refused(-311, () -> policy("p", "authentication", "passthru", field));
    }
    assertThat(product.policyStore.delete(List.of("unknown"), false, em -> {})).isEmpty();
  }
}
