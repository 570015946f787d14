package org.linotpee.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes JSON in the layouts that clients grep for (spec 01 section 7): three blanks of indentation
 * or one line, {@code ": "} behind keys, everything beyond ASCII as lower-case {@code \\uXXXX}.
 * Takes maps, iterables, texts, numbers, booleans, null, records' own maps and Jackson trees.
 */
public final class Json {
  private static final String INDENT = "   ";

  private Json() {}

  /** The indented layout of the envelope. */
  public static String pretty(Object value) {
    return text(value, true);
  }

  /**
   * Writes the indented layout; what is iterable is asked for its items while they are written, so
   * that a list may be longer than memory.
   */
  public static void pretty(Object value, Appendable out) throws IOException {
    write(value, out, 0, true);
  }

  private static String text(Object value, boolean pretty) {
    var out = new StringBuilder(512);
    try {
      write(value, out, 0, pretty);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** One line, with {@code ", "} and {@code ": "}. */
  public static String line(Object value) {
    return text(value, false);
  }

  private static void write(Object value, Appendable out, int depth, boolean pretty)
      throws IOException {
    if (value == null) {
      out.append("null");
    } else if (value instanceof JsonNode node) {
      writeNode(node, out, depth, pretty);
    } else if (value instanceof Map<?, ?> map) {
      writeObject(map.entrySet().iterator(), out, depth, pretty);
    } else if (value instanceof Iterable<?> list) {
      writeArray(list.iterator(), out, depth, pretty);
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value.toString());
    } else {
      quote(value.toString(), out);
    }
  }

  private static void writeNode(JsonNode node, Appendable out, int depth, boolean pretty)
      throws IOException {
    if (node.isObject()) {
      writeObject(node.properties().iterator(), out, depth, pretty);
    } else if (node.isArray()) {
      writeArray(node.elements(), out, depth, pretty);
    } else if (node.isTextual()) {
      quote(node.textValue(), out);
    } else {
      out.append(node.isNull() ? "null" : node.asText());
    }
  }

  private static void writeObject(
      Iterator<? extends Map.Entry<?, ?>> members, Appendable out, int depth, boolean pretty)
      throws IOException {
    if (!members.hasNext()) {
      out.append("{}");
      return;
    }
    out.append('{');
    while (members.hasNext()) {
      var member = members.next();
      newLine(out, depth + 1, pretty);
      quote(String.valueOf(member.getKey()), out);
      out.append(": ");
      write(member.getValue(), out, depth + 1, pretty);
      if (members.hasNext()) {
        out.append(pretty ? "," : ", ");
      }
    }
    newLine(out, depth, pretty);
    out.append('}');
  }

  private static void writeArray(Iterator<?> items, Appendable out, int depth, boolean pretty)
      throws IOException {
    if (!items.hasNext()) {
      out.append("[]");
      return;
    }
    out.append('[');
    while (items.hasNext()) {
      newLine(out, depth + 1, pretty);
      write(items.next(), out, depth + 1, pretty);
      if (items.hasNext()) {
        out.append(pretty ? "," : ", ");
      }
    }
    newLine(out, depth, pretty);
    out.append(']');
  }

  private static void newLine(Appendable out, int depth, boolean pretty) throws IOException {
    if (pretty) {
      out.append('\n').append(INDENT.repeat(depth));
    }
  }

  private static void quote(String text, Appendable out) throws IOException {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || c > '~') {
            out.append("\\u");
            String hex = Integer.toHexString(c);
            out.append("0".repeat(4 - hex.length())).append(hex);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
