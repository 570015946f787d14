package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in a JSON document: {@code a}, {@code a.b}, {@code a[0].b}, {@code a.0.b}. */
final class JsonPath {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)\\]");

  private final String text;
  private final List<String> steps;

  private JsonPath(String text, List<String> steps) {
    this.text = text;
    this.steps = steps;
  }

  static JsonPath parse(String text) {
    var steps = new ArrayList<String>();
    Matcher matcher = STEP.matcher(text);
    while (matcher.find()) {
      steps.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return new JsonPath(text, steps);
  }

  /**
   * Writes a value at the place; behind the end of a list it is appended.
   *
   * @throws IllegalArgumentException if the document has no such place
   */
  void write(ObjectNode document, JsonNode value) {
    if (steps.isEmpty()) {
      throw missing();
    }
    JsonNode node = document;
    for (String step : steps.subList(0, steps.size() - 1)) {
      node = node.isArray() ? node.path(index(step)) : node.path(step);
    }
    String last = steps.get(steps.size() - 1);
    if (node instanceof ObjectNode object) {
      object.set(last, value);
    } else if (node instanceof ArrayNode array) {
      int index = index(last);
      if (index < array.size()) {
        array.set(index, value);
      } else {
        array.add(value);
      }
    } else {
      throw missing();
    }
  }

  private int index(String step) {
    if (!step.matches("[0-9]{1,6}")) {
      throw missing();
    }
    return Integer.parseInt(step);
  }

  private IllegalArgumentException missing() {
    return new IllegalArgumentException("the payload has no place '" + text + "'");
  }
}
