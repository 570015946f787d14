package org.linotpee.gsm.pdu;

import java.time.Duration;

/** TP-Validity-Period, relative format (3GPP TS 23.040 section 9.2.3.12.1). */
public final class ValidityPeriod {
  private static final Duration STEP_1 = Duration.ofMinutes(5);
  private static final Duration STEP_2 = Duration.ofMinutes(30);

  private ValidityPeriod() {}

  /** The shortest period that is not shorter than the wish; at most 63 weeks. */
  public static int octet(Duration wish) {
    for (int value = 0; value < 255; value++) {
      if (duration(value).compareTo(wish) >= 0) {
        return value;
      }
    }
    return 255;
  }

  /** What a value means. */
  static Duration duration(int value) {
    if (value <= 143) {
      return STEP_1.multipliedBy(value + 1L);
    }
    if (value <= 167) {
      return Duration.ofHours(12).plus(STEP_2.multipliedBy(value - 143L));
    }
    return value <= 196 ? Duration.ofDays(value - 166L) : Duration.ofDays(7L * (value - 192L));
  }
}
