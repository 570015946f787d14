package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
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

/** A service that calls people and reads a one-time password to them (spec 11 section 13). */
@Service
public class VoiceProvider implements ProviderClass {
  private static final Logger LOG = System.getLogger(VoiceProvider.class.getName());
  private static final int ERROR = 400;
  private static final String TWILIO = "twilioConfig";
  private static final String VOICE = "voice";
  private static final Set<String> TWILIO_KEYS =
      Set.of("accountSid", "authToken", "callerNumber", VOICE);
  private static final Map<String, String> HEADERS = Map.of("Accept", "text/plain");

  private final Tls tls;

  @Inject
  public VoiceProvider(Tls tls) {
    this.tls = tls;
  }

  @Override
  public ProviderType type() {
    return ProviderType.VOICE;
  }

  @Override
  public String name() {
    return "CustomVoiceProvider";
  }

  @Override
  public Set<String> spellings() {
    return Set.of(
        "linotp.provider.CustomVoiceProvider",
        "linotp.provider.voiceprovider.custom_voice_provider.CustomVoiceProvider");
  }

  @Override
  public List<Option> options() {
    var options =
        new ArrayList<>(
            List.of(
                Option.required("server_url", "string", "address of the voice service"),
                Option.required(TWILIO, "object", "accountSid, authToken, callerNumber, voice")));
    options.addAll(CommonOptions.SERVICE);
    return options;
  }

  @Override
  public Provider open(ProviderSettings settings) {
    Url url = Url.parse("server_url", settings.required("server_url"));
    ObjectNode twilio = twilio(settings.value(TWILIO));
    var http =
        new HttpGateway(
            new HttpGateway.Options(
                settings.timeoutsOrField(Timeouts.ofSeconds(3, 5)),
                GatewayTls.of(tls, settings, "server_certificate", "access_certificate", ""),
                Proxies.ofOwnScheme(settings),
                url.login(),
                false));
    return new Gateway(http, url, twilio);
  }

  private static ObjectNode twilio(JsonNode value) {
    if (!(value instanceof ObjectNode given)) {
      throw value.isMissingNode()
          ? LinotpException.unclassified("'twilioConfig' is missing")
          : ProviderSettings.unusable(TWILIO, "has to be an object");
    }
    ObjectNode twilio = given.deepCopy();
    if (!twilio.has(VOICE)) {
      twilio.put(VOICE, "alice");
    }
    var missing = new LinkedHashSet<>(TWILIO_KEYS);
    for (Map.Entry<String, JsonNode> entry : twilio.properties()) {
      if (!missing.remove(entry.getKey()) || !entry.getValue().isValueNode()) {
        throw ProviderSettings.unusable(
            TWILIO, "has to have accountSid, authToken, callerNumber and voice, nothing else");
      }
    }
    if (!missing.isEmpty()) {
      throw ProviderSettings.unusable(TWILIO, "lacks " + String.join(", ", missing));
    }
    return twilio;
  }

  private record Gateway(HttpGateway http, Url url, ObjectNode twilio) implements Provider {
    @Override
    public Outcome send(Message message) {
      String otp = Optional.ofNullable(message.context().get(Message.OTP)).orElse("");
      if (message.recipient().isBlank() || message.text().isBlank() || otp.isBlank()) {
        return new Outcome.Refused("number, text or one-time password is empty");
      }
      if (!message.text().contains("{otp}")) {
        LOG.log(Level.WARNING, "the text of a voice message lacks {otp}");
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ObjectNode call = body.putObject("call");
      call.put("calleeNumber", message.recipient());
      call.put("messageTemplate", message.text());
      call.put("otp", otp);
      call.put("locale", Optional.ofNullable(message.context().get(Message.LOCALE)).orElse("en"));
      call.set(TWILIO, twilio);
      try {
        HttpGateway.Reply reply =
            http.call(HttpGateway.Call.json(url.uri(), HEADERS, body.toString()));
        return reply.status() < ERROR
            ? new Outcome.Accepted(reply.body())
            : new Outcome.Refused("the service has answered " + reply.line());
      } catch (HttpGateway.UnreachableException e) {
        return new Outcome.Unavailable(e.getMessage());
      }
    }

    /** A service that works refuses an empty document. */
    @Override
    public ProviderTest test() {
      String step = "POST {} to " + url.server() + ": ";
      try {
        HttpGateway.Reply reply = http.call(HttpGateway.Call.json(url.uri(), HEADERS, "{}"));
        return new ProviderTest(
            reply.status() == ERROR,
            "the service has answered "
                + reply.line()
                + (reply.status() == ERROR ? ", as it should" : ", not 400 Bad Request"),
            List.of(step + reply.line()));
      } catch (HttpGateway.UnreachableException e) {
        return new ProviderTest(
            false, "unavailable: " + e.getMessage(), List.of(step + e.getMessage()));
      }
    }

    @Override
    public void close() {
      http.close();
    }
  }
}
