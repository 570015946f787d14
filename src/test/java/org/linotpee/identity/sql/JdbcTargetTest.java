package org.linotpee.identity.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 05 section 10.1: the styles in which definitions name a database. */
class JdbcTargetTest {
  private static JdbcTarget target(String... parameters) throws SqlSettings.Unusable {
    var map = new HashMap<String, String>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put(parameters[i], parameters[i + 1]);
    }
    return JdbcTarget.of(name -> map.getOrDefault(name, ""));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "mysql, u, db.example.com, 3306, users, jdbc:mariadb://db.example.com:3306/users",
        "mysql+mysqldb, u, db.example.com, '', users, jdbc:mariadb://db.example.com/users",
        "postgresql, u, db.example.com, '', users, jdbc:postgresql://db.example.com/users",
        "postgres, u, [2001:db8::1], 5433, users, 'jdbc:postgresql://[2001:db8::1]:5433/users'",
        "sqlite, '', /, '', tmp/users.sqlite, jdbc:sqlite:/tmp/users.sqlite",
        "mssql+pyodbc, u, db, 1433, users, jdbc:sqlserver://db:1433;databaseName=users",
        "oracle, u, db, 1521, XE, jdbc:oracle:thin:@//db:1521/XE",
        "db2+ibm_db, u, db, 50000, users, jdbc:db2://db:50000/users",
        "firebirdsql, '', db, '', users, jdbc:firebirdsql://db/users",
      })
  void parts(String driver, String user, String server, String port, String database, String url)
      throws Exception {
    JdbcTarget target =
        target(
            "Driver", driver, "User", user, "Server", server, "Port", port, "Database", database);
    assertThat(target.url()).isEqualTo(url);
    assertThat(target.properties("p").getProperty("password"))
        .isEqualTo(user.isEmpty() ? null : "p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://u:p%40s%2Fs@db:5433/users|jdbc:postgresql://db:5433/users|u|p@s/s",
        "mysql+mysqldb://u:p@ss@db/users?charset=utf8|jdbc:mariadb://db/users|u|p@ss",
        "postgresql://db/users|jdbc:postgresql://db/users|fallback|stored",
        "sqlite:////tmp/users.sqlite|jdbc:sqlite:/tmp/users.sqlite|fallback|stored",
        "jdbc:mysql://db/users|jdbc:mariadb://db/users|fallback|stored",
        "oracle://u:p@db:1521/?service_name=XE|jdbc:oracle:thin:@//db:1521/XE|u|p",
      })
  void urls(String connect, String url, String user, String password) throws Exception {
    JdbcTarget target = target("Connect", connect, "User", "fallback");
    assertThat(target.url()).isEqualTo(url);
    var properties = target.properties("stored");
    assertThat(properties.getProperty("user")).isEqualTo(user);
    assertThat(properties.getProperty("password")).isEqualTo(password);
    assertThat(target.toString()).doesNotContain(password.equals("stored") ? "\u0000" : password);
  }

  @Test
  void anOdbcTemplateIsFilled() throws Exception {
    JdbcTarget target =
        target(
            "Driver",
            "mssql+pyodbc:///?odbc_connect=",
            "conParams",
            "DRIVER={ODBC Driver 18 for SQL Server};SERVER={SERVER},{PORT};DATABASE={DATABASE};"
                + "UID={DBUSER};PWD={PASSWORT};Encrypt=yes;TrustServerCertificate=no",
            "Server",
            "db.example.com",
            "Port",
            "1433",
            "Database",
            "users",
            "User",
            "reader");
    assertThat(target.product()).isEqualTo("mssql");
    assertThat(target.url()).isEqualTo("jdbc:sqlserver://db.example.com:1433;databaseName=users");
    assertThat(target.properties("s;PWD=x"))
        .containsEntry("user", "reader")
        .containsEntry("password", "s;PWD=x")
        .containsEntry("encrypt", "true")
        .containsEntry("trustServerCertificate", "false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DRIVER={FreeTDS};SERVER=tcp:db\\SQLEXPRESS;DATABASE=users;UID=u;PWD={p;w}}d}"
            + "|jdbc:sqlserver://db;databaseName=users",
        "odbc:Driver={PostgreSQL Unicode};Server=db;Port=5433;Database=users;Uid=u;Pwd={p;w}}d};"
            + "|jdbc:postgresql://db:5433/users",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC+Driver+17+for+SQL+Server%7D%3BSERVER%3Ddb"
            + "%3BDATABASE%3Dusers%3BUID%3Du%3BPWD%3D%7Bp%3Bw%7D%7Dd%7D"
            + "|jdbc:sqlserver://db;databaseName=users",
      })
  void odbcConnectionStrings(String connect, String url) throws Exception {
    JdbcTarget target = target("Connect", connect);
    assertThat(target.url()).isEqualTo(url);
    assertThat(target.properties("stored"))
        .containsEntry("user", "u")
        .containsEntry("password", "p;w}d");
    assertThat(target.options().get("instanceName"))
        .isEqualTo(connect.contains("SQLEXPRESS") ? "SQLEXPRESS" : null);
  }

  @Test
  void aValueAddsNoPartToAnOdbcTemplate() throws Exception {
    assertThatThrownBy(
            () ->
                target(
                    "Driver",
                    "mssql+pyodbc:///?odbc_connect=",
                    "conParams",
                    "SERVER={SERVER};DATABASE={DATABASE}",
                    "Server",
                    "db;DATABASE=other",
                    "Database",
                    "users"))
        .isInstanceOf(SqlSettings.Unusable.class);
  }

  @Test
  void optionsAreTranslated() throws Exception {
    assertThat(
            target(
                    "Driver",
                    "mysql",
                    "Database",
                    "users",
                    "conParams",
                    "?charset=utf8&ssl_ca=/etc/ca.pem&connect_timeout=3")
                .options())
        .containsEntry("serverSslCert", "/etc/ca.pem")
        .containsEntry("sslMode", "verify-ca")
        .containsEntry("connectTimeout", "3000")
        .doesNotContainKey("charset");
    assertThat(
            target("Driver", "postgresql", "Database", "u", "conParams", "sslmode=verify-full")
                .options())
        .containsEntry("sslmode", "verify-full")
        .containsEntry("connectTimeout", "5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://127.0.0.1/x'",
        "jdbc:h2:mem:x;IN\\IT=RUNSCRIPT FROM 'http://127.0.0.1/x'",
        "jdbc:postgresql://db/x?socketFactory=org.x.Y&socketFactoryArg=z",
        "jdbc:postgresql://db/x?a=b&authenticationPluginClassName=x",
        "jdbc:postgresql://db/x?%73ocketFactory=x",
        "postgresql://db/x?sslfactory=org.x.Y",
        "postgresql://db/x?ssl%66actory=org.x.Y",
        "mysql://db/x?autoDeserialize=true",
        "mysql://db/x?allowLoadLocalInfile=true",
        "jdbc:mariadb://db/x?initSql=x",
        "jdbc:sqlite:/tmp/x?enable_load_extension=true",
        "jdbc:db2://db/x:clientRerouteServerListJNDIName=ldap://x;",
        "jdbc:oracle:thin:@ldap://127.0.0.1/cn=x",
        "jdbc:sqlite::resource:http://127.0.0.1/x",
        "sqlite:///:resource:http://127.0.0.1/x",
        "postgresql://db;x/users",
        "postgresql://db/us'ers",
        "postgresql://db:99x/users",
        "DRIVER={Unknown};SERVER=db;DATABASE=users",
        "DSN=users",
        "nothing",
        "://db/users",
        "postgresql://u:%zz@db/users",
      })
  void refusesWhatCouldRunCodeOrNamesNothing(String connect) {
    assertThatThrownBy(() -> target("Connect", connect)).isInstanceOf(SqlSettings.Unusable.class);
  }

  @Test
  void aParameterThatIsNotThereIsEmpty() {
    assertThatThrownBy(() -> target(Map.of().keySet().toArray(String[]::new)))
        .isInstanceOf(SqlSettings.Unusable.class);
  }
}
