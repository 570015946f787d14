package org.linotpee.forwarding;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
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

/** A RADIUS server (RFC 2865). */
final class RadiusForward {
  private static final int PORT = 1812;
  private static final int TRIES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String nasIdentifier;
  private final int tries;
  private final Duration patience;

  RadiusForward(String nasIdentifier) {
    this(nasIdentifier, TRIES, PATIENCE);
  }

  /**
   * @param patience how long to wait for an answer to each of the tries
   */
  RadiusForward(String nasIdentifier, int tries, Duration patience) {
    this.nasIdentifier = nasIdentifier;
    this.tries = tries;
    this.patience = patience;
  }

  Forwarder.Answer ask(URI url, String secret, Forwarder.Login login) throws Forwarder.Unreachable {
    if (url.getHost() == null) {
      throw new Forwarder.Unreachable("the URL names no host");
    }
    var attributes = new ArrayList<Attribute<?>>();
    attributes.add(new MessageAuthenticator());
    attributes.add(new UserName(new TextData(login.user())));
    attributes.add(new UserPassword(data(login.password().orElse(""))));
    attributes.add(new NasIdentifier(new TextData(nasIdentifier)));
    login.transaction().ifPresent(id -> attributes.add(new State(data(id))));
    var client =
        UdpRadiusClient.newBuilder()
            .address(new InetSocketAddress(url.getHost(), url.getPort() < 0 ? PORT : url.getPort()))
            .secret(secret.getBytes(StandardCharsets.UTF_8))
            .retransmissionStrategy(new IntervalRetransmissionStrategy(tries, patience))
            .build();
    try {
      return answer(client.send(new AccessRequest(attributes)));
    } catch (RadiusClientException e) {
      throw new Forwarder.Unreachable(e.toString());
    } finally {
      client.close();
    }
  }

  private static StringData data(String text) {
    return new StringData(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Forwarder.Answer answer(Packet packet) {
    if (packet instanceof AccessChallenge) {
      var detail = new LinkedHashMap<String, Object>();
      detail.put(
          "transactionid",
          packet
              .getAttribute(State.class)
              .map(s -> new String(s.getData().getValue(), StandardCharsets.UTF_8))
              .orElse(""));
      detail.put(
          "message",
          String.join(
              "",
              packet.getAttributes(ReplyMessage.class).stream()
                  .map(m -> m.getData().getValue())
                  .toList()));
      return new Forwarder.Answer(false, detail);
    }
    return new Forwarder.Answer(packet instanceof AccessAccept, Map.of());
  }
}
