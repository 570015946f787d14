package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.linotpee.administration.TokenList;
import org.linotpee.enrollment.TokenImport;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;
import org.linotpee.tokenfile.Pskc;
import org.linotpee.tokenfile.TokenFile;

/** Spec 07 section 19.1. */
class AdministratorExamplesTest extends Examples {
  @Test
  void a1ToA4NobodyIsBoundUntilAPolicyIsActive() {
    as("anybody");
    assertThat(enable("T1")).isEqualTo(1);
    assertThat(product.rights.may("system", "write")).isTrue();
    policy("a", "admin", "*", "user", "super");
    refused(410, () -> enable("T1"));
    policy("a", "admin", "*", "user", "super", "active", "False");
    assertThat(enable("T1")).isEqualTo(1);
  }

  @Test
  void a5ToA9AndA13RightsHoldInTheirRealm() {
    policy("a", "admin", "enable, disable", "realm", "mydefrealm", "user", "a1");
    as("a1");
    assertThat(disable("T1")).isEqualTo(1);
    refused(410, () -> disable("T2"));
    refused(410, () -> disable("T3"));
    assertThat(disableOf("passthru_user1", "")).isEqualTo(1);
    refused(410, () -> disableOf("max1", "myotherrealm"));
    refused(410, () -> enroll("", ""));
  }

  private List<String> shown(String realm) {
    return product
        .list
        .find(
            new TokenList.Query(
                Optional.empty(),
                Optional.empty(),
                UserName.NONE,
                realm.isEmpty() ? Optional.empty() : Optional.of(realm),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "TokenSerialnumber",
                false,
                Optional.empty()))
        .entries()
        .stream()
        .map(e -> e.token().serial())
        .toList();
  }

  @Test
  void a10ToA12AndA31WhoMayDoAnythingSeesTokensThere() {
    policy("a", "admin", "enable, disable", "realm", "mydefrealm", "user", "a1");
    as("a1");
    assertThat(shown("")).containsExactly("T1");
    assertThat(shown("myotherrealm")).containsExactly("T1");
    as("a9");
    refused(410, () -> shown(""));
    policy("a", "admin", "*", "realm", "unspecified_realm");
    assertThat(shown("")).isEmpty();
    policy("a", "admin", "*", "realm", "unspecified_realm, *");
    assertThat(shown("")).containsExactly("T1", "T2", "T3");
  }

  @Test
  void a14ToA17Enrolling() {
    policy("b", "admin", "initPW", "realm", "mydefrealm, myotherrealm", "user", "a2");
    as("a2");
    enroll("", "", "serial", "N1");
    Set<String> in =
        product.transactions.required(
            em ->
                product.tokens.realmsOf(
                    em,
                    product.tokens.bySerial(em, "N1").orElseThrow(),
                    product.snapshots.current().part(Realms.class)));
    assertThat(in).containsExactly("mydefrealm", "myotherrealm");
    refused(410, () -> enroll("", "", "type", "hmac", "otpkey", TestProduct.SEED));
    refused(410, () -> enroll("", "", "serial", "T3"));
    refused(
        410,
        () -> product.managed.set(token("T1"), TestProduct.map("pin", "x"), audit("admin/set")));
  }

  @Test
  void a18ToA21WhatTheReferenceLetsPass() {
    policy("a", "admin", "enable, disable", "realm", "mydefrealm", "user", "a1");
    as("a1");
    refused(
        410,
        () ->
            product.managed.set(
                token("T2"), TestProduct.map("countauthmax", "10"), audit("admin/set")));
    refused(
        410, () -> product.managed.limit(List.of("T2"), info -> info, audit("admin/setValidity")));
    refused(
        410,
        () ->
            product.managed.moveToRealms("T1", List.of("myotherrealm"), audit("admin/tokenrealm")));
    policy("c", "admin", "manageToken", "realm", "mydefrealm,myotherrealm", "user", "a3");
    as("a3");
    assertThat(
            product.managed.moveToRealms("T1", List.of("myotherrealm"), audit("admin/tokenrealm")))
        .isEqualTo(1);
  }

  @Test
  void a22ADeniedActionIsDenied() {
    policy("d", "admin", "*, !remove", "user", "a4");
    as("a4");
    refused(410, () -> product.managed.remove(List.of("T1"), UserName.NONE, audit("admin/remove")));
    assertThat(enable("T1")).isEqualTo(1);
  }

  @Test
  void a23AndA24TheNamedAdministratorHasHisOwnPolicy() {
    policy("e1", "admin", "enable", "realm", "mydefrealm");
    policy("e2", "admin", "enable", "realm", "myotherrealm", "user", "bob");
    as("bob");
    refused(410, () -> enable("T1"));
    assertThat(enable("T2")).isEqualTo(1);
    assertThat(product.rights.permissions().inRealm().get("mydefrealm")).contains("admin/enable");
    assertThat(product.rights.permissions().inRealm().get("myotherrealm")).contains("admin/enable");
  }

  @Test
  void a25AndA26AdministratorsOfAResolver() {
    policy("f1", "admin", "*", "user", "myDefRes:");
    policy("f2", "admin", "disable");
    as("other");
    refused(410, () -> enable("T1"));
    assertThat(disable("T1")).isEqualTo(1);
    product.administrator = Optional.of(new PolicySubject("hans", "mydefrealm", "myDefRes"));
    assertThat(enable("T1")).isEqualTo(1);
    assertThat(disable("T1")).isEqualTo(1);
  }

  @Test
  void a27ToA30TimeAndClient() {
    policy("g", "admin", "enable", "user", "a5", "time", "* * * * * 2001");
    as("a5");
    refused(410, () -> enable("T1"));
    policy("h", "admin", "enable", "user", "a6", "client", "10.1.1.1");
    as("a6");
    refused(410, () -> enable("T1"));
    product.client = "10.1.1.1";
    assertThat(enable("T1")).isEqualTo(1);
    product.client = HERE;
    reset();
    policy("i1", "admin", "show");
    policy("i2", "admin", "enable, disable", "time", "! * 0-24 * * * *");
    as("any");
    assertThat(shown("")).hasSize(3);
    refused(410, () -> disable("T1"));
    policy("i2", "admin", "enable, disable", "time", "* 0-24 * * * *;");
    assertThat(disable("T1")).isEqualTo(1);
  }

  private boolean may(String login, String scope, String action) {
    as(login);
    return product.rights.may(scope, action);
  }

  private void save(boolean enforce, String... fields) {
    product.policyStore.set(TestProduct.map(fields), enforce, em -> {});
  }

  @Test
  void a33ToA39TheScopeSystemAndItsLockOutProtection() {
    policy("k1", "system", "*", "user", "admin");
    policy("k2", "system", "read", "user", "r");
    assertThat(may("r", "system", "read")).isTrue();
    assertThat(may("r", "system", "write")).isFalse();
    assertThat(may("x", "system", "read")).isFalse();
    save(false, "name", "k3", "scope", "system", "action", "read", "realm", "*", "user", "x");
    refused(
        -311,
        () ->
            save(
                false, "name", "k1", "scope", "system", "action", "*", "realm", "*", "user",
                "admin", "active", "False"));
    refused(-311, () -> product.policyStore.delete(List.of("k1"), false, em -> {}));
    product.policyStore.delete(List.of("k1"), true, em -> {});
    assertThat(may("admin", "system", "write")).isFalse();
    reset();
    policy("l", "system", "read");
    policy("m", "system", "read, write", "user", "admin");
    assertThat(may("nimda", "system", "read")).isTrue();
    assertThat(may("nimda", "system", "write")).isFalse();
    assertThat(may("admin", "system", "write")).isTrue();
  }

  @Test
  void a40ToA44TheOtherScopes() {
    policy("n", "audit", "view", "user", "aud");
    assertThat(may("aud", "audit", "view")).isTrue();
    assertThat(may("other", "audit", "view")).isFalse();
    policy("n", "audit", "view", "user", "");
    assertThat(may("aud", "audit", "view")).isFalse();
    policy("o", "monitoring", "tokens", "realm", "mydefrealm", "user", "m1");
    assertThat(may("m1", "monitoring", "tokens")).isTrue();
    assertThat(product.rights.visible("monitoring", "tokens")).containsExactly("mydefrealm");
    assertThat(may("m1", "monitoring", "userinfo")).isFalse();
    assertThat(may("other", "monitoring", "tokens")).isFalse();
    policy("p", "reporting.access", "show", "realm", "mydefrealm", "user", "m1");
    assertThat(may("m1", "reporting.access", "show")).isTrue();
    assertThat(may("m1", "reporting.access", "maximum")).isFalse();
    policy("q", "tools", "import_users", "user", "t1");
    assertThat(may("t1", "tools", "migrate_resolver")).isFalse();
  }

  @Test
  void a47A49AndA50TheTokensConcerned() {
    policy("s", "admin", "setMOTPPIN", "user", "a7");
    as("a7");
    refused(
        410,
        () ->
            product.managed.setDevicePins(
                "T1", Optional.of("1"), Optional.empty(), audit("admin/setPin")));
    policy("w", "admin", "copytokenpin, tokenowner", "realm", "mydefrealm", "user", "a9");
    as("a9");
    refused(410, () -> product.managed.copyPin("T2", "T3", audit("admin/copyTokenPin")));
    refused(410, () -> product.managed.owner("T2", audit("admin/getTokenOwner")));
    policy("x", "admin", "assign", "realm", "mydefrealm", "user", "a7");
    as("a7");
    refused(
        410,
        () ->
            product.managed.assign(
                List.of("T3"), name("hans", ""), Optional.empty(), false, audit("admin/assign")));
  }

  @Test
  void a48AnImportThatExceedsTheRealmStoresNothing() {
    enroll("hans", "");
    policy("u", "admin", "import", "realm", "mydefrealm", "user", "a8");
    policy("v", "enrollment", "tokencount=3", "realm", "mydefrealm");
    as("a8");
    String csv = "I1, " + TestProduct.SEED + "\nI2, " + TestProduct.SEED + "\n";
    refused(
        413,
        () ->
            product.tokenImport.load(
                TokenFile.named(
                    "oathcsv", new TokenFile.Options("auto", new Pskc.Plain(), false, "")),
                new StringReader(csv),
                new TokenImport.Target("oathcsv, a.csv", Optional.of("mydefrealm"), true),
                audit("admin/loadtokens")));
    Boolean stored =
        product.transactions.required(em -> product.tokens.bySerial(em, "I1").isPresent());
    assertThat(stored).isFalse();
  }
}
