package org.linotpee.configuration;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations in configuration entries (spec 05 section 3.6): seconds, {@code 1h 20 minutes 90 s}, or
 * ISO 8601 with years of 365 and months of 30 days. Blanks do not count.
 */
public final class ConfiguredDuration {
  private static final Pattern ISO =
      Pattern.compile(
          "P(?:(\\d{1,6})Y)?(?:(\\d{1,6})M)?(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?"
              + "(?:T(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9})S)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:(\\d{1,6})(?:weeks?|w))?(?:(\\d{1,6})(?:days?|d))?(?:(\\d{1,9})(?:hours?|h))?"
              + "(?:(\\d{1,9})(?:minutes?|m))?(?:(\\d{1,9})(?:seconds?|s))?");
  private static final long[] ISO_SECONDS = {
    365 * 86_400L, 30 * 86_400L, 7 * 86_400L, 86_400L, 3_600L, 60L, 1L
  };
  private static final long[] PLAIN_SECONDS = {7 * 86_400L, 86_400L, 3_600L, 60L, 1L};

  private ConfiguredDuration() {}

  /** The whole seconds; empty if the text is no duration. */
  public static Optional<Long> seconds(String text) {
    String bare = text.replaceAll("\\s", "");
    if (bare.matches("\\d{1,12}")) {
      return Optional.of(Long.valueOf(bare));
    }
    Matcher iso = ISO.matcher(bare);
    if (bare.length() > 1 && iso.matches()) {
      return Optional.of(sum(iso, ISO_SECONDS));
    }
    Matcher plain = PLAIN.matcher(bare.toLowerCase(Locale.ROOT));
    return !bare.isEmpty() && plain.matches()
        ? Optional.of(sum(plain, PLAIN_SECONDS))
        : Optional.empty();
  }

  private static long sum(Matcher parts, long[] seconds) {
    long sum = 0;
    for (int i = 0; i < seconds.length; i++) {
      if (parts.group(i + 1) != null) {
        sum += Long.parseLong(parts.group(i + 1)) * seconds[i];
      }
    }
    return sum;
  }
}
