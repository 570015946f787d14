package org.linotpee.delivery;

/** Telephone numbers as gateways want them (spec 11 section 5.5). */
public final class Phones {
  private static final int SHOWN = 3;

  private Phones() {}

  /**
   * The number for a gateway: keys {@code MSISDN}, {@code DROP_TRUNK_ZERO} and {@code
   * SUPPRESS_PREFIX} of its settings.
   */
  public static String normalised(String number, ProviderSettings settings) {
    String result = number;
    if (settings.laxFlag("DROP_TRUNK_ZERO")) {
      result = result.replace("(0)", "");
    }
    if (settings.laxFlag("MSISDN")) {
      boolean international = result.strip().startsWith("+");
      result = (international ? "+" : "") + result.replaceAll("[^0-9]", "");
    }
    String prefix = settings.text("SUPPRESS_PREFIX").orElse("");
    if (!prefix.isEmpty()) {
      result = result.stripLeading();
      if (result.startsWith(prefix)) {
        result = result.substring(prefix.length());
      }
    }
    return result;
  }

  /** The last three characters, for logs. */
  public static String masked(String number) {
    return "..." + number.substring(Math.max(0, number.length() - SHOWN));
  }
}
