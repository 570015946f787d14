package org.linotpee.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;

/**
 * The parameters of a request by the rules of spec 01 section 3: the members of a JSON body, or
 * query string before form with the first value of a name. A name that ends in {@code []} is a list
 * under the name without it. {@code session} is not a parameter any more.
 */
public final class Parameters {
  /** A file of a multipart form. */
  public record Upload(String fileName, byte[] content) {}

  private final Map<String, List<String>> values;
  private final Map<String, JsonNode> json;
  private final Map<String, Upload> files;
  private final boolean fromJson;
  private final String session;

  Parameters(
      Map<String, List<String>> values,
      Map<String, JsonNode> json,
      Map<String, Upload> files,
      boolean fromJson) {
    this(values, json, files, fromJson, null);
  }

  /**
   * @param session the value of the parameter of this name, or null
   */
  Parameters(
      Map<String, List<String>> values,
      Map<String, JsonNode> json,
      Map<String, Upload> files,
      boolean fromJson,
      String session) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.json = Map.copyOf(json);
    this.files = Map.copyOf(files);
    this.fromJson = fromJson;
    this.session = session;
  }

  /** What the request has repeated of its session cookie (spec 09 section 3.2). */
  Optional<String> session() {
    return Optional.ofNullable(session);
  }

  /** The value as text; JSON scalars in their text form. Empty if the parameter is absent. */
  public Optional<String> text(String name) {
    List<String> all = values.get(name);
    return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /** The value, or {@code ""}. */
  public String textOrEmpty(String name) {
    return text(name).orElse("");
  }

  /**
   * The value of a required parameter, which may be empty.
   *
   * @throws LinotpException 905 if it is absent
   */
  public String required(String name) {
    return text(name).orElseThrow(() -> LinotpException.missing(name));
  }

  /** All values of {@code name[]} or of a JSON list; a plain value is a list of one. */
  public List<String> list(String name) {
    return values.getOrDefault(name, List.of());
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Names in the order of arrival. */
  public Iterable<String> names() {
    return values.keySet();
  }

  /** Names and first values, in the order of arrival. */
  public Map<String, String> map() {
    var map = new LinkedHashMap<String, String>();
    values.forEach((name, all) -> map.put(name, all.isEmpty() ? "" : all.get(0)));
    return map;
  }

  /** The same parameters with names in lower case; the first of equal names wins. */
  public Parameters ignoringCase() {
    var lower = new LinkedHashMap<String, List<String>>();
    values.forEach((name, all) -> lower.putIfAbsent(name.toLowerCase(Locale.ROOT), all));
    return new Parameters(lower, json, files, fromJson, session);
  }

  /** The same parameters but for one. */
  public Parameters without(String name) {
    var fewer = new LinkedHashMap<>(values);
    fewer.remove(name);
    return new Parameters(fewer, json, files, fromJson, session);
  }

  /** True if the parameters are the members of a JSON body. */
  public boolean fromJson() {
    return fromJson;
  }

  /** The JSON value as it was sent, if the body was JSON. */
  public Optional<JsonNode> json(String name) {
    return Optional.ofNullable(json.get(name));
  }

  public Optional<Upload> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /**
   * A switch: {@code 1 yes true} or {@code 0 no false} in any case.
   *
   * @throws LinotpException -311 for anything else
   */
  public Optional<Boolean> flag(String name) {
    return text(name).map(value -> flagOf(name, value));
  }

  private static boolean flagOf(String name, String value) {
    return switch (value.trim().toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true" -> true;
      case "0", "no", "false" -> false;
      default ->
          throw LinotpException.unclassified(
              "parameter '" + name + "' must be true or false, not '" + value + "'");
    };
  }
}
