package org.linotpee.delivery.mail;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code <otp>}, {@code <serial>} and <code>${name}</code> in texts. Names alone are
 * replaced: nothing is evaluated, and values are not looked at again. Unknown names stay.
 */
final class Placeholders {
  private static final Pattern PLACE =
      Pattern.compile("<(otp|serial)>|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}");

  private final Map<String, String> values;

  Placeholders(Map<String, String> values) {
    this.values = new HashMap<>(values);
    this.values.remove("cryptpass");
    this.values.remove("password");
  }

  /** These and one more. */
  Placeholders with(String name, String value) {
    var more = new Placeholders(values);
    more.values.put(name, value);
    return more;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The text with values in place of names. */
  String in(String text) {
    return in(text, UnaryOperator.identity());
  }

  /**
   * The text with values in place of names.
   *
   * @param form how values are written: escaped for HTML, say
   */
  String in(String text, UnaryOperator<String> form) {
    Matcher places = PLACE.matcher(text);
    var result = new StringBuilder();
    while (places.find()) {
      String name = places.group(1) == null ? places.group(2) : places.group(1);
      String value = Optional.ofNullable(values.get(name)).map(form).orElseGet(places::group);
      places.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return places.appendTail(result).toString();
  }

  /** One line, for headers: a line break in a value must not begin another header. */
  static String line(String text) {
    return text.replaceAll("[\\r\\n\\p{Cntrl}]+", " ");
  }

  /** A value between tags of HTML, or in a quoted attribute. */
  static String html(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
