package org.linotpee.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what was not available, and leaves it alone for a while: 60 s after the first failure,
 * longer after each further one (spec 11 section 3.3). Each node knows its own.
 */
public final class Blocks {
  private static final Duration DELAY = Duration.ofSeconds(30);
  private static final int MAX_EXPONENT = 8;

  private record Block(Instant until, int failures) {}

  private final ConcurrentHashMap<String, Block> blocks = new ConcurrentHashMap<>();
  private final Clock clock;

  public Blocks(Clock clock) {
    this.clock = clock;
  }

  /** True if it is to be left alone now. */
  public boolean blocked(String key) {
    Block block = blocks.get(key);
    return block != null && clock.instant().isBefore(block.until());
  }

  /** It is not available. Tries that fail while it is blocked do not lengthen the block. */
  public void block(String key) {
    Instant now = clock.instant();
    blocks.compute(
        key,
        (k, known) -> {
          if (known != null && now.isBefore(known.until())) {
            return known;
          }
          int failures = known == null ? 0 : known.failures();
          Duration pause = DELAY.plus(DELAY.multipliedBy(1L << Math.min(MAX_EXPONENT, failures)));
          return new Block(now.plus(pause), failures + 1);
        });
  }

  /** It is available. */
  public void release(String key) {
    blocks.remove(key);
  }

  /** The one of these whose block ends first. */
  public String firstFree(List<String> keys) {
    return keys.stream().min(Comparator.comparing(this::end)).orElseThrow();
  }

  private Instant end(String key) {
    Block block = blocks.get(key);
    return block == null ? Instant.MIN : block.until();
  }
}
