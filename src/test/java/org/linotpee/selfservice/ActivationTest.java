package org.linotpee.selfservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Answer;
import org.linotpee.token.paired.Phone;

/** Users activate the devices that they have paired (spec 09 section 10.2). */
class ActivationTest {
  private final SelfserviceProduct portal = new SelfserviceProduct("alice", "bob");

  @BeforeEach
  void policies() {
    portal.product.gateways();
    String url = "https://otp.example.com/validate/";
    portal.product.policy(
        "devices",
        "authentication",
        "qrtoken_pairing_callback_url="
            + url
            + "pair, qrtoken_challenge_callback_url="
            + url
            + "check_t, pushtoken_pairing_callback_url="
            + url
            + "pair, pushtoken_challenge_callback_url="
            + url
            + "accept_transaction");
    portal.product.policy("own", "selfservice", "enrollQR, enrollPUSH, enable");
  }

  @AfterEach
  void stop() {
    portal.close();
  }

  private void rights() {
    portal.product.policy(
        "own", "selfservice", "enrollQR, enrollPUSH, activate_QRToken, activate_PushToken");
  }

  private Phone enrolled(String type, String serial) {
    var more =
        portal
            .enrollment
            .enroll(
                portal.user("alice"),
                TestProduct.map("type", type, "serial", serial),
                portal.audit("enroll"))
            .more();
    return new Phone((String) more.get("pairing_url"), 3);
  }

  private void pair(String response) {
    portal.product.pairing.pair(response, portal.audit("pair"));
  }

  private TokenTest.Result activate(String user, String serial) {
    return portal.test.activate(
        portal.user(user), Optional.of(serial), portal.audit("activate_init"));
  }

  private TokenTest.Result activated(String user, String transaction) {
    return portal.test.activated(
        portal.user(user), Optional.of(transaction), portal.audit("activate_check_status"));
  }

  private boolean answered(String transaction, Answer answer) {
    return portal.product.answer(transaction, answer).outcome().accepted();
  }

  private static Object status(TokenTest.Result result, String transaction, String member) {
    Map<?, ?> transactions = (Map<?, ?>) result.detail().get("transactions");
    return ((Map<?, ?>) transactions.get(transaction)).get(member);
  }

  @Test
  void theOwnerActivatesAQrToken() {
    Phone phone = enrolled("qr", "Q1");
    rights();
    assertThat(activate("alice", "Q1").value()).isFalse();
    pair(phone.qrResponse());
    assertThat(activate("bob", "Q1").value()).isFalse();
    assertThat(activate("alice", "none").value()).isFalse();
    TokenTest.Result begun = activate("alice", "Q1");
    assertThat(begun.value()).isTrue();
    String transaction = (String) begun.detail().get("transactionid");
    assertThat(status(activated("alice", transaction), transaction, "status")).isEqualTo("open");
    assertThat(activated("bob", transaction).value()).isFalse();
    String answer = phone.read((String) begun.detail().get("message")).answer();
    assertThat(answered(transaction, new Answer.Text(answer))).isTrue();
    assertThat(status(activated("alice", transaction), transaction, "valid_tan")).isEqualTo(true);
    assertThat(portal.product.token("Q1").active()).isTrue();
    assertThat(activate("alice", "Q1").value()).isFalse();
  }

  @Test
  void theOwnerActivatesAPushToken() {
    Phone phone = enrolled("push", "P1");
    rights();
    pair(phone.pushResponse());
    TokenTest.Result begun = activate("alice", "P1");
    String transaction = (String) begun.detail().get("transactionid");
    String signature = phone.pushed(portal.product.outbox.lastText()).signed(true);
    assertThat(answered(transaction, new Answer.Accept(signature))).isTrue();
    TokenTest.Result done = activated("alice", transaction);
    assertThat(status(done, transaction, "accept")).isEqualTo(true);
    assertThat(portal.product.token("P1").active()).isTrue();
  }

  @Test
  void activatingNeedsARight() {
    pair(enrolled("qr", "Q1").qrResponse());
    assertThatThrownBy(() -> activate("alice", "Q1"))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(410));
  }

  /** Enabling is no way around the device. */
  @Test
  void anUnpairedTokenCannotBeEnabled() {
    enrolled("qr", "Q1");
    assertThatThrownBy(
            () ->
                portal.tokens.enable(
                    portal.user("alice"), Optional.of("Q1"), portal.audit("enable")))
        .isInstanceOf(LinotpException.class);
    assertThat(portal.product.token("Q1").active()).isFalse();
  }
}
