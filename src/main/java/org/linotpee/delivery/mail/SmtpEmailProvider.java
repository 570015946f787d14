package org.linotpee.delivery.mail;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Timeouts;

/** E-mail by SMTP (spec 11 section 12). */
@Service
public class SmtpEmailProvider implements ProviderClass {
  private static final Logger LOG = System.getLogger(SmtpEmailProvider.class.getName());
  private static final String STANDARD_SUBJECT = "Your OTP";
  private static final String OTP = "<otp>";
  private static final int MAX_PORT = 65_535;

  private final Tls tls;
  private final TemplateFiles templates;
  private final Clock clock;

  @Inject
  public SmtpEmailProvider(Tls tls, TemplateFiles templates, Clock clock) {
    this.tls = tls;
    this.templates = templates;
    this.clock = clock;
  }

  @Override
  public ProviderType type() {
    return ProviderType.EMAIL;
  }

  @Override
  public String name() {
    return "SMTPEmailProvider";
  }

  @Override
  public Set<String> spellings() {
    return Set.of(
        "linotp.provider.emailprovider.SMTPEmailProvider",
        "linotp.lib.emailprovider.SMTPEmailProvider",
        "emailprovider.SMTPEmailProvider",
        "emailprovider.HttpemailProvider.HttpSMSProvider");
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("SMTP_SERVER", "string", "host of the mail server"),
        Option.of("SMTP_PORT", "number", "its port; 25, 587 with START_TLS, 465 with USE_SSL"),
        Option.of("PORT", "number", "the same; SMTP_PORT wins"),
        Option.of("SMTP_USER", "string", "login at the mail server"),
        Option.of("SMTP_PASSWORD", "string", "its password"),
        Option.of("AUTH_TYPE", "string", "PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5 or XOAUTH2 alone"),
        Option.of("EMAIL_FROM", "string", "sender; linotp@example.com"),
        Option.of("EMAIL_REPLY_TO", "string", "where answers go"),
        Option.of("EMAIL_SUBJECT", "string", "subject; Your OTP"),
        Option.of("START_TLS", "boolean", "encrypt by STARTTLS; false"),
        Option.of("USE_SSL", "boolean", "encrypt from the start; false"),
        Option.of("CERTFILE", "string", "certificate of this server, PEM"),
        Option.of("KEYFILE", "string", "its private key, PEM"),
        Option.of("SERVER_CERTIFICATE", "string", "trusted certificates, PEM; false: any"),
        Option.of("EHLO_NAME", "string", "the name by which this server greets"),
        Option.of("TEMPLATE", "string", "file://<file below the template root>, or a template"),
        Option.of("TIMEOUT", "string", "seconds, or \"connect,read\"; 5"));
  }

  @Override
  public Provider open(ProviderSettings settings) {
    boolean ssl = settings.flag("USE_SSL", false);
    int port = settings.number("SMTP_PORT", settings.number("PORT", 0, 1, MAX_PORT), 1, MAX_PORT);
    var server =
        new MailServer(
            new MailServer.Access(
                settings.required("SMTP_SERVER").trim(),
                port,
                settings.flag("START_TLS", false),
                ssl,
                MailServer.Login.of(settings, "SMTP_USER", "SMTP_PASSWORD", "AUTH_TYPE"),
                true,
                GatewayTls.of(tls, settings, "SERVER_CERTIFICATE", "CERTFILE", "KEYFILE"),
                settings.timeouts(Timeouts.ofSeconds(5, 5)),
                settings.text("EHLO_NAME")));
    InternetAddress from =
        address("EMAIL_FROM", settings.text("EMAIL_FROM").orElse("linotp@example.com"));
    Optional<InternetAddress> replyTo =
        settings.text("EMAIL_REPLY_TO").map(text -> address("EMAIL_REPLY_TO", text));
    return new Gateway(server, settings, from, replyTo);
  }

  private static InternetAddress address(String key, String text) {
    try {
      return new InternetAddress(Placeholders.line(text), true);
    } catch (AddressException e) {
      throw ProviderSettings.unusable(key, "is no e-mail address");
    }
  }

  private final class Gateway implements Provider {
    private final MailServer server;
    private final ProviderSettings settings;
    private final InternetAddress from;
    private final Optional<InternetAddress> replyTo;

    Gateway(
        MailServer server,
        ProviderSettings settings,
        InternetAddress from,
        Optional<InternetAddress> replyTo) {
      this.server = server;
      this.settings = settings;
      this.from = from;
      this.replyTo = replyTo;
    }

    @Override
    public Outcome send(Message message) {
      InternetAddress recipient;
      try {
        recipient = new InternetAddress(message.recipient().strip(), true);
      } catch (AddressException e) {
        return new Outcome.Refused("the recipient is no e-mail address");
      }
      try {
        MimeMessage mail = server.message();
        Optional<String> template = settings.text("TEMPLATE");
        if (template.isPresent()) {
          fromTemplate(templates.text(template.get()), message, recipient, mail);
        } else {
          plain(message, recipient, mail);
        }
        mail.setHeader("Auto-Submitted", "auto-generated");
        return server.send(mail, from, recipient, new ArrayList<>());
      } catch (TemplateFiles.UnusableException | IllegalArgumentException e) {
        return new Outcome.Misconfigured(e.getMessage());
      } catch (MessagingException | IOException e) {
        return new Outcome.Misconfigured("the message cannot be made: " + e.getMessage());
      }
    }

    private void plain(Message message, InternetAddress recipient, MimeMessage mail)
        throws MessagingException {
      var values = new Placeholders(message.context());
      String subject =
          Placeholders.line(
              values.in(
                  message.subject().filter(s -> !s.isBlank()).orElseGet(this::configuredSubject)));
      String text = message.text();
      if (values.has(Message.OTP) && !text.contains(OTP) && !text.contains("${otp}")) {
        text += OTP;
      }
      addressed(mail, recipient);
      mail.setSubject(subject, "utf-8");
      String finished = values.with("Subject", subject).in(text);
      boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(finished);
      mail.setText(finished, ascii ? "us-ascii" : "utf-8");
    }

    private void addressed(MimeMessage mail, InternetAddress recipient) throws MessagingException {
      mail.setFrom(from);
      mail.setRecipient(jakarta.mail.Message.RecipientType.TO, recipient);
      if (replyTo.isPresent()) {
        mail.setReplyTo(new InternetAddress[] {replyTo.get()});
      }
      mail.setHeader("Date", date());
    }

    private String configuredSubject() {
      return settings.text("EMAIL_SUBJECT").orElse(STANDARD_SUBJECT);
    }

    private String date() {
      var format = new MailDateFormat();
      format.setTimeZone(TimeZone.getTimeZone("UTC"));
      return format.format(Date.from(clock.instant()));
    }

    /** The template has priority over the policies for subject and text. */
    private void fromTemplate(
        String template, Message message, InternetAddress recipient, MimeMessage mail)
        throws MessagingException, IOException {
      if (!message.text().equals(OTP)) {
        LOG.log(
            Level.WARNING,
            "e-mail provider {0} has a template: the text of the policy is not used",
            settings.name());
      }
      var values = new Placeholders(message.context());
      String subject = configuredSubject();
      if (subject.equals(STANDARD_SUBJECT)) {
        subject = message.subject().filter(s -> !s.isBlank()).orElse(subject);
      }
      addressed(mail, recipient);
      mail.setSubject(Placeholders.line(values.in(subject)), "utf-8");
      MailTemplate.parse(template)
          .fill(
              mail,
              values
                  .with("Subject", Placeholders.line(values.in(subject)))
                  .with("From", from.toUnicodeString())
                  .with("To", recipient.toUnicodeString())
                  .with("Date", date()));
    }

    @Override
    public ProviderTest test() {
      Optional<String> template = settings.text("TEMPLATE");
      if (template.isPresent()) {
        try {
          MailTemplate.parse(templates.text(template.get()));
        } catch (TemplateFiles.UnusableException | IllegalArgumentException e) {
          return new ProviderTest(
              false, "config: " + e.getMessage(), List.of("template: " + e.getMessage()));
        }
      }
      return server.test();
    }
  }
}
