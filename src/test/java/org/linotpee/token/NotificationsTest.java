package org.linotpee.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.delivery.Message;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;

/** What users are told about their tokens (spec 07 section 15.1, spec 11 section 15). */
class NotificationsTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.peopleOf("alice,1,Adams,Alice,alice@example.org,,+49 171 1,pw\nbob,2,,,,,+49 171 2,pw");
    product.gateways();
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private void telling(String actions) {
    product.policy("notify", "notification", actions);
  }

  private List<Message> messages() {
    return product.outbox.messages();
  }

  private void set(String serial, String pin) {
    product.managed.set(
        new ManagedTokens.Selection(UserName.NONE, Optional.of(serial)),
        Map.of("pin", pin),
        product.audit("admin/set"));
  }

  @Test
  void withoutAPolicyNobodyIsTold() {
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1", "pin", "1234");
    set("T1", "4321");
    assertThat(messages()).isEmpty();
  }

  @Test
  void anEnrollmentIsTold() {
    telling("enrollment=email::gateway");
    product.enroll("alice", "type", "pw", "otpkey", "seed-of-it", "serial", "T1", "pin", "1234");
    assertThat(messages()).hasSize(1);
    Message mail = messages().get(0);
    assertThat(mail.recipient()).isEqualTo("alice@example.org");
    assertThat(mail.subject()).contains("New pw token enrolled");
    assertThat(mail.context())
        .containsEntry("serial", "T1")
        .containsEntry("tokentype", "pw")
        .containsEntry("givenname", "Alice")
        .doesNotContainKeys("Pin", "otp", "password");
    assertThat(mail.context().values()).doesNotContain("seed-of-it", "1234");
  }

  @Test
  void aTokenOfNobodyIsToldToNobody() {
    telling("enrollment=email::gateway, setPin=email::gateway");
    product.enroll("", "type", "pw", "otpkey", "x", "serial", "T1", "pin", "1234");
    set("T1", "4321");
    assertThat(messages()).isEmpty();
  }

  @Test
  void thePinOfAnAdministratorIsTold() {
    telling("setPin=email::gateway");
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1", "pin", "1234");
    set("T1", "4321");
    set("T1", "");
    assertThat(messages()).extracting(m -> m.context().get("Pin")).containsExactly("1234", "4321");
    product.managed.set(
        new ManagedTokens.Selection(UserName.NONE, Optional.of("T1")),
        Map.of("description", "x"),
        product.audit("admin/set"));
    assertThat(messages()).hasSize(2);
  }

  @Test
  void aRandomPinIsToldForEachToken() {
    product.policy("random", "enrollment", "otp_pin_random=8");
    product.enroll("", "type", "pw", "otpkey", "one", "serial", "T1");
    product.enroll("", "type", "pw", "otpkey", "two", "serial", "T2");
    telling("setPin=email::gateway");
    product.managed.assign(
        List.of("T1", "T2"),
        product.name("alice"),
        Optional.of("chosen"),
        false,
        product.audit("admin/assign"));
    assertThat(messages()).hasSize(2);
    for (Message mail : messages()) {
      String pin = mail.context().get("Pin");
      String value = mail.context().get("serial").equals("T1") ? "one" : "two";
      assertThat(pin).hasSize(8);
      assertThat(product.check("alice", pin + value)).as(mail.context().get("serial")).isTrue();
    }
  }

  @Test
  void aRefusedEnrollmentIsNotTold() {
    telling("enrollment=email::gateway, setPin=email::gateway");
    product.policy("limit", "enrollment", "tokencount=0");
    try {
      product.enroll("alice", "type", "pw", "otpkey", "x", "pin", "1234");
    } catch (org.linotpee.configuration.LinotpException refused) {
      assertThat(refused.code()).isEqualTo(410);
    }
    assertThat(messages()).isEmpty();
  }

  @Test
  void theFirstWayThatWorksIsTaken() {
    telling("enrollment='email::gateway sms::gateway'");
    product.enroll("bob", "type", "pw", "otpkey", "x", "serial", "T1");
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T2");
    assertThat(messages())
        .extracting(Message::recipient)
        .containsExactly("+49 171 2", "alice@example.org");
    assertThat(messages().get(0).text()).isEqualTo("New pw token T1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fax::gateway", "voice::gateway", "gateway", "email", "email:gateway", "::"})
  void anythingElseIsNoWay(String value) {
    telling("enrollment=" + value);
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1");
    assertThat(messages()).isEmpty();
  }

  @Test
  void theDefaultProviderNeedsNoName() {
    telling("enrollment=email::");
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1");
    assertThat(messages()).hasSize(1);
  }

  @Test
  void onlyThoseWhomThePolicyNamesAreTold() {
    product.policy("n", "notification", "enrollment=email::gateway, setPin=email::", "user", "bob");
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1", "pin", "1");
    set("T1", "4321");
    assertThat(messages()).isEmpty();
  }

  @Test
  void whatCannotBeSentChangesNothing() {
    telling("enrollment=email::gateway, setPin=email::nowhere");
    product.outbox.refuse();
    product.enroll("alice", "type", "pw", "otpkey", "x", "serial", "T1", "pin", "1234");
    assertThat(product.check("alice", "1234x")).isTrue();
    set("T1", "4321");
    assertThat(product.check("alice", "4321x")).isTrue();
  }

  @Test
  void noticesDoNotShowThePin() {
    var notice =
        new Notifications.Notice(
            Notifications.Event.PIN, "T1", "pw", Optional.of("never-to-be-seen"));
    assertThat(notice.toString()).doesNotContain("never-to-be-seen");
  }
}
