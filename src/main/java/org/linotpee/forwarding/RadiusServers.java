package org.linotpee.forwarding;

import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aaa4j.radius.client.IntervalRetransmissionStrategy;
import org.aaa4j.radius.client.RadiusClientException;
import org.aaa4j.radius.client.clients.UdpRadiusClient;
import org.aaa4j.radius.core.attribute.Attribute;
import org.aaa4j.radius.core.attribute.StringData;
import org.aaa4j.radius.core.attribute.TextData;
import org.aaa4j.radius.core.attribute.attributes.MessageAuthenticator;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.ReplyMessage;
import org.aaa4j.radius.core.attribute.attributes.State;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.attribute.attributes.UserPassword;
import org.aaa4j.radius.core.packet.Packet;
import org.aaa4j.radius.core.packet.packets.AccessAccept;
import org.aaa4j.radius.core.packet.packets.AccessChallenge;
import org.aaa4j.radius.core.packet.packets.AccessRequest;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * RADIUS servers as a client asks them (RFC 2865). Requests are signed by a Message-Authenticator
 * (RFC 3579 section 3.2); so must be the answers of a server that has ever signed one, or somebody
 * between could forge them (CVE-2024-3596). A signature that is there is always verified.
 */
@Service
public class RadiusServers {
  /** Where RADIUS servers listen. */
  public static final int PORT = 1812;

  private static final int TRIES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String nasIdentifier;
  private final int tries;
  private final Duration patience;

  /** The servers that have signed an answer since this one was started. */
  private final Set<String> signing = ConcurrentHashMap.newKeySet();

  @Inject
  public RadiusServers(Settings settings) {
    this(settings.text(Setting.RADIUS_NAS_IDENTIFIER), TRIES, PATIENCE);
  }

  /**
   * With other patience.
   *
   * @param patience how long to wait for an answer to each of the tries
   */
  RadiusServers(String nasIdentifier, int tries, Duration patience) {
    this.nasIdentifier = nasIdentifier;
    this.tries = tries;
    this.patience = patience;
  }

  /**
   * A server.
   *
   * @param secret what it shares with this one
   * @param signed whether its answers must be signed; empty for those of a server that has signed
   *     one before
   */
  public record Server(String host, int port, String secret, Optional<Boolean> signed) {
    /** Without the secret. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * A login.
   *
   * @param state of the challenge that the password answers, unchanged
   */
  public record Login(String user, String password, Optional<byte[]> state) {
    /** Without the password. */
    @Override
    public String toString() {
      return "login of " + user;
    }
  }

  /** What a server has said. */
  public record Reply(boolean accepted, Optional<Challenge> challenge) {}

  /**
   * What a server asks back.
   *
   * @param state any octets
   * @param message for the user
   */
  public record Challenge(byte[] state, String message) {}

  /**
   * Asks a server.
   *
   * @throws Forwarder.Unreachable if it does not answer, or its answer is not to be trusted
   */
  public Reply ask(Server server, Login login) throws Forwarder.Unreachable {
    var attributes = new ArrayList<Attribute<?>>();
    attributes.add(new MessageAuthenticator());
    attributes.add(new UserName(new TextData(login.user())));
    attributes.add(
        new UserPassword(new StringData(login.password().getBytes(StandardCharsets.UTF_8))));
    attributes.add(new NasIdentifier(new TextData(nasIdentifier)));
    login.state().ifPresent(state -> attributes.add(new State(new StringData(state))));
    var client =
        UdpRadiusClient.newBuilder()
            .address(new InetSocketAddress(server.host(), server.port()))
            .secret(server.secret().getBytes(StandardCharsets.UTF_8))
            .retransmissionStrategy(new IntervalRetransmissionStrategy(tries, patience))
            .build();
    try {
      Packet packet = client.send(new AccessRequest(attributes));
      requireSigned(server, packet);
      return reply(packet);
    } catch (RadiusClientException | IllegalArgumentException e) {
      throw new Forwarder.Unreachable(e.toString());
    } finally {
      client.close();
    }
  }

  private void requireSigned(Server server, Packet packet) throws Forwarder.Unreachable {
    if (packet.getAttribute(MessageAuthenticator.class).isPresent()) {
      signing.add(server.toString());
    } else if (server.signed().orElse(signing.contains(server.toString()))) {
      throw new Forwarder.Unreachable("an answer has no Message-Authenticator and is not trusted");
    }
  }

  private static Reply reply(Packet packet) {
    Optional<Challenge> challenge =
        packet instanceof AccessChallenge
            ? Optional.of(
                new Challenge(
                    packet
                        .getAttribute(State.class)
                        .map(state -> state.getData().getValue())
                        .orElse(new byte[0]),
                    String.join(
                        "",
                        packet.getAttributes(ReplyMessage.class).stream()
                            .map(message -> message.getData().getValue())
                            .toList())))
            : Optional.empty();
    return new Reply(packet instanceof AccessAccept, challenge);
  }
}
