package org.linotpee.configuration;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Where the database is, as JDBC wants it. User and password are never part of the URL.
 *
 * @param url the JDBC URL
 * @param driver the class of the driver
 * @param properties {@code user}, {@code password} and what the product needs
 */
public record DatabaseUrl(String url, String driver, Properties properties) {
  private static final Map<String, String> DRIVERS =
      Map.of(
          "h2", "org.h2.Driver",
          "postgresql", "org.postgresql.Driver",
          "mariadb", "org.mariadb.jdbc.Driver");

  /**
   * Reads DATABASE_URI: a {@code jdbc:} URL, {@code postgresql://user:password@host:port/name},
   * {@code mysql://...}, {@code mariadb://...} with or without {@code +driver}, or nothing for the
   * embedded database below the home.
   *
   * @throws SettingsException if the product is not supported or the URL is malformed
   */
  public static DatabaseUrl of(Settings settings) {
    String uri = settings.text(Setting.DATABASE_URI).trim();
    return uri.isEmpty()
        ? embedded(settings)
        : of(uri, settings.text(Setting.DATABASE_USER), settings.text(Setting.DATABASE_PASSWORD));
  }

  /**
   * Reads AUDIT_DATABASE_URI, which has its user and password in it.
   *
   * @throws SettingsException if the product is not supported or the URL is malformed
   */
  public static DatabaseUrl ofAudit(Settings settings) {
    return of(settings.text(Setting.AUDIT_DATABASE_URI).trim(), "", "");
  }

  /**
   * Reads the URL of another database, which has its user and password in it.
   *
   * @throws SettingsException if the product is not supported or the URL is malformed
   */
  public static DatabaseUrl of(String uri) {
    return of(uri, "", "");
  }

  private static DatabaseUrl of(String uri, String givenUser, String givenPassword) {
    var properties = new Properties();
    String user = givenUser;
    String password = givenPassword;
    if (uri.startsWith("sqlite:") || uri.startsWith("jdbc:sqlite:")) {
      throw new SettingsException(
          "SQLite is not supported; leave the setting empty for the embedded"
              + " database, or use PostgreSQL or MariaDB");
    }
    String jdbc = uri;
    if (!uri.startsWith("jdbc:")) {
      URI parsed = parse(uri);
      String product = product(parsed.getScheme());
      String login = parsed.getRawUserInfo();
      if (login != null) {
        int colon = login.indexOf(':');
        user = decode(colon < 0 ? login : login.substring(0, colon));
        password = colon < 0 ? password : decode(login.substring(colon + 1));
      }
      jdbc =
          "jdbc:"
              + product
              + "://"
              + (parsed.getHost() == null ? "localhost" : parsed.getHost())
              + (parsed.getPort() < 0 ? "" : ":" + parsed.getPort())
              + (parsed.getRawPath() == null ? "/" : parsed.getRawPath());
    }
    if (jdbc.startsWith("jdbc:mysql:")) {
      jdbc = "jdbc:mariadb:" + jdbc.substring("jdbc:mysql:".length());
    }
    String product = jdbc.split(":", 3)[1].toLowerCase(Locale.ROOT);
    String driver = DRIVERS.get(product);
    if (driver == null) {
      throw new SettingsException("there is no driver for " + product);
    }
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
    }
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
    product(properties, product);
    return new DatabaseUrl(jdbc, driver, properties);
  }

  private static void product(Properties properties, String product) {
    switch (product) {
      case "mariadb" -> {
        properties.setProperty("sessionVariables", "innodb_lock_wait_timeout=5");
        properties.setProperty("connectTimeout", "5000");
      }
      case "postgresql" -> {
        properties.setProperty("options", "-c lock_timeout=5s");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("reWriteBatchedInserts", "true");
      }
      default -> properties.setProperty("LOCK_TIMEOUT", "5000");
    }
  }

  /** WRITE_DELAY=0: what was acknowledged is with the operating system and survives kill -9. */
  private static DatabaseUrl embedded(Settings settings) {
    var properties = new Properties();
    System.setProperty("h2.bindAddress", "127.0.0.1");
    properties.setProperty("user", "sa");
    properties.setProperty("password", "");
    return new DatabaseUrl(
        "jdbc:h2:file:"
            + settings.home().resolve("db").resolve("linotp")
            + ";WRITE_DELAY=0;AUTO_SERVER=TRUE;LOCK_TIMEOUT=5000;TRACE_LEVEL_FILE=0",
        "org.h2.Driver",
        properties);
  }

  private static URI parse(String uri) {
    try {
      return new URI(uri);
    } catch (URISyntaxException e) {
      throw new SettingsException("the database's URL is none (the value is not shown)");
    }
  }

  private static String product(String scheme) {
    String name = scheme == null ? "" : scheme.split("\\+", 2)[0].toLowerCase(Locale.ROOT);
    return switch (name) {
      case "postgresql", "postgres" -> "postgresql";
      case "mysql", "mariadb" -> "mariadb";
      default -> throw new SettingsException("'" + name + "' is no supported database");
    };
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without the properties, which hold the password. */
  @Override
  public String toString() {
    return url;
  }
}
