package org.linotpee.identity.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/**
 * The parameters of a table of users, checked. Names of table and columns become part of statements
 * and are therefore plain names; the condition is the administrator's own SQL.
 *
 * @param columns user field to column
 */
record SqlSettings(
    JdbcTarget target, String table, String where, Map<String, String> columns, int limit) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)*");

  /** Functions of databases that run within the server, by which a condition could leave them. */
  private static final Pattern LEAVING =
      Pattern.compile(
          "(file_read|file_write|csvread|csvwrite|link_schema|load_extension|readfile|writefile"
              + "|runscript|u&)",
          Pattern.CASE_INSENSITIVE);

  private static final List<String> TEXTS =
      List.of(
          "Driver",
          "Server",
          "Port",
          "Database",
          "User",
          "conParams",
          "Connect",
          "Table",
          "Where",
          "Map");

  /** A parameter is missing or cannot be used. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** The stored parameters from what a request has sent, with their defaults. */
  static Map<String, ResolverDefinition.Parameter> parameters(Map<String, String> sent)
      throws Unusable {
    var parameters = new LinkedHashMap<String, ResolverDefinition.Parameter>();
    for (String name : TEXTS) {
      parameters.put(
          name, new ResolverDefinition.Parameter(sent.getOrDefault(name, "").strip(), "str"));
    }
    parameters.put(
        "Password",
        new ResolverDefinition.Parameter(sent.getOrDefault("Password", ""), ResolverSecrets.TYPE));
    String limit = sent.getOrDefault("Limit", "");
    if (!limit.isBlank() && !limit.trim().matches("[0-9]{1,9}")) {
      throw new Unusable("Limit must be a number");
    }
    parameters.put(
        "Limit", new ResolverDefinition.Parameter(limit.isBlank() ? "1000" : limit.trim(), "int"));
    String encoding = sent.getOrDefault("Encoding", "");
    parameters.put(
        "Encoding",
        new ResolverDefinition.Parameter(encoding.isBlank() ? "utf-8" : encoding.trim(), "str"));
    of(parameters);
    return parameters;
  }

  static SqlSettings of(Map<String, ResolverDefinition.Parameter> parameters) throws Unusable {
    String table = content(parameters, "Table");
    if (!TABLE.matcher(table).matches()) {
      throw new Unusable("Table must be the name of a table");
    }
    Map<String, String> columns = columns(content(parameters, "Map"));
    for (String field : List.of("userid", "username")) {
      if (!columns.containsKey(field)) {
        throw new Unusable("Map must name the column of " + field);
      }
    }
    for (String column : columns.values()) {
      if (!NAME.matcher(column).matches()) {
        throw new Unusable("'" + column + "' is no name of a column");
      }
    }
    JdbcTarget target = JdbcTarget.of(name -> content(parameters, name));
    String where = content(parameters, "Where");
    boolean within = target.product().equals("h2") || target.product().equals("sqlite");
    if (within && LEAVING.matcher(where).find()) {
      throw new Unusable("Where has a function that could read or write files of the server");
    }
    return new SqlSettings(
        target, table, where, columns, Integer.parseInt(content(parameters, "Limit")));
  }

  private static String content(Map<String, ResolverDefinition.Parameter> parameters, String name) {
    return parameters.containsKey(name) ? parameters.get(name).content() : "";
  }

  private static Map<String, String> columns(String json) throws Unusable {
    String text = json.strip();
    if (text.length() > 1 && (text.startsWith("'") || text.startsWith("\""))) {
      text = text.substring(1, text.length() - 1);
    }
    try {
      var columns = JSON.readValue(text, new TypeReference<LinkedHashMap<String, String>>() {});
      columns.values().removeIf(column -> column == null || column.isBlank());
      return columns;
    } catch (JsonProcessingException e) {
      throw new Unusable("Map must be a JSON object of column names");
    }
  }
}
