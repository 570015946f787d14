package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.Outcome;
import org.linotpee.delivery.Phones;
import org.linotpee.delivery.Provider;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Timeouts;

/** SMS gateways that take a JSON document (spec 11 section 7). */
@Service
public class RestSmsProvider implements ProviderClass {
  private static final int TRIES = 3;
  private static final int ERROR = 400;
  private static final int PROXY_LOGIN = 407;
  private static final String TEXT_KEY = "SMS_TEXT_KEY";
  private static final String NUMBER_KEY = "SMS_PHONENUMBER_KEY";
  private static final String PAYLOAD = "PAYLOAD";
  private static final String JSON = "application/json";

  private final Tls tls;

  @Inject
  public RestSmsProvider(Tls tls) {
    this.tls = tls;
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "RestSMSProvider";
  }

  @Override
  public Set<String> spellings() {
    return ProviderType.smsSpellings(name());
  }

  @Override
  public List<Option> options() {
    var options =
        new ArrayList<>(
            List.of(
                Option.required("URL", "string", "address of the gateway, or several by commas"),
                Option.required(PAYLOAD, "object", "the document, with <phone> and <message>"),
                Option.required(TEXT_KEY, "string", "place of the text in the document"),
                Option.required(NUMBER_KEY, "string", "place of the number in the document"),
                Option.of("AUTHENTICATION", "string", "BASIC or DIGEST; BASIC")));
    options.addAll(CommonOptions.SMS);
    return options;
  }

  @Override
  public Provider open(ProviderSettings settings) {
    List<Url> urls =
        Arrays.stream(settings.required("URL").split(","))
            .filter(url -> !url.isBlank())
            .map(url -> Url.parse("URL", url))
            .toList();
    JsonNode payload = settings.value(PAYLOAD);
    if (!(payload instanceof ObjectNode document)) {
      throw payload.isMissingNode()
          ? LinotpException.unclassified("'PAYLOAD' is missing")
          : ProviderSettings.unusable(PAYLOAD, "has to be an object");
    }
    settings.required(TEXT_KEY);
    settings.required(NUMBER_KEY);
    HttpGateway http =
        CommonOptions.sms(
            tls,
            settings,
            settings.timeouts(Timeouts.ofSeconds(3, 30)),
            "AUTHENTICATION",
            Optional.empty());
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", JSON);
    Headers.of(settings)
        .forEach(
            (name, value) -> {
              headers.keySet().removeIf(name::equalsIgnoreCase);
              headers.put(name, value);
            });
    return new Gateway(http, settings, urls, document, headers);
  }

  private record Gateway(
      HttpGateway http,
      ProviderSettings settings,
      List<Url> urls,
      ObjectNode payload,
      Map<String, String> headers)
      implements Provider {
    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("the telephone number is empty");
      }
      String body;
      try {
        body = document(number, message.text()).toString();
      } catch (IllegalArgumentException e) {
        return new Outcome.Misconfigured(e.getMessage());
      }
      Outcome outcome = new Outcome.Unavailable("no URL");
      for (Url url : urls) {
        outcome = post(url, body);
        if (!(outcome instanceof Outcome.Unavailable)) {
          return outcome;
        }
      }
      return outcome;
    }

    private Outcome post(Url url, String body) {
      for (int left = TRIES; ; left--) {
        try {
          HttpGateway.Reply reply = http.call(HttpGateway.Call.json(url.uri(), headers, body));
          if (reply.status() == PROXY_LOGIN) {
            return new Outcome.Unavailable("the proxy refuses the login: " + reply.line());
          }
          return reply.status() < ERROR
              ? new Outcome.Accepted("SMS sent")
              : new Outcome.Refused(
                  "the gateway has answered %s: %s".formatted(reply.line(), reply.body()));
        } catch (HttpGateway.UnreachableException e) {
          if (!e.timeout() || left <= 1 || Thread.currentThread().isInterrupted()) {
            return new Outcome.Unavailable(e.getMessage());
          }
        }
      }
    }

    private ObjectNode document(String number, String text) {
      ObjectNode document = payload.deepCopy();
      String textKey = settings.required(TEXT_KEY);
      JsonNode template = payload.path(textKey);
      String finished =
          template.isTextual() && template.asText().contains("<message>")
              ? template.asText().replace("<message>", text)
              : text;
      JsonPath.parse(textKey).write(document, TextNode.valueOf(finished));
      String numberKey = settings.required(NUMBER_KEY);
      JsonPath.parse(numberKey).write(document, number(payload.path(numberKey), number));
      return document;
    }

    private static JsonNode number(JsonNode template, String number) {
      if (template.isTextual() && template.asText().contains("<phone>")) {
        return TextNode.valueOf(template.asText().replace("<phone>", number));
      }
      if (template instanceof ArrayNode list) {
        ArrayNode copy = list.deepCopy();
        for (int i = 0; i < copy.size(); i++) {
          if (copy.get(i).isTextual()) {
            copy.set(i, TextNode.valueOf(copy.get(i).asText().replace("<phone>", number)));
          }
        }
        return copy;
      }
      return TextNode.valueOf(number);
    }

    @Override
    public ProviderTest test() {
      return Probe.run(http, urls, headers);
    }

    @Override
    public void close() {
      http.close();
    }
  }
}
