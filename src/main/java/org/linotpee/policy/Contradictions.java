package org.linotpee.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells administrators, in the log, of policies of equal rank that contradict each other (spec 07
 * section 7.1): at the decision, and of each contradiction once a minute.
 */
final class Contradictions {
  private static final Logger LOG = System.getLogger(Contradictions.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int MOST = 1000;

  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().expireAfterWrite(PAUSE).maximumSize(MOST).build();

  /**
   * Tells it.
   *
   * @param policies that decide about the action
   * @param counts which of them counts
   */
  void tell(String scope, String action, List<Policy> policies, String counts) {
    String text =
        "the policies %s contradict each other about %s/%s; %s counts"
            .formatted(
                policies.stream()
                    .filter(p -> p.mentions(action))
                    .map(Policy::name)
                    .collect(Collectors.joining(", ")),
                scope,
                action,
                counts);
    if (told.asMap().putIfAbsent(text, true) == null) {
      LOG.log(Level.WARNING, text);
    }
  }

  /** Tells it if one of the policies grants a right that another denies; the denial counts. */
  void tellOfRight(String scope, String action, List<Policy> policies) {
    boolean granted = policies.stream().anyMatch(p -> p.grants(action).orElse(false));
    boolean denied = policies.stream().anyMatch(p -> !p.grants(action).orElse(true));
    if (granted && denied) {
      tell(scope, action, policies, "what denies");
    }
  }
}
