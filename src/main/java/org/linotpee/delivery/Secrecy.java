package org.linotpee.delivery;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps secrets out of what is told about a delivery. */
public final class Secrecy {
  private static final int LONGEST = 300;
  private static final Pattern CODE = Pattern.compile("[0-9]{4,}");

  private Secrecy() {}

  /**
   * A reason without the message: gateways like to repeat what they refuse. Every number of the
   * text, the one-time password and the PIN are blackened.
   */
  static String told(String reason, Message message) {
    String result = reason;
    if (!message.text().isBlank()) {
      result = result.replace(message.text(), "***");
    }
    Matcher codes = CODE.matcher(message.text());
    while (codes.find()) {
      result = result.replace(codes.group(), "***");
    }
    for (String name : List.of(Message.OTP, Message.PIN)) {
      String secret = message.context().getOrDefault(name, "");
      result = secret.isEmpty() ? result : result.replace(secret, "***");
    }
    return line(result);
  }

  /** One line of bounded length, for logs and answers. */
  public static String line(String text) {
    String flat = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return flat.length() > LONGEST ? flat.substring(0, LONGEST) + "..." : flat;
  }

  /** A URL without login, query and fragment, all of which may hold passwords. */
  public static String url(String url) {
    return url.replaceAll("[?#].*", "").replaceAll("(?<=://)[^/]*@", "");
  }
}
