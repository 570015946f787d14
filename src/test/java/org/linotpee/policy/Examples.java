package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserImport;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;

/** The fixtures of the test table, spec 07 section 19. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Examples {
  static final String HERE = "127.0.0.1";
  TestProduct product;

  @BeforeAll
  void start() {
    product = new TestProduct();
    resolver("myDefRes", "hans", "horst", "passthru_user1:geheim1", "passthru_user2:geheim2");
    resolver("myOtherRes", "max1:password1", "max2");
    realm("mydefrealm", "myDefRes");
    realm("myotherrealm", "myOtherRes");
    realm("mymixrealm", "myDefRes", "myOtherRes");
    product.stores.setDefaultRealm("mydefrealm", em -> {});
  }

  @AfterAll
  void stop() {
    product.close();
  }

  @BeforeEach
  void reset() {
    product.policyStore.delete(
        List.copyOf(product.policies.policies().stored().keySet()), true, em -> {});
    product.transactions.required(
        em -> {
          for (String table : List.of("ChallengeRow", "TokenRealm", "Token")) {
            em.createQuery("DELETE FROM " + table).executeUpdate();
          }
          return null;
        });
    as("admin");
    product.client = HERE;
    enroll("passthru_user1", "", "serial", "T1", "pin", "pin");
    enroll("max1", "myotherrealm", "serial", "T2", "pin", "pin");
    enroll("", "", "serial", "T3");
  }

  /** {@code login} or {@code login:password}. */
  private void resolver(String name, String... users) {
    var csv = new StringBuilder();
    for (String user : users) {
      String[] parts = (user + ":pw").split(":");
      csv.append(parts[0]).append(",id-").append(parts[0]).append(",,,,,,").append(parts[1]);
      csv.append('\n');
    }
    product.userImport.run(
        name,
        csv.toString().getBytes(StandardCharsets.UTF_8),
        new UserImport.Format(false, ',', '"', false, UserImport.DEFAULT_COLUMNS, true),
        false,
        (em, report) -> {});
  }

  private void realm(String name, String... resolvers) {
    product.stores.setRealm(
        name,
        String.join(
            ",",
            java.util.Arrays.stream(resolvers)
                .map(r -> "useridresolver.SQLIdResolver.IdResolver." + r)
                .toList()),
        "",
        em -> {});
  }

  void as(String login) {
    product.administrator =
        Optional.of(new PolicySubject(login, "linotp_admins", "LinOTP_local_admins"));
  }

  /** Enrolls a pw token with the value {@code geheim} unless the parameters say something else. */
  String enroll(String login, String realm, String... parameters) {
    Map<String, String> all = TestProduct.map("type", "pw", "otpkey", "geheim");
    all.putAll(TestProduct.map(parameters));
    UserName owner = login.isEmpty() ? UserName.NONE : name(login, realm);
    return product.enrollment.enroll(all, owner, audit("admin/init")).serial();
  }

  UserName name(String login, String realm) {
    return product.users.requested(login, realm.isEmpty() ? null : realm, null);
  }

  AuditRecord audit(String action) {
    return new AuditRecord(product.clock.instant(), action, product.client);
  }

  ManagedTokens.Selection token(String serial) {
    return new ManagedTokens.Selection(UserName.NONE, Optional.of(serial));
  }

  int enable(String serial) {
    return product.managed.enable(token(serial), audit("admin/enable"));
  }

  int disable(String serial) {
    return product.managed.disable(token(serial), audit("admin/disable"));
  }

  int disableOf(String login, String realm) {
    return product.managed.disable(
        new ManagedTokens.Selection(name(login, realm), Optional.empty()), audit("admin/disable"));
  }

  void policy(String name, String scope, String action, String... more) {
    product.policy(name, scope, action, more);
  }

  static void refused(int code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LinotpException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
