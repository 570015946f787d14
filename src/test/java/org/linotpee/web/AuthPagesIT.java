package org.linotpee.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.microsoft.playwright.Page;
import java.net.URLDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.linotpee.delivery.Neighbours;
import org.linotpee.server.Client;

/**
 * The pages below {@code /auth}, with the test scenario of the manual: from a user who has a mobile
 * number or an address, and no token, to the accepted value.
 */
class AuthPagesIT extends BrowserTest {
  private static final String REALM = "authpages";
  private static final Pattern VALUE = Pattern.compile("\\b(\\d{6})\\b");
  private static final String[] POLICIES = {"ap_enroll", "ap_pin", "ap_provider", "ap_challenge"};

  private static Neighbours.Gateway gateway;
  private static GreenMail mail;

  @BeforeAll
  static void prepare() {
    gateway = new Neighbours.Gateway();
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());
    mail.start();
    Client api = api();
    api.users(
        REALM,
        """
        kim,1,Kay,Kim,,,+49 171 11,kims & password
        lee,2,Low,Lee,lee@example.org,,,lees+password
        hot,3,Hope,Hot,,,,pw
        ask,4,Ash,Ask,,,,pw
        """);
    api.provider(
        "sms",
        "ap_sms",
        "smsprovider.HttpSMSProvider.HttpSMSProvider",
        ("{\"URL\": \"%s\", \"HTTP_Method\": \"GET\", \"SMS_PHONENUMBER_KEY\": \"to\","
                + " \"SMS_TEXT_KEY\": \"text\"}")
            .formatted(gateway.url()));
    api.provider(
        "email",
        "ap_mail",
        "linotp.lib.emailprovider.SMTPEmailProvider",
        "{\"SMTP_SERVER\": \"127.0.0.1\", \"SMTP_PORT\": %d}".formatted(mail.getSmtp().getPort()));
    api.policy(POLICIES[0], "enrollment", "autoenrollment=sms email", REALM);
    api.policy(POLICIES[1], "authentication", "otppin=password", REALM);
    api.policy(POLICIES[2], "authentication", "sms_provider=ap_sms, email_provider=ap_mail", REALM);
    api.policy(POLICIES[3], "authentication", "challenge_response=hmac", REALM);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      api().post("/system/delPolicy", "name", String.join(",", POLICIES), "enforce", "true");
      gateway.close();
      mail.stop();
    }
  }

  /** Fills the fields of a form, by their ids, and sends it. */
  private void send(int form, String... fields) {
    for (int i = 0; i < fields.length; i += 2) {
      page.fill("#" + fields[i], fields[i + 1]);
    }
    page.evaluate("document.getElementById('result').textContent = ''");
    page.locator("main form").nth(form).locator("button.primary").click();
  }

  private void told(String text) {
    page.locator("#result", new Page.LocatorOptions().setHasText(text)).waitFor();
  }

  private static String value(String text) {
    Matcher matcher = VALUE.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private void login(String user, String password, String expected) {
    send(0, "user", user + "@" + REALM, "pass", password);
    told(expected);
  }

  @Test
  void aMobileNumberLeadsToAnAcceptedLogin() {
    page.navigate("/auth/index");
    login("kim", "wrong", "was not authenticated");
    assertThat(gateway.asked).isEmpty();
    login("kim", "kims & password", "sms submitted");
    inspect("auth-index-sms");
    assertThat(gateway.asked).hasSize(1);
    String sms = URLDecoder.decode(gateway.asked.get(0).target(), UTF_8);
    assertThat(sms).contains("to=+49 171 11");
    String value = value(sms.substring(sms.indexOf("text=")));
    login("kim", "kims & password" + "000000", "was not authenticated");
    login("kim", "kims & password" + value, "was authenticated");
    inspect("auth-index-accepted");
    login("kim", "kims & password" + value, "was not authenticated");
  }

  @Test
  void anAddressLeadsToAnAcceptedLogin() {
    page.navigate("/auth/");
    login("lee", "lees+password", "e-mail sent successfully");
    inspect("auth-index-email");
    assertThat(mail.waitForIncomingEmail(5000, 1)).isTrue();
    String value = value(GreenMailUtil.getBody(mail.getReceivedMessages()[0]));
    login("lee", "lees+password" + value, "was authenticated");
  }

  private static void enroll(String user, String serial) {
    api()
        .post(
            "/admin/init",
            "type",
            "hmac",
            "otpkey",
            Client.SEED,
            "user",
            user,
            "realm",
            REALM,
            "serial",
            serial)
        .value();
  }

  @Test
  void passwordAndValueInFieldsOfTheirOwn() {
    enroll("hot", "AUTHHOT");
    page.navigate("/auth/index3");
    send(0, "user", "hot@" + REALM, "pass", "pw", "otp", "000000");
    told("was not authenticated");
    send(0, "user", "hot@" + REALM, "pass", "pw", "otp", Client.hotp(0));
    told("was authenticated");
    inspect("auth-index3");
  }

  @Test
  void aChallengeIsShownAskedAboutAndAnswered() {
    enroll("ask", "AUTHASK");
    page.navigate("/auth/challenge-response");
    send(0, "user", "ask@" + REALM, "pin", "pw");
    told("Transaction");
    assertThat(page.inputValue("#transactionid")).matches("[1-9][0-9]{16}");
    inspect("auth-challenge-response");
    send(1, "otp", Client.hotp(0));
    told("was authenticated");

    page.navigate("/auth/qrtoken");
    send(0, "user", "ask@" + REALM, "pin", "pw", "data", "Pay <b>100</b> & more");
    told("Transaction");
    page.locator("#result img.qr").waitFor();
    inspect("auth-qrtoken");
    page.click("[data-status]");
    told("The transaction is open.");
    send(1, "otp", Client.hotp(1));
    told("was authenticated");
    page.click("[data-status]");
    told("A valid one-time password was given.");

    page.navigate("/auth/pushtoken");
    send(0, "user", "ask@" + REALM, "pin", "pw", "data", "Log in?");
    told("Transaction");
    page.click("[data-status]");
    told("The transaction is open.");
    inspect("auth-pushtoken");

    page.navigate("/auth/ocra2");
    send(0, "user", "ask@" + REALM, "pass", "pw", "data", "Pay 100");
    page.locator("#result img.qr").waitFor();
    inspect("auth-ocra2");
    send(1, "user2", "ask@" + REALM, "pass2", "pw" + Client.hotp(2));
    told("was authenticated");
  }
}
