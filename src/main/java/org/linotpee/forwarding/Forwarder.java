package org.linotpee.forwarding;

import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.policy.ForwardSecrets;

/** Asks the servers of a policy, one after the other until one answers. */
@Service
public class Forwarder {
  private static final Logger LOG = System.getLogger(Forwarder.class.getName());

  private final ForwardSecrets secrets;
  private final HttpForward http;
  private final RadiusForward radius;

  @Inject
  public Forwarder(ForwardSecrets secrets, Settings settings, Tls tls) {
    this(
        secrets,
        new HttpForward(tls),
        new RadiusForward(settings.text(Setting.RADIUS_NAS_IDENTIFIER)));
  }

  Forwarder(ForwardSecrets secrets, HttpForward http, RadiusForward radius) {
    this.secrets = secrets;
    this.http = http;
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
  static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
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
                ? radius.ask(server, secrets.secret(url).orElse(""), login)
                : http.ask(server, login));
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
}
