package org.linotpee.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Numbers for people to read. Counting is exact while it is cheap; from 10,000 rows on the number
 * may be a minute old, so that the cost of a request does not grow with the number of tokens.
 */
final class RoughCount {
  private static final long EXACT_BELOW = 10_000;
  private static final Duration LIFETIME = Duration.ofMinutes(1);

  private record Counted(long number, Instant at) {}

  private final Map<String, Counted> counts = new ConcurrentHashMap<>();
  private final Clock clock;

  RoughCount(Clock clock) {
    this.clock = clock;
  }

  /** The number under this key, counted by the query if the known one is too small or too old. */
  long of(String key, LongSupplier query) {
    Counted known = counts.get(key);
    Instant now = clock.instant();
    if (known == null || known.number() < EXACT_BELOW || known.at().plus(LIFETIME).isBefore(now)) {
      known = new Counted(query.getAsLong(), now);
      counts.put(key, known);
    }
    return known.number();
  }
}
