package org.linotpee.delivery.mail;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Phones;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Timeouts;

/** SMS gateways that take e-mail (spec 11 section 8). */
@Service
public class SmtpSmsProvider implements ProviderClass {
  private static final Logger LOG = System.getLogger(SmtpSmsProvider.class.getName());
  private static final String PHONE = "<phone>";
  private static final String OTP = "<otp>";
  private static final int MAX_PORT = 65_535;

  private final Tls tls;
  private final Clock clock;

  @Inject
  public SmtpSmsProvider(Tls tls, Clock clock) {
    this.tls = tls;
    this.clock = clock;
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "SmtpSMSProvider";
  }

  @Override
  public Set<String> spellings() {
    return ProviderType.smsSpellings(name());
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("mailserver", "string", "host of the mail server, or host:port"),
        Option.of("mailserver_port", "number", "25; 587 with start_tls, 465 with use_ssl"),
        Option.required("mailsender", "string", "sender"),
        Option.required("mailto", "string", "recipient, with <phone>"),
        Option.of("subject", "string", "subject, with <phone> and <otp>; [LinOTP]"),
        Option.of("body", "string", "body, with <phone> and <otp>; <otp>"),
        Option.of("mailuser", "string", "login at the mail server"),
        Option.of("mailpassword", "string", "its password"),
        Option.of("auth_type", "string", "PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5 or XOAUTH2 alone"),
        Option.of("start_tls", "boolean", "encrypt by STARTTLS; false"),
        Option.of("use_ssl", "boolean", "encrypt from the start; false"),
        Option.of("certfile", "string", "certificate of this server, PEM"),
        Option.of("keyfile", "string", "its private key, PEM"),
        Option.of("SERVER_CERTIFICATE", "string", "trusted certificates, PEM; false: any"),
        Option.of("raise_exception", "boolean", "false: a server that is down counts as refusal"),
        Option.of("TIMEOUT", "string", "seconds, or \"connect,read\"; 5"),
        Option.of("MSISDN", "boolean", "keep only the digits of numbers"),
        Option.of("DROP_TRUNK_ZERO", "boolean", "leave out (0)"),
        Option.of("SUPPRESS_PREFIX", "string", "cut off the beginning of numbers"));
  }

  @Override
  public Provider open(ProviderSettings settings) {
    String host = settings.required("mailserver").trim();
    int port = settings.number("mailserver_port", 0, 1, MAX_PORT);
    if (host.matches("[^:]+:[0-9]{1,5}")) {
      int colon = host.indexOf(':');
      port = port > 0 ? port : Integer.parseInt(host.substring(colon + 1));
      host = host.substring(0, colon);
    }
    if (port > MAX_PORT) {
      throw ProviderSettings.unusable("mailserver", "has a port that is too large");
    }
    var server =
        new MailServer(
            new MailServer.Access(
                host,
                port,
                settings.laxFlag("start_tls"),
                settings.laxFlag("use_ssl"),
                MailServer.Login.of(settings, "mailuser", "mailpassword", "auth_type"),
                false,
                GatewayTls.of(tls, settings, "SERVER_CERTIFICATE", "certfile", "keyfile"),
                settings.timeouts(Timeouts.ofSeconds(5, 5)),
                Optional.empty()));
    settings.required("mailto");
    try {
      return new Gateway(
          server,
          settings,
          new InternetAddress(Placeholders.line(settings.required("mailsender")), true),
          clock);
    } catch (AddressException e) {
      throw ProviderSettings.unusable("mailsender", "is no e-mail address");
    }
  }

  private record Gateway(
      MailServer server, ProviderSettings settings, InternetAddress sender, Clock clock)
      implements Provider {
    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("the telephone number is empty");
      }
      InternetAddress recipient;
      try {
        // what cannot be in an address is left out, so that a number makes no other recipient
        String part = number.replaceAll("[^A-Za-z0-9+._-]", "");
        recipient = new InternetAddress(settings.required("mailto").replace(PHONE, part), true);
      } catch (AddressException e) {
        return new Outcome.Misconfigured("'mailto' makes no e-mail address");
      }
      var steps = new ArrayList<String>();
      try {
        MimeMessage mail = mail(number, message.text(), recipient);
        Outcome outcome = server.send(mail, sender, recipient, steps);
        if (server.wouldSkipLogin(steps)) {
          LOG.log(
              Level.ERROR,
              "sms provider {0}: the mail server offers no login; sent without",
              settings.name());
        }
        if (outcome instanceof Outcome.Accepted) {
          return new Outcome.Accepted("SMS sent");
        }
        boolean counts =
            settings.value("raise_exception").isMissingNode()
                || settings.laxFlag("raise_exception");
        return outcome instanceof Outcome.Unavailable && !counts
            ? new Outcome.Refused(outcome.reason())
            : outcome;
      } catch (MessagingException e) {
        return new Outcome.Misconfigured("the message cannot be made: " + e.getMessage());
      }
    }

    private MimeMessage mail(String number, String text, InternetAddress recipient)
        throws MessagingException {
      MimeMessage mail = server.message();
      mail.setFrom(sender);
      mail.setRecipient(jakarta.mail.Message.RecipientType.TO, recipient);
      mail.setSubject(
          Placeholders.line(filled(settings.text("subject").orElse("[LinOTP]"), number, text)),
          "utf-8");
      mail.setSentDate(Date.from(clock.instant()));
      mail.setHeader("Auto-Submitted", "auto-generated");
      String body = filled(settings.text("body").orElse(OTP), number, text);
      boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(body);
      mail.setText(body, ascii ? "us-ascii" : "utf-8");
      return mail;
    }

    /** Both at once: a text that holds the other tag stays as it is. */
    private static String filled(String template, String number, String text) {
      var result = new StringBuilder();
      for (String piece : template.split("(?=<phone>|<otp>)|(?<=<phone>|<otp>)")) {
        result.append(piece.equals(PHONE) ? number : piece.equals(OTP) ? text : piece);
      }
      return result.toString();
    }

    @Override
    public ProviderTest test() {
      return server.test();
    }
  }
}
