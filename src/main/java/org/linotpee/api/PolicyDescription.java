package org.linotpee.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.linotpee.policy.Action;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyFields;

/**
 * The part of the OpenAPI document that speaks of policies: drawn from the catalogue of actions, so
 * that it says what the server checks. {@code PolicyActions.<scope>} describes the actions that a
 * policy of the scope can have.
 */
final class PolicyDescription {
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String ACTIONS = "PolicyActions.";
  private static final String DEFINITION = "PolicyActionDefinition";
  private static final String TYPE = "type";
  private static final String TEXT = "string";
  private static final String OBJECT = "object";
  private static final String ABOUT = "description";

  private static final Map<String, String> FIELDS =
      Map.of(
          "name", "letters, digits and _; an existing policy of the name is replaced as a whole",
          "scope", "what it is about",
          "action",
              "actions, comma-separated: the members of PolicyActions.<scope>, as name, name=value"
                  + " or !name; values with commas in quotes",
          "realm", "realms, comma-separated; * for all, !name for all but this",
          "user", "users, comma-separated: login, pattern, login@realm, resolver:, #attribute",
          "client", "addresses and networks, comma-separated; * for all, !10.0.0.1 for all but it",
          "time", "minute hour day month weekday year, several by ;",
          "active", "whether it holds; True unless told otherwise",
          "enforce", "true: store it even if nobody could change the configuration any more");

  private PolicyDescription() {}

  /** Puts it into the document that describes the paths. */
  static void addTo(ObjectNode document) {
    ObjectNode schemas = document.withObject("/components").withObject("/schemas");
    PolicyCatalogue.scopes()
        .forEach((scope, actions) -> schemas.set(ACTIONS + scope, actions(scope, actions)));
    schemas.set("PolicyScope", scopes());
    schemas.set("Policy", policy());
    schemas.set(DEFINITION, definition());
    ObjectNode set = operation(document, "setPolicy", "post");
    set.put("summary", "Stores a policy");
    set.set("requestBody", form(policy()));
    for (String method : List.of("get", "post")) {
      ObjectNode definitions = operation(document, "getPolicyDef", method);
      definitions.put("summary", "The actions of all scopes, or of one");
      ObjectNode scope = definitions.withArray("parameters").addObject();
      scope.put("name", "scope").put("in", "query");
      scope.set("schema", reference("PolicyScope"));
      answer(definitions, definitions());
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode operation(ObjectNode document, String name, String method) {
    return document.withObject("/paths").withObject("/~1system~1" + name).withObject("/" + method);
  }

  private static ObjectNode reference(String schema) {
    return object().put("$ref", SCHEMAS + schema);
  }

  private static ObjectNode form(ObjectNode schema) {
    ObjectNode body = object();
    body.withObject("/content")
        .withObject("/application~1x-www-form-urlencoded")
        .set("schema", schema);
    return body;
  }

  private static void answer(ObjectNode operation, ObjectNode value) {
    ObjectNode envelope = object().put(TYPE, OBJECT);
    ObjectNode result = envelope.withObject("/properties").putObject("result").put(TYPE, OBJECT);
    result.withObject("/properties").putObject("status").put(TYPE, "boolean");
    result.withObject("/properties").set("value", value);
    operation
        .withObject("/responses")
        .withObject("/200")
        .put(ABOUT, "OK")
        .withObject("/content")
        .withObject("/application~1json")
        .set("schema", envelope);
  }

  private static ObjectNode scopes() {
    ObjectNode schema = object().put(TYPE, TEXT);
    PolicyCatalogue.scopes().keySet().forEach(schema.putArray("enum")::add);
    return schema;
  }

  private static ObjectNode policy() {
    ObjectNode schema = object().put(TYPE, OBJECT);
    List.of("name", "scope", "action", "realm").forEach(schema.putArray("required")::add);
    ObjectNode properties = schema.putObject("properties");
    properties.set("name", text("name"));
    for (String field : PolicyFields.NAMES) {
      properties.set(
          field,
          field.equals("scope")
              ? reference("PolicyScope")
              : field.equals("active") ? text(field).put("default", "True") : text(field));
    }
    properties.set("enforce", text("enforce").put("default", "false"));
    return schema;
  }

  private static ObjectNode text(String field) {
    return object().put(TYPE, TEXT).put(ABOUT, FIELDS.get(field));
  }

  /** What {@code /system/getPolicyDef} tells of an action. */
  private static ObjectNode definition() {
    ObjectNode schema = object().put(TYPE, OBJECT);
    ObjectNode properties = schema.putObject("properties");
    ObjectNode type = properties.putObject(TYPE).put(ABOUT, "the type, or those it may have");
    ArrayNode either = type.putArray("oneOf");
    either.addObject().put(TYPE, TEXT);
    either.addObject().put(TYPE, "array").putObject("items").put(TYPE, TEXT);
    properties.putObject("value").put(TYPE, "array").put(ABOUT, "the only values");
    properties.putObject("range").put(TYPE, "array").put(ABOUT, "the only members of a set");
    properties.putObject("desc").put(TYPE, TEXT);
    return schema;
  }

  private static ObjectNode definitions() {
    ObjectNode schema = object().put(TYPE, OBJECT);
    ObjectNode scopes = schema.putObject("properties");
    PolicyCatalogue.scopes()
        .forEach(
            (scope, actions) -> {
              ObjectNode members =
                  scopes.putObject(scope).put(TYPE, OBJECT).putObject("properties");
              actions.keySet().forEach(name -> members.set(name, reference(DEFINITION)));
            });
    return schema;
  }

  private static ObjectNode actions(String scope, Map<String, Action> actions) {
    ObjectNode schema =
        object().put(TYPE, OBJECT).put(ABOUT, "What policies of the scope " + scope + " can say");
    ObjectNode properties = schema.putObject("properties");
    actions.forEach((name, action) -> properties.set(name, action(action)));
    schema.put("additionalProperties", false);
    return schema;
  }

  private static ObjectNode action(Action action) {
    ObjectNode schema = object();
    List<String> types = action.types();
    if (types.equals(List.of("bool"))) {
      schema.put(TYPE, "boolean");
    } else if (types.equals(List.of("int"))) {
      schema.put(TYPE, "integer");
    } else {
      schema.put(TYPE, TEXT);
    }
    schema.put(ABOUT, action.description() + ". Without a policy: " + action.otherwise());
    List<Object> values = action.values();
    if (!values.isEmpty()) {
      ArrayNode allowed = schema.putArray("enum");
      boolean numbers = schema.path(TYPE).asText().equals("integer");
      for (Object value : values) {
        if (numbers && value instanceof Integer number) {
          allowed.add(number);
        } else {
          allowed.add(String.valueOf(value));
        }
      }
    }
    if (!action.range().isEmpty()) {
      schema.put(
          "pattern",
          "^(%1$s)( +(%1$s))*$"
              .formatted(String.join("|", action.range().stream().map(String::valueOf).toList())));
    }
    return schema;
  }
}
