package org.linotpee.token.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.map;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.administration.ConfigurationEntries;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Curve25519;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenge;
import org.linotpee.token.Token;

/** QR and push tokens from the pairing to the answer (spec 08 sections 16 to 18). */
class PairedTokensTest {
  private static final String CALLBACK = "https://otp.example.com/validate/";

  private static TestProduct product;

  @BeforeAll
  static void startProduct() {
    product = new TestProduct();
    product.people("alice", "bob");
    product.gateways();
  }

  @AfterAll
  static void stopProduct() {
    product.close();
  }

  @BeforeEach
  void start() {
    product.transactions.required(
        em -> {
          product.tokens.lockBySerial(em, "*").forEach(token -> product.tokens.delete(em, token));
          return null;
        });
    product.configure("QRMaxChallenges", "4");
    product.configure("PushMaxChallenges", "4");
    product.outbox.accept();
    product.outbox.whileSending(() -> {});
    product.policy(
        "devices",
        "authentication",
        "qrtoken_pairing_callback_url="
            + CALLBACK
            + "pair, qrtoken_challenge_callback_url="
            + CALLBACK
            + "check_t, pushtoken_pairing_callback_url="
            + CALLBACK
            + "pair, pushtoken_challenge_callback_url="
            + CALLBACK
            + "accept_transaction");
  }

  @AfterEach
  void forgetPolicies() {
    product.policyStore.delete(List.of("mine", "theirs", "pa"), true, em -> {});
  }

  // helpers ---------------------------------------------------------------------------------------

  private String pairingUrl(String... parameters) {
    var more =
        product
            .enrollment
            .enroll(map(parameters), product.name("alice"), product.audit("admin/init"))
            .more();
    return (String) more.get("pairing_url");
  }

  private Phone qrPhone(String... parameters) {
    var all = new java.util.ArrayList<>(List.of("type", "qr", "serial", "Q1", "pin", "p"));
    all.addAll(List.of(parameters));
    return new Phone(pairingUrl(all.toArray(String[]::new)), 1);
  }

  private Phone pushPhone() {
    return new Phone(pairingUrl("type", "push", "serial", "P1", "pin", "p"), 2);
  }

  private void pair(String response) {
    product.pairing.pair(response, product.audit("validate/pair"));
  }

  private void refused(String response) {
    String before = info("Q1").isEmpty() ? info("P1") : info("Q1");
    assertThatThrownBy(() -> pair(response)).isInstanceOf(LinotpException.class);
    assertThat(info("Q1").isEmpty() ? info("P1") : info("Q1")).isEqualTo(before);
  }

  private String info(String serial) {
    return product
        .transactions
        .required(em -> product.tokens.bySerial(em, serial))
        .map(t -> t.info().text())
        .orElse("");
  }

  private String state(String serial) {
    return product.token(serial).info().get("state").orElse("");
  }

  private Outcome.Challenged triggered(String text, String... more) {
    var options = new java.util.ArrayList<>(List.of("data", text));
    options.addAll(List.of(more));
    Outcome outcome = product.outcome("alice", "p", options.toArray(String[]::new));
    assertThat(outcome).isInstanceOf(Outcome.Challenged.class);
    return (Outcome.Challenged) outcome;
  }

  private boolean answered(String transaction, String text) {
    return answered(transaction, new Answer.Text(text));
  }

  private boolean answered(String transaction, Answer answer) {
    return product.answer(transaction, answer).outcome().accepted();
  }

  private Challenge challenge(String transaction) {
    return product
        .transactionStatus
        .ask(
            new TransactionStatus.Question(
                transaction, product.name("alice"), Optional.empty(), Optional.of("p"), false),
            product.audit("validate/check_status"))
        .transactions()
        .get(0)
        .challenge();
  }

  private Phone readyQr(String... parameters) {
    Phone phone = qrPhone(parameters);
    pair(phone.qrResponse());
    var challenged = triggered("Q1");
    assertThat(answered(challenged.transactionId(), phone.read(challenged.message()).answer()))
        .isTrue();
    return phone;
  }

  private Phone readyPush() {
    Phone phone = pushPhone();
    pair(phone.pushResponse());
    var challenged = triggered("");
    assertThat(answered(challenged.transactionId(), accept(phone))).isTrue();
    return phone;
  }

  private Answer accept(Phone phone) {
    return new Answer.Accept(phone.pushed(product.outbox.lastText()).signed(true));
  }

  private Answer reject(Phone phone) {
    return new Answer.Reject(phone.pushed(product.outbox.lastText()).signed(false));
  }

  // enrollment ------------------------------------------------------------------------------------

  @Test
  void aNewTokenWaitsInactive() {
    qrPhone();
    Token token = product.token("Q1");
    assertThat(token.active()).isFalse();
    assertThat(token.otpLength()).isEqualTo(8);
    assertThat(token.info().get("partition")).hasValue("0");
    assertThat(state("Q1")).isEqualTo("pairing_url_sent");
    assertThat(product.outcome("alice", "p", "data", "Q1")).isInstanceOf(Outcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"genkey,1", "otpkey,31", "prefix,X", "tokenrealm,people", "otplen,5", "otplen,13"})
  void parametersOfOtherTypesAreRefused(String name, String value) {
    assertThatThrownBy(() -> qrPhone(name, value))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(-311));
    assertThat(info("Q1")).isEmpty();
  }

  @Test
  void aTokenIsInitializedOnce() {
    qrPhone();
    assertThatThrownBy(this::qrPhone).isInstanceOf(LinotpException.class);
  }

  @Test
  void thePoliciesOfTheOwnersRealmAndOfTheClientCount() {
    product.policy(
        "mine",
        "authentication",
        "qrtoken_pairing_callback_url=https://mine.example/",
        "client",
        "192.0.2.0/24");
    product.policy(
        "theirs",
        "authentication",
        "qrtoken_pairing_callback_url=https://theirs.example/",
        "realm",
        "elsewhere");
    String url = pairingUrl("type", "qr", "serial", "Q1");
    byte[] data = Base64.getUrlDecoder().decode(url.substring(url.lastIndexOf('/') + 1));
    assertThat(new String(data, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("https://mine.example/")
        .doesNotContain("theirs");
  }

  @Test
  void aPartitionNeedsAKeyPair() {
    product.policy("pa", "enrollment", "partition=2");
    assertThatThrownBy(this::qrPhone)
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(10));
    assertThat(product.partitionKeys.ensure(2)).isTrue();
    assertThat(product.partitionKeys.ensure(2)).isFalse();
    Phone phone = qrPhone();
    pair(phone.qrResponse());
    assertThat(product.token("Q1").info().get("partition")).hasValue("2");
    assertThat(state("Q1")).isEqualTo("pairing_response_received");
  }

  @Test
  void theServersKeysAreSealed() {
    var entry =
        product.snapshots.current().configuration().entry("SecretKey.Partition.0").orElseThrow();
    assertThat(entry.encrypted()).isTrue();
    assertThat(entry.content()).startsWith(product.keys.activeId() + ":");
  }

  /** Also where an administrator forgets to say that it is a secret. */
  @Test
  void aPairThatIsBroughtAlongIsSealedAsWell() {
    String stored = ServerKeys.generate(4).encodedSecret();
    new ConfigurationEntries(product.snapshots, product.sealer)
        .store(
            List.of(new ConfigurationEntries.Change("SecretKey.Partition.4", stored, null, null)),
            em -> {});
    assertThat(
            product
                .snapshots
                .current()
                .configuration()
                .entry("SecretKey.Partition.4")
                .orElseThrow()
                .content())
        .doesNotContain(stored);
    assertThat(product.partitionKeys.of(4).encodedSecret()).isEqualTo(stored);
  }

  // pairing ---------------------------------------------------------------------------------------

  @Test
  void aQrTokenIsPairedOnce() {
    Phone phone = qrPhone();
    pair(phone.qrResponse());
    assertThat(state("Q1")).isEqualTo("pairing_response_received");
    assertThat(product.token("Q1").info().number("user_token_id", 0)).isEqualTo(7);
    refused(phone.qrResponse());
  }

  @Test
  void idsHave32BitsWithoutSign() {
    Phone phone = qrPhone();
    phone.id = 0xffffffffL;
    pair(phone.qrResponse());
    assertThat(product.token("Q1").info().number("user_token_id", 0)).isEqualTo(4294967295L);
    phone.read(triggered("Q1").message());
  }

  @Test
  void responsesForOtherTokensAndTypesAreRefused() {
    Phone phone = qrPhone();
    product.enroll("alice", "otpkey", TestProduct.SEED, "serial", "H1");
    byte[] key = Curve25519.agreementPublic(new byte[32]);
    refused(phone.qrResponse(key, "none"));
    refused(phone.qrResponse(key, "H1"));
    refused(phone.qrResponse(key, "Q*"));
    refused(phone.pushResponse());
  }

  /** What is agreed with them is known to everybody. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void keysOfSmallOrderAreRefused(int first) {
    var key = new byte[32];
    key[0] = (byte) first;
    refused(qrPhone().qrResponse(key, "Q1"));
  }

  @Test
  void aPushTokenIsPairedByItsKeyAlone() {
    Phone phone = pushPhone();
    refused(phone.pushResponse(new byte[32]));
    var identity = new byte[32];
    identity[0] = 1;
    refused(phone.pushResponse(new byte[32], identity));
    pair(phone.pushResponse());
    assertThat(state("P1")).isEqualTo("pairing_response_received");
    pair(phone.pushResponse());
    phone.gda = "gda-other";
    refused(phone.pushResponse());
  }

  @Test
  void anActivePushTokenTakesOverTheAddressOfItsDeviceOnly() {
    Phone phone = readyPush();
    refused(new Phone(otherPairingUrl(), 9).pushResponse());
    phone.gda = "gda-4711";
    pair(phone.pushResponse());
    assertThat(state("P1")).isEqualTo("active");
    triggered("Pay");
    assertThat(product.outbox.messages().get(product.outbox.messages().size() - 1).recipient())
        .isEqualTo("gda-4711");
  }

  /** That of P1, as somebody else has copied it. */
  private String otherPairingUrl() {
    return new PairingUrl(
            4, "P1", Optional.of(CALLBACK), Optional.empty(), java.util.OptionalInt.empty())
        .text("lseqr", product.partitionKeys.of(0));
  }

  @Test
  void unpairingForgetsTheDevice() {
    Phone phone = readyQr();
    var open = triggered("Pay");
    unpair("Q1");
    assertThat(state("Q1")).isEqualTo("pairing_url_sent");
    assertThat(info("Q1")).doesNotContain("user_public_key").doesNotContain("user_token_id");
    assertThat(answered(open.transactionId(), phone.read(open.message()).answer())).isFalse();
    assertThat(product.outcome("alice", "p", "data", "Q1")).isInstanceOf(Outcome.Refused.class);
    // another device does not answer for the first one, nor the first one for it
    Phone other = new Phone(qrUrlOf("Q1"), 5);
    pair(other.qrResponse());
    var challenged = triggered("Q1");
    assertThat(answered(open.transactionId(), phone.read(open.message()).answer())).isFalse();
    assertThat(answered(challenged.transactionId(), other.read(challenged.message()).answer()))
        .isTrue();
    assertThat(answered(open.transactionId(), phone.read(open.message()).answer())).isFalse();
    assertThat(state("Q1")).isEqualTo("pairing_complete");
  }

  private String qrUrlOf(String serial) {
    return new PairingUrl(
            2, serial, Optional.of(CALLBACK), Optional.empty(), java.util.OptionalInt.of(8))
        .text("lseqr", product.partitionKeys.of(0));
  }

  private void unpair(String serial) {
    product.managed.unpair(
        new org.linotpee.administration.ManagedTokens.Selection(UserName.NONE, Optional.of(serial)),
        product.audit("admin/unpair"));
  }

  @Test
  void pushTokensCannotBeUnpaired() {
    readyPush();
    assertThatThrownBy(() -> unpair("P1")).isInstanceOf(LinotpException.class);
    assertThat(state("P1")).isEqualTo("active");
  }

  // qr --------------------------------------------------------------------------------------------

  @Test
  void theFirstAnswerActivates() {
    Phone phone = qrPhone();
    pair(phone.qrResponse());
    assertThat(product.outcome("alice", "p", "data", "other")).isInstanceOf(Outcome.Refused.class);
    var challenged = triggered("Q1");
    Phone.Read read = phone.read(challenged.message());
    assertThat(read.type()).isEqualTo(1);
    assertThat(read.flags()).isEqualTo(2 + 8 + 16);
    assertThat(state("Q1")).isEqualTo("pairing_challenge_sent");
    assertThat(product.token("Q1").active()).isFalse();
    assertThat(answered(challenged.transactionId(), "0".repeat(43))).isFalse();
    assertThat(answered(challenged.transactionId(), read.answer())).isTrue();
    assertThat(state("Q1")).isEqualTo("pairing_complete");
    assertThat(product.token("Q1").active()).isTrue();
    assertThat(product.token("Q1").counter()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerCountsOnce(boolean typed) {
    Phone phone = readyQr();
    var challenged = triggered("Pay 5 EUR?");
    Phone.Read read = phone.read(challenged.message());
    assertThat(read.text()).isEqualTo("Pay 5 EUR?");
    String answer = typed ? read.tan(8) : read.answer();
    assertThat(answered(challenged.transactionId(), answer)).isTrue();
    assertThat(answered(challenged.transactionId(), answer)).isFalse();
    assertThat(challenge(challenged.transactionId()).valid()).isTrue();
  }

  @Test
  void parallelAnswersCountOnce() throws Exception {
    Phone phone = readyQr();
    var challenged = triggered("Pay");
    String answer = phone.read(challenged.message()).answer();
    Callable<Boolean> work = () -> answered(challenged.transactionId(), answer);
    var pool = Executors.newFixedThreadPool(4);
    try {
      long right = 0;
      for (var done : pool.invokeAll(List.of(work, work, work, work))) {
        right += done.get() ? 1 : 0;
      }
      assertThat(right).isEqualTo(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anAnswerBelongsToItsTransaction() {
    Phone phone = readyQr();
    var first = triggered("Pay 1");
    var second = triggered("Pay 2");
    String answer = phone.read(second.message()).answer();
    assertThat(answered(first.transactionId(), answer)).isFalse();
    assertThat(answered("12345678901234567", answer)).isFalse();
    assertThat(answered(second.transactionId(), answer)).isTrue();
    assertThat(answered(first.transactionId(), phone.read(first.message()).answer())).isTrue();
  }

  @Test
  void anAnswerIsTakenInTime() {
    Phone phone = readyQr();
    var challenged = triggered("Pay");
    product.clock.advance(Duration.ofSeconds(151));
    assertThat(answered(challenged.transactionId(), phone.read(challenged.message()).answer()))
        .isFalse();
  }

  @Test
  void tooManyWrongAnswersCloseTheWay() {
    Phone phone = readyQr();
    product.configure("QRMaxChallenges", "2");
    var challenged = triggered("Pay");
    for (int i = 0; i < 3; i++) {
      assertThat(answered(challenged.transactionId(), "00000000")).isFalse();
    }
    assertThat(answered(challenged.transactionId(), phone.read(challenged.message()).answer()))
        .isFalse();
    assertThat(product.token("Q1").failCount()).isEqualTo(4);
  }

  /** A value of few digits could be guessed. */
  @Test
  void shortValuesAreNotTaken() {
    Phone phone = readyQr();
    product.transactions.required(
        em -> {
          product.tokens.lockBySerial(em, "Q1").get(0).otpLength(1);
          return null;
        });
    var challenged = triggered("Pay");
    Phone.Read read = phone.read(challenged.message());
    assertThat(answered(challenged.transactionId(), read.tan(1))).isFalse();
    assertThat(answered(challenged.transactionId(), read.answer())).isTrue();
  }

  @Test
  void thePinAloneIsAFailedLogin() {
    readyQr();
    assertThat(product.outcome("alice", "p")).isInstanceOf(Outcome.Refused.class);
    assertThat(product.token("Q1").failCount()).isEqualTo(1);
    assertThat(product.outcome("alice", "wrong", "data", "Pay"))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(product.token("Q1").failCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"2,no at sign", "1,other", "3,text", "x,text", "0,''"})
  void textsThatDoNotFitAreRefused(String type, String text) {
    readyQr();
    assertThat(product.outcome("alice", "p", "data", text, "content_type", type))
        .isInstanceOf(Outcome.Refused.class);
  }

  /** The end of a text within would let the caller choose where the answer goes. */
  @Test
  void textsThatWouldSpillOverAreRefused() {
    readyQr();
    assertThat(product.outcome("alice", "p", "data", "Pay\0https://evil.example/"))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void challengesNeedACallback() {
    readyQr();
    product.policy("devices", "authentication", "qrtoken_pairing_callback_url=" + CALLBACK);
    assertThat(product.outcome("alice", "p", "data", "Pay")).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aSignatureOfAPhoneDoesNotAnswerAQrToken() {
    readyQr();
    var challenged = triggered("Pay");
    assertThat(answered(challenged.transactionId(), new Answer.Accept("AAAA"))).isFalse();
  }

  // push ------------------------------------------------------------------------------------------

  @Test
  void acceptingActivates() {
    Phone phone = pushPhone();
    pair(phone.pushResponse());
    var challenged = triggered("");
    assertThat(challenged.message()).isEmpty();
    Phone.Pushed pushed = phone.pushed(product.outbox.lastText());
    assertThat(pushed.type()).isEqualTo(1);
    assertThat(pushed.texts()).containsExactly("P1", CALLBACK + "accept_transaction");
    assertThat(state("P1")).isEqualTo("pairing_challenge_sent");
    assertThat(answered(challenged.transactionId(), accept(phone))).isTrue();
    assertThat(state("P1")).isEqualTo("active");
    assertThat(product.token("P1").active()).isTrue();
  }

  @Test
  void decliningDoesNotActivate() {
    Phone phone = pushPhone();
    pair(phone.pushResponse());
    var challenged = triggered("");
    assertThat(answered(challenged.transactionId(), reject(phone))).isTrue();
    assertThat(answered(challenged.transactionId(), accept(phone))).isFalse();
    assertThat(state("P1")).isEqualTo("pairing_challenge_sent");
    assertThat(product.token("P1").active()).isFalse();
  }

  @Test
  void aDeviceMayAnswerWhileTheMessageIsStillBeingSent() {
    Phone phone = readyPush();
    var answered = new java.util.ArrayList<Boolean>();
    var transaction = new java.util.ArrayList<String>();
    product.outbox.whileSending(
        () ->
            product.transactions.required(
                em -> {
                  product.challenges.ofTokens(em, product.tokens.lockBySerial(em, "P1")).stream()
                      .filter(Challenge::open)
                      .forEach(c -> transaction.add(c.data().path("sig_base").asText()));
                  return answered.add(true);
                }));
    triggered("Pay");
    assertThat(transaction).hasSize(1).doesNotContain("");
    assertThat(phone.pushed(product.outbox.lastText()).base())
        .isEqualTo(Base64.getDecoder().decode(transaction.get(0)));
  }

  @Test
  void acceptedAndDeclinedAreToldApart() {
    Phone phone = readyPush();
    var first = triggered("Pay 1");
    assertThat(answered(first.transactionId(), accept(phone))).isTrue();
    assertThat(answered(first.transactionId(), accept(phone))).isFalse();
    Challenge accepted = challenge(first.transactionId());
    assertThat(accepted.open()).isFalse();
    assertThat(accepted.valid()).isTrue();
    assertThat(accepted.accepted()).hasValue(true);
    var second = triggered("Pay 2");
    assertThat(answered(second.transactionId(), reject(phone))).isTrue();
    Challenge declined = challenge(second.transactionId());
    assertThat(declined.open()).isFalse();
    assertThat(declined.valid()).isFalse();
    assertThat(declined.rejected()).hasValue(true);
    assertThat(answered(second.transactionId(), accept(phone))).isFalse();
  }

  @Test
  void signaturesOfOthersAndForOthersAreRefused() {
    Phone phone = readyPush();
    Answer old = accept(phone);
    var challenged = triggered("Pay");
    Phone.Pushed pushed = phone.pushed(product.outbox.lastText());
    assertThat(answered(challenged.transactionId(), old)).isFalse();
    assertThat(answered(challenged.transactionId(), new Answer.Accept(pushed.signed(false))))
        .isFalse();
    assertThat(answered(challenged.transactionId(), new Answer.Reject(pushed.signed(true))))
        .isFalse();
    assertThat(product.token("P1").failCount()).isEqualTo(3);
    assertThat(challenge(challenged.transactionId()).open()).isTrue();
    assertThat(challenge(challenged.transactionId()).accepted()).hasValue(false);
    assertThat(answered(challenged.transactionId(), accept(phone))).isTrue();
    assertThat(product.token("P1").failCount()).isZero();
  }

  @Test
  void nothingThatIsTypedAnswers() {
    Phone phone = readyPush();
    var challenged = triggered("Pay");
    String signature = phone.pushed(product.outbox.lastText()).signed(true);
    assertThat(answered(challenged.transactionId(), signature)).isFalse();
    assertThat(product.check("alice", signature, "transactionid", challenged.transactionId()))
        .isFalse();
  }

  @Test
  void tooManyWrongSignaturesCloseTheWay() {
    Phone phone = readyPush();
    product.configure("PushMaxChallenges", "1");
    var challenged = triggered("Pay");
    for (int i = 0; i < 2; i++) {
      assertThat(answered(challenged.transactionId(), new Answer.Accept("AAAA"))).isFalse();
    }
    assertThat(answered(challenged.transactionId(), accept(phone))).isFalse();
  }

  @Test
  void whatCannotBeSentIsNoChallenge() {
    readyPush();
    product.outbox.refuse();
    assertThat(product.outcome("alice", "p", "data", "Pay")).isInstanceOf(Outcome.Refused.class);
    product.outbox.accept();
    assertThat(product.outcome("alice", "p", "data", "")).isInstanceOf(Outcome.Refused.class);
    assertThat(product.outcome("alice", "p", "data", "x", "content_type", "2"))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(product.outcome("alice", "p", "data", "x", "content_type", "1"))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aLoginNamesUserAndHost() {
    Phone phone = readyPush();
    triggered("alice@vpn@example.com", "content_type", "2");
    assertThat(phone.pushed(product.outbox.lastText()).texts())
        .containsExactly("alice", "vpn@example.com", CALLBACK + "accept_transaction");
  }

  @Test
  void openTransactionsAreDecidedOneByOne() {
    Phone phone = readyPush();
    var first = triggered("Pay 1");
    Answer declined = reject(phone);
    var second = triggered("Pay 2");
    assertThat(answered(second.transactionId(), accept(phone))).isTrue();
    assertThat(answered(first.transactionId(), declined)).isTrue();
    assertThat(challenge(first.transactionId()).rejected()).hasValue(true);
    assertThat(challenge(second.transactionId()).accepted()).hasValue(true);
  }
}
