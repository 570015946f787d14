package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

/** SMS gateways that take a form by GET or POST (spec 11 section 6). */
@Service
public class HttpSmsProvider implements ProviderClass {
  private static final int ERROR = 400;
  private static final int PROXY_LOGIN = 407;

  private final Tls tls;

  @Inject
  public HttpSmsProvider(Tls tls) {
    this.tls = tls;
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "HttpSMSProvider";
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
                Option.required("URL", "string", "address of the gateway, http or https"),
                Option.of("PARAMETER", "object", "fixed parameters"),
                Option.of("SMS_TEXT_KEY", "string", "parameter with the text; sms"),
                Option.of("SMS_PHONENUMBER_KEY", "string", "parameter with the number; phone"),
                Option.of("HTTP_Method", "string", "GET or POST; POST"),
                Option.of("AUTH_TYPE", "string", "basic or digest; basic"),
                Option.of("RETURN_SUCCESS", "string", "how an answer of success begins"),
                Option.of("RETURN_SUCCESS_REGEX", "string", "what an answer of success holds"),
                Option.of("RETURN_FAIL", "string", "how an answer of failure begins"),
                Option.of("RETURN_FAIL_REGEX", "string", "what an answer of failure holds"),
                Option.of(
                    "CHECK_HTTP_STATUS", "boolean", "a status from 400 is a failure; false")));
    options.addAll(CommonOptions.SMS);
    return options;
  }

  @Override
  public Provider open(ProviderSettings settings) {
    Url url = Url.parse("URL", settings.required("URL"));
    HttpGateway gateway =
        CommonOptions.sms(
            tls,
            settings,
            settings.timeoutsOrField(Timeouts.ofSeconds(5, 5)),
            "AUTH_TYPE",
            url.login());
    return new Gateway(
        gateway, settings, url, Headers.of(settings), fixed(settings), Expectation.of(settings));
  }

  private static Map<String, List<String>> fixed(ProviderSettings settings) {
    JsonNode parameters = settings.value("PARAMETER");
    var fixed = new LinkedHashMap<String, List<String>>();
    if (parameters.isMissingNode() || parameters.isNull()) {
      return fixed;
    }
    if (!parameters.isObject()) {
      throw ProviderSettings.unusable("PARAMETER", "has to be an object");
    }
    parameters
        .properties()
        .forEach(
            entry -> {
              var values = new ArrayList<String>();
              JsonNode value = entry.getValue();
              if (value.isArray()) {
                value.forEach(v -> values.add(v.asText()));
              } else if (value.isValueNode() && !value.isNull()) {
                values.add(value.asText());
              } else if (value.isObject()) {
                throw ProviderSettings.unusable("PARAMETER", "has to hold texts and numbers");
              }
              fixed.put(entry.getKey(), values);
            });
    return fixed;
  }

  private record Gateway(
      HttpGateway http,
      ProviderSettings settings,
      Url url,
      Map<String, String> headers,
      Map<String, List<String>> fixed,
      Expectation expectation)
      implements Provider {
    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("the telephone number is empty");
      }
      String method = settings.text("HTTP_Method").orElse("POST").toUpperCase(Locale.ROOT);
      if (!method.equals("GET") && !method.equals("POST")) {
        return new Outcome.Misconfigured("'HTTP_Method' has to be GET or POST");
      }
      String form = form(number, message.text());
      URI uri = method.equals("GET") ? url.with(form) : url.uri();
      try {
        return outcome(
            http.call(
                method.equals("GET")
                    ? HttpGateway.Call.of(method, uri, headers)
                    : HttpGateway.Call.form(uri, headers, form)));
      } catch (HttpGateway.UnreachableException e) {
        return new Outcome.Unavailable(e.getMessage());
      }
    }

    /** Number, text, then the fixed ones, which replace them in place if they have their names. */
    private String form(String number, String text) {
      var parameters = new LinkedHashMap<String, List<String>>();
      parameters.put(settings.text("SMS_PHONENUMBER_KEY").orElse("phone"), List.of(number));
      parameters.put(settings.text("SMS_TEXT_KEY").orElse("sms"), List.of(text));
      parameters.putAll(fixed);
      var pairs = new ArrayList<String>();
      parameters.forEach(
          (name, values) -> values.forEach(v -> pairs.add(encoded(name) + "=" + encoded(v))));
      return String.join("&", pairs);
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8)
          .replace("*", "%2A")
          .replace("%7E", "~");
    }

    private Outcome outcome(HttpGateway.Reply reply) {
      if (reply.status() == PROXY_LOGIN) {
        return new Outcome.Unavailable("the proxy refuses the login: " + reply.line());
      }
      if (settings.laxFlag("CHECK_HTTP_STATUS") && reply.status() >= ERROR) {
        return new Outcome.Refused("the gateway has answered " + reply.line());
      }
      return expectation.met(reply.body())
          ? new Outcome.Accepted("SMS sent")
          : new Outcome.Refused(
              "the gateway has answered %s: %s".formatted(reply.line(), reply.body()));
    }

    @Override
    public ProviderTest test() {
      return Probe.run(http, List.of(url), headers);
    }

    @Override
    public void close() {
      http.close();
    }
  }
}
