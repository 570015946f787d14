package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the server from starting is told in one line, with status 1; nothing is replaced. */
class StartIT {
  @TempDir private Path home;

  @BeforeEach
  void installation() {
    var created = ServerUnderTest.run(Map.of(), "", "init", "all", "--home", home.toString());
    assertThat(created.status()).as(created.output()).isZero();
  }

  private void refused(Map<String, String> environment, String reason, String... more) {
    String[] arguments = {"serve", "--home", home.toString(), "--port", "0"};
    arguments[4] = String.valueOf(ServerUnderTest.freePort());
    if (more.length > 0) {
      arguments[4] = more[0];
    }
    var finished = ServerUnderTest.run(environment, "", arguments);
    assertThat(finished.output()).contains(reason).doesNotContain("\tat ").hasLineCount(1);
    assertThat(finished.status()).isEqualTo(1);
  }

  @Test
  void aMissingKeyFile() throws Exception {
    Files.delete(home.resolve("keys"));
    refused(Map.of(), "does not exist");
    assertThat(home.resolve("keys")).doesNotExist();
  }

  @Test
  void aWrongKeyFile() throws Exception {
    Path other = Files.createTempDirectory("other");
    ServerUnderTest.run(Map.of(), "", "init", "enc-key", "--home", other.toString());
    String right = Files.readString(home.resolve("keys"));
    Files.writeString(home.resolve("keys"), Files.readString(other.resolve("keys")));
    refused(Map.of(), "key");
    Files.writeString(home.resolve("keys"), right);
  }

  @Test
  void aKeyFileThatOthersCanRead() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("keys"), PosixFilePermissions.fromString("rw-r--r--"));
    refused(Map.of(), "keys");
  }

  @Test
  void anUnreachableDatabase() {
    refused(
        Map.of("LINOTP_DATABASE_URI", "postgresql://u:secret@127.0.0.1:1/x"),
        "cannot reach the database");
  }

  @Test
  void aDatabaseThatIsNotSupported() {
    refused(Map.of("LINOTP_DATABASE_URI", "sqlite:///x.db"), "SQLite is not supported");
  }

  @Test
  void aNewerSchema() throws Exception {
    try (var connection =
            java.sql.DriverManager.getConnection(
                "jdbc:h2:file:" + home.resolve("db").resolve("linotp"), "sa", "");
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO \"schema_history\" (\"installed_rank\", \"version\", \"description\","
              + " \"type\", \"script\", \"installed_by\", \"execution_time\", \"success\")"
              + " VALUES (99, '99', 'future', 'SQL', 'V99__future.sql', 'sa', 1, TRUE)");
    }
    refused(Map.of(), "start a newer linotp-ee");
  }

  @Test
  void aPortInUse() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused(Map.of(), "cannot listen", String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void anInvalidSetting() {
    refused(Map.of("LINOTP_JWT_ACCESS_TOKEN_EXPIRES", "soon"), "JWT_ACCESS_TOKEN_EXPIRES");
    refused(Map.of("LINOTP_PASSWORD_HASH_MEMORY", "16"), "must be 1024 to 1048576 KiB");
  }

  @Test
  void wrongUseIsStatus2() {
    assertThat(ServerUnderTest.run(Map.of(), "", "serve", "--nonsense").status()).isEqualTo(2);
    assertThat(ServerUnderTest.run(Map.of(), "", "nonsense").status()).isEqualTo(2);
  }
}
