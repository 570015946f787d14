package org.linotpee.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The values that a token accepts next, for people who have to read them to somebody.
 *
 * @param clock how the clock of a time-based token stands
 */
public record UpcomingValues(List<Value> values, Optional<DeviceClock> clock) {
  public UpcomingValues {
    values = List.copyOf(values);
  }

  /**
   * A value.
   *
   * @param position the counter, or the day as {@code yy-mm-dd}
   * @param from when a time-based value begins to be right
   */
  public record Value(String position, String otp, Optional<Instant> from) {
    /** Without the value. */
    @Override
    public String toString() {
      return "value " + position;
    }
  }

  /**
   * The clock of a device.
   *
   * @param shiftSeconds how far it is ahead of the server's
   * @param stepSeconds the length of its time step
   */
  public record DeviceClock(long shiftSeconds, long stepSeconds) {}
}
