package org.linotpee.forwarding;

import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.Service;
import org.linotpee.policy.ForwardSecrets;

/** Asks the servers of a policy, one after the other until one answers. */
@Service
public class Forwarder {
  private static final Logger LOG = System.getLogger(Forwarder.class.getName());

  private static final Pattern SIGNED =
      Pattern.compile("(?i)(?:.*&)?require_message_authenticator=(true|false)(?:&.*)?");
  private static final Pattern UNVERIFIED =
      Pattern.compile("(?i)(?:.*&)?verify_ssl_certificate=false(?:&.*)?");

  private final ForwardSecrets secrets;
  private final LinotpServers linotp;
  private final RadiusServers radius;

  @Inject
  public Forwarder(ForwardSecrets secrets, LinotpServers linotp, RadiusServers radius) {
    this.secrets = secrets;
    this.linotp = linotp;
    this.radius = radius;
  }

  /**
   * A login to hand over.
   *
   * @param options the other parameters of the request
   */
  public record Login(
      String user, String realm, Optional<String> password, Map<String, String> options) {
    public Login {
      options = Map.copyOf(options);
    }

    /** The transaction that the password answers; empty if there is none. */
    Optional<String> transaction() {
      return Optional.ofNullable(options.get("transactionid"))
          .or(() -> Optional.ofNullable(options.get("state")))
          .filter(id -> !id.isEmpty());
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "login of " + user;
    }
  }

  /** What a server has said. */
  public record Answer(boolean accepted, Map<String, Object> detail) {}

  /** A server that could not be asked, or did not answer. */
  public static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message) {
      super(message);
    }
  }

  /**
   * The answer of the first server that gives one; empty if none is named.
   *
   * @param urls blank-separated
   */
  public Optional<Answer> forward(String urls, Login login) {
    List<String> servers =
        Arrays.stream(urls.trim().split("\\s+"))
            .filter(url -> url.matches("(radius|https?)://.*"))
            .toList();
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    for (String url : servers) {
      try {
        URI server = URI.create(url);
        return Optional.of(
            url.startsWith("radius:")
                ? askRadius(server, secrets.secret(url).orElse(""), login)
                : askLinotp(server, login));
      } catch (Unreachable | IllegalArgumentException e) {
        LOG.log(
            Level.WARNING,
            "the server {0} does not answer: {1}",
            url.replaceAll("\\?.*", ""),
            e.getMessage());
      }
    }
    return Optional.of(new Answer(false, Map.of()));
  }

  private static String query(URI url) {
    return url.getRawQuery() == null ? "" : url.getRawQuery();
  }

  private Answer askRadius(URI url, String secret, Login login) throws Unreachable {
    if (url.getHost() == null) {
      throw new Unreachable("the URL names no host");
    }
    Matcher signed = SIGNED.matcher(query(url));
    RadiusServers.Reply reply =
        radius.ask(
            new RadiusServers.Server(
                url.getHost(),
                url.getPort() < 0 ? RadiusServers.PORT : url.getPort(),
                secret,
                signed.matches()
                    ? Optional.of(Boolean.valueOf(signed.group(1)))
                    : Optional.empty()),
            new RadiusServers.Login(
                login.user(),
                login.password().orElse(""),
                login.transaction().map(id -> id.getBytes(StandardCharsets.UTF_8))));
    return new Answer(
        reply.accepted(), reply.challenge().map(Forwarder::described).orElse(Map.of()));
  }

  private static Map<String, Object> described(RadiusServers.Challenge challenge) {
    return Map.of(
        "transactionid",
        new String(challenge.state(), StandardCharsets.UTF_8),
        "message",
        challenge.message());
  }

  private Answer askLinotp(URI url, Login login) throws Unreachable {
    var form = new LinkedHashMap<>(login.options());
    form.put("user", login.user());
    if (!login.realm().isEmpty()) {
      form.put("realm", login.realm());
    }
    login.password().ifPresent(password -> form.put("pass", password));
    LinotpServers.Reply reply = linotp.post(url, !UNVERIFIED.matcher(query(url)).matches(), form);
    return new Answer(reply.accepted(), reply.detail());
  }
}
