package org.linotpee.identity.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/** Spec 05 section 10, on a table in memory; the conformance scenarios use a SQLite file. */
class SqlResolverTest {
  private static final String MAP =
      "{\"userid\": \"id\", \"username\": \"login\", \"surname\": \"name\", \"password\": \"hash\","
          + " \"salt\": \"salt\"}";

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID();
  private final ResolverSecrets secrets =
      new ResolverSecrets(new Sealer(new Keys(KeyFile.of(new byte[32]))));
  private final SqlResolverType type =
      new SqlResolverType(secrets, new SqlDrivers(Settings.load(Path.of("target"), Map.of())));
  private Connection database;

  @BeforeEach
  void fill() throws SQLException {
    database = DriverManager.getConnection(url);
    try (var statement = database.createStatement()) {
      statement.execute(
          "CREATE TABLE people (id INTEGER, login VARCHAR(80), name VARCHAR(80), hash"
              + " VARCHAR(200), salt VARCHAR(20), active BOOLEAN)");
    }
    add(1, "alice", "Ärlich", "{SHA}DGugOIXzqudl+/IPB/UUpE29owo=", true);
    add(2, "bob_1", "Builder", "*48B1BB7AD34484EF0632D4B9A748CC861DFBE88B", true);
    add(3, "bobx1", "O'Neil", "Test123!", true);
    add(4, "carol", "100%", "", false);
    add(10, "it's", "Quote", null, true);
  }

  private void add(int id, String login, String name, String hash, boolean active)
      throws SQLException {
    try (var insert =
        database.prepareStatement("INSERT INTO people VALUES (?, ?, ?, ?, 'ignored', ?)")) {
      insert.setInt(1, id);
      insert.setString(2, login);
      insert.setString(3, name);
      insert.setString(4, hash);
      insert.setBoolean(5, active);
      insert.execute();
    }
  }

  @AfterEach
  void close() throws SQLException {
    type.close();
    database.close();
  }

  private Resolver resolver(String... changes) {
    var sent = new HashMap<String, String>();
    sent.put("Connect", url);
    sent.put("Password", "");
    sent.put("Table", "people");
    sent.put("Map", MAP);
    for (int i = 0; i < changes.length; i += 2) {
      sent.put(changes[i], changes[i + 1]);
    }
    return type.open(
        new ResolverDefinition(
            1, "base", "sqlresolver", false, secrets.sealed(1, type.configure("base", sent))));
  }

  private static List<String> found(Resolver resolver, String field, String pattern) {
    var names = new ArrayList<String>();
    resolver.search(Map.of(field, pattern), user -> names.add(user.get("username")));
    return names.stream().sorted().toList();
  }

  @Test
  void findsUsersAndNeverTellsTheirHash() {
    var alice = resolver().byLogin("alice").orElseThrow();
    assertThat(alice)
        .containsEntry("userid", "1")
        .containsEntry("surname", "Ärlich")
        .doesNotContainKeys("password", "salt");
    assertThat(resolver().byIds(List.of("1", "10", "77")).keySet())
        .containsExactlyInAnyOrder("1", "10");
    assertThat(resolver().numericFields()).containsExactly("userid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x' OR '1'='1",
        "alice'--",
        "alice' --",
        "'; DROP TABLE people; --",
        "%",
        "ali%",
        "\\",
        "alice\u0000"
      })
  void aLoginIsNoSql(String login) {
    assertThat(resolver().byLogin(login)).isEmpty();
    assertThat(resolver().byIds(List.of(login))).isEmpty();
    assertThat(resolver().passwordMatches(login, "Test123!")).isFalse();
    assertThat(found(resolver(), "username", "*")).hasSize(5);
  }

  @Test
  void quotesInALoginAreTheLogins() {
    assertThat(resolver().byLogin("it's").orElseThrow()).containsEntry("userid", "10");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "username, *, alice bob_1 bobx1 carol it's",
        "username, bob*, bob_1 bobx1",
        "username, bob.1, bob_1 bobx1",
        "username, bob_1, bob_1",
        "surname, 100%, carol",
        "surname, O'Neil, bobx1",
        "userid, >= 4, carol it's",
        "userid, <2, alice",
        "searchTerm, *uilder, bob_1",
        "username, x' OR '1'='1, \"\"",
        "password, *, alice bob_1 bobx1 carol it's",
      })
  void searches(String field, String pattern, String names) {
    assertThat(found(resolver(), field, pattern))
        .containsExactlyElementsOf(names.isEmpty() ? List.of() : List.of(names.split(" ")));
  }

  @Test
  void theConditionHoldsForEverything() {
    Resolver resolver = resolver("Where", "active = TRUE OR 1 = 0");
    assertThat(resolver.byLogin("carol")).isEmpty();
    assertThat(resolver.byIds(List.of("4"))).isEmpty();
    assertThat(found(resolver, "username", "c*")).isEmpty();
    assertThat(resolver.passwordMatches("4", "")).isFalse();
    var ids = new ArrayList<String>();
    resolver.eachId(ids::add);
    assertThat(ids).containsExactlyInAnyOrder("1", "2", "3", "10");
  }

  @ParameterizedTest
  @CsvSource({
    "1, Test123!, true",
    "1, test123!, false",
    "2, Test123!, true",
    "3, Test123!, false",
    "4, '', false",
    "4, Test123!, false",
    "10, Test123!, false",
    "77, Test123!, false",
  })
  void passwords(String id, String password, boolean right) {
    assertThat(resolver().passwordMatches(id, password)).isEqualTo(right);
  }

  @Test
  void theLimitIsForListsOnly() {
    Resolver resolver = resolver("Limit", "2");
    assertThat(found(resolver, "username", "*")).hasSize(2);
    var ids = new ArrayList<String>();
    resolver.eachId(ids::add);
    assertThat(ids).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Table|people; DROP TABLE people",
        "Table|nowhere",
        "Map|{\"userid\": \"id\", \"username\": \"login OR 1=1\"}",
        "Map|{\"userid\": \"id\"}",
        "Map|{\"userid\": \"id\", \"username\": \"nowhere\"}",
        "Connect|jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://127.0.0.1/x'",
        "Connect|nothing://x",
        "Where|FILE_READ('/etc/passwd') IS NOT NULL",
        "Where|U&\"\\0046ILE_READ\"('/etc/passwd') IS NOT NULL",
        "Limit|many",
      })
  void refusesWhatCannotBeUsed(String name, String value) {
    assertThatThrownBy(() -> resolver(name, value)).isInstanceOf(LinotpException.class);
  }

  @Test
  void whatIsNoNumberIsNoId() {
    assertThat(resolver().byIds(List.of("01", "1abc", "1.0", " 1", "1"))).containsOnlyKeys("1");
    assertThat(resolver().passwordMatches("1abc", "Test123!")).isFalse();
    assertThat(resolver("Map", "{\"userid\": \"id\", \"username\": \"id\"}").byLogin("1x"))
        .isEmpty();
  }

  @Test
  void aMissingColumnIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() -> resolver("Map", "{\"userid\": \"id\", \"username\": \"nowhere\"}"))
        .hasMessageContaining("no column nowhere")
        .hasMessageContaining("it has active, hash, id, login, name, salt");
  }

  @Test
  void aPasswordThatGoesElsewhereIsNotTakenOver() {
    assertThat(type.criticalParameters()).contains("Connect", "conParams", "Server");
  }

  @Test
  void countsItsRowsWhenTested() throws SQLException {
    Resolver resolver = resolver();
    assertThat(resolver.test().toString()).contains("rows=5");
    try (var statement = database.createStatement()) {
      statement.execute("DROP TABLE people");
    }
    assertThat(resolver.test()).containsEntry("result", false);
    assertThatThrownBy(() -> resolver.byLogin("alice")).isInstanceOf(Resolver.Unavailable.class);
  }
}
