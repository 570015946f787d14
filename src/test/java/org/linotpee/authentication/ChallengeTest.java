package org.linotpee.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;
import static org.linotpee.testing.TestProduct.map;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Hotp;
import org.linotpee.identity.UserName;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenge;

/** Challenges and their answers (spec 02 sections 4 and 5), on a database in memory. */
class ChallengeTest {
  private static final String OTHER_SEED = "00112233445566778899aabbccddeeff01234567";

  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice", "bob");
    product.policy("cr", "authentication", "challenge_response=*");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private static String hotp(String seed, long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(seed), 6, Hotp.Algorithm.SHA1).value(counter);
  }

  private static String hotp(long counter) {
    return hotp(SEED, counter);
  }

  private void alicesToken() {
    product.enroll("alice", "otpkey", SEED, "serial", "H1", "pin", "1234");
  }

  private String triggered(String password) {
    return triggered(product.outcome("alice", password));
  }

  private static String triggered(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Challenged.class);
    return ((Outcome.Challenged) outcome).transactionId();
  }

  private boolean answered(String otp, String transaction) {
    return product.check("alice", otp, "state", transaction);
  }

  private List<TransactionStatus.Status> status(String transaction, String pin) {
    return product
        .transactionStatus
        .ask(
            new TransactionStatus.Question(
                transaction, product.name("alice"), Optional.empty(), Optional.of(pin), false),
            product.audit("validate/check_status"))
        .transactions();
  }

  private Authentication.TransactionAnswer byTransaction(String transaction, Answer answer) {
    return product.answer(transaction, answer);
  }

  // one challenge ---------------------------------------------------------------------------------

  @Test
  void anAnswerCountsOnce() {
    alicesToken();
    String transaction = triggered("1234");
    assertThat(transaction).matches("[1-9][0-9]{16}");
    assertThat(answered(hotp(0), transaction)).isTrue();
    assertThat(answered(hotp(0), transaction)).isFalse();
    assertThat(answered(hotp(1), transaction)).isFalse();
    assertThat(product.token("H1").counter()).isEqualTo(1);
  }

  @Test
  void ofParallelAnswersOneWins() throws Exception {
    alicesToken();
    String transaction = triggered("1234");
    var pool = Executors.newFixedThreadPool(16);
    try {
      var attempts = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 16; i++) {
        // different values, all of them right for the token, and some by transaction alone
        String otp = hotp(i % 4);
        attempts.add(
            i % 2 == 0
                ? () -> answered(otp, transaction)
                : () -> byTransaction(transaction, new Answer.Text(otp)).outcome().accepted());
      }
      int accepted = 0;
      for (var answer : pool.invokeAll(attempts)) {
        accepted += answer.get() ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aTriggerCountsNothing() {
    alicesToken();
    triggered("1234");
    assertThat(product.token("H1").failCount()).isZero();
    assertThat(product.token("H1").counter()).isZero();
    assertThat(product.outcome("alice", "4321")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(product.token("H1").failCount()).isEqualTo(1);
  }

  @Test
  void aWrongAnswerIsCountedAndMayBeRepeated() {
    alicesToken();
    String transaction = triggered("1234");
    assertThat(answered("000000", transaction)).isFalse();
    assertThat(product.token("H1").failCount()).isEqualTo(1);
    assertThat(status(transaction, "1234"))
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.challenge().receivedCount()).isEqualTo(1);
              assertThat(s.challenge().open()).isTrue();
              assertThat(s.challenge().valid()).isFalse();
            });
    assertThat(answered(hotp(0), transaction)).isTrue();
    assertThat(product.token("H1").failCount()).isZero();
  }

  @Test
  void guessingAnswersLocksTheToken() {
    alicesToken();
    String transaction = triggered("1234");
    for (int i = 0; i < 10; i++) {
      answered("000000", transaction);
    }
    assertThat(answered(hotp(0), transaction)).isFalse();
  }

  @Test
  void anExpiredChallengeIsGone() {
    alicesToken();
    String transaction = triggered("1234");
    product.clock.advance(Duration.ofMinutes(2));
    assertThat(status(transaction, "1234")).hasSize(1);
    product.clock.advance(Duration.ofSeconds(1));
    assertThat(status(transaction, "1234")).isEmpty();
    assertThat(answered(hotp(0), transaction)).isFalse();
    assertThat(answered(hotp(0), triggered("1234"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // the strongest of these entries counts
    "DefaultChallengeValidityTime, 30",
    "HmacChallengeValidityTime, 40",
    "HMACChallengeValidityTime, 50",
    "hmacChallengeValidityTime, 60"
  })
  void theTimeToAnswerIsConfigured(String entry, int seconds) {
    alicesToken();
    product.configure("DefaultChallengeValidityTime", "10");
    product.configure(entry, String.valueOf(seconds));
    String transaction = triggered("1234");
    product.clock.advance(Duration.ofSeconds(seconds));
    assertThat(status(transaction, "1234")).hasSize(1);
    product.clock.advance(Duration.ofSeconds(1));
    assertThat(status(transaction, "1234")).isEmpty();
  }

  @Test
  void successClosesOlderChallengesOfTheToken() {
    alicesToken();
    String first = triggered("1234");
    product.clock.advance(Duration.ofSeconds(1));
    String second = triggered("1234");
    product.clock.advance(Duration.ofSeconds(1));
    String third = triggered("1234");
    assertThat(answered(hotp(0), second)).isTrue();
    assertThat(answered(hotp(1), first)).isFalse();
    assertThat(answered(hotp(2), third)).isTrue();
  }

  @Test
  void pinAndOtpInOneStepStillWork() {
    alicesToken();
    assertThat(product.check("alice", "1234" + hotp(0))).isTrue();
    assertThat(product.check("alice", "1234" + hotp(0))).isFalse();
  }

  @Test
  void anUnknownTransactionIsAnsweredByNothing() {
    alicesToken();
    String transaction = triggered("1234");
    for (String id : List.of("12345678901234567", transaction.substring(0, 14), "%")) {
      assertThat(answered(hotp(0), id)).as(id).isFalse();
      assertThat(answered("1234" + hotp(0), id)).as(id).isFalse();
    }
    assertThat(product.token("H1").failCount()).isZero();
    assertThat(answered(hotp(0), transaction)).isTrue();
  }

  @Test
  void anotherUsersTransactionIsNotAnswered() {
    alicesToken();
    product.enroll("bob", "otpkey", OTHER_SEED, "serial", "B1", "pin", "1234");
    String bobs = triggered(product.outcome("bob", "1234"));
    assertThat(answered(hotp(0), bobs)).isFalse();
    assertThat(product.token("H1").failCount()).isZero();
    assertThat(product.check("bob", hotp(OTHER_SEED, 0), "state", bobs)).isTrue();
  }

  @Test
  void whatWasTamperedWithIsIgnored() {
    alicesToken();
    String first = triggered("1234");
    String second = triggered("1234");
    product.transactions.required(
        em ->
            em.createNativeQuery(
                    "UPDATE challenge SET content = (SELECT c.content FROM challenge c WHERE"
                        + " c.transaction_id = ?1) WHERE transaction_id = ?2")
                .setParameter(1, first)
                .setParameter(2, second)
                .executeUpdate());
    assertThat(answered(hotp(0), second)).isFalse();
    assertThat(answered(hotp(0), first)).isTrue();
  }

  @Test
  void theContentIsNotReadableInTheDatabase() {
    product.configure("HMAC_CHALLENGE_PROMPT", "readable-prompt");
    alicesToken();
    triggered("1234");
    Object content =
        product.transactions.required(
            em -> em.createNativeQuery("SELECT content FROM challenge").getSingleResult());
    assertThat(String.valueOf(content)).doesNotContain("readable-prompt").doesNotContain("open");
  }

  @Test
  void deletingATokenDeletesItsChallenges() {
    alicesToken();
    triggered("1234");
    product.managed.remove(List.of("H1"), UserName.NONE, product.audit("admin/remove"));
    assertThat(challenges()).isZero();
  }

  private long challenges() {
    return product.transactions.required(
        em ->
            ((Number) em.createNativeQuery("SELECT COUNT(*) FROM challenge").getSingleResult())
                .longValue());
  }

  @Test
  void expiredChallengesAreDeletedWhenTheTokenIsUsedAndInTheEndAnyway() {
    alicesToken();
    triggered("1234");
    product.clock.advance(Duration.ofSeconds(121));
    triggered("1234");
    assertThat(challenges()).isEqualTo(1);
    product.clock.advance(Duration.ofDays(2));
    product.transactionStatus.forgetOldChallenges();
    assertThat(challenges()).isZero();
  }

  // several tokens --------------------------------------------------------------------------------

  private Outcome.Challenged twoTokens() {
    alicesToken();
    product.enroll("alice", "otpkey", OTHER_SEED, "serial", "H2", "pin", "1234");
    return (Outcome.Challenged) product.outcome("alice", "1234");
  }

  @Test
  void tokensWithOnePinAreAskedUnderOneParent() {
    Outcome.Challenged asked = twoTokens();
    assertThat(asked.transactionId()).matches("[1-9][0-9]{13}");
    assertThat(asked.challenges())
        .extracting(Outcome.TokenChallenge::transactionId)
        .containsExactly(asked.transactionId() + ".01", asked.transactionId() + ".02");
    assertThat(asked.detail()).containsOnlyKeys("transactionid", "message", "challenges");
    assertThat(answered(hotp(OTHER_SEED, 0), asked.transactionId())).isTrue();
    assertThat(status(asked.transactionId(), "1234"))
        .hasSize(2)
        .allSatisfy(s -> assertThat(s.challenge().open()).isFalse())
        .extracting(TransactionStatus.Status::serial, s -> s.challenge().valid())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("H1", false),
            org.assertj.core.groups.Tuple.tuple("H2", true));
    assertThat(answered(hotp(0), asked.transactionId())).isFalse();
  }

  @Test
  void aSubTransactionStandsForTheWhole() {
    Outcome.Challenged asked = twoTokens();
    assertThat(answered(hotp(OTHER_SEED, 0), asked.transactionId() + ".01")).isTrue();
    assertThat(answered(hotp(0), asked.transactionId() + ".01")).isFalse();
  }

  @Test
  void theAnswerToOneTokenCostsTheOtherNothing() {
    alicesToken();
    product.enroll("alice", "otpkey", OTHER_SEED, "serial", "H2", "pin", "5678");
    String transaction = triggered("1234");
    assertThat(answered("000000", transaction)).isFalse();
    assertThat(product.token("H1").failCount()).isEqualTo(1);
    assertThat(product.token("H2").failCount()).isZero();
    assertThat(answered(hotp(OTHER_SEED, 0), transaction)).isFalse();
  }

  // by transaction alone --------------------------------------------------------------------------

  @Test
  void theTransactionAloneTellsTheToken() {
    alicesToken();
    String transaction = triggered("1234");
    var wrong = byTransaction(transaction, new Answer.Text("000000"));
    assertThat(wrong.outcome().accepted()).isFalse();
    assertThat(wrong.failCount()).isEqualTo(1);
    var right = byTransaction(transaction, new Answer.Text(hotp(0)));
    assertThat(right.outcome().accepted()).isTrue();
    assertThat(right.serial()).isEqualTo("H1");
    assertThat(right.tokenType()).isEqualTo("HMAC");
    assertThat(right.failCount()).isZero();
    assertThat(byTransaction("12345678901234567", new Answer.Text("x")).failure()).isPresent();
  }

  @Test
  void aSignatureAnswersNoTokenThatExpectsText() {
    alicesToken();
    String transaction = triggered("1234");
    assertThat(byTransaction(transaction, new Answer.Accept(hotp(0))).outcome().accepted())
        .isFalse();
    assertThat(byTransaction(transaction, new Answer.Reject(hotp(0))).outcome().accepted())
        .isFalse();
    assertThat(answered(hotp(0), transaction)).isTrue();
  }

  // polling ---------------------------------------------------------------------------------------

  @Test
  void onlyWhoKnowsThePinSeesATransaction() {
    alicesToken();
    String transaction = triggered("1234");
    assertThat(status(transaction, "1234")).hasSize(1);
    assertThat(status(transaction, "4321")).isEmpty();
    assertThat(status("12345678901234567", "1234")).isEmpty();
    assertThat(status("", "1234")).isEmpty();
    assertThat(
            product
                .transactionStatus
                .ask(
                    new TransactionStatus.Question(
                        transaction,
                        product.name("bob"),
                        Optional.empty(),
                        Optional.of("1234"),
                        false),
                    product.audit("validate/check_status"))
                .transactions())
        .isEmpty();
    assertThat(product.token("H1").failCount()).isZero();
  }

  // messages --------------------------------------------------------------------------------------

  private void sms(String serial, String seed, String pin) {
    product.enroll(
        "alice", "type", "sms", "otpkey", seed, "serial", serial, "pin", pin, "phone", "0171 1");
  }

  @Test
  void theSentValueIsAcceptedOnceWithIdOrWithPin() {
    product.gateways();
    sms("S1", SEED, "1234");
    String transaction = triggered("1234");
    assertThat(product.outbox.lastText()).isEqualTo(hotp(1));
    assertThat(product.outbox.messages().get(0).recipient()).isEqualTo("0171 1");
    assertThat(answered(hotp(1), transaction)).isTrue();
    assertThat(answered(hotp(1), transaction)).isFalse();
    product.clock.advance(Duration.ofSeconds(61));
    triggered("1234");
    assertThat(product.check("alice", "1234" + product.outbox.lastText())).isTrue();
    assertThat(product.check("alice", "1234" + product.outbox.lastText())).isFalse();
  }

  @Test
  void aValueWithoutPinNeedsAMatchingTransaction() {
    product.gateways();
    sms("S1", SEED, "1234");
    triggered("1234");
    assertThat(answered(hotp(1), "12345678901234567")).isFalse();
    assertThat(product.check("alice", hotp(1))).isFalse();
  }

  @Test
  void nothingIsSentWhileATransactionIsOpen() {
    product.gateways();
    sms("S1", SEED, "1234");
    var seen = new AtomicReference<Long>();
    // another connection sees the stored challenge, and gets the lock of the token
    product.outbox.whileSending(
        () -> {
          product.transactions.required(em -> product.tokens.lockBySerial(em, "S1"));
          seen.set(challenges());
        });
    triggered("1234");
    assertThat(seen.get()).isEqualTo(1);
  }

  @Test
  void whatCannotBeSentLeavesNoChallengeAndMovesTheCounter() {
    product.gateways();
    sms("S1", SEED, "1234");
    product.outbox.refuse();
    assertThat(product.outcome("alice", "1234")).isEqualTo(new Outcome.Refused(Map.of()));
    assertThat(challenges()).isZero();
    assertThat(product.token("S1").counter()).isEqualTo(1);
    product.outbox.accept();
    triggered("1234");
    assertThat(product.outbox.lastText()).isEqualTo(hotp(2));
  }

  @Test
  void withinTheBlockingTimeTheUserGetsNothingMoreByWhicheverToken() {
    product.gateways();
    sms("S1", SEED, "1111");
    sms("S2", OTHER_SEED, "2222");
    String first = triggered("1111");
    var again = (Outcome.Challenged) product.outcome("alice", "1111");
    assertThat(again.transactionId()).isEqualTo(first);
    assertThat(again.message()).isEqualTo("sms with otp already submitted");
    assertThat(again.detail()).containsEntry("info", "challenge already submitted");
    assertThat(triggered("2222")).isEqualTo(first);
    assertThat(product.outbox.messages()).hasSize(1);
    product.clock.advance(Duration.ofSeconds(60));
    assertThat(triggered("2222")).isNotEqualTo(first);
    assertThat(product.outbox.messages()).hasSize(2);
  }

  @Test
  void oneRequestSendsToAllItsTokens() {
    product.gateways();
    sms("S1", SEED, "1234");
    sms("S2", OTHER_SEED, "1234");
    var asked = (Outcome.Challenged) product.outcome("alice", "1234");
    assertThat(asked.challenges()).hasSize(2);
    assertThat(product.outbox.messages()).hasSize(2);
    var again = (Outcome.Challenged) product.outcome("alice", "1234");
    assertThat(again.transactionId()).isEqualTo(asked.transactionId());
    assertThat(product.outbox.messages()).hasSize(2);
    assertThat(answered(hotp(OTHER_SEED, 1), asked.transactionId())).isTrue();
  }

  @Test
  void aFailingTokenDoesNotSpoilTheOthersChallenges() {
    product.gateways();
    sms("S1", SEED, "1234");
    product.enroll("alice", "otpkey", OTHER_SEED, "serial", "H1", "pin", "1234");
    product.outbox.refuse();
    var asked = (Outcome.Challenged) product.outcome("alice", "1234");
    assertThat(asked.challenges()).extracting(Outcome.TokenChallenge::serial).containsExactly("H1");
    assertThat(answered(hotp(OTHER_SEED, 0), asked.transactionId())).isTrue();
  }

  @Test
  void theValidityOfAnSmsEndsWithItsProviderTimeout() {
    product.gateways();
    sms("S1", SEED, "1234");
    triggered("1234");
    product.clock.advance(Duration.ofSeconds(301));
    assertThat(product.check("alice", "1234" + hotp(1))).isFalse();
  }

  private void mail() {
    product.enroll(
        "alice",
        "type",
        "email",
        "otpkey",
        SEED,
        "serial",
        "E1",
        "pin",
        "1234",
        "email_address",
        "alice@example.org");
  }

  private String lastMailed() {
    var messages = product.outbox.messages();
    return messages.get(messages.size() - 1).context().get("otp");
  }

  @Test
  void olderMailsStayAnswerableAndNoValueIsSentTwice() {
    product.gateways();
    product.configure("EmailBlockingTimeout", "0");
    mail();
    String first = triggered("1234");
    assertThat(lastMailed()).isEqualTo(hotp(1));
    String second = triggered("1234");
    assertThat(lastMailed()).isEqualTo(hotp(3));
    assertThat(answered(hotp(3), first)).isFalse();
    assertThat(answered(hotp(1), first)).isTrue();
    assertThat(answered(hotp(1), second)).isFalse();
    triggered("1234");
    assertThat(lastMailed()).isEqualTo(hotp(5));
  }

  @ParameterizedTest
  @CsvSource({"'', 600", "90, 90"})
  void theProviderMaySayHowLongAMailIsValid(String timeout, int seconds) {
    product.gateways();
    product.configure("EmailChallengeValidityTime", "600");
    product.configure("EmailProvider.gateway.Timeout", timeout);
    mail();
    String transaction = triggered("1234");
    product.clock.advance(Duration.ofSeconds(seconds));
    assertThat(status(transaction, "1234")).hasSize(1);
    product.clock.advance(Duration.ofSeconds(1));
    assertThat(answered(hotp(1), transaction)).isFalse();
  }

  @Test
  void aCallTellsARandomValueThatAnswersItsChallenge() {
    product.gateways();
    product.enroll("alice", "type", "voice", "serial", "V1", "pin", "1234", "phone", "0171");
    assertThatThrownBy(() -> product.enroll("alice", "type", "voice", "phone", "1", "otpkey", SEED))
        .isInstanceOfSatisfying(LinotpException.class, e -> assertThat(e.code()).isEqualTo(344));
    String transaction = triggered("1234");
    String value = product.outbox.messages().get(0).context().get("otp");
    assertThat(answered(value, "12345678901234567")).isFalse();
    assertThat(answered(value, transaction)).isTrue();
    assertThat(answered(value, transaction)).isFalse();
  }

  @Test
  void smsTextsReplaceTheirVariablesOnce() {
    product.gateways();
    product.configure("SMSBlockingTimeout", "0");
    sms("S1", SEED, "1234");
    product.policy("text", "authentication", "smstext='<serial>: <otp> <transactionid> <user>'");
    String transaction = triggered("1234");
    assertThat(product.outbox.lastText())
        .isEqualTo("S1: " + hotp(1) + " " + transaction + " <user>");
    triggered(product.outcome("alice", "1234", "data", "pay 5"));
    assertThat(product.outbox.lastText()).isEqualTo(hotp(2) + " pay 5");
    product.policy("force", "authentication", "enforce_smstext");
    triggered(product.outcome("alice", "1234", "data", "pay 5"));
    assertThat(product.outbox.lastText()).startsWith("S1: " + hotp(3));
  }

  @Test
  void withTheUsersPasswordAsPinAWrongValueAsksTheUserStoreForTheWholeTextOnly() {
    product.gateways();
    product.policy("pin", "authentication", "otppin=password");
    sms("S1", SEED, "unused");
    String transaction = triggered("pw");
    assertThat(product.check("alice", "pw000000")).isFalse();
    assertThat(product.check("alice", "wrong" + hotp(1))).isFalse();
    assertThat(product.check("alice", "pw" + hotp(1))).isTrue();
    assertThat(answered(hotp(1), transaction)).isFalse();
  }

  // cost ------------------------------------------------------------------------------------------

  @Test
  void anOrdinaryCheckWithOpenChallengesCostsLittle() {
    alicesToken();
    triggered("1234");
    product.check("alice", "1234" + hotp(0));
    product.database.takeStatements();
    assertThat(product.check("alice", "1234" + hotp(1))).isTrue();
    assertThat(product.database.takeStatements())
        .filteredOn(sql -> !sql.contains("managed_user"))
        .hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void idsSortByAge() {
    assertThat(Challenge.rootOf("40185223174562.02")).isEqualTo("40185223174562");
    assertThat(Challenge.rootOf("40185223174562013")).isEqualTo("40185223174562013");
    assertThat(map("a", "b")).hasSize(1);
  }
}
