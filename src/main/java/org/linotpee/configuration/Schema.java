package org.linotpee.configuration;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;

/** Creates and upgrades the tables; design.md section 3. */
public final class Schema {
  /** Flyway warns of databases that are newer than those it was tested with; held strongly. */
  private static final java.util.logging.Logger FLYWAY =
      java.util.logging.Logger.getLogger("org.flywaydb");

  static {
    FLYWAY.setLevel(java.util.logging.Level.SEVERE);
  }

  private Schema() {}

  /**
   * Brings the database to the level of this program and tells its dialect.
   *
   * @throws SchemaException if the database is unreachable, of a newer level, or not ours; nothing
   *     was changed then
   */
  public static Dialect migrate(DataSource dataSource) {
    Dialect dialect;
    try (Connection connection = dataSource.getConnection()) {
      dialect = Dialect.of(connection);
    } catch (SQLException e) {
      throw new SchemaException("cannot reach the database: " + firstLine(e.getMessage()), e);
    }
    try {
      Flyway flyway =
          Flyway.configure(Schema.class.getClassLoader())
              .dataSource(dataSource)
              .locations("classpath:db/migration")
              .javaMigrations(new TokenValidityMigration())
              .placeholders(dialect.placeholders())
              .table("schema_history")
              .load();
      refuseNewer(flyway);
      flyway.migrate();
      return dialect;
    } catch (FlywayException e) {
      throw new SchemaException("cannot prepare the tables: " + firstLine(e.getMessage()), e);
    }
  }

  /**
   * Drops everything in the schema.
   *
   * @throws SchemaException if the database is unreachable or refuses
   */
  public static void erase(DataSource dataSource) {
    try {
      Flyway.configure(Schema.class.getClassLoader())
          .dataSource(dataSource)
          .table("schema_history")
          .cleanDisabled(false)
          .load()
          .clean();
    } catch (FlywayException e) {
      throw new SchemaException("cannot erase the tables: " + firstLine(e.getMessage()), e);
    }
  }

  private static void refuseNewer(Flyway flyway) {
    var info = flyway.info();
    MigrationVersion ours = MigrationVersion.EMPTY;
    for (var migration : info.all()) {
      if (migration.getState().isResolved() && migration.getVersion() != null) {
        ours = migration.getVersion();
      }
    }
    var current = info.current();
    if (current != null && current.getVersion() != null && current.getVersion().isNewerThan(ours)) {
      throw new SchemaException(
          "the database has schema level "
              + current.getVersion()
              + ", this program knows levels up to "
              + ours
              + ": start a newer linotp-ee",
          null);
    }
  }

  private static String firstLine(String text) {
    return text == null ? "no reason given" : text.strip().lines().findFirst().orElse("");
  }
}
