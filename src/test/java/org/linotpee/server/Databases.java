package org.linotpee.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The database servers that tests start, each once; {@code *Environment} points a server at one.
 */
public final class Databases {
  private static final Path MARIADB = Path.of("/usr/sbin/mariadbd");
  private static EmbeddedPostgres postgres;
  private static int mariaDbPort;

  private Databases() {}

  /** A new database on PostgreSQL. */
  public static synchronized Map<String, String> postgresEnvironment() {
    try {
      if (postgres == null) {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
      }
      String name = newName();
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
      return Map.of(
          "LINOTP_DATABASE_URI",
          "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new database on MariaDB; without Debian's server the test is left out, loudly. */
  public static synchronized Map<String, String> mariaDbEnvironment() {
    if (!Files.exists(MARIADB)) {
      System.err.println("LEFT OUT: tests on MariaDB; install mariadb-server");
      Assumptions.abort("mariadb-server is not installed");
    }
    try {
      if (mariaDbPort == 0) {
        mariaDbPort = startMariaDb();
      }
      String name = newName();
      try (Connection connection = mariaDb(mariaDbPort);
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
      }
      return Map.of(
          "LINOTP_DATABASE_URI", "mysql://tester:secret@127.0.0.1:" + mariaDbPort + "/" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String newName() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }

  private static Connection mariaDb(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port + "/", "tester", "secret");
  }

  private static int startMariaDb() throws IOException, InterruptedException, SQLException {
    Path data = Files.createTempDirectory("mariadb");
    Path log = data.resolveSibling(data.getFileName() + ".log");
    String user = System.getProperty("user.name");
    Path init = data.resolveSibling(data.getFileName() + ".sql");
    Files.writeString(
        init,
        "CREATE USER IF NOT EXISTS tester@'127.0.0.1' IDENTIFIED BY 'secret';\n"
            + "GRANT ALL ON *.* TO tester@'127.0.0.1';\n");
    Process install =
        new ProcessBuilder(
                "mariadb-install-db",
                "--no-defaults",
                "--user=" + user,
                "--auth-root-authentication-method=normal",
                "--datadir=" + data)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (install.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
    int port = ServerUnderTest.freePort();
    Process server =
        new ProcessBuilder(
                List.of(
                    MARIADB.toString(),
                    "--no-defaults",
                    "--user=" + user,
                    "--datadir=" + data,
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + data.resolve("s"),
                    "--init-file=" + init))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Connection connection = mariaDb(port)) {
        connection.isValid(1);
        return port;
      } catch (SQLException e) {
        if (!server.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(Files.readString(log), e);
        }
        Thread.sleep(200);
      }
    }
  }
}
