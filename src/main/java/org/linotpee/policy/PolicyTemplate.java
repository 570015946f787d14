package org.linotpee.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/**
 * Policies for a purpose that many installations have, ready to be stored (spec 07 section 17).
 *
 * @param name by which it is applied
 * @param title for people, short
 * @param description what its policies do, and what to know before
 * @param parameters what has to be said, by name
 * @param policies their fields; a text may contain {@code {parameter}}
 */
public record PolicyTemplate(
    String name,
    String title,
    String description,
    List<Parameter> parameters,
    List<Map<String, String>> policies) {
  /** A condition is one text in a comma list; nothing in it can end the field or start another. */
  private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}]*");

  public PolicyTemplate {
    parameters = List.copyOf(parameters);
    policies = policies.stream().map(Collections::unmodifiableMap).toList();
  }

  /**
   * Something that the administrator says.
   *
   * @param otherwise what counts if he does not; {@code ""} if he must
   */
  public record Parameter(String name, String description, String otherwise) {}

  /** The form in which user interfaces read it. */
  public Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("name", name);
    document.put("title", title);
    document.put("description", description);
    document.put(
        "parameters",
        parameters.stream()
            .map(
                p -> {
                  var parameter = new LinkedHashMap<String, Object>();
                  parameter.put("name", p.name());
                  parameter.put("description", p.description());
                  parameter.put("default", p.otherwise());
                  return parameter;
                })
            .toList());
    document.put("policies", policies);
    return document;
  }

  /**
   * The policies for these arguments.
   *
   * @param prefix before the name of each policy, so that a template can be applied twice
   * @throws LinotpException 905 if an argument is missing, -311 if it cannot be used
   */
  List<Map<String, String>> filled(Map<String, String> arguments, String prefix) {
    var values = new LinkedHashMap<String, String>();
    for (Parameter parameter : parameters) {
      String given = arguments.getOrDefault(parameter.name(), "").trim();
      String value = given.isEmpty() ? parameter.otherwise() : given;
      if (value.isEmpty()) {
        throw LinotpException.missing(parameter.name());
      }
      if (!LINE.matcher(value).matches()) {
        throw LinotpException.unclassified(
            "'" + parameter.name() + "' must not have control characters");
      }
      values.put("{" + parameter.name() + "}", value);
    }
    return policies.stream()
        .map(
            fields -> {
              var filled = new LinkedHashMap<String, String>();
              fields.forEach(
                  (field, text) ->
                      filled.put(
                          field,
                          field.equals("name") ? prefix + text : values.getOrDefault(text, text)));
              for (String open : Set.of("realm", "user", "client")) {
                filled.putIfAbsent(open, "*");
              }
              return (Map<String, String>) filled;
            })
        .toList();
  }
}
