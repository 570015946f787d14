package org.linotpee.identity.sql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a table of users is, as JDBC wants it. Definitions name it in parts, by a URL of the form
 * {@code scheme://user:password@host/database}, by an ODBC connection string or by a JDBC URL (spec
 * 05 section 10.1). User and password never become part of the URL.
 *
 * @param product how statements are written: {@code mariadb}, {@code postgres}, {@code sqlite},
 *     {@code mssql}, {@code oracle}, {@code h2}, or the name of another product
 * @param password if the definition has it elsewhere than in its password
 * @param options properties of the driver
 */
record JdbcTarget(
    String product,
    String url,
    String user,
    Optional<String> password,
    Map<String, String> options) {
  private static final String ODBC_MARK = "?odbc_connect=";
  private static final Pattern PLACE = Pattern.compile("\u0001([A-Z]+)\u0001");
  private static final Pattern ODBC_TEXT =
      Pattern.compile("(?i)(odbc:)?\\s*(driver|server|dsn|database|uid)\\s*=.*", Pattern.DOTALL);
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+])(\\\\[A-Za-z0-9_$-]+)?");
  private static final Pattern OPTION = Pattern.compile("([A-Za-z0-9_.$-]+)\\s*=");
  private static final Pattern ENCODED_NAME = Pattern.compile("%[0-9A-Fa-f]{2}[\\w.%-]*\\s*=");

  /** Parts of the names of options by which whoever defines a resolver could run code here. */
  private static final List<String> DANGEROUS =
      List.of(
          "init",
          "script",
          "trace",
          "factory",
          "verifier",
          "plugin",
          "logger",
          "deserialize",
          "localinfile",
          "load",
          "interceptor",
          "callback",
          "jaas",
          "class",
          "extension",
          "jndi",
          "transform",
          "credentialtype",
          "monitor");

  /** Options that say how other drivers encode texts; JDBC drivers know that themselves. */
  private static final List<String> DROPPED =
      List.of("charset", "use_unicode", "client_encoding", "driver", "dsn", "app", "plugin_name");

  /** The names that JDBC drivers have for the options of others, in lower case. */
  private static final Map<String, Map<String, String>> RENAMED =
      Map.of(
          "mariadb",
          Map.of("ssl_ca", "serverSslCert", "ssl_mode", "sslMode"),
          "postgres",
          Map.of("application_name", "ApplicationName", "connect_timeout", "connectTimeout"),
          "mssql",
          Map.of(
              "encrypt",
              "encrypt",
              "trustservercertificate",
              "trustServerCertificate",
              "hostnameincertificate",
              "hostNameInCertificate",
              "login_timeout",
              "loginTimeout",
              "timeout",
              "loginTimeout",
              "multisubnetfailover",
              "multiSubnetFailover"));

  private static final Map<String, Map<String, String>> TIMEOUTS =
      Map.of(
          "mariadb", Map.of("connectTimeout", "5000", "socketTimeout", "30000"),
          "postgres", Map.of("connectTimeout", "5", "socketTimeout", "30"),
          "mssql", Map.of("loginTimeout", "5", "socketTimeout", "30000"),
          "oracle",
              Map.of("oracle.net.CONNECT_TIMEOUT", "5000", "oracle.jdbc.ReadTimeout", "30000"));

  /** Where some drivers would get their target, or the database itself, from elsewhere. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?i).*(ldaps?:|rmi:|jndi|:resource:).*", Pattern.DOTALL);

  JdbcTarget {
    options = Map.copyOf(options);
  }

  /** What the driver gets besides the URL. */
  Properties properties(String storedPassword) {
    var properties = new Properties();
    properties.putAll(options);
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
      properties.setProperty("password", password.orElse(storedPassword));
    }
    return properties;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return url;
  }

  /** The parts of a definition. */
  record Parts(
      String driver,
      String server,
      String port,
      String database,
      String user,
      Optional<String> password,
      Map<String, String> options) {}

  /**
   * Reads a definition.
   *
   * @param content the text of a parameter; {@code ""} if it is not given
   * @throws SqlSettings.Unusable if it names no database, or has an option that could run code
   */
  static JdbcTarget of(UnaryOperator<String> content) throws SqlSettings.Unusable {
    String connect = content.apply("Connect");
    String driver = content.apply("Driver");
    if (connect.startsWith("jdbc:")) {
      return ofJdbc(connect, content.apply("User"));
    }
    if (ODBC_TEXT.matcher(connect).matches()) {
      return of(odbc("", connect.replaceFirst("(?i)^odbc:", ""), content));
    }
    if (connect.contains(ODBC_MARK)) {
      int mark = connect.indexOf(ODBC_MARK);
      String text = decoded(connect.substring(mark + ODBC_MARK.length()).replace('+', ' '));
      return of(odbc(connect.substring(0, mark), text, content));
    }
    if (!connect.isEmpty()) {
      return of(url(connect, content));
    }
    if (driver.contains("odbc_connect=")) {
      String scheme = driver.substring(0, driver.indexOf("odbc_connect="));
      return of(odbc(scheme, content.apply("conParams"), content));
    }
    return of(
        new Parts(
            driver,
            content.apply("Server"),
            content.apply("Port"),
            content.apply("Database"),
            content.apply("User"),
            Optional.empty(),
            options(content.apply("conParams"))));
  }

  // the forms -------------------------------------------------------------------------------------

  private static JdbcTarget ofJdbc(String connect, String user) throws SqlSettings.Unusable {
    String url =
        connect.startsWith("jdbc:mysql:")
            ? "jdbc:mariadb:" + connect.substring("jdbc:mysql:".length())
            : connect;
    if (url.indexOf('\\') >= 0
        || ELSEWHERE.matcher(url).matches()
        || url.chars().anyMatch(Character::isISOControl)
        || ENCODED_NAME.matcher(url).find()) {
      throw new SqlSettings.Unusable("the URL has characters that cannot be used");
    }
    Matcher option = OPTION.matcher(url);
    while (option.find()) {
      requireHarmless(option.group(1));
    }
    String product = product(url.substring("jdbc:".length()));
    return new JdbcTarget(
        product, url, user, Optional.empty(), TIMEOUTS.getOrDefault(product, Map.of()));
  }

  /** {@code scheme://[user[:password]@][host[:port]]/database[?options]}. */
  private static Parts url(String connect, UnaryOperator<String> content)
      throws SqlSettings.Unusable {
    int scheme = connect.indexOf("://");
    if (scheme <= 0) {
      throw new SqlSettings.Unusable("Connect must be a URL or an ODBC connection string");
    }
    String rest = connect.substring(scheme + "://".length());
    int query = rest.indexOf('?');
    Map<String, String> options = options(query < 0 ? "" : rest.substring(query + 1));
    String place = query < 0 ? rest : rest.substring(0, query);
    int at = place.lastIndexOf('@');
    String login = at < 0 ? "" : place.substring(0, at);
    String target = place.substring(at + 1);
    int slash = target.indexOf('/');
    String authority = slash < 0 ? target : target.substring(0, slash);
    String database = slash < 0 ? "" : decoded(target.substring(slash + 1));
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']');
    int colon = login.indexOf(':');
    return new Parts(
        connect.substring(0, scheme),
        hasPort ? authority.substring(0, port) : authority,
        hasPort ? authority.substring(port + 1) : "",
        database,
        login.isEmpty()
            ? content.apply("User")
            : decoded(colon < 0 ? login : login.substring(0, colon)),
        colon < 0 ? Optional.empty() : Optional.of(decoded(login.substring(colon + 1))),
        options);
  }

  /**
   * An ODBC connection string, in which {@code {SERVER}}, {@code {PORT}}, {@code {DATABASE}},
   * {@code {DBUSER}} and {@code {PASSWORT}} stand for the other parameters. It is taken apart
   * before they are put in, so that none of them can add a part.
   */
  private static Parts odbc(String scheme, String text, UnaryOperator<String> content)
      throws SqlSettings.Unusable {
    String marked =
        text.replaceAll("\\{(PORT|DBUSER|SERVER|PASSWOR[TD]|DATABASE)}", "\u0001$1\u0001");
    var parts = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    odbcPairs(marked).forEach((name, value) -> parts.put(name, value));
    boolean ownPassword = first(parts, "pwd", "password").contains("\u0001PASSWOR");
    var filled = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    parts.forEach((name, value) -> filled.put(name, filled(value, content)));
    String server = first(filled, "server", "servername", "host", "address", "data source", "dbq");
    if (server.isEmpty() && !filled.containsKey("database")) {
      throw new SqlSettings.Unusable("the ODBC connection string names no SERVER and no DATABASE");
    }
    server = server.replaceFirst("(?i)^tcp:", "");
    int comma = server.indexOf(',');
    String port = comma < 0 ? first(filled, "port") : server.substring(comma + 1);
    String password = first(filled, "pwd", "password");
    var options = new LinkedHashMap<String, String>();
    filled.forEach(
        (name, value) -> {
          if (List.of("encrypt", "trustservercertificate", "sslmode", "hostnameincertificate")
              .contains(name.toLowerCase(Locale.ROOT))) {
            options.put(
                name,
                value.equalsIgnoreCase("yes")
                    ? "true"
                    : value.equalsIgnoreCase("no") ? "false" : value);
          }
        });
    String kind = scheme.replaceAll("[/?].*$", "").replaceFirst(":$", "");
    return new Parts(
        kind.isEmpty() || kind.equalsIgnoreCase("odbc") ? odbcProduct(filled) : kind,
        (comma < 0 ? server : server.substring(0, comma)).trim(),
        port.trim(),
        first(filled, "database", "db", "dbname", "initial catalog"),
        first(filled, "uid", "user", "user id", "username").isEmpty()
            ? content.apply("User")
            : first(filled, "uid", "user", "user id", "username"),
        ownPassword || password.isEmpty() ? Optional.empty() : Optional.of(password),
        options);
  }

  private static String first(Map<String, String> parts, String... names) {
    for (String name : names) {
      if (parts.containsKey(name)) {
        return parts.get(name);
      }
    }
    return "";
  }

  /** {@code name=value;name={value;with;}}}: in braces everything counts, twice closed is one. */
  private static Map<String, String> odbcPairs(String text) throws SqlSettings.Unusable {
    var pairs = new LinkedHashMap<String, String>();
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        if (!text.substring(at).isBlank()) {
          throw new SqlSettings.Unusable("the ODBC connection string has a part without '='");
        }
        break;
      }
      String name = text.substring(at, equals).trim();
      var value = new StringBuilder();
      int i = equals + 1;
      if (i < text.length() && text.charAt(i) == '{') {
        for (i++; i < text.length(); i++) {
          if (text.charAt(i) == '}') {
            if (i + 1 < text.length() && text.charAt(i + 1) == '}') {
              i++;
            } else {
              break;
            }
          }
          value.append(text.charAt(i));
        }
        int end = text.indexOf(';', i);
        i = end < 0 ? text.length() : end;
      } else {
        int end = text.indexOf(';', i);
        value.append(text, i, end < 0 ? text.length() : end);
        i = end < 0 ? text.length() : end;
      }
      pairs.putIfAbsent(name, value.toString().strip());
      at = i + 1;
    }
    return pairs;
  }

  private static String filled(String value, UnaryOperator<String> content) {
    return PLACE
        .matcher(value)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group(1)) {
                      case "PORT" -> content.apply("Port");
                      case "SERVER" -> content.apply("Server");
                      case "DATABASE" -> content.apply("Database");
                      case "DBUSER" -> content.apply("User");
                      default -> "";
                    }));
  }

  /** ODBC names its drivers as people call the product. */
  private static String odbcProduct(Map<String, String> parts) throws SqlSettings.Unusable {
    String driver = first(parts, "driver").toLowerCase(Locale.ROOT);
    for (var known :
        Map.of(
                "sql server", "mssql",
                "freetds", "mssql",
                "sqlncli", "mssql",
                "postgres", "postgres",
                "psql", "postgres",
                "mysql", "mysql",
                "maria", "mariadb",
                "sqlite", "sqlite",
                "oracle", "oracle")
            .entrySet()) {
      if (driver.contains(known.getKey())) {
        return known.getValue();
      }
    }
    throw new SqlSettings.Unusable(
        "the ODBC driver '" + driver + "' is not known; name the product in Driver");
  }

  private static Map<String, String> options(String query) throws SqlSettings.Unusable {
    var options = new LinkedHashMap<String, String>();
    for (String part : query.replaceFirst("^\\?", "").split("[&;]")) {
      if (!part.isBlank()) {
        int equals = part.indexOf('=');
        options.put(
            decoded((equals < 0 ? part : part.substring(0, equals)).trim()),
            equals < 0 ? "" : decoded(part.substring(equals + 1).trim()));
      }
    }
    return options;
  }

  private static String decoded(String text) throws SqlSettings.Unusable {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SqlSettings.Unusable("a '%' is not followed by two hexadecimal digits");
    }
  }

  // what JDBC makes of it -------------------------------------------------------------------------

  private static JdbcTarget of(Parts parts) throws SqlSettings.Unusable {
    String product = product(parts.driver());
    var options = new LinkedHashMap<String, String>(TIMEOUTS.getOrDefault(product, Map.of()));
    String service = "";
    for (var option : parts.options().entrySet()) {
      String name = option.getKey();
      requireHarmless(name);
      String lower = name.toLowerCase(Locale.ROOT);
      if (product.equals("oracle") && lower.equals("service_name")) {
        service = option.getValue();
      } else if (product.equals("mariadb") && lower.equals("connect_timeout")) {
        options.put("connectTimeout", milliseconds(option.getValue()));
      } else if (product.equals("mariadb") && lower.equals("read_timeout")) {
        options.put("socketTimeout", milliseconds(option.getValue()));
      } else if (!DROPPED.contains(lower)) {
        options.put(
            RENAMED.getOrDefault(product, Map.of()).getOrDefault(lower, name), option.getValue());
      }
    }
    if (options.containsKey("serverSslCert")) {
      options.putIfAbsent("sslMode", "verify-ca");
    }
    Matcher host = HOST.matcher(parts.server());
    boolean file = product.equals("sqlite") || product.equals("h2");
    if ((!file && !host.matches()) || !parts.port().matches("[0-9]{0,5}")) {
      throw new SqlSettings.Unusable("Server or Port cannot be used");
    }
    String url =
        switch (product) {
          case "sqlite" -> "jdbc:sqlite:" + sqliteFile(parts);
          case "h2" -> "jdbc:h2:" + h2Database(parts.database());
          default -> serverUrl(product, host, parts, service, options);
        };
    return new JdbcTarget(product, url, parts.user(), parts.password(), options);
  }

  private static String serverUrl(
      String product, Matcher host, Parts parts, String service, Map<String, String> options)
      throws SqlSettings.Unusable {
    String name = host.group(1).isEmpty() ? "localhost" : host.group(1);
    String place = name + (parts.port().isEmpty() ? "" : ":" + parts.port());
    String database = named(service.isEmpty() ? parts.database() : service);
    if (host.group(2) != null) {
      if (!product.equals("mssql")) {
        throw new SqlSettings.Unusable("Server or Port cannot be used");
      }
      options.put("instanceName", host.group(2).substring(1));
    }
    return switch (product) {
      case "mariadb" -> "jdbc:mariadb://" + place + "/" + database;
      case "postgres" -> "jdbc:postgresql://" + place + "/" + database;
      case "mssql" -> "jdbc:sqlserver://" + place + ";databaseName=" + database;
      case "oracle" -> "jdbc:oracle:thin:@//" + place + "/" + database;
      default -> "jdbc:" + product + "://" + place + "/" + database;
    };
  }

  private static String sqliteFile(Parts parts) throws SqlSettings.Unusable {
    String server = parts.server();
    String file =
        (server.isEmpty() ? "" : server.equals("/") ? "/" : server + "/") + parts.database();
    if (file.isEmpty()
        || file.contains("?")
        || ELSEWHERE.matcher(file).matches()
        || file.chars().anyMatch(Character::isISOControl)) {
      throw new SqlSettings.Unusable("no file is named");
    }
    return file;
  }

  /** Its options stand in the name of the database. */
  private static String h2Database(String database) throws SqlSettings.Unusable {
    if (database.indexOf('\\') >= 0) {
      throw new SqlSettings.Unusable("Database cannot be used");
    }
    Matcher option = OPTION.matcher(database);
    while (option.find()) {
      requireHarmless(option.group(1));
    }
    return database;
  }

  private static String milliseconds(String seconds) throws SqlSettings.Unusable {
    if (!seconds.matches("[0-9]{1,5}")) {
      throw new SqlSettings.Unusable("a time-out must be a number of seconds");
    }
    return seconds + "000";
  }

  private static void requireHarmless(String option) throws SqlSettings.Unusable {
    String name = option.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    if (DANGEROUS.stream().anyMatch(name::contains)) {
      throw new SqlSettings.Unusable(
          "the option '" + option + "' could run code or read files of the server");
    }
  }

  private static String named(String database) throws SqlSettings.Unusable {
    if (!database.matches("[A-Za-z0-9_.$-]*")) {
      throw new SqlSettings.Unusable("Database cannot be used");
    }
    return database;
  }

  /** The product behind a scheme such as {@code mysql+mysqldb}, {@code postgres}, {@code db2}. */
  static String product(String driver) throws SqlSettings.Unusable {
    String name = driver.strip().toLowerCase(Locale.ROOT).replaceFirst("^jdbc:", "");
    name = name.split("[+:?/]", 2)[0];
    for (String product : List.of("mariadb", "postgres", "sqlite", "mssql", "oracle", "h2")) {
      if (name.startsWith(product)) {
        return product;
      }
    }
    if (name.startsWith("mysql")) {
      return "mariadb";
    }
    if (name.equals("sqlserver")) {
      return "mssql";
    }
    if (!name.matches("[a-z][a-z0-9_-]*")) {
      throw new SqlSettings.Unusable("Driver names no database");
    }
    return name;
  }
}
