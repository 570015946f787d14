package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.administration.AdministratorLogin.Result;
import org.linotpee.audit.AuditRecord;
import org.linotpee.authentication.Outcome;
import org.linotpee.crypto.JwtKeys;
import org.linotpee.delivery.Message;
import org.linotpee.identity.UserQueue;
import org.linotpee.server.Client;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Answer;
import org.linotpee.token.paired.Phone;

class AdministratorLoginTest {
  private static final String USER_STORE = "useridresolver.SQLIdResolver.IdResolver.people";

  private final TestProduct product = new TestProduct();
  private final AdministratorLogin login =
      new AdministratorLogin(
          product.snapshots,
          product.users,
          new LoginThrottle(product.transactions, product.clock, product.settings),
          new AccessTokens(
              new JwtKeys(product.keys), product.transactions, product.clock, product.settings),
          product.transactions,
          product.auditTrail,
          new UserQueue(product.settings),
          new AdministratorFactor(
              product.policies,
              product.users,
              product.tokens,
              product.types,
              product.challenges,
              product.authentication,
              product.transactionStatus,
              product.snapshots,
              product.transactions),
          new LoginTickets(product.sealer, product.clock),
          product.settings);
  private AuditRecord audit;

  @BeforeEach
  void administrators() {
    product.people("root", "rosa");
    product.stores.setRealm("linotp_admins", USER_STORE, "", em -> {});
    mfa("*");
  }

  @AfterEach
  void close() {
    product.close();
  }

  private AuditRecord audit() {
    audit = product.audit("admin/login");
    return audit;
  }

  private Result login(String name) {
    return login(name, "pw", AdministratorLogin.Step.NONE);
  }

  private Result login(String name, String password, AdministratorLogin.Step step) {
    return login.login(name, password, step, audit());
  }

  private void mfa(String user) {
    product.policy(
        "mfa", "authentication", "admin_mfa_login", "realm", "linotp_admins", "user", user);
  }

  private static AdministratorLogin.Step value(String otp) {
    return new AdministratorLogin.Step(otp, Optional.empty(), false);
  }

  private static AdministratorLogin.Step asking(String serial) {
    return new AdministratorLogin.Step("", Optional.of(serial), false);
  }

  private static final AdministratorLogin.Step ANEW =
      new AdministratorLogin.Step("", Optional.empty(), true);

  private static Result.Unfinished unfinished(Result result) {
    assertThat(result).isInstanceOf(Result.Unfinished.class);
    return (Result.Unfinished) result;
  }

  private static void assertLoggedIn(Result result) {
    assertThat(result).isInstanceOf(Result.LoggedIn.class);
  }

  private static void assertRefused(Result result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
  }

  /** The value in the last message. */
  private String sent() {
    Message last = product.outbox.messages().get(product.outbox.messages().size() - 1);
    return last.context().getOrDefault(Message.OTP, last.text().replaceAll("\\D", ""));
  }

  private void hotp(String user) {
    enroll(user, "type", "hmac", "otpkey", TestProduct.SEED, "serial", "H1", "pin", "1234");
  }

  /** In the administrators' realm. */
  private void enroll(String user, String... parameters) {
    product.enroll(user + "@linotp_admins", parameters);
  }

  @Test
  void withoutTokenThePasswordIsEnough() {
    assertLoggedIn(login("root"));
    assertThat(audit.stored()).isTrue();
    assertThat(audit.administrator()).isEqualTo("root@linotp_admins (people)");
    assertRefused(login("root", "wrong", AdministratorLogin.Step.NONE));
    assertRefused(login("nobody"));
    assertThat(audit.stored()).isTrue();
  }

  @Test
  void aTokenOfAnotherRealmDoesNotCount() {
    product.enroll("root", "type", "hmac", "otpkey", TestProduct.SEED, "serial", "P1");
    assertLoggedIn(login("root"));
  }

  @Test
  void aPolicyMaySpeakOfSomeAdministrators() {
    hotp("root");
    mfa("rosa");
    assertLoggedIn(login("root"));
    mfa("root");
    unfinished(login("root"));
  }

  @Test
  void whoseTokensAreAllDisabledIsRefused() {
    hotp("root");
    product.transactions.required(
        em -> {
          product.tokens.bySerial(em, "H1").orElseThrow().active(false);
          return null;
        });
    assertRefused(login("root"));
    assertThat(audit.info()).isEqualTo("no token of the administrator can be used");
    assertRefused(login("root", "pw", value(Client.hotp(0))));
  }

  @Test
  void aTokenOfATypeThatIsNotOfferedIsNoWayAround() {
    hotp("root");
    product.transactions.required(
        em ->
            em.createNativeQuery("UPDATE token SET type = 'vasco' WHERE serial = 'H1'")
                .executeUpdate());
    assertRefused(login("root"));
  }

  @Test
  void aTypedAnswerIsNoConfirmationOfADevice() {
    product.policy(
        "qr",
        "authentication",
        "qrtoken_pairing_callback_url=https://otp.example.com/pair,"
            + " qrtoken_challenge_callback_url=https://otp.example.com/answer");
    var phone = new Phone(pairingUrl("qr", "Q1"), 1);
    product.pairing.pair(phone.qrResponse(), product.audit("validate/pair"));
    var activating = (Outcome.Challenged) product.outcome("root@linotp_admins", "p", "data", "Q1");
    answered(
        activating.transactionId(), new Answer.Text(phone.read(activating.message()).answer()));
    Result.Unfinished wanted = unfinished(login("root"));
    String message = wanted.challenge().orElseThrow().message();
    assertLoggedIn(login.proceed(wanted.ticket(), value(phone.read(message).answer()), audit()));
    Result.Unfinished again =
        unfinished(login.proceed(wanted.ticket(), AdministratorLogin.Step.NONE, audit()));
    assertThat(again.notice()).isEqualTo(AdministratorLogin.Notice.ENDED);
  }

  @Test
  void aTokenThatIsStillBeingEnrolledBindsNobody() {
    product.policy("rp", "enrollment", "fido2_rp_id=example.org");
    enroll("root", "type", "fido2", "serial", "F1");
    assertLoggedIn(login("root"));
  }

  @Test
  void aTokenIsNeededBesidesThePassword() {
    hotp("root");
    Result.Unfinished wanted = unfinished(login("root"));
    assertThat(audit.stored()).isTrue();
    assertThat(audit.administrator()).isEmpty();
    assertThat(wanted.choices())
        .containsExactly(new AdministratorFactor.Choice("H1", "HMAC", "", true));
    assertThat(wanted.challenge()).isEmpty();
    assertLoggedIn(login.proceed(wanted.ticket(), value(Client.hotp(0)), audit()));
    assertThat(audit.administrator()).isEqualTo("root@linotp_admins (people)");
    assertThat(product.token("H1").counter()).isEqualTo(1);
    assertRefused(login.proceed(wanted.ticket(), value(Client.hotp(0)), audit()));
    assertLoggedIn(login("root", "pw", value(Client.hotp(1))));
    assertRefused(login("root", "wrong", value(Client.hotp(2))));
    assertThat(product.token("H1").counter()).isEqualTo(2);
  }

  @Test
  void aWrongValueCanBeTriedAgainButNotForEver() {
    hotp("root");
    Result.Unfinished wanted = unfinished(login("root"));
    Result refused = login.proceed(wanted.ticket(), value("000000"), audit());
    assertThat(refused).isInstanceOf(Result.Refused.class);
    Result.Unfinished again = ((Result.Refused) refused).wanted().orElseThrow();
    assertThat(again.choices()).isEqualTo(wanted.choices());
    for (int i = 0; i < 10; i++) {
      assertRefused(login.proceed(again.ticket(), value("000000"), audit()));
    }
    // now the account has to wait: even the right value is not looked at
    assertRefused(login.proceed(wanted.ticket(), value(Client.hotp(0)), audit()));
    assertThat(product.token("H1").counter()).isZero();
  }

  @Test
  void aLockedTokenStillIsOne() {
    hotp("root");
    for (int i = 0; i < 10; i++) {
      product.check("root@linotp_admins", "1234000000");
    }
    Result.Unfinished wanted = unfinished(login("root"));
    assertRefused(login.proceed(wanted.ticket(), value(Client.hotp(0)), audit()));
  }

  @Test
  void tokensOfOthersDoNotCount() {
    hotp("rosa");
    enroll("root", "type", "hmac", "genkey", "1", "serial", "R1");
    Result.Unfinished wanted = unfinished(login("root"));
    assertRefused(login.proceed(wanted.ticket(), value(Client.hotp(0)), audit()));
    assertThat(product.token("H1").counter()).isZero();
    assertThat(unfinished(login.proceed(wanted.ticket(), asking("H1"), audit())).notice())
        .isEqualTo(AdministratorLogin.Notice.NOT_ASKED);
  }

  @Test
  void ticketsAreOfOneAddressAndSomeMinutes() {
    hotp("root");
    String ticket = unfinished(login("root")).ticket();
    AuditRecord elsewhere = new AuditRecord(product.clock.instant(), "admin/login", "198.51.100.7");
    assertRefused(login.proceed(ticket, value(Client.hotp(0)), elsewhere));
    assertRefused(login.proceed(ticket + "x", value(Client.hotp(0)), audit()));
    assertRefused(login.proceed("k1:AAAA", value(Client.hotp(0)), audit()));
    assertRefused(login.proceed("nonsense", value(Client.hotp(0)), audit()));
    assertThat(audit.stored()).isTrue();
    product.clock.advance(Duration.ofMinutes(6));
    assertRefused(login.proceed(ticket, value(Client.hotp(0)), audit()));
    assertThat(product.token("H1").counter()).isZero();
  }

  @Test
  void whoWasRemovedHasNoUseForHisTicket() {
    hotp("root");
    String ticket = unfinished(login("root")).ticket();
    product.stores.setRealm(
        "linotp_admins",
        "useridresolver.SQLIdResolver.IdResolver.LinOTP_local_admins",
        "",
        em -> {});
    assertRefused(login.proceed(ticket, value(Client.hotp(0)), audit()));
  }

  @Test
  void aSingleTokenThatSendsMessagesIsAskedAtOnce() {
    product.gateways();
    enroll("root", "type", "sms", "phone", "+4912345", "serial", "S1");
    Result.Unfinished wanted = unfinished(login("root"));
    assertThat(wanted.challenge()).isPresent();
    assertThat(wanted.pending()).isTrue();
    assertThat(product.outbox.messages()).hasSize(1);
    String value = sent();
    assertRefused(login.proceed(wanted.ticket(), value("000000"), audit()));
    assertLoggedIn(login.proceed(wanted.ticket(), value(value), audit()));
    assertThat(audit.serial()).isEqualTo("S1");
    assertThat(product.outbox.messages()).hasSize(1);
  }

  @Test
  void ofSeveralTokensOneIsChosen() {
    product.gateways();
    hotp("root");
    enroll("root", "type", "email", "email_address", "r@example.org", "serial", "E1");
    Result.Unfinished wanted = unfinished(login("root"));
    assertThat(wanted.challenge()).isEmpty();
    assertThat(wanted.choices())
        .extracting(AdministratorFactor.Choice::typed)
        .containsExactly(true, false);
    Result.Unfinished asked = unfinished(login.proceed(wanted.ticket(), asking("E1"), audit()));
    assertThat(asked.challenge()).isPresent();
    // nobody has confirmed anything: no failure, and no login
    Result.Unfinished unconfirmed =
        unfinished(login.proceed(asked.ticket(), AdministratorLogin.Step.NONE, audit()));
    assertThat(unconfirmed.notice()).isEqualTo(AdministratorLogin.Notice.UNCONFIRMED);
    assertThat(unconfirmed.pending()).isTrue();
    // the value of the other token answers no challenge, but may be typed instead
    assertRefused(login.proceed(asked.ticket(), value(Client.hotp(0)), audit()));
    Result.Unfinished anew = unfinished(login.proceed(asked.ticket(), ANEW, audit()));
    assertThat(anew.pending()).isFalse();
    assertLoggedIn(login.proceed(anew.ticket(), value(Client.hotp(0)), audit()));
    assertLoggedIn(login.proceed(asked.ticket(), value(sent()), audit()));
  }

  @Test
  void aChallengeThatHasEndedIsTold() {
    product.gateways();
    product.configure("DefaultChallengeValidityTime", "60");
    product.configure("emailChallengeValidityTime", "60");
    enroll("root", "type", "email", "email_address", "r@example.org", "serial", "E1");
    Result.Unfinished wanted = unfinished(login("root"));
    product.clock.advance(Duration.ofSeconds(90));
    Result.Unfinished ended = unfinished(login.proceed(wanted.ticket(), value(sent()), audit()));
    assertThat(ended.notice()).isEqualTo(AdministratorLogin.Notice.ENDED);
    assertThat(ended.pending()).isFalse();
  }

  @Test
  void aMessageThatCouldNotBeSentIsNoFailureOfTheAdministrator() {
    product.gateways();
    product.outbox.refuse();
    enroll("root", "type", "sms", "phone", "+4912345", "serial", "S1");
    for (int i = 0; i < 9; i++) {
      Result.Unfinished wanted = unfinished(login("root"));
      assertThat(wanted.notice()).isEqualTo(AdministratorLogin.Notice.NOT_ASKED);
      assertThat(audit.success()).isFalse();
    }
    product.outbox.accept();
    product.clock.advance(Duration.ofMinutes(5));
    assertThat(unfinished(login("root")).challenge()).isPresent();
  }

  @Test
  void aConfirmedTransactionLetsOneLoginIn() {
    product.gateways();
    product.policy(
        "push",
        "authentication",
        "pushtoken_pairing_callback_url=https://otp.example.com/pair,"
            + " pushtoken_challenge_callback_url=https://otp.example.com/accept");
    Phone phone = pairedPhone();
    Result.Unfinished wanted = unfinished(login("root"));
    unfinished(login.proceed(wanted.ticket(), AdministratorLogin.Step.NONE, audit()));
    confirm(wanted.challenge().orElseThrow().transactionId(), phone);
    // another login of the same person has a transaction of its own
    Result.Unfinished other = unfinished(login("root"));
    unfinished(login.proceed(other.ticket(), AdministratorLogin.Step.NONE, audit()));
    assertLoggedIn(login.proceed(wanted.ticket(), AdministratorLogin.Step.NONE, audit()));
    assertThat(audit.stored()).isTrue();
    Result.Unfinished again =
        unfinished(login.proceed(wanted.ticket(), AdministratorLogin.Step.NONE, audit()));
    assertThat(again.notice()).isEqualTo(AdministratorLogin.Notice.ENDED);
  }

  private String pairingUrl(String type, String serial) {
    return (String)
        product
            .enrollment
            .enroll(
                TestProduct.map("type", type, "serial", serial, "pin", "p"),
                product.name("root@linotp_admins"),
                product.audit("admin/init"))
            .more()
            .get("pairing_url");
  }

  private Phone pairedPhone() {
    var phone = new Phone(pairingUrl("push", "P1"), 2);
    product.pairing.pair(phone.pushResponse(), product.audit("validate/pair"));
    assertLoggedIn(login("root")); // it is not yet active
    var activating = product.outcome("root@linotp_admins", "p", "data", "");
    confirm(((Outcome.Challenged) activating).transactionId(), phone);
    return phone;
  }

  private void confirm(String transaction, Phone phone) {
    answered(transaction, new Answer.Accept(phone.pushed(product.outbox.lastText()).signed(true)));
  }

  private void answered(String transaction, Answer answer) {
    assertThat(product.answer(transaction, answer).outcome().accepted()).isTrue();
  }
}
