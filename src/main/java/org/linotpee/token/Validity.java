package org.linotpee.token;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;

/**
 * Usage limits and validity period of a token (spec 04 section 9), kept in its info. Dates have the
 * form {@code dd/mm/yy HH:MM}, UTC; years 69 to 99 are of the last century.
 */
public final class Validity {
  /** Why a token cannot be used at the moment. */
  public enum Obstacle {
    USES_EXHAUSTED("the limit of authentications is reached", true),
    SUCCESSES_EXHAUSTED("the limit of successful authentications is reached", true),
    EXPIRED("the validity period has ended", true),
    NOT_YET_VALID("the validity period has not begun", false);

    private final String text;
    private final boolean exceeded;

    Obstacle(String text, boolean exceeded) {
      this.text = text;
      this.exceeded = exceeded;
    }

    /** For the audit trail. */
    public String text() {
      return text;
    }

    /** True if it does not go away by waiting. */
    public boolean exceeded() {
      return exceeded;
    }
  }

  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("dd/MM/")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1969)
          .appendPattern(" HH:mm")
          .toFormatter(Locale.ROOT);

  private Validity() {}

  /** What keeps the token from being used now, if anything does. */
  public static Optional<Obstacle> obstacle(TokenInfo info, Instant now) {
    if (date(info, "validity_period_start").map(now::isBefore).orElse(false)) {
      return Optional.of(Obstacle.NOT_YET_VALID);
    }
    if (reached(info, "count_auth")) {
      return Optional.of(Obstacle.USES_EXHAUSTED);
    }
    if (reached(info, "count_auth_success")) {
      return Optional.of(Obstacle.SUCCESSES_EXHAUSTED);
    }
    if (date(info, "validity_period_end").map(now::isAfter).orElse(false)) {
      return Optional.of(Obstacle.EXPIRED);
    }
    return Optional.empty();
  }

  private static boolean reached(TokenInfo info, String counter) {
    long max = info.number(counter + "_max", 0);
    return max > 0 && info.number(counter, 0) >= max;
  }

  /** An authentication was tried: counted while there is a limit, or in any case. */
  public static TokenInfo countUse(TokenInfo info, boolean inAnyCase) {
    return inAnyCase || info.number("count_auth_max", 0) > 0
        ? info.with("count_auth", info.number("count_auth", 0) + 1)
        : info;
  }

  /** An authentication has succeeded. */
  public static TokenInfo countSuccess(TokenInfo info) {
    return info.number("count_auth_success_max", 0) > 0
        ? info.with("count_auth_success", info.number("count_auth_success", 0) + 1)
        : info;
  }

  private static Optional<Instant> date(TokenInfo info, String name) {
    return info.get(name).flatMap(Validity::parse);
  }

  /** The moment of a stored date; empty if the text is none. */
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text.trim(), DATE).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The stored form of a date that a request gives in the same form. */
  public static String checked(String text) {
    return parse(text)
        .map(Validity::format)
        .orElseThrow(
            () ->
                LinotpException.unclassified(
                    "time data '" + text + "' does not match format '%d/%m/%y %H:%M'"));
  }

  /** The stored form, seconds dropped. */
  public static String format(Instant instant) {
    return DATE.format(instant.atOffset(ZoneOffset.UTC));
  }

  /**
   * The stored form of Unix seconds.
   *
   * @throws LinotpException -311 for dates that two digits of a year cannot tell
   */
  public static String ofEpochSeconds(long seconds) {
    Instant instant = Instant.ofEpochSecond(seconds);
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    if (year < 1969 || year > 2068) {
      throw LinotpException.unclassified("the date must be between 1969 and 2068");
    }
    return format(instant);
  }
}
