package org.linotpee.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of a policy's actions: a comma list of {@code key}, {@code !key} and {@code key=value},
 * in which a value with commas is quoted (spec 07 section 4).
 */
final class ActionText {
  /** The text cannot be read. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * An element of the list.
   *
   * @param value {@code true}, {@code false} (as {@link Boolean}), or text
   * @param from where the value begins in the text, -1 for an element without one
   * @param to where it ends
   */
  record Item(String key, Object value, int from, int to) {}

  private ActionText() {}

  /**
   * The actions by name.
   *
   * @throws Malformed if a quote is left open, or a key has two different values
   */
  static Map<String, Object> parse(String text) {
    var actions = new LinkedHashMap<String, Object>();
    for (Item item : items(text)) {
      Object before = actions.putIfAbsent(item.key(), item.value());
      if (before != null && !before.equals(item.value())) {
        throw new Malformed("duplicate key '" + item.key() + "' with different values");
      }
    }
    return actions;
  }

  /** The elements in their order; a key may occur more than once. */
  static List<Item> items(String text) {
    var items = new ArrayList<Item>();
    var quotes = new ArrayDeque<Character>();
    int start = 0;
    int equals = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (i == text.length() && !quotes.isEmpty()) {
        throw new Malformed("non terminated quote in '" + text + "'");
      }
      if (c == '"' || c == '\'') {
        if (quotes.isEmpty()) {
          quotes.push(c);
        } else if (quotes.peek() == c) {
          quotes.pop();
        }
      } else if (quotes.isEmpty() && c == '=' && equals < 0) {
        equals = i;
      } else if (quotes.isEmpty() && c == ',') {
        add(text, start, equals, i, items);
        start = i + 1;
        equals = -1;
      }
    }
    return items;
  }

  private static void add(String text, int start, int equals, int end, List<Item> items) {
    if (equals < 0) {
      String key = text.substring(start, end).trim();
      boolean negated = key.startsWith("!");
      String bare = negated ? key.substring(1).trim() : key;
      if (!bare.isEmpty()) {
        items.add(new Item(bare, !negated, -1, -1));
      }
      return;
    }
    String key = text.substring(start, equals).trim();
    if (!key.isEmpty()) {
      items.add(new Item(key, value(text.substring(equals + 1, end).trim()), equals + 1, end));
    }
  }

  private static Object value(String text) {
    String value = unquoted(text);
    return value.equalsIgnoreCase("false") ? (Object) false : value;
  }

  private static String unquoted(String text) {
    if (text.isEmpty()) {
      return text;
    }
    char first = text.charAt(0);
    char last = text.charAt(text.length() - 1);
    boolean opens = first == '"' || first == '\'';
    boolean closes = last == '"' || last == '\'';
    if (opens && first == last && text.length() > 1) {
      String inner = text.substring(1, text.length() - 1);
      return inner.indexOf(first) < 0 ? inner : text;
    }
    if ((opens && text.indexOf(first, 1) < 0)
        || (closes && text.indexOf(last) == text.length() - 1)) {
      throw new Malformed("non terminated quote in '" + text + "'");
    }
    return text;
  }
}
