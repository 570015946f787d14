package org.linotpee.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/**
 * The settings of a provider as forms show them: every secret is a mask. What comes back with a
 * mask keeps the secret that is stored at the same place.
 */
public final class ProviderMask {
  /** Stands for a secret. */
  public static final String MASK = "********";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SECRET =
      Pattern.compile(
          "pass|pwd|secret|token|api_?key|access_?key|private_?key|credential|authorization",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LOGIN_IN_URL = Pattern.compile("://[^/@\\s]*:[^/@\\s]*@");

  private ProviderMask() {}

  /** The settings without secrets, indented; none of it if they are no JSON. */
  public static String masked(String config) {
    try {
      return JSON.writerWithDefaultPrettyPrinter()
          .writeValueAsString(mask("", JSON.readTree(config)));
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static JsonNode mask(String name, JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode masked = JSON.createObjectNode();
      object.properties().forEach(e -> masked.set(e.getKey(), mask(e.getKey(), e.getValue())));
      return masked;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode masked = JSON.createArrayNode();
      array.forEach(member -> masked.add(mask(name, member)));
      return masked;
    }
    return isSecret(name, node) ? TextNode.valueOf(MASK) : node;
  }

  /** True if what a setting of this name holds is a secret. */
  public static boolean secret(String name) {
    return SECRET.matcher(name).find();
  }

  private static boolean isSecret(String name, JsonNode value) {
    boolean said = value.isValueNode() && !value.isBoolean() && !value.asText("").isEmpty();
    return said && (secret(name) || LOGIN_IN_URL.matcher(value.asText()).find());
  }

  /**
   * The settings with the stored secrets in the places of masks.
   *
   * @throws LinotpException -311 if the text is no JSON, or there is no secret for a mask
   */
  public static String unmasked(String typed, String stored) {
    if (!typed.contains(MASK)) {
      return typed;
    }
    JsonNode node = ProviderSettings.parse("", "", typed).config();
    try {
      JsonNode known = stored.isBlank() ? JSON.createObjectNode() : JSON.readTree(stored);
      return JSON.writeValueAsString(unmask(node, known, new ArrayList<>()));
    } catch (JsonProcessingException e) {
      throw LinotpException.unclassified("the stored settings cannot be read");
    }
  }

  private static JsonNode unmask(JsonNode node, JsonNode known, List<String> path) {
    if (node instanceof ObjectNode object) {
      for (var member : List.copyOf(object.properties())) {
        path.add(member.getKey());
        object.set(member.getKey(), unmask(member.getValue(), known.path(member.getKey()), path));
        path.remove(path.size() - 1);
      }
      return object;
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, unmask(array.get(i), known.path(i), path));
      }
      return array;
    }
    if (!node.asText("").equals(MASK)) {
      return node;
    }
    if (known.isMissingNode()) {
      throw ProviderSettings.unusable(
          String.join(".", path), "has to be typed anew: nothing is stored there");
    }
    return known;
  }
}
