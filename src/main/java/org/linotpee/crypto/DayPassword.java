package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** One value for each calendar day ("Tagespasswort"), from an MD5 over seed and date. */
public final class DayPassword {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("ddMMuu", Locale.ROOT);
  private static final int MAX_DIGITS = 15;

  private DayPassword() {}

  /**
   * The value of a day.
   *
   * @param seed the text that was enrolled, not decoded
   * @param digits 1 to 15
   */
  public static String value(String seed, LocalDate day, int digits) {
    if (digits < 1 || digits > MAX_DIGITS) {
      throw new IllegalArgumentException("A day password has 1 to 15 digits.");
    }
    String hex =
        HexFormat.of()
            .formatHex(
                Digests.digest("MD5", (seed + DAY.format(day)).getBytes(StandardCharsets.UTF_8)));
    String number = String.valueOf(Long.parseLong(hex.substring(hex.length() - digits), 16));
    return number.length() >= digits
        ? number.substring(number.length() - digits)
        : "0".repeat(digits - number.length()) + number;
  }
}
