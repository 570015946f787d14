package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies of equal rank that contradict each other are told in the log (spec 07 section 7.1). */
class ContradictionsTest extends Examples {
  private static final Logger LOG = Logger.getLogger(Contradictions.class.getName());

  private final List<String> told = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          told.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    told.clear();
    LOG.addHandler(handler);
  }

  @AfterEach
  void listenNoLonger() {
    LOG.removeHandler(handler);
  }

  private static PolicyContext hans() {
    return new PolicyContext(
        Optional.of(new PolicySubject("hans", "mydefrealm", "myDefRes")),
        Optional.of("mydefrealm"),
        HERE);
  }

  private Optional<String> text(String action) {
    return product.policies.text("authentication", action, hans());
  }

  @Test
  void aValueIsToldOnceWithItsPoliciesAndTheOneThatCounts() {
    policy("c2", "authentication", "smstext=two");
    policy("c1", "authentication", "smstext=one, otppin=1");
    policy("c3", "authentication", "otppin=1");
    assertThat(text("smstext")).contains("one");
    assertThat(text("smstext")).contains("one");
    assertThat(text("otppin")).contains("1");
    assertThat(told)
        .containsExactly(
            "the policies c1, c2 contradict each other about authentication/smstext;"
                + " the value of c1 counts");
  }

  @Test
  void aMorePrecisePolicyContradictsNobody() {
    policy("p1", "authentication", "smstext=one");
    policy("p2", "authentication", "smstext=two", "user", "hans");
    assertThat(text("smstext")).contains("two");
    assertThat(told).isEmpty();
  }

  @Test
  void aRightThatIsGrantedAndDeniedIsTold() {
    policy("u1", "selfservice", "enrollHMAC");
    policy("u2", "selfservice", "!enrollHMAC");
    assertThat(product.policies.grants("selfservice", "enrollHMAC", hans())).isFalse();
    policy("s1", "system", "read, write");
    policy("s2", "system", "!read");
    assertThat(product.rights.may("system", "read")).isFalse();
    assertThat(told)
        .containsExactly(
            "the policies u1, u2 contradict each other about selfservice/enrollHMAC;"
                + " what denies counts",
            "the policies s1, s2 contradict each other about system/read; what denies counts");
  }

  @Test
  void administratorsMayHaveARightInOneRealmAndNotInAnother() {
    policy("r1", "admin", "enable", "realm", "mydefrealm");
    policy("r2", "admin", "!enable", "realm", "myotherrealm");
    assertThat(product.rights.of("enable").inRealm("mydefrealm")).isTrue();
    assertThat(told).isEmpty();
    policy("r3", "admin", "!enable");
    assertThat(product.rights.of("enable").inRealm("mydefrealm")).isFalse();
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains("r1", "r3", "admin/enable");
  }
}
