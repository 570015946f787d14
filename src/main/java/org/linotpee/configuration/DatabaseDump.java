package org.linotpee.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Writes all tables into one file and reads them back, on every supported database and from one to
 * another (spec 06 section 12). The file has a JSON document a line: a head, the rows, and at the
 * end their number with a checksum over everything before. What is sealed in the database is sealed
 * in the file.
 */
public final class DatabaseDump {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HISTORY = "schema_history";
  private static final String VERSION_TABLE = "configuration_version";
  private static final int BATCH = 500;
  private static final int FETCH = 1000;
  private static final String FORMAT = "linotp-ee database dump 1";

  private final DataSource dataSource;

  public DatabaseDump(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The dump cannot be written, or the file is none, or it does not fit the database. */
  public static final class DumpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DumpException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Writes all tables as they are at one moment; the file appears when it is complete and is
   * readable for its owner only.
   *
   * @return rows by table
   * @throws DumpException if the database or the file cannot be used
   */
  public Map<String, Long> write(Path file) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Files.deleteIfExists(part);
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      var counts = new LinkedHashMap<String, Long>();
      try (var out = new Lines(Files.newBufferedWriter(part, StandardCharsets.UTF_8))) {
        List<String> tables = tables(connection);
        ObjectNode head = JSON.createObjectNode();
        head.put("format", FORMAT);
        head.put("schema", schemaLevel(connection));
        head.put("created", Instant.now().toString());
        tables.forEach(head.putArray("tables")::add);
        out.line(head);
        for (String table : tables) {
          counts.put(table, rows(connection, table, out));
        }
        out.end(counts.values().stream().mapToLong(Long::longValue).sum());
      }
      connection.rollback();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      return counts;
    } catch (SQLException | IOException e) {
      throw new DumpException("the dump failed: " + e.getMessage(), e);
    }
  }

  private static long rows(Connection connection, String table, Lines out)
      throws SQLException, IOException {
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        ResultSetMetaData columns = rows.getMetaData();
        long number = 0;
        while (rows.next()) {
          ObjectNode document = JSON.createObjectNode();
          document.put("table", table);
          ObjectNode row = document.putObject("row");
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            put(row, columns.getColumnLabel(i).toLowerCase(Locale.ROOT), rows, i, columns);
          }
          out.line(document);
          number++;
        }
        return number;
      }
    }
  }

  private static void put(
      ObjectNode row, String column, ResultSet rows, int index, ResultSetMetaData columns)
      throws SQLException {
    switch (columns.getColumnType(index)) {
      case Types.BOOLEAN, Types.BIT -> {
        boolean value = rows.getBoolean(index);
        row.put(column, rows.wasNull() ? null : value);
      }
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> {
        long value = rows.getLong(index);
        row.put(column, rows.wasNull() ? null : value);
      }
      default -> row.put(column, rows.getString(index));
    }
  }

  /** Our tables, each behind those that it refers to. */
  private static List<String> tables(Connection connection) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    var names = new TreeMap<String, String>();
    try (ResultSet found =
        meta.getTables(
            connection.getCatalog(),
            connection.getSchema(),
            "%",
            new String[] {"TABLE", "BASE TABLE"})) {
      while (found.next()) {
        String name = found.getString("TABLE_NAME");
        if (!name.equalsIgnoreCase(HISTORY)) {
          names.put(name.toLowerCase(Locale.ROOT), name);
        }
      }
    }
    var needed = new TreeMap<String, Set<String>>();
    for (var name : names.entrySet()) {
      var parents = new TreeSet<String>();
      try (ResultSet keys =
          meta.getImportedKeys(connection.getCatalog(), connection.getSchema(), name.getValue())) {
        while (keys.next()) {
          parents.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
        }
      }
      parents.remove(name.getKey());
      needed.put(name.getKey(), parents);
    }
    var ordered = new LinkedHashSet<String>();
    while (ordered.size() < needed.size()) {
      int before = ordered.size();
      needed.forEach(
          (name, parents) -> {
            if (ordered.containsAll(parents)) {
              ordered.add(name);
            }
          });
      if (ordered.size() == before) {
        throw new SQLException("the tables refer to each other in a circle");
      }
    }
    return List.copyOf(ordered);
  }

  private static String schemaLevel(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT %s FROM %s"
                    .formatted(quoted(connection, "version"), quoted(connection, HISTORY)))) {
      MigrationVersion highest = MigrationVersion.EMPTY;
      while (rows.next()) {
        String version = rows.getString(1);
        if (version != null && MigrationVersion.fromVersion(version).isNewerThan(highest)) {
          highest = MigrationVersion.fromVersion(version);
        }
      }
      return highest.getVersion();
    }
  }

  /** Flyway makes its table with quoted names in lower case. */
  private static String quoted(Connection connection, String name) throws SQLException {
    String quote = connection.getMetaData().getIdentifierQuoteString();
    return quote + name + quote;
  }

  // reading back
  // ------------------------------------------------------------------------------------

  /**
   * Which tables are replaced. Realms belong to tokens and to the configuration: a part keeps what
   * the other part needs.
   */
  public enum Part {
    /** Everything. */
    ALL,
    /** Entries, resolvers, realms and their users. */
    CONFIGURATION,
    /** Tokens and the realms that they are in. */
    TOKENS,
    /** The audit trail. */
    AUDIT;

    boolean replaces(String table) {
      return switch (this) {
        case ALL -> true;
        case CONFIGURATION ->
            Set.of("configuration_entry", "resolver", "realm_resolver", "managed_user")
                .contains(table);
        case TOKENS -> Set.of("token", "token_realm", "challenge").contains(table);
        case AUDIT -> Set.of("audit_row", "audit_seal", "imported_audit_row").contains(table);
      };
    }
  }

  /**
   * Replaces the content of the tables by that of the file, in one transaction, after the whole
   * file was checked. Servers that run see the configuration as changed.
   *
   * @return rows by table
   * @throws DumpException if the file is damaged or of another schema level; nothing is changed
   *     then
   */
  public Map<String, Long> restore(Path file, Part part) {
    check(file);
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Map<String, Long> counts = replace(connection, file, part);
        connection.commit();
        restartSequences(connection);
        connection.commit();
        return counts;
      } catch (SQLException | IOException | DumpException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException | IOException e) {
      throw new DumpException("nothing was restored: " + e.getMessage(), e);
    }
  }

  private static Map<String, Long> replace(Connection connection, Path file, Part part)
      throws SQLException, IOException {
    List<String> ours = tables(connection);
    long version = version(connection);
    var realms = new RealmIds(connection, part);
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      JsonNode head = JSON.readTree(lines.readLine());
      String level = schemaLevel(connection);
      if (!head.path("schema").asText().equals(level)) {
        throw new DumpException(
            "the file has schema level "
                + head.path("schema").asText()
                + ", the database "
                + level
                + ": restore it with the version that wrote it, then upgrade",
            null);
      }
      for (int i = ours.size() - 1; i >= 0; i--) {
        if (part.replaces(ours.get(i))) {
          execute(connection, "DELETE FROM " + ours.get(i));
        }
      }
      var inserts = new Inserts(connection);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode document = JSON.readTree(line);
        String table = document.path("table").asText();
        if (document.has("row") && ours.contains(table)) {
          if (part.replaces(table)) {
            inserts.add(table, realms.translated(table, (ObjectNode) document.get("row")));
          } else if (table.equals("realm")) {
            realms.learn((ObjectNode) document.get("row"));
          }
        }
      }
      inserts.flush();
      realms.forgetUnused();
      execute(
          connection,
          "UPDATE "
              + VERSION_TABLE
              + " SET version = "
              + (Math.max(version, version(connection)) + 1));
      return inserts.counts;
    }
  }

  private static long version(Connection connection) throws SQLException {
    return number(connection, "SELECT MAX(version) FROM " + VERSION_TABLE);
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /**
   * Numbers that are drawn next are higher than all that are in use. A transaction of its own: some
   * databases end one with such a statement.
   */
  private static void restartSequences(Connection connection) throws SQLException {
    List<String> tables = tables(connection);
    Dialect dialect = Dialect.of(connection);
    for (String table : tables) {
      if (dialect.sequences(connection).contains(table + "_seq")) {
        long next = number(connection, "SELECT COALESCE(MAX(id), 0) FROM " + table) + 100;
        execute(connection, "ALTER SEQUENCE " + table + "_seq RESTART WITH " + next);
      }
    }
    if (tables.contains("audit_row") && dialect != Dialect.MARIADB) {
      // imported rows have ids below zero
      long highest = number(connection, "SELECT COALESCE(MAX(id), 0) FROM audit_row");
      long next = Math.max(0, highest) + 1;
      execute(connection, "ALTER TABLE audit_row ALTER COLUMN id RESTART WITH " + next);
    }
  }

  /** Rows in batches, a statement for each table. */
  private static final class Inserts {
    private final Connection connection;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<ObjectNode> batch = new ArrayList<>();
    private String table = "";

    Inserts(Connection connection) {
      this.connection = connection;
    }

    void add(String into, ObjectNode row) throws SQLException {
      if (!into.equals(table) || batch.size() >= BATCH) {
        flush();
        table = into;
      }
      batch.add(row);
      counts.merge(into, 1L, Long::sum);
    }

    void flush() throws SQLException {
      if (batch.isEmpty()) {
        return;
      }
      var columns = new ArrayList<String>();
      batch.get(0).fieldNames().forEachRemaining(columns::add);
      for (String column : columns) {
        if (!column.matches("[a-z_0-9]+")) {
          throw new DumpException("'" + column + "' is no name of a column", null);
        }
      }
      String sql =
          "INSERT INTO %s (%s) VALUES (?%s)"
              .formatted(table, String.join(", ", columns), ", ?".repeat(columns.size() - 1));
      try (PreparedStatement insert = connection.prepareStatement(sql)) {
        for (ObjectNode row : batch) {
          for (int i = 0; i < columns.size(); i++) {
            bind(insert, i + 1, row.path(columns.get(i)));
          }
          insert.addBatch();
        }
        insert.executeBatch();
      }
      batch.clear();
    }

    private static void bind(PreparedStatement insert, int index, JsonNode value)
        throws SQLException {
      if (value.isBoolean()) {
        insert.setBoolean(index, value.asBoolean());
      } else if (value.isNumber()) {
        insert.setLong(index, value.asLong());
      } else if (value.isNull() || value.isMissingNode()) {
        insert.setObject(index, null);
      } else {
        insert.setString(index, value.asText());
      }
    }
  }

  /** Realms have other ids in the database when only a part is restored: names decide. */
  private static final class RealmIds {
    private final Connection connection;
    private final Part part;
    private final Map<Long, Long> ids = new LinkedHashMap<>();

    RealmIds(Connection connection, Part part) {
      this.connection = connection;
      this.part = part;
    }

    void learn(ObjectNode realm) throws SQLException {
      if (part == Part.AUDIT) {
        return;
      }
      String name = realm.path("name").asText();
      try (PreparedStatement select =
          connection.prepareStatement("SELECT id FROM realm WHERE name = ?")) {
        select.setString(1, name);
        try (ResultSet rows = select.executeQuery()) {
          if (rows.next()) {
            ids.put(realm.path("id").asLong(), rows.getLong(1));
            return;
          }
        }
      }
      long id = number(connection, "SELECT COALESCE(MAX(id), 0) + 1 FROM realm");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO realm (id, name, row_version) VALUES (?, ?, 0)")) {
        insert.setLong(1, id);
        insert.setString(2, name);
        insert.executeUpdate();
      }
      ids.put(realm.path("id").asLong(), id);
    }

    ObjectNode translated(String table, ObjectNode row) {
      if (part != Part.ALL && (table.equals("token_realm") || table.equals("realm_resolver"))) {
        Long id = ids.get(row.path("realm_id").asLong());
        if (id == null) {
          throw new DumpException("a row of " + table + " refers to a realm that is missing", null);
        }
        row.put("realm_id", id);
      }
      return row;
    }

    /** After the configuration was replaced, realms that have neither resolvers nor tokens go. */
    void forgetUnused() throws SQLException {
      if (part == Part.CONFIGURATION) {
        execute(
            connection,
            "DELETE FROM realm WHERE id NOT IN (SELECT realm_id FROM realm_resolver)"
                + " AND id NOT IN (SELECT realm_id FROM token_realm)");
      }
    }
  }

  // the file
  // ----------------------------------------------------------------------------------------

  /**
   * Reads the whole file and compares its checksum.
   *
   * @throws DumpException if it is no dump, or damaged
   */
  public static void check(Path file) {
    var digest = sha256();
    String last = "";
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      if (line == null || !JSON.readTree(line).path("format").asText().equals(FORMAT)) {
        throw new DumpException(file + " is no dump of this program", null);
      }
      long rows = -1;
      for (; line != null; line = lines.readLine()) {
        if (!last.isEmpty()) {
          digest.update((last + "\n").getBytes(StandardCharsets.UTF_8));
        }
        last = line;
        rows++;
      }
      JsonNode end = JSON.readTree(last);
      if (!end.path("sha256").asText().equals(HexFormat.of().formatHex(digest.digest()))
          || end.path("rows").asLong() != rows - 1) {
        throw new DumpException(file + " is damaged: its checksum is wrong", null);
      }
    } catch (JsonProcessingException e) {
      throw new DumpException(file + " is damaged or no dump of this program", e);
    } catch (IOException e) {
      throw new DumpException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lines with their checksum. */
  private static final class Lines implements AutoCloseable {
    private final BufferedWriter out;
    private final MessageDigest digest = sha256();

    Lines(BufferedWriter out) {
      this.out = out;
    }

    void line(JsonNode document) throws IOException {
      String line = JSON.writeValueAsString(document) + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      out.write(line);
    }

    void end(long rows) throws IOException {
      ObjectNode end = JSON.createObjectNode();
      end.put("rows", rows);
      end.put("sha256", HexFormat.of().formatHex(digest.digest()));
      out.write(JSON.writeValueAsString(end) + "\n");
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
