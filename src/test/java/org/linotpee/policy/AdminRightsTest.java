package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestProduct;

/** Spec 07 section 8, examples of section 19.1, and limits under parallel requests. */
class AdminRightsTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("hans", "horst");
    product.enroll("hans", "type", "pw", "otpkey", "geheim", "serial", "T1", "pin", "pin");
    product.enroll("", "type", "pw", "otpkey", "geheim", "serial", "T3");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private void as(String login) {
    product.administrator =
        Optional.of(new PolicySubject(login, "linotp_admins", "LinOTP_local_admins"));
  }

  private int disable(String serial) {
    return product.managed.disable(
        new ManagedTokens.Selection(product.name(""), Optional.of(serial)),
        product.audit("admin/disable"));
  }

  private void denied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LinotpException.class, e -> assertThat(e.code()).isEqualTo(AdminRights.DENIED));
  }

  @Test
  void withoutPoliciesEverythingIsAllowed() {
    as("anybody");
    assertThat(disable("T1")).isEqualTo(1);
    assertThat(product.rights.may("system", "write")).isTrue();
  }

  @Test
  void rightsOfARealm() {
    product.policy("a", "admin", "enable, disable", "realm", "people", "user", "a1");
    as("a1");
    assertThat(disable("T1")).isEqualTo(1);
    denied(() -> disable("T3"));
    denied(() -> product.enroll("", "otpkey", SEED));
    as("a9");
    denied(() -> disable("T1"));
  }

  @Test
  void whatIsDeniedIsDeniedThoughAllIsGranted() {
    product.policy("d", "admin", "*, !disable", "user", "a4");
    as("a4");
    denied(() -> disable("T1"));
    assertThat(product.rights.of("enable").everywhere()).isTrue();
    product.policy("e", "admin", "*", "realm", "*, !people", "user", "a5");
    as("a5");
    denied(() -> disable("T1"));
    assertThat(disable("T3")).isEqualTo(1);
  }

  @Test
  void theSpecificPolicyHidesTheGeneralOneForItsActionsAlone() {
    product.policy("e1", "admin", "enable, reset", "realm", "people");
    product.policy("e2", "admin", "enable", "realm", "linotp_admins", "user", "bob");
    as("bob");
    assertThat(product.rights.of("enable").inRealm("people")).isFalse();
    assertThat(product.rights.of("reset").inRealm("people")).isTrue();
    assertThat(product.rights.permissions().inRealm().get("people"))
        .contains("admin/enable", "admin/reset", "admin/show");
  }

  @Test
  void timeAndClientCount() {
    product.policy("g", "admin", "disable", "user", "a5", "time", "* * * * * 2001");
    product.policy("h", "admin", "disable", "user", "a6", "client", "10.1.1.1");
    as("a5");
    denied(() -> disable("T1"));
    as("a6");
    denied(() -> disable("T1"));
    product.client = "10.1.1.1";
    assertThat(disable("T1")).isEqualTo(1);
  }

  @Test
  void lockOutProtection() {
    var read = TestProduct.map("name", "s1", "scope", "system", "action", "read", "realm", "*");
    assertThatThrownBy(() -> product.policyStore.set(read, false, em -> {}))
        .hasMessageContaining("potential lockout");
    product.policy("s1", "system", "*", "user", "admin");
    var off =
        TestProduct.map(
            "name", "s1", "scope", "system", "action", "*", "realm", "*", "user", "admin", "active",
            "no");
    product.policyStore.set(off, true, em -> {});
    product.policy("s1", "system", "*", "user", "admin");
    product.policy("s2", "system", "read", "user", "other");
    assertThatThrownBy(() -> product.policyStore.delete(List.of("s1"), false, em -> {}))
        .hasMessageContaining("potential lockout");
    assertThatThrownBy(() -> product.policyStore.set(off, false, em -> {}))
        .hasMessageContaining("potential lockout");
    assertThat(product.policyStore.delete(List.of("s2", "nope"), false, em -> {})).hasSize(7);
    assertThat(product.policyStore.delete(List.of("s1"), false, em -> {})).hasSize(7);
  }

  /** Eight at a time, and never more than allowed. */
  @Test
  void limitsHoldForParallelRequests() throws Exception {
    product.policy("limit", "enrollment", "maxtoken=3");
    product.policy("count", "enrollment", "tokencount=5");
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> enroll =
          () -> {
            try {
              product.enroll(
                  Math.random() < 0.5 ? "hans" : "horst", "type", "pw", "otpkey", "geheim");
              return true;
            } catch (LinotpException e) {
              assertThat(e.code()).isIn(410, 411);
              return false;
            }
          };
      int enrolled = 0;
      for (Future<Boolean> result : pool.invokeAll(java.util.Collections.nCopies(24, enroll))) {
        enrolled += result.get() ? 1 : 0;
      }
      assertThat(enrolled).isEqualTo(4);
    } finally {
      pool.shutdown();
    }
  }
}
