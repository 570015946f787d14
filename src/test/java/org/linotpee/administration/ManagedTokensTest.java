package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.audit.AuditRecord;
import org.linotpee.enrollment.LostToken;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.testing.TestProduct;

/** Spec 03 section 5 and spec 04 section 12, where they are easily missed. */
class ManagedTokensTest {
  private static final String SPEC = "useridresolver.SQLIdResolver.IdResolver.people";

  private final TestProduct product = new TestProduct();

  @BeforeEach
  void begin() {
    product.people("alice", "bob");
    product.enroll("alice", "type", "spass", "serial", "S1", "pin", "p");
  }

  @AfterEach
  void end() {
    product.close();
  }

  private static AuditRecord audit() {
    return new AuditRecord(Instant.EPOCH, "admin/set", "192.0.2.1");
  }

  private static ManagedTokens.Selection serial(String serial) {
    return new ManagedTokens.Selection(UserName.NONE, Optional.of(serial));
  }

  private Map<String, Integer> set(String name, String value) {
    return product.managed.set(serial("S1"), Map.of(name, value), audit());
  }

  @Test
  void particularsNeedTheRightUnlessTheOldSwitchIsOn() {
    product.policy("help", "admin", "setOTPPIN");
    assertThatThrownBy(() -> set("description", "x")).hasMessageContaining("administrative right");
    assertThatThrownBy(
            () -> product.managed.limit(List.of("S1"), info -> info.with("a", 1), audit()))
        .hasMessageContaining("administrative right");
    product.configure("token.set_without_right", "True");
    assertThat(set("description", "x")).containsEntry("set description", 1);
    product.managed.limit(List.of("S1"), info -> info.with("count_auth_max", 1), audit());
    assertThat(product.token("S1").info().number("count_auth_max", 0)).isEqualTo(1);
    assertThatThrownBy(() -> set("maxfailcount", "3")).hasMessageContaining("administrative right");
    assertThat(set("pin", "q")).containsEntry("set pin", 1);
  }

  @Test
  void tokensGoIntoNoRealmInWhichTheAdministratorHasNoRight() {
    product.stores.setRealm("sales", SPEC, "", em -> {});
    product.policy("mine", "admin", "initSPASS", "realm", "people");
    for (String realm : List.of("sales", "nosuch")) {
      assertThatThrownBy(() -> product.enroll("", "type", "spass", "realm", realm))
          .hasFieldOrPropertyWithValue("code", AdminRights.DENIED);
    }
    String serial = product.enroll("", "type", "spass", "realm", "people");
    Realms realms = product.snapshots.current().part(Realms.class);
    assertThat(
            product.transactions.<java.util.Set<String>>required(
                em -> product.tokens.realmsOf(em, product.token(serial), realms)))
        .containsExactly("people");
  }

  @Test
  void anOwnerIsLookedAtInTheRealmThatHisTokenShares() {
    product.stores.setRealm("archive", SPEC, "", em -> {});
    product.stores.setRealm("sales", SPEC, "", em -> {});
    Realms realms = product.snapshots.current().part(Realms.class);
    var owner = new OwnerKey(SPEC, "id-alice");
    assertThat(realms.ofOwner(owner, List.of("sales")).orElseThrow().name()).isEqualTo("sales");
    assertThat(realms.ofOwner(owner, List.of()).orElseThrow().name()).isEqualTo("people");
    assertThat(realms.ofOwner(owner, List.of("archive", "sales")).orElseThrow().name())
        .isEqualTo("archive");
    assertThat(realms.ofOwner(owner, List.of("archive", "people")).orElseThrow().name())
        .isEqualTo("people");
    assertThat(realms.ofOwner(new OwnerKey("useridresolver.x.y.gone", "1"), List.of("sales")))
        .isEmpty();
  }

  @Test
  void anOwnerWhoseStoreIsInNoRealmIsAnError() {
    product.stores.setRealm(
        "people", "useridresolver.SQLIdResolver.IdResolver.LinOTP_local_admins", "", em -> {});
    assertThatThrownBy(() -> product.managed.owner("S1", audit()))
        .hasMessageContaining("in no realm any more");
    assertThatThrownBy(
            () ->
                product.lostToken.replace(
                    "S1", new LostToken.Wish("", Optional.empty(), Optional.empty()), audit()))
        .hasMessageContaining("in no realm any more");
    assertThat(product.token("S1").active()).isTrue();
  }

  @Test
  void theResolverOfTheLocalAdministratorsKeepsItsName() {
    var renamed =
        new UserStores.Definition(
            "other", "sqlresolver", Optional.of("LinOTP_local_admins"), Map.of("Password", ""));
    assertThatThrownBy(() -> product.stores.setResolver(renamed, "LinOTP_local_admins", em -> {}))
        .hasMessageContaining("cannot be renamed");
  }

  @Test
  void aSpecificationNamesAClassOfTheResolversType() {
    for (String spec :
        List.of(
            "sqlresolver.people",
            "useridresolver.sqlresolver.people",
            "useridresolveree.SQLIdResolver.IdResolver.people",
            SPEC)) {
      product.stores.setRealm("sales", spec, "", em -> {});
    }
    for (String spec : List.of("people", "mysqlx.people", "ldapresolver.people", ".people", "")) {
      assertThatThrownBy(() -> product.stores.setRealm("sales", spec, "", em -> {}))
          .as(spec)
          .hasMessageContaining("resolver");
    }
  }
}
