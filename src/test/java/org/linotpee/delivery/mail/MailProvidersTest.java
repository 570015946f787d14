package org.linotpee.delivery.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Neighbours;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderSettings;

class MailProvidersTest {
  private static final Map<String, String> ALICE =
      Map.of(
          "otp",
          "755224",
          "serial",
          "LSEM0001",
          "username",
          "alice",
          "givenname",
          "Alice",
          "surname",
          "Example");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T07:28:12Z"), ZoneOffset.UTC);

  @TempDir private Path folder;
  private GreenMail server;

  @BeforeEach
  void start() {
    server =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort(),
              new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS).dynamicPort()
            });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Settings settings() {
    return Settings.load(
        folder, Map.of("EMAIL_PROVIDER_TEMPLATE_ROOT", folder.resolve("mail").toString()));
  }

  private Provider email(String more) {
    return new SmtpEmailProvider(new Tls(settings()), new TemplateFiles(settings()), CLOCK)
        .open(
            ProviderSettings.parse(
                "one", "120", ("{'SMTP_SERVER': '127.0.0.1'" + more + "}").replace('\'', '"')));
  }

  private String port() {
    return ", 'PORT': " + server.getSmtp().getPort();
  }

  private static Message message(String subject, String text, Map<String, String> values) {
    return new Message(
        "alice@example.org", text, Optional.of(subject).filter(s -> !s.isEmpty()), values);
  }

  private MimeMessage sent(String more, Message message) {
    try (Provider provider = email(port() + more)) {
      assertThat(provider.send(message))
          .isEqualTo(new Outcome.Accepted("e-mail sent successfully"));
    }
    MimeMessage[] received = server.getReceivedMessages();
    return received[received.length - 1];
  }

  private static String text(MimeMessage mail) throws Exception {
    return ((String) mail.getContent()).strip();
  }

  @Test
  void withoutSettingsItIsTheOneTimePasswordAlone() throws Exception {
    MimeMessage mail = sent("", message("", "<otp>", ALICE));
    assertThat(mail.getSubject()).isEqualTo("Your OTP");
    assertThat(text(mail)).isEqualTo("755224");
    assertThat(mail.getFrom()[0]).hasToString("linotp@example.com");
    assertThat(mail.getHeader("To", null)).isEqualTo("alice@example.org");
    assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
    assertThat(mail.getHeader("Date", null)).isEqualTo("Sun, 22 Nov 2026 07:28:12 +0000 (UTC)");
    assertThat(mail.getContentType()).contains("us-ascii");
  }

  @Test
  void subjectAndTextOfThePoliciesAreFilled() throws Exception {
    MimeMessage mail =
        sent(
            ", 'EMAIL_SUBJECT': 'unused'",
            message("OTP <otp> (<serial>)", "Dear ${givenname} ${surname}, ${otp} ${nope}", ALICE));
    assertThat(mail.getSubject()).isEqualTo("OTP 755224 (LSEM0001)");
    assertThat(text(mail)).isEqualTo("Dear Alice Example, 755224 ${nope}");
  }

  @Test
  void whatIsNotAsciiIsEncoded() throws Exception {
    MimeMessage mail =
        sent("", message("Einmalpasswort für ${username}", "Grüße, Code: <otp>", ALICE));
    assertThat(mail.getHeader("Subject", null))
        .isEqualTo("=?utf-8?Q?Einmalpasswort_f=C3=BCr_alice?=");
    assertThat(text(mail)).isEqualTo("Grüße, Code: 755224");
  }

  @Test
  void aTextWithoutOneTimePasswordGetsItAtItsEnd() throws Exception {
    assertThat(text(sent("", message("", "Code: ", ALICE)))).isEqualTo("Code: 755224");
    assertThat(text(sent("", message("", "A new token", Map.of()))))
        .as("a notification has none")
        .isEqualTo("A new token");
  }

  @Test
  void valuesAreDataAlone() throws Exception {
    var values = new HashMap<>(ALICE);
    values.put("givenname", "x\r\nBcc: evil@example.org\r\n\r\n${otp}<serial>");
    values.put("cryptpass", "hash");
    MimeMessage mail =
        sent("", message("Hi ${givenname}", "${givenname} ${7*6} ${cryptpass} <otp>", values));
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getSubject()).isEqualTo("Hi x Bcc: evil@example.org ${otp}<serial>");
    assertThat(text(mail)).contains("${otp}<serial> ${7*6} ${cryptpass} 755224");
    try (Provider provider = email(port())) {
      assertThat(
              provider.send(
                  new Message(
                      "a@example.org\r\nRCPT TO:<b@example.org>",
                      "<otp>",
                      Optional.empty(),
                      ALICE)))
          .isInstanceOf(Outcome.Refused.class);
      assertThat(
              provider.send(
                  new Message("a@example.org, b@example.org", "<otp>", Optional.empty(), ALICE)))
          .isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void theLoginIsSentAndRefusedOnesAreNoDelivery() {
    server.setUser("smtp@example.org", "smtp-user", "right");
    String login = ", 'SMTP_USER': 'smtp-user', 'SMTP_PASSWORD': ";
    sent(login + "'right'", message("", "<otp>", ALICE));
    try (Provider provider = email(port() + login + "'wrong'")) {
      assertThat(provider.send(message("", "<otp>", ALICE)))
          .isInstanceOf(Outcome.Misconfigured.class);
      assertThat(provider.test().passed()).isFalse();
      assertThat(provider.test().toString()).doesNotContain("wrong");
    }
  }

  /** A mail server that offers one way to log in, checks CRAM-MD5 and keeps what it was told. */
  private static final class LoginServer implements AutoCloseable {
    private static final String CHALLENGE = "<1896.697170952@postoffice.reston.mci.net>";
    private final ServerSocket listening;
    private final String offered;
    private final List<String> told = new CopyOnWriteArrayList<>();

    LoginServer(String offered) throws IOException {
      this.offered = offered;
      listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      var thread = new Thread(this::serve, "mail server");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve() {
      while (!listening.isClosed()) {
        try (Socket client = listening.accept();
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
            var out = new PrintStream(client.getOutputStream(), true, US_ASCII)) {
          out.print("220 ready\r\n");
          for (String line = in.readLine(); line != null; line = in.readLine()) {
            told.add(line);
            out.print(answer(line) + "\r\n");
          }
        } catch (IOException e) {
          // the client has gone, or the test is over
        }
      }
    }

    private String answer(String line) {
      if (line.startsWith("EHLO")) {
        return "250-here\r\n250 AUTH " + offered;
      }
      if (line.equals("AUTH CRAM-MD5")) {
        return "334 " + Base64.getEncoder().encodeToString(CHALLENGE.getBytes(US_ASCII));
      }
      if (line.startsWith("AUTH XOAUTH2 ")) {
        return "235 in";
      }
      if (line.startsWith("DATA")) {
        return "354 go on";
      }
      if (line.equals(".")) {
        return "250 taken";
      }
      String decoded =
          line.matches("[A-Za-z0-9+/]{20,}=*")
              ? new String(Base64.getDecoder().decode(line), US_ASCII)
              : "";
      // RFC 2195 section 2
      return decoded.isEmpty()
          ? "250 ok"
          : decoded.equals("tim b913a602c7eda7a495b4e6e7334d3890") ? "235 in" : "535 no";
    }

    private Outcome send(String user, String password, String mechanism) {
      String config =
          "{'SMTP_SERVER': '127.0.0.1', 'SMTP_PORT': %d, 'SMTP_USER': '%s', 'SMTP_PASSWORD': '%s'%s}"
              .formatted(listening.getLocalPort(), user, password, mechanism);
      Settings settings = Settings.load(Path.of("target", "no-home"), Map.of());
      try (Provider provider =
          new SmtpEmailProvider(new Tls(settings), new TemplateFiles(settings), CLOCK)
              .open(ProviderSettings.parse("one", "", config.replace('\'', '"')))) {
        return provider.send(message("", "<otp>", ALICE));
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  @Test
  void cramMd5KeepsThePasswordFromTheServer() throws Exception {
    try (var mails = new LoginServer("CRAM-MD5 PLAIN LOGIN")) {
      assertThat(mails.send("tim", "tanstaaftanstaaf", ", 'AUTH_TYPE': 'cram-md5'"))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(mails.send("tim", "wrong", ", 'AUTH_TYPE': 'CRAM-MD5'"))
          .isInstanceOf(Outcome.Misconfigured.class);
      assertThat(mails.told).contains("AUTH CRAM-MD5").noneMatch(l -> l.startsWith("AUTH PLAIN"));
    }
    try (var mails = new LoginServer("PLAIN LOGIN")) {
      assertThat(mails.send("tim", "tanstaaftanstaaf", ", 'AUTH_TYPE': 'CRAM-MD5'"))
          .isInstanceOf(Outcome.Misconfigured.class);
      assertThat(mails.told).noneMatch(l -> l.startsWith("AUTH"));
    }
  }

  @Test
  void anAccessTokenIsGivenByXoauth2() throws Exception {
    try (var mails = new LoginServer("XOAUTH2")) {
      assertThat(mails.send("me@example.org", "access-token", ", 'AUTH_TYPE': 'XOAUTH2'"))
          .isInstanceOf(Outcome.Accepted.class);
      String expected = "user=me@example.org\1auth=Bearer access-token\1\1";
      assertThat(mails.told)
          .contains(
              "AUTH XOAUTH2 " + Base64.getEncoder().encodeToString(expected.getBytes(US_ASCII)));
    }
    assertThatThrownBy(() -> email(", 'SMTP_USER': 'u', 'AUTH_TYPE': 'NTLMv7'"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("AUTH_TYPE");
  }

  @Test
  void tlsFromTheStart() {
    String config = ", 'USE_SSL': 'True', 'SMTP_PORT': " + server.getSmtps().getPort();
    try (Provider provider = email(config)) {
      assertThat(provider.send(message("", "<otp>", ALICE)))
          .as("a certificate of nobody")
          .isInstanceOf(Outcome.Unavailable.class);
    }
    try (Provider provider = email(config + ", 'SERVER_CERTIFICATE': false")) {
      assertThat(provider.send(message("", "<otp>", ALICE))).isInstanceOf(Outcome.Accepted.class);
      assertThat(provider.test().steps()).anyMatch(step -> step.contains("TLS"));
    }
  }

  @Test
  void startTlsThatIsNotOfferedIsNoDelivery() {
    try (Provider provider = email(port() + ", 'START_TLS': true")) {
      assertThat(provider.send(message("", "<otp>", ALICE)))
          .isInstanceOf(Outcome.Misconfigured.class);
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aServerThatIsDownIsUnavailable() {
    try (Provider provider = email(", 'SMTP_PORT': " + Neighbours.closedPort())) {
      assertThat(provider.send(message("", "<otp>", ALICE)))
          .isInstanceOf(Outcome.Unavailable.class);
      assertThat(provider.test().passed()).isFalse();
    }
  }

  @Test
  void settingsThatCannotBeUsedAreRefused() {
    for (String more :
        new String[] {
          ", 'START_TLS': 'on'",
          ", 'SMTP_PORT': 0",
          ", 'EMAIL_FROM': 'nobody'",
          ", 'CERTFILE': '/no/such'",
          ", 'TIMEOUT': 0"
        }) {
      assertThatThrownBy(() -> email(more)).as(more).isInstanceOf(LinotpException.class);
    }
  }

  // templates -------------------------------------------------------------------------------------

  private static final String TEMPLATE =
      """
      Content-Type: multipart/alternative; boundary="=A="
      MIME-Version: 1.0
      Subject: ${Subject}
      From: ${From}
      To: ${To}
      Date: ${Date}
      X-Für: ü ${surname}

      --=A=
      Content-Type: text/plain; charset="utf-8"

      Grüße ${givenname}, <otp> ${nope}
      --=A=
      Content-Type: multipart/related; boundary="=B="

      --=B=
      Content-Type: text/html; charset="utf-8"

      <p><img src="cid:logo"></p><p>Hello ${givenname}: <b>${otp}</b></p>
      --=B=
      Content-Type: image/png
      Content-Transfer-Encoding: base64
      Content-ID: <logo>

      iVBORw0KGgo=
      --=B=--
      --=A=--
      """
          .replace("X-Für", "X-Name");

  @Test
  void aTemplateFileIsTheWholeMessage() throws Exception {
    Files.createDirectories(folder.resolve("mail"));
    Files.writeString(folder.resolve("mail").resolve("enroll2user.eml"), TEMPLATE);
    var values = new HashMap<>(ALICE);
    values.put("givenname", "<i>Al & \"Co\"\n--=A=\n\nContent");
    MimeMessage mail =
        sent(
            ", 'TEMPLATE': 'file://enroll2user.eml', 'EMAIL_SUBJECT': 'Code ${otp}'",
            message("unused", "unused <otp>", values));
    assertThat(mail.getSubject()).isEqualTo("Code 755224");
    assertThat(mail.getHeader("X-Name", null)).startsWith("=?utf-8?");
    var alternatives = (Multipart) mail.getContent();
    assertThat(mail.getContentType()).startsWith("multipart/alternative");
    assertThat(alternatives.getCount()).isEqualTo(2);
    assertThat((String) alternatives.getBodyPart(0).getContent())
        .contains("Grüße <i>Al & \"Co\"", "755224 ${nope}");
    var related = (Multipart) alternatives.getBodyPart(1).getContent();
    assertThat((String) related.getBodyPart(0).getContent())
        .contains("Hello &lt;i&gt;Al &amp; &quot;Co&quot;", "<b>755224</b>", "cid:logo");
    BodyPart image = related.getBodyPart(1);
    assertThat(image.getHeader("Content-ID")).containsExactly("<logo>");
    assertThat(image.getInputStream().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
    assertThat(GreenMailUtil.getWholeMessage(mail)).isASCII();
  }

  @Test
  void aHeaderThatTheTemplateWritesStays() throws Exception {
    MimeMessage mail =
        sent(
            ", 'TEMPLATE': 'Subject: Welcome\\nFrom: ${From}\\nTo: ${To}\\nContent-Type:"
                + " text/plain\\n\\nCode ${otp} for ${serial}\\n', 'EMAIL_SUBJECT': 'unused'",
            message("", "<otp>", ALICE));
    assertThat(mail.getSubject()).isEqualTo("Welcome");
    assertThat(text(mail)).isEqualTo("Code 755224 for LSEM0001");
    assertThat(mail.getHeader("Date", null)).isNotNull();
  }

  @Test
  void theSubjectOfACallerIsUsedWhereNoneIsConfigured() throws Exception {
    String template = ", 'TEMPLATE': 'Subject: ${Subject}\\n\\nx\\n'";
    assertThat(sent(template, message("New token", "<otp>", ALICE)).getSubject())
        .isEqualTo("New token");
    assertThat(sent(template, message("", "<otp>", ALICE)).getSubject()).isEqualTo("Your OTP");
  }

  @Test
  void templatesLieBelowTheRoot() throws Exception {
    Files.createDirectories(folder.resolve("mail"));
    Files.createDirectories(folder.resolve("mail-other"));
    Files.writeString(folder.resolve("mail-other").resolve("x.eml"), TEMPLATE);
    Files.createSymbolicLink(
        folder.resolve("mail").resolve("link.eml"), folder.resolve("mail-other/x.eml"));
    for (String file : new String[] {"../mail-other/x.eml", "/etc/passwd", "link.eml"}) {
      try (Provider provider = email(port() + ", 'TEMPLATE': 'file://" + file + "'")) {
        assertThat(provider.send(message("", "<otp>", ALICE)))
            .isInstanceOf(Outcome.Misconfigured.class)
            .extracting(Outcome::reason)
            .asString()
            .contains("not in email provider template root");
      }
    }
  }

  @Test
  void aTemplateWithoutHeadersIsRefused() {
    try (Provider provider = email(port() + ", 'TEMPLATE': 'Hello ${otp}'")) {
      assertThat(provider.send(message("", "<otp>", ALICE)))
          .isInstanceOf(Outcome.Misconfigured.class);
      assertThat(provider.test().passed()).isFalse();
    }
  }

  // SMS by mail -----------------------------------------------------------------------------------

  @Test
  void anSmsGatewayGetsNumberAndText() throws Exception {
    var providerClass = new SmtpSmsProvider(new Tls(settings()), CLOCK);
    String config =
        """
        {"mailserver": "127.0.0.1:%d", "mailsender": "otp@example.com",
         "mailto": "<phone>@sms.example.com", "subject": "<phone>",
         "body": "This is your OTP-value: <otp>"}
        """
            .formatted(server.getSmtp().getPort());
    try (Provider provider = providerClass.open(ProviderSettings.parse("one", "5", config))) {
      assertThat(provider.send(Message.sms("+49 171\r\nBcc: x@y,", "Ü <phone> 755224")))
          .isEqualTo(new Outcome.Accepted("SMS sent"));
    }
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getHeader("To", null)).isEqualTo("+49171Bccxy@sms.example.com");
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getSubject()).isEqualTo("+49 171 Bcc: x@y,");
    assertThat(text(mail)).isEqualTo("This is your OTP-value: Ü <phone> 755224");
  }
}
