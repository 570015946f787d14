package org.linotpee.token;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.linotpee.configuration.Configuration;

/**
 * The time stamps of use, as far as the configuration entry {@code token.last_access} lets them be
 * recorded (spec 04 section 11): not at all, to the second, or only the parts that a strftime
 * pattern keeps.
 */
public final class LastAccess {
  private LastAccess() {}

  /** What is stored for this moment; empty if nothing is. */
  public static Optional<Instant> recorded(Configuration configuration, Instant now) {
    String pattern = configuration.text("token.last_access").orElse("False").trim();
    if (pattern.isEmpty() || pattern.equalsIgnoreCase("false")) {
      return Optional.empty();
    }
    Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
    return Optional.of(pattern.equalsIgnoreCase("true") ? seconds : kept(pattern, seconds));
  }

  /** Formatting and reading back leaves what the pattern names; the rest is its beginning. */
  private static Instant kept(String pattern, Instant now) {
    OffsetDateTime time = now.atOffset(ZoneOffset.UTC);
    boolean dayOfYear = pattern.contains("%j");
    boolean year = pattern.contains("%Y") || pattern.contains("%y");
    boolean month =
        pattern.contains("%m") || pattern.contains("%b") || pattern.contains("%B") || dayOfYear;
    boolean hour = pattern.contains("%H") || pattern.contains("%I");
    return LocalDateTime.of(
            year ? time.getYear() : 1900,
            month ? time.getMonthValue() : 1,
            pattern.contains("%d") || dayOfYear ? time.getDayOfMonth() : 1,
            hour ? time.getHour() : 0,
            pattern.contains("%M") ? time.getMinute() : 0,
            pattern.contains("%S") ? time.getSecond() : 0)
        .toInstant(ZoneOffset.UTC);
  }
}
