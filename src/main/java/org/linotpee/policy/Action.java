package org.linotpee.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the catalogue says about an action.
 *
 * @param types {@code bool}, {@code int}, {@code str}, {@code string}, {@code set} or {@code
 *     duration}; several if the first that fits counts
 * @param values the only values, empty if all of the type are allowed
 * @param range what the members of a set may be, empty if anything
 * @param otherwise what holds if no policy sets it, for people
 * @param description for people
 */
public record Action(
    List<String> types,
    List<Object> values,
    List<Object> range,
    String otherwise,
    String description) {
  public Action {
    types = List.copyOf(types);
    values = List.copyOf(values);
    range = List.copyOf(range);
  }

  static Action of(String type, String description) {
    return new Action(
        Arrays.asList(type.split(" ")),
        List.of(),
        List.of(),
        type.equals("bool") ? "off" : "none",
        description);
  }

  Action oneOf(Object... allowed) {
    return new Action(types, List.of(allowed), range, otherwise, description);
  }

  Action within(Object... members) {
    return new Action(types, values, List.of(members), otherwise, description);
  }

  Action otherwise(String text) {
    return new Action(types, values, range, text, description);
  }

  /** The form of {@code /system/getPolicyDef} (section 3.5). */
  public Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("type", types.size() == 1 ? types.get(0) : types);
    if (!values.isEmpty()) {
      document.put("value", values);
    }
    if (!range.isEmpty()) {
      document.put("range", range);
    }
    if (!description.isEmpty()) {
      document.put("desc", description);
    }
    return document;
  }

  /** What is wrong with a value at the time it is saved; empty if nothing is (section 4.6). */
  Optional<String> problem(Object value) {
    for (String type : types) {
      Optional<Object> converted = converted(type, value);
      if (converted.isPresent()) {
        return outside(converted.get());
      }
    }
    return Optional.of("must be of type " + String.join(" or ", types));
  }

  private static Optional<Object> converted(String type, Object value) {
    String text = String.valueOf(value).trim();
    return switch (type) {
      case "bool" ->
          value instanceof Boolean
                  || text.toLowerCase(Locale.ROOT).matches("[01]|yes|no|true|false")
              ? Optional.of(value)
              : Optional.empty();
      case "int" -> number(value).map(n -> n);
      case "set" -> value instanceof String ? Optional.of(members(text)) : Optional.empty();
      case "duration" -> PolicyDuration.seconds(text).map(n -> n);
      default -> value instanceof String ? Optional.of(text) : Optional.empty();
    };
  }

  private static Optional<Integer> number(Object value) {
    if (value instanceof Boolean flag) {
      return Optional.of(flag ? 1 : 0);
    }
    String text = String.valueOf(value).trim();
    return text.matches("[+-]?\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  /** Words; numbers among them as numbers. */
  private static List<Object> members(String text) {
    var members = new ArrayList<Object>();
    for (String word : text.split(" +")) {
      members.add(word.matches("\\d{1,9}") ? (Object) Integer.valueOf(word) : word);
    }
    return members;
  }

  private Optional<String> outside(Object converted) {
    Object single = converted instanceof List<?> list && list.size() == 1 ? list.get(0) : converted;
    if (!values.isEmpty() && !values.contains(single)) {
      return Optional.of("supported values are " + shown(values));
    }
    if (!range.isEmpty() && converted instanceof List<?> list && !range.containsAll(list)) {
      return Optional.of("must be among " + shown(range));
    }
    return Optional.empty();
  }

  static String shown(List<Object> items) {
    return items.size() > 20
        ? items.get(0) + " to " + items.get(items.size() - 1)
        : items.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * The typed value at the time it is used (section 4.4): {@link Boolean}, {@link Integer} or text.
   *
   * @throws IllegalArgumentException if it cannot be converted
   */
  Object typed(Object value) {
    if (types.size() > 1) {
      return value;
    }
    return switch (types.get(0)) {
      case "bool" -> flag(value);
      case "int" ->
          number(value).orElseThrow(() -> new IllegalArgumentException("'" + value + "'"));
      case "set" ->
          value instanceof String text && text.trim().matches("\\d{1,9}")
              ? (Object) Integer.valueOf(text.trim())
              : value;
      default -> value instanceof Boolean flag ? (flag ? "True" : "False") : value;
    };
  }

  /** True for {@code true}, {@code yes} and numbers above 0. */
  static boolean flag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    String text = String.valueOf(value).trim().toLowerCase(Locale.ROOT);
    return text.equals("true")
        || text.equals("yes")
        || (text.matches("\\d{1,9}") && Integer.parseInt(text) > 0);
  }
}
