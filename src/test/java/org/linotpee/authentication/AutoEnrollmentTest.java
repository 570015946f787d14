package org.linotpee.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.testing.TestProduct;

/**
 * Tokens that users get by their first login (spec 02 section 7.3, spec 07 sections 14.4, 15.1).
 */
class AutoEnrollmentTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.peopleOf(
        "alice,1,Adams,Alice,alice@example.org,,+49 171 1,pw\n"
            + "phone,2,,,,,+49 171 2,pw\n"
            + "mail,3,,,mail@example.org,,,pw\n"
            + "none,4,,,,,,pw");
    product.gateways();
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private void enrolling(String value) {
    product.policy("enroll", "enrollment", "autoenrollment=" + value);
  }

  private List<String> tokens() {
    return product.transactions.required(
        em ->
            em.createQuery("SELECT t.type FROM Token t ORDER BY t.id", String.class)
                .getResultList());
  }

  @Test
  void thePasswordEnrollsAndSendsAndIsThePin() {
    enrolling("sms");
    var asked = (Outcome.Challenged) product.outcome("alice", "pw");
    assertThat(asked.detail()).containsEntry("linotp_tokentype", "sms");
    assertThat(product.outbox.messages())
        .singleElement()
        .satisfies(m -> assertThat(m.recipient()).isEqualTo("+49 171 1"));
    assertThat(asked.challenges().get(0).description()).isEqualTo("auto enrolled for alice@people");
    String value = product.outbox.lastText();
    assertThat(product.check("alice", value, "state", asked.transactionId())).isTrue();
    product.clock.advance(Duration.ofSeconds(61));
    assertThat(product.outcome("alice", "pw")).isInstanceOf(Outcome.Challenged.class);
    assertThat(product.check("alice", "pw" + product.outbox.lastText())).isTrue();
    assertThat(tokens()).containsExactly("sms");
  }

  @ParameterizedTest
  @CsvSource({
    // policy, what alice, somebody with a number, and somebody with an address get
    "sms, sms, sms, ''",
    "email, email, '', email",
    "email sms, email, sms, email",
    "sms  EMAIL, sms, sms, email",
    "*, sms, sms, email",
    "fax, '', '', ''",
    "sms fax, '', '', ''"
  })
  void theWordsOfThePolicyDecide(String policy, String both, String phone, String mail) {
    enrolling(policy);
    assertThat(type("alice")).isEqualTo(both);
    assertThat(type("phone")).isEqualTo(phone);
    assertThat(type("mail")).isEqualTo(mail);
    assertThat(type("none")).isEmpty();
  }

  private String type(String user) {
    return product.outcome(user, "pw") instanceof Outcome.Challenged asked
        ? asked.challenges().get(0).tokenType()
        : "";
  }

  @Test
  void aWrongPasswordEnrollsNobodyAndTellsNothing() {
    enrolling("*");
    assertThat(product.outcome("alice", "wrong")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(product.outcome("alice", "")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(tokens()).isEmpty();
    assertThat(product.outbox.messages()).isEmpty();
  }

  @Test
  void whatCannotBeSentLeavesNoToken() {
    enrolling("sms");
    product.outbox.refuse();
    assertThat(product.outcome("alice", "pw")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(tokens()).isEmpty();
    product.outbox.accept();
    assertThat(type("alice")).isEqualTo("sms");
  }

  @Test
  void parallelFirstLoginsEnrollOnce() throws Exception {
    enrolling("sms");
    var pool = Executors.newFixedThreadPool(4);
    try {
      var attempts = new ArrayList<Callable<Outcome>>();
      for (int i = 0; i < 4; i++) {
        attempts.add(() -> product.outcome("alice", "pw"));
      }
      pool.invokeAll(attempts);
    } finally {
      pool.shutdown();
    }
    assertThat(tokens()).hasSize(1);
    assertThat(product.outbox.messages()).hasSize(1);
  }

  @Test
  void whoHasATokenGetsNoOther() {
    enrolling("sms");
    product.enroll("alice", "otpkey", TestProduct.SEED, "enable", "false");
    assertThat(product.outcome("alice", "pw")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(tokens()).hasSize(1);
  }

  @Test
  void limitsHoldHereToo() {
    enrolling("sms");
    product.policy("limit", "enrollment", "maxtoken=0");
    assertThat(product.outcome("alice", "pw")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(tokens()).isEmpty();
  }

  @Test
  void anAnnouncedPinReplacesThePassword() {
    enrolling("sms");
    product.policy("notify", "notification", "autoenrollment=email::gateway");
    var asked = (Outcome.Challenged) product.outcome("alice", "pw");
    var mail = product.outbox.messages().get(1);
    assertThat(mail.recipient()).isEqualTo("alice@example.org");
    String pin = mail.context().get("Pin");
    assertThat(pin).hasSize(6);
    assertThat(mail.context()).containsEntry("tokentype", "sms").doesNotContainKey("otp");
    String value = product.outbox.messages().get(0).text();
    assertThat(product.check("alice", "pw" + value)).isFalse();
    assertThat(product.check("alice", pin + value)).isTrue();
    assertThat(product.check("alice", value, "state", asked.transactionId())).isFalse();
  }

  @Test
  void withoutAnAddressThePasswordStaysThePin() {
    enrolling("sms");
    product.policy("notify", "notification", "autoenrollment=email::");
    assertThat(product.outcome("phone", "pw")).isInstanceOf(Outcome.Challenged.class);
    assertThat(product.check("phone", "pw" + product.outbox.lastText())).isTrue();
  }
}
