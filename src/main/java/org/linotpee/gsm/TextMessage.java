package org.linotpee.gsm;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A text to be sent.
 *
 * @param number the recipient's number, {@code +} in front if it is international
 * @param text as a person reads it
 * @param validity how long the service centre tries to deliver it; empty: as long as it likes
 * @param flash it is shown at once and not stored (class 0)
 * @param statusReport the network is asked to tell what becomes of it
 * @param reportTimeout how long sending waits for that; zero: not at all
 * @param maxParts a longer text is refused
 * @param transliterate characters beyond the GSM alphabet are replaced by similar ones where there
 *     are any, which saves parts
 */
public record TextMessage(
    String number,
    String text,
    Optional<Duration> validity,
    boolean flash,
    boolean statusReport,
    Duration reportTimeout,
    int maxParts,
    boolean transliterate) {
  /** What a code is good for, and the length of message that people read. */
  public static final Duration DEFAULT_VALIDITY = Duration.ofMinutes(10);

  public static final int DEFAULT_MAX_PARTS = 4;

  public TextMessage {
    Objects.requireNonNull(number, "a message has a recipient");
    Objects.requireNonNull(text, "a message has a text");
    if (maxParts < 1 || maxParts > 255) {
      throw new IllegalArgumentException("a message has 1 to 255 parts");
    }
    if (reportTimeout.isNegative()) {
      throw new IllegalArgumentException("a time to wait is not negative");
    }
  }

  /** A message as one sends it if one has no further wishes. */
  public static TextMessage of(String number, String text) {
    return new TextMessage(
        number,
        text,
        Optional.of(DEFAULT_VALIDITY),
        false,
        false,
        Duration.ZERO,
        DEFAULT_MAX_PARTS,
        false);
  }

  /** Without number and text, which are nobody's business. */
  @Override
  public String toString() {
    return "message to ..." + number.substring(Math.max(0, number.length() - 3));
  }
}
