package org.linotpee.delivery.mail;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.linotpee.configuration.LinotpException;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.Secrecy;
import org.linotpee.delivery.Timeouts;

/** A mail server to which messages are handed by SMTP (RFC 5321). */
final class MailServer {
  private static final int PORT = 25;
  private static final int SUBMISSION_PORT = 587;
  private static final int TLS_PORT = 465;

  private final Access access;
  private final Session session;

  /**
   * How to reach it.
   *
   * @param port 0: the one that belongs to the kind of encryption
   * @param loginRequired whether a server without AUTH is an error
   * @param name what it is told that this host is called
   */
  record Access(
      String host,
      int port,
      boolean startTls,
      boolean ssl,
      Optional<Login> login,
      boolean loginRequired,
      GatewayTls tls,
      Timeouts timeouts,
      Optional<String> name) {
    int actualPort() {
      return port > 0 ? port : ssl ? TLS_PORT : startTls ? SUBMISSION_PORT : PORT;
    }
  }

  /**
   * A name and a password.
   *
   * @param mechanism the only way to give them (RFC 4954), in upper case; empty for what the server
   *     offers of PLAIN and LOGIN
   */
  record Login(String user, String password, Optional<String> mechanism) {
    private static final Set<String> BY_LIBRARY = Set.of("PLAIN", "LOGIN", "DIGEST-MD5", "XOAUTH2");
    private static final Set<String> BY_SASL = Set.of("CRAM-MD5");

    /**
     * The login in the settings, if there is one.
     *
     * @throws LinotpException -311 if there is no such mechanism
     */
    static Optional<Login> of(
        ProviderSettings settings, String userKey, String passwordKey, String mechanismKey) {
      Optional<String> mechanism =
          settings.text(mechanismKey).map(text -> text.trim().toUpperCase(Locale.ROOT));
      if (mechanism.isPresent()
          && !BY_LIBRARY.contains(mechanism.get())
          && !BY_SASL.contains(mechanism.get())) {
        throw ProviderSettings.unusable(
            mechanismKey, "has to be PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5 or XOAUTH2");
      }
      return settings
          .text(userKey)
          .map(user -> new Login(user, settings.text(passwordKey).orElse(""), mechanism));
    }

    /** With one mechanism alone, no other is tried: a password does not get out by a weaker one. */
    private void chooseMechanism(Properties properties) {
      mechanism.ifPresent(
          name -> {
            properties.put("mail.smtp.auth.mechanisms", name);
            if (BY_SASL.contains(name)) {
              properties.put("mail.smtp.sasl.enable", "true");
              properties.put("mail.smtp.sasl.mechanisms", name);
            }
          });
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "login of " + user;
    }
  }

  MailServer(Access access) {
    this.access = access;
    this.session = Session.getInstance(properties(access));
  }

  private static Properties properties(Access access) {
    var properties = new Properties();
    properties.put("mail.smtp.host", access.host());
    properties.put("mail.smtp.port", Integer.toString(access.actualPort()));
    String read = Long.toString(access.timeouts().read().toMillis());
    properties.put(
        "mail.smtp.connectiontimeout", Long.toString(access.timeouts().connect().toMillis()));
    properties.put("mail.smtp.timeout", read);
    properties.put("mail.smtp.writetimeout", read);
    properties.put("mail.smtp.sendpartial", "false");
    properties.put("mail.smtp.ssl.enable", Boolean.toString(access.ssl()));
    boolean startTls = access.startTls() && !access.ssl();
    properties.put("mail.smtp.starttls.enable", Boolean.toString(startTls));
    properties.put("mail.smtp.starttls.required", Boolean.toString(startTls));
    properties.put("mail.smtp.ssl.checkserveridentity", Boolean.toString(access.tls().verify()));
    properties.put("mail.smtp.ssl.socketFactory", access.tls().context().getSocketFactory());
    properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
    properties.put("mail.smtp.auth", Boolean.toString(access.login().isPresent()));
    access.login().ifPresent(login -> login.chooseMechanism(properties));
    access.name().ifPresent(name -> properties.put("mail.smtp.localhost", name));
    return properties;
  }

  /** A message to fill. */
  MimeMessage message() {
    return new MimeMessage(session);
  }

  /** The server and how it is reached, for administrators. */
  String place() {
    return access.host() + ":" + access.actualPort();
  }

  /** Takes the steps of a conversation that uses the connection. */
  private interface Talk {
    void with(Transport transport) throws MessagingException;
  }

  private void connected(List<String> steps, Talk talk) throws MessagingException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // the implementation of Jakarta Mail is found by the loader of this application
    thread.setContextClassLoader(MailServer.class.getClassLoader());
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(
          access.host(),
          access.actualPort(),
          access.login().map(Login::user).orElse(null),
          access.login().map(Login::password).orElse(null));
      steps.add("connect " + place() + (access.ssl() ? " with TLS" : "") + ", EHLO: ok");
      if (access.startTls() && !access.ssl()) {
        steps.add("STARTTLS: ok");
      }
      if (access.login().isPresent()) {
        if (offersLogin(transport)) {
          steps.add("AUTH: ok");
        } else if (access.loginRequired()) {
          steps.add("AUTH: not offered");
          throw new AuthenticationFailedException("the server offers no login");
        } else {
          steps.add("AUTH: not offered, left out");
        }
      }
      talk.with(transport);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The interface of Jakarta Mail does not tell; its implementation does. */
  private static boolean offersLogin(Transport transport) {
    try {
      return (Boolean)
          transport
              .getClass()
              .getMethod("supportsExtension", String.class)
              .invoke(transport, "AUTH");
    } catch (ReflectiveOperationException | ClassCastException e) {
      return true;
    }
  }

  /** True if the login was configured and the server offers none; only then it is worth a word. */
  boolean wouldSkipLogin(List<String> steps) {
    return steps.contains("AUTH: not offered, left out");
  }

  /**
   * Hands a message over.
   *
   * @param sender of the envelope
   * @param steps what was done is added
   */
  Outcome send(
      MimeMessage message, InternetAddress sender, InternetAddress recipient, List<String> steps) {
    try {
      message.saveChanges();
      connected(
          steps,
          transport -> {
            session.getProperties().put("mail.smtp.from", sender.getAddress());
            transport.sendMessage(message, new Address[] {recipient});
          });
      return new Outcome.Accepted("e-mail sent successfully");
    } catch (MessagingException e) {
      return outcome(e);
    }
  }

  /** Logs in and says nothing but NOOP. */
  ProviderTest test() {
    var steps = new ArrayList<String>();
    try {
      connected(
          steps,
          transport -> {
            if (!transport.isConnected()) {
              throw new MessagingException("the server has closed the connection");
            }
            steps.add("NOOP: ok");
          });
      steps.add("QUIT");
      return new ProviderTest(true, "the mail server " + place() + " takes messages", steps);
    } catch (MessagingException e) {
      Outcome outcome = outcome(e);
      steps.add(outcome.reason());
      return new ProviderTest(false, outcome.category() + ": " + outcome.reason(), steps);
    }
  }

  private static Outcome outcome(MessagingException e) {
    String said = Secrecy.line(e.getMessage() == null ? e.toString() : e.getMessage());
    if (e instanceof AuthenticationFailedException) {
      return new Outcome.Misconfigured("the mail server refuses the login: " + said);
    }
    for (Throwable cause = e; cause != null; cause = next(cause)) {
      if (cause instanceof UnknownHostException) {
        return new Outcome.Unavailable("the host name is not known");
      }
      if (cause instanceof InterruptedIOException) {
        return new Outcome.Unavailable("it does not answer in time");
      }
      if (cause instanceof ConnectException) {
        return new Outcome.Unavailable("it cannot be connected: " + cause.getMessage());
      }
      if (cause instanceof SSLException) {
        return new Outcome.Unavailable("TLS: " + Secrecy.line("" + cause.getMessage()));
      }
    }
    if (e.getNextException() instanceof IOException || e.getClass() == MessagingException.class) {
      if (said.contains("STARTTLS")) {
        return new Outcome.Misconfigured("the mail server does not offer STARTTLS");
      }
      if (e.getNextException() instanceof IOException
          || said.startsWith("Could not connect")
          || said.contains("response: -1")
          || said.contains("[EOF]")) {
        return new Outcome.Unavailable(said);
      }
    }
    return new Outcome.Refused("the mail server has answered: " + said);
  }

  private static Throwable next(Throwable cause) {
    Throwable next =
        cause instanceof MessagingException m && m.getNextException() != null
            ? m.getNextException()
            : cause.getCause();
    return next == cause ? null : next;
  }
}
