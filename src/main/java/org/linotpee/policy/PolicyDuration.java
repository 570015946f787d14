package org.linotpee.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as policies write them (spec 07 section 4.8). */
public final class PolicyDuration {
  private static final Pattern ISO =
      Pattern.compile(
          "P(?:(\\d{1,6})Y)?(?:(\\d{1,6})M)?(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?"
              + "(?:T(?:(\\d{1,9})H)?(?:(\\d{1,9})M)?(?:(\\d{1,9})S)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final long[] ISO_SECONDS = {
    365 * 86_400L, 30 * 86_400L, 7 * 86_400L, 86_400L, 3_600L, 60L, 1L
  };
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:(\\d{1,6})(?:weeks?|w))?(?:(\\d{1,6})(?:days?|d))?(?:(\\d{1,9})(?:hours?|h))?"
              + "(?:(\\d{1,9})(?:minutes?|m))?(?:(\\d{1,9})(?:seconds?|s))?");
  private static final long[] PLAIN_SECONDS = {7 * 86_400L, 86_400L, 3_600L, 60L, 1L};

  private PolicyDuration() {}

  /** The seconds of a duration; empty if the text is none. */
  public static Optional<Long> seconds(String text) {
    String bare = text.replaceAll("\\s", "");
    if (bare.isEmpty()) {
      return Optional.empty();
    }
    Matcher iso = ISO.matcher(bare);
    if (iso.matches()) {
      return sum(iso, ISO_SECONDS);
    }
    Matcher plain = PLAIN.matcher(bare.toLowerCase(Locale.ROOT));
    return plain.matches() ? sum(plain, PLAIN_SECONDS) : Optional.empty();
  }

  private static Optional<Long> sum(Matcher parts, long[] seconds) {
    long sum = 0;
    boolean any = false;
    for (int i = 0; i < seconds.length; i++) {
      if (parts.group(i + 1) != null) {
        sum += Long.parseLong(parts.group(i + 1)) * seconds[i];
        any = true;
      }
    }
    return any ? Optional.of(sum) : Optional.empty();
  }
}
