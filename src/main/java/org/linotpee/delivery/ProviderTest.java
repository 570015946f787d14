package org.linotpee.delivery;

import java.util.List;

/**
 * What a connection test has found out.
 *
 * @param message the result in one sentence, with what the gateway has said
 * @param steps what was done, in order
 */
public record ProviderTest(boolean passed, String message, List<String> steps) {
  public ProviderTest {
    steps = List.copyOf(steps);
  }
}
