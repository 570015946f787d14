package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.Blocks;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Timeouts;

/** A service that hands challenges to telephones (spec 11 section 14). */
@Service
public class PushProvider implements ProviderClass {
  private static final int ERROR = 400;
  private static final int TRIES = 2;
  private static final String URLS = "push_url";
  private static final Map<String, String> HEADERS = Map.of("Accept", "text/plain");

  private final Tls tls;
  private final Blocks blocks;

  @Inject
  public PushProvider(Tls tls, Clock clock) {
    this.tls = tls;
    this.blocks = new Blocks(clock);
  }

  @Override
  public ProviderType type() {
    return ProviderType.PUSH;
  }

  @Override
  public String name() {
    return "DefaultPushProvider";
  }

  @Override
  public Set<String> spellings() {
    return Set.of(
        "linotp.provider.DefaultPushProvider",
        "linotp.provider.pushprovider.default_provider.DefaultPushProvider",
        "linotp.lib.pushprovider.DefaultPushProvider");
  }

  @Override
  public List<Option> options() {
    var options =
        new ArrayList<>(
            List.of(Option.required(URLS, "string", "address of the push service, or a list")));
    options.addAll(CommonOptions.SERVICE);
    return options;
  }

  @Override
  public Provider open(ProviderSettings settings) {
    List<Url> urls = urls(settings.value(URLS));
    var http =
        new HttpGateway(
            new HttpGateway.Options(
                settings.timeoutsOrField(Timeouts.ofSeconds(3, 5)),
                GatewayTls.of(tls, settings, "server_certificate", "access_certificate", ""),
                Proxies.ofOwnScheme(settings),
                urls.get(0).login(),
                false));
    return new Gateway(http, urls, blocks);
  }

  private static List<Url> urls(JsonNode value) {
    var urls = new ArrayList<Url>();
    if (value.isArray()) {
      value.forEach(url -> urls.add(Url.parse(URLS, url.asText())));
    } else if (value.isTextual() && !value.asText().isBlank()) {
      urls.add(Url.parse(URLS, value.asText()));
    }
    if (urls.isEmpty()) {
      throw LinotpException.unclassified("'push_url' is missing");
    }
    return List.copyOf(urls);
  }

  private record Gateway(HttpGateway http, List<Url> urls, Blocks blocks) implements Provider {
    @Override
    public Outcome send(Message message) {
      if (message.recipient().isBlank() || message.text().isBlank()) {
        return new Outcome.Refused("challenge or address of the device is empty");
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ObjectNode challenge = body.putObject("challenge");
      challenge.put(
          "transactionId",
          Optional.ofNullable(message.context().get(Message.TRANSACTION)).orElse(""));
      challenge.put("gda", message.recipient());
      challenge.put("challenge", message.text());
      Outcome outcome = new Outcome.Unavailable("all services are blocked");
      for (Url url : candidates()) {
        outcome = post(url, body.toString());
        if (!(outcome instanceof Outcome.Unavailable)) {
          return outcome;
        }
      }
      return outcome;
    }

    /** In order, without those that were not available; if none is left, the first to come back. */
    private List<Url> candidates() {
      List<Url> free = urls.stream().filter(u -> !blocks.blocked(u.uri().toString())).toList();
      if (!free.isEmpty()) {
        return free;
      }
      String first = blocks.firstFree(urls.stream().map(u -> u.uri().toString()).toList());
      return urls.stream().filter(u -> u.uri().toString().equals(first)).limit(1).toList();
    }

    private Outcome post(Url url, String body) {
      for (int left = TRIES; ; left--) {
        try {
          HttpGateway.Reply reply = http.call(HttpGateway.Call.json(url.uri(), HEADERS, body));
          blocks.release(url.uri().toString());
          return reply.status() < ERROR
              ? new Outcome.Accepted(reply.body())
              : new Outcome.Refused("the service has answered " + reply.line());
        } catch (HttpGateway.UnreachableException e) {
          if (left <= 1 || Thread.currentThread().isInterrupted()) {
            blocks.block(url.uri().toString());
            return new Outcome.Unavailable(e.getMessage());
          }
        }
      }
    }

    @Override
    public ProviderTest test() {
      return Probe.run(http, urls, HEADERS);
    }

    @Override
    public void close() {
      http.close();
    }
  }
}
