package org.linotpee.policy;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.linotpee.configuration.LinotpException;

/**
 * Conditions on minute, hour, day, month, day of the week and year, divided by semicolons (spec 07
 * section 5.5). Sunday is 0 or 7.
 */
final class TimeCondition {
  private static final int FIELDS = 6;
  private static final int WEEKDAY = 4;

  private record Element(boolean all, boolean negated, List<IntPredicate> fields) {}

  private final List<Element> elements = new ArrayList<>();

  /** True if nothing depends on the moment, as in most policies. */
  private final boolean always;

  TimeCondition(String text) {
    for (String part : text.split(";")) {
      String element = part.trim();
      if (element.equals("*")) {
        elements.add(new Element(true, false, List.of()));
      } else if (!element.isEmpty()) {
        elements.add(element(element));
      }
    }
    always =
        elements.size() == 1
            && (elements.get(0).all() || text.replace(";", "").trim().matches("\\*(\\s+\\*){5}"));
  }

  boolean matches(ZonedDateTime now) {
    if (always) {
      return true;
    }
    int[] values = {
      now.getMinute(),
      now.getHour(),
      now.getDayOfMonth(),
      now.getMonthValue(),
      now.getDayOfWeek().getValue() % 7,
      now.getYear()
    };
    boolean matched = false;
    for (Element element : elements) {
      if (element.all()) {
        return true;
      }
      boolean fulfilled = true;
      for (int i = 0; fulfilled && i < FIELDS; i++) {
        fulfilled =
            element.fields().get(i).test(values[i])
                || (i == WEEKDAY && values[i] == 0 && element.fields().get(i).test(7));
      }
      if (fulfilled && element.negated()) {
        return false;
      }
      matched |= fulfilled;
    }
    return matched;
  }

  private static Element element(String text) {
    boolean negated = text.startsWith("!") || text.startsWith("-");
    String[] fields = (negated ? text.substring(1) : text).trim().split("\\s+");
    if (fields.length != FIELDS) {
      throw LinotpException.unclassified(
          "the time '" + text + "' has not the six fields minute, hour, day, month, weekday, year");
    }
    var tests = new ArrayList<IntPredicate>();
    for (String field : fields) {
      tests.add(field(field, text));
    }
    return new Element(false, negated, tests);
  }

  private static IntPredicate field(String field, String whole) {
    if (field.equals("*")) {
      return value -> true;
    }
    IntPredicate any = value -> false;
    for (String item : field.split(",")) {
      any = any.or(item(item, whole));
    }
    return any;
  }

  private static IntPredicate item(String item, String whole) {
    if (item.matches("\\d{1,4}")) {
      int wanted = Integer.parseInt(item);
      return value -> value == wanted;
    }
    if (item.matches("\\d{1,4}-\\d{1,4}")) {
      int dash = item.indexOf('-');
      int from = Integer.parseInt(item.substring(0, dash));
      int to = Integer.parseInt(item.substring(dash + 1));
      return value -> from <= value && value <= to;
    }
    if (item.matches("\\*/\\d{1,4}")) {
      int step = Integer.parseInt(item.substring(2));
      if (step == 0) {
        throw LinotpException.unclassified("the time '" + whole + "' has a step of 0");
      }
      return value -> value % step == 0;
    }
    return value -> false;
  }
}
