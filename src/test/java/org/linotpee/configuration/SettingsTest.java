package org.linotpee.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** design.md section 3: defaults, linotp.cfg, environment, command line. */
class SettingsTest {
  @TempDir private Path home;

  private Settings load(Map<String, String> commandLine, Map<String, String> environment) {
    return Settings.load(home, commandLine, environment);
  }

  @Test
  void theStrongerSourceWins() throws Exception {
    assertThat(load(Map.of(), Map.of()).number(Setting.PORT)).isEqualTo(8080);
    Files.writeString(home.resolve("linotp.cfg"), "# mine\nPORT = 1\nLOG_LEVEL = 'INFO'\n");
    assertThat(load(Map.of(), Map.of()).number(Setting.PORT)).isEqualTo(1);
    var environment = Map.of("LINOTP_PORT", "2");
    assertThat(load(Map.of(), environment).number(Setting.PORT)).isEqualTo(2);
    Settings settings = load(Map.of("PORT", "3"), environment);
    assertThat(settings.number(Setting.PORT)).isEqualTo(3);
    assertThat(settings.sourceOf(Setting.PORT)).isEqualTo("command line");
    assertThat(settings.text(Setting.LOG_LEVEL)).isEqualTo("INFO");
    assertThat(settings.isDefault(Setting.BIND_ADDRESS)).isTrue();
  }

  @Test
  void invalidValuesNameTheirSource() {
    assertThatThrownBy(() -> load(Map.of(), Map.of("LINOTP_PORT", "many")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("PORT")
        .hasMessageContaining("LINOTP_PORT");
  }

  @Test
  void pathsAreBelowTheHome() {
    Settings settings = load(Map.of("LOG_FILE_DIR", "mylogs"), Map.of());
    assertThat(settings.path(Setting.LOG_FILE_DIR)).isEqualTo(home.resolve("mylogs"));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p%40ss@db.example.org:5433/otp, jdbc:postgresql://db.example.org:5433/otp, u, p@ss",
    "mysql://u:p@db/otp, jdbc:mariadb://db/otp, u, p",
    "mysql+mysqldb://u:p@db/otp, jdbc:mariadb://db/otp, u, p",
    "jdbc:postgresql://db/otp, jdbc:postgresql://db/otp, , ",
  })
  void databaseUrlsOfBothForms(String uri, String url, String user, String password) {
    DatabaseUrl target = DatabaseUrl.of(load(Map.of("DATABASE_URI", uri), Map.of()));
    assertThat(target.url()).isEqualTo(url);
    assertThat(target.properties().getProperty("user")).isEqualTo(user);
    assertThat(target.properties().getProperty("password")).isEqualTo(password);
    assertThat(target.toString()).doesNotContain("p@ss");
  }

  @Test
  void theOtherNameOfTheDatabaseUrlCounts() {
    assertThat(
            DatabaseUrl.of(load(Map.of(), Map.of("LINOTP_DATABASE_URL", "postgresql://h/x"))).url())
        .isEqualTo("jdbc:postgresql://h/x");
    assertThatThrownBy(
            () -> DatabaseUrl.of(load(Map.of("DATABASE_URI", "sqlite:////x.db"), Map.of())))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("SQLite is not supported");
  }

  @Test
  void theLogRotatesAndItsLinesCannotBeForged() throws Exception {
    LogFile log =
        LogFile.begin(
            load(
                Map.of(
                    "LOG_FILE_MAX_LENGTH", "300",
                    "LOG_FILE_MAX_VERSIONS", "2",
                    "LOG_LEVEL", "INFO"),
                Map.of()));
    var logger = java.util.logging.Logger.getLogger("org.linotpee.configuration.test");
    try {
      for (int i = 0; i < 20; i++) {
        logger.info("message " + i + "\n2026-01-01 forged");
      }
      logger.fine("not wanted");
    } finally {
      log.end();
    }
    Path folder = home.resolve("logs");
    assertThat(folder.resolve("linotp.log")).content().contains("INFO: message 19\\n2026");
    assertThat(folder.resolve("linotp.log.1")).exists();
    assertThat(folder.resolve("linotp.log.2")).exists();
    assertThat(folder.resolve("linotp.log.3")).doesNotExist();
    assertThat(folder.resolve("linotp.log")).content().doesNotContain("not wanted");
  }
}
