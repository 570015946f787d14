package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Mobile-OTP: the beginning of an MD5 over time, seed and the PIN of the device. */
public final class MobileOtp {
  private static final int DIGEST_DIGITS = 32;
  private static final int SECONDS_PER_TICK = 10;

  private MobileOtp() {}

  /** The tick of a moment, in Unix seconds. */
  public static long tick(long epochSecond) {
    return Math.floorDiv(epochSecond, SECONDS_PER_TICK);
  }

  /**
   * The value of a tick, lower-case hexadecimal.
   *
   * @param seed the text that was enrolled, not decoded
   * @param length 1 to 32 characters
   */
  public static String value(String seed, String devicePin, long tick, int length) {
    byte[] digest =
        Digests.digest("MD5", (tick + seed + devicePin).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of()
        .formatHex(digest)
        .substring(0, Math.max(1, Math.min(length, DIGEST_DIGITS)));
  }

  /**
   * The first tick of a window whose value is the given one, or -1.
   *
   * @param toExclusive end of the window
   */
  public static long find(
      String seed, String devicePin, String otp, int length, long from, long toExclusive) {
    byte[] wanted = otp.getBytes(StandardCharsets.UTF_8);
    for (long tick = from; tick < toExclusive; tick++) {
      byte[] value = value(seed, devicePin, tick, length).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(value, wanted)) {
        return tick;
      }
    }
    return -1;
  }
}
