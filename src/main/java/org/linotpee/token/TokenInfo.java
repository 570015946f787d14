package org.linotpee.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON object of a token's particulars (spec 04 section 5). Unknown members are preserved; a
 * text that is no object counts as empty. Changing methods return a changed copy.
 */
public final class TokenInfo {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode members;

  private TokenInfo(ObjectNode members) {
    this.members = members;
  }

  public static TokenInfo parse(String text) {
    if (!text.isBlank()) {
      try {
        if (JSON.readTree(text) instanceof ObjectNode object) {
          return new TokenInfo(object);
        }
      } catch (JsonProcessingException damaged) {
        return new TokenInfo(JSON.createObjectNode());
      }
    }
    return new TokenInfo(JSON.createObjectNode());
  }

  /** The member as text, whether it is stored as text or number; empty if absent or null. */
  public Optional<String> get(String name) {
    JsonNode node = members.get(name);
    return node == null || node.isNull()
        ? Optional.empty()
        : Optional.of(node.isValueNode() ? node.asText() : node.toString());
  }

  /** The member as a number, fractions cut; the default if it is absent or no number. */
  public long number(String name, long defaultValue) {
    try {
      return get(name).map(t -> (long) Double.parseDouble(t.trim())).orElse(defaultValue);
    } catch (NumberFormatException e) {
      return defaultValue;
    }
  }

  /** The member itself. */
  public Optional<JsonNode> node(String name) {
    return Optional.ofNullable(members.get(name));
  }

  public TokenInfo with(String name, String value) {
    ObjectNode copy = members.deepCopy();
    copy.put(name, value);
    return new TokenInfo(copy);
  }

  public TokenInfo with(String name, long value) {
    ObjectNode copy = members.deepCopy();
    copy.put(name, value);
    return new TokenInfo(copy);
  }

  public TokenInfo with(String name, double value) {
    ObjectNode copy = members.deepCopy();
    copy.put(name, value);
    return new TokenInfo(copy);
  }

  public TokenInfo with(String name, JsonNode value) {
    ObjectNode copy = members.deepCopy();
    copy.set(name, value);
    return new TokenInfo(copy);
  }

  public TokenInfo without(String name) {
    ObjectNode copy = members.deepCopy();
    copy.remove(name);
    return new TokenInfo(copy);
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** A copy of the object, for answers. */
  public ObjectNode toJson() {
    return members.deepCopy();
  }

  /** The stored form: a line per member, as migration tools compare it; {@code ""} if empty. */
  public String text() {
    if (members.isEmpty()) {
      return "";
    }
    var out = new StringBuilder();
    write(members, out);
    return out.toString();
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      out.append("{\n");
      for (Iterator<Map.Entry<String, JsonNode>> it = node.properties().iterator();
          it.hasNext(); ) {
        var member = it.next();
        out.append(JSON.getNodeFactory().textNode(member.getKey())).append(": ");
        write(member.getValue(), out);
        out.append(it.hasNext() ? ",\n" : "\n");
      }
      out.append('}');
    } else if (node.isArray()) {
      out.append("[\n");
      for (Iterator<JsonNode> it = node.elements(); it.hasNext(); ) {
        write(it.next(), out);
        out.append(it.hasNext() ? ",\n" : "\n");
      }
      out.append(']');
    } else {
      out.append(node);
    }
  }
}
