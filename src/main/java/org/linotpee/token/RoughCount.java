package org.linotpee.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Numbers for people to read. Counting is exact while it is cheap; from 10,000 rows on the number
 * may be a minute old, so that the cost of a request does not grow with the number of tokens.
 */
public final class RoughCount {
  /** So many rows are counted at each request. */
  public static final long EXACT_BELOW = 10_000;

  private static final int MOST_COUNTS = 1000;
  private static final Duration LIFETIME = Duration.ofMinutes(1);

  private record Counted(long number, Instant at) {}

  private final Cache<String, Counted> counts =
      Caffeine.newBuilder().maximumSize(MOST_COUNTS).build();
  private final Clock clock;

  public RoughCount(Clock clock) {
    this.clock = clock;
  }

  /** The number under this key, counted by the query if the known one is too small or too old. */
  public long of(String key, LongSupplier query) {
    return of(key, query, EXACT_BELOW);
  }

  /** As {@link #of}, for counting that looks at many rows, however small the number may be. */
  public long ofLarge(String key, LongSupplier query) {
    return of(key, query, 0);
  }

  private long of(String key, LongSupplier query, long exactBelow) {
    Counted known = counts.getIfPresent(key);
    Instant now = clock.instant();
    if (known == null || known.number() < exactBelow || known.at().plus(LIFETIME).isBefore(now)) {
      known = new Counted(query.getAsLong(), now);
      counts.put(key, known);
    }
    return known.number();
  }
}
