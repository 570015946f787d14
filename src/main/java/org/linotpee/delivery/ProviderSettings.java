package org.linotpee.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;

/** The settings of one provider: a JSON object, its keys case-sensitive (spec 11 section 5.1). */
public final class ProviderSettings {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final String name;
  private final String timeout;
  private final ObjectNode config;

  private ProviderSettings(String name, String timeout, ObjectNode config) {
    this.name = name;
    this.timeout = timeout;
    this.config = config;
  }

  /**
   * Reads the settings of a provider.
   *
   * @param name the provider's name
   * @param timeout its field {@code timeout}, which some classes take for the network
   * @param text a JSON object
   * @throws LinotpException -311 with the place of the error if the text is no JSON object
   */
  public static ProviderSettings parse(String name, String timeout, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (node instanceof ObjectNode object) {
        return new ProviderSettings(name, timeout, object);
      }
    } catch (JsonProcessingException e) {
      throw LinotpException.unclassified(
          "the configuration is no JSON: line %d, column %d: %s%s"
              .formatted(
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  firstLine(e.getOriginalMessage()),
                  quotes(text)));
    }
    throw LinotpException.unclassified(
        "the configuration is no JSON object: line 1, column 1: it has to begin with {");
  }

  /** What is wrong, without the text around it, which may be a password. */
  private static String firstLine(String message) {
    return message
        .replaceAll("(?s)Unrecognized token '.*?':", "unrecognized word:")
        .lines()
        .findFirst()
        .orElse("");
  }

  private static String quotes(String text) {
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inside && c == '\\') {
        i++;
      } else if (c == '"') {
        inside = !inside;
      } else if (c == '\'' && !inside) {
        return "; use double quotes, single quotes are not allowed";
      }
    }
    return "";
  }

  /** The provider's name. */
  public String name() {
    return name;
  }

  /** The value of a key; a missing node if it is absent. */
  public JsonNode value(String key) {
    return config.path(key);
  }

  /** All settings. */
  public ObjectNode config() {
    return config.deepCopy();
  }

  /** A text or number as text; empty if it is absent, null or {@code ""}. */
  public Optional<String> text(String key) {
    JsonNode node = config.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isValueNode()) {
      throw unusable(key, "has to be a text");
    }
    return Optional.of(node.asText()).filter(t -> !t.isEmpty());
  }

  /** The text of a key that must be there. */
  public String required(String key) {
    return text(key).orElseThrow(() -> LinotpException.unclassified("'" + key + "' is missing"));
  }

  /** A whole number, which may be written as text. */
  public int number(String key, int standard, int least, int most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      int number = Integer.parseInt(text.get().trim());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw unusable(key, "has to be a number from " + least + " to " + most);
  }

  /** True for JSON true and the text {@code true} in any case; whatever else is false. */
  public boolean laxFlag(String key) {
    return config.path(key).isValueNode()
        && config.path(key).asText().trim().equalsIgnoreCase("true");
  }

  /** A JSON boolean, or one of {@code 1 yes true 0 no false} in any case. */
  public boolean flag(String key, boolean standard) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return standard;
    }
    return switch (text.get().trim().toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true" -> true;
      case "0", "no", "false" -> false;
      default -> throw unusable(key, "has to be true or false");
    };
  }

  /** The time-outs of a class that takes them from its settings alone. */
  public Timeouts timeouts(Timeouts standard) {
    return configuredTimeouts().orElse(standard);
  }

  private Optional<Timeouts> configuredTimeouts() {
    for (String key : new String[] {"TIMEOUT", "timeout"}) {
      JsonNode node = config.path(key);
      if (!node.isMissingNode()
          && !node.isNull()
          && !(node.isTextual() && node.asText().isEmpty())) {
        return Optional.of(Timeouts.parse(node));
      }
    }
    return Optional.empty();
  }

  /** The same for a class that also takes the provider's own field {@code timeout}. */
  public Timeouts timeoutsOrField(Timeouts standard) {
    return configuredTimeouts()
        .orElseGet(() -> timeout.isBlank() ? standard : Timeouts.parse(timeout));
  }

  /** A key that cannot be used. */
  public static LinotpException unusable(String key, String why) {
    return LinotpException.unclassified("'" + key + "' " + why);
  }

  /** Without the settings, which hold passwords. */
  @Override
  public String toString() {
    return "settings of provider " + name;
  }
}
