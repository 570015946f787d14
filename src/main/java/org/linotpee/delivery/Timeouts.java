package org.linotpee.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.linotpee.configuration.LinotpException;

/** How long a gateway may take to accept a connection, and to say something (section 5.2). */
public record Timeouts(Duration connect, Duration read) {
  private static final double LONGEST_SECONDS = 3600;

  /** Whole or broken numbers of seconds. */
  public static Timeouts ofSeconds(double connect, double read) {
    return new Timeouts(duration(connect), duration(read));
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
  }

  /**
   * Reads a number, {@code "connect,read"}, or an array of both.
   *
   * @throws LinotpException -311 if it is none of these, or not positive
   */
  static Timeouts parse(JsonNode value) {
    if (value.isArray() && value.size() == 2) {
      return parse(value.get(0).asText() + "," + value.get(1).asText());
    }
    if (value.isTextual() || value.isNumber()) {
      return parse(value.asText());
    }
    throw unusable(value.toString());
  }

  static Timeouts parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length > 2) {
      throw unusable(text);
    }
    double connect = seconds(parts[0], text);
    return ofSeconds(connect, parts.length == 2 ? seconds(parts[1], text) : connect);
  }

  private static double seconds(String part, String whole) {
    String trimmed = part.trim();
    if (!trimmed.matches("[0-9]{1,9}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}")) {
      throw unusable(whole);
    }
    double seconds = Double.parseDouble(trimmed);
    if (seconds <= 0 || seconds > LONGEST_SECONDS) {
      throw unusable(whole);
    }
    return seconds;
  }

  private static LinotpException unusable(String text) {
    return LinotpException.unclassified(
        "the timeout '%s' is neither a positive number of seconds nor \"<connect>,<read>\""
            .formatted(text));
  }
}
