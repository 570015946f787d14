package org.linotpee.identity.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/**
 * The parameters of a table of users, checked. Names of table and columns become part of statements
 * and are therefore plain names; the condition is the administrator's own SQL.
 *
 * @param url the JDBC URL, without user and password
 * @param columns user field to column
 */
record SqlSettings(
    String product,
    String url,
    String user,
    String table,
    String where,
    Map<String, String> columns,
    int limit) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)*");

  /** Options of JDBC URLs by which whoever defines a resolver could run code in the server. */
  private static final Pattern DANGEROUS =
      Pattern.compile(
          "(init|runscript|trace_level|socketfactory|sslfactory|sslhostnameverifier"
              + "|authenticationpluginclassname|plugin|loggerfile|autodeserialize"
              + "|allowloadlocalinfile|allowlocalinfile|queryinterceptors)[a-z_]*\\s*=",
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
    String connect = content(parameters, "Connect");
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
    if (DANGEROUS.matcher(connect + " " + content(parameters, "Database")).find()) {
      throw new Unusable("the URL has an option that could run code or read files");
    }
    String driver = connect.isEmpty() ? content(parameters, "Driver") : scheme(connect);
    String product = product(driver);
    return new SqlSettings(
        product,
        connect.isEmpty() ? url(product, parameters) : jdbc(product, connect),
        content(parameters, "User"),
        table,
        content(parameters, "Where"),
        columns,
        Integer.parseInt(content(parameters, "Limit")));
  }

  private static String content(Map<String, ResolverDefinition.Parameter> parameters, String name) {
    return parameters.get(name).content();
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

  private static String scheme(String connect) {
    String bare = connect.startsWith("jdbc:") ? connect.substring("jdbc:".length()) : connect;
    return bare.split("[:+]", 2)[0];
  }

  private static String product(String driver) throws Unusable {
    String name = driver.toLowerCase(Locale.ROOT).split("[+:?]", 2)[0];
    for (String product :
        List.of("mysql", "mariadb", "postgres", "sqlite", "mssql", "oracle", "h2")) {
      if (name.startsWith(product)) {
        return product.equals("mysql") ? "mariadb" : product;
      }
    }
    if (name.equals("sqlserver")) {
      return "mssql";
    }
    throw new Unusable("there is no driver for '" + name + "'");
  }

  private static String url(String product, Map<String, ResolverDefinition.Parameter> parameters)
      throws Unusable {
    String server = content(parameters, "Server");
    String port = content(parameters, "Port");
    String database = content(parameters, "Database");
    if (!server.matches("[A-Za-z0-9._:\\[\\]-]*") || !port.matches("[0-9]{0,5}")) {
      throw new Unusable("Server or Port cannot be used");
    }
    String host = (server.isEmpty() ? "localhost" : server) + (port.isEmpty() ? "" : ":" + port);
    return switch (product) {
      case "mariadb" -> "jdbc:mariadb://" + host + "/" + named(database);
      case "postgres" -> "jdbc:postgresql://" + host + "/" + named(database);
      case "mssql" -> "jdbc:sqlserver://" + host + ";databaseName=" + named(database);
      case "oracle" -> "jdbc:oracle:thin:@//" + host + "/" + named(database);
      case "h2" -> "jdbc:h2:" + database;
      default ->
          "jdbc:sqlite:"
              + (server.isEmpty() ? "" : server.equals("/") ? "/" : server + "/")
              + database;
    };
  }

  private static String named(String database) throws Unusable {
    if (!database.matches("[A-Za-z0-9_.$-]*")) {
      throw new Unusable("Database cannot be used");
    }
    return database;
  }

  private static String jdbc(String product, String connect) throws Unusable {
    if (connect.startsWith("jdbc:")) {
      return connect;
    }
    int colon = connect.indexOf("://");
    if (colon < 0) {
      throw new Unusable("Connect must be an URL");
    }
    String rest = connect.substring(colon + "://".length());
    if (product.equals("sqlite")) {
      if (rest.length() < 2) {
        throw new Unusable("Connect names no file");
      }
      return "jdbc:sqlite:" + rest.substring(1);
    }
    String target = rest.substring(rest.lastIndexOf('@') + 1);
    return "jdbc:" + (product.equals("postgres") ? "postgresql" : product) + "://" + target;
  }
}
