package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of 100,000 tokens in a server with little memory. */
class LargeImportIT {
  private static final int TOKENS = 100_000;

  private static String file(int tokens, String lastLine) {
    var lines = new StringBuilder("# serial, seed\n");
    for (int i = 0; i < tokens; i++) {
      lines
          .append("BIG")
          .append(i)
          .append(", ")
          .append(String.format(Locale.ROOT, "%040x", i + 0x3132333435363738L))
          .append('\n');
    }
    return lines + lastLine + "\n";
  }

  private static long tokens(ServerUnderTest server) {
    return server
        .administrator()
        .get("/admin/show", "page", "1", "pagesize", "1")
        .value()
        .path("resultset")
        .path("tokens")
        .asLong();
  }

  @Test
  void isImportedOrNotAtAll(@TempDir Path folder) throws Exception {
    Path home = folder.resolve("home");
    try (var server =
        ServerUnderTest.start(
            home, Map.of("LINOTP_JAVA_OPTS", "-Xmx320m", "LINOTP_LOG_LEVEL", "INFO"))) {
      String refused =
          server.administrator().importTokens("oathcsv", "", file(20_000, "BAD, no hexadecimal"));
      assertThat(refused).contains("<status>False</status>").contains("non-hexadecimal");
      assertThat(tokens(server)).isZero();
      assertThat(server.administrator().importTokens("oathcsv", "", file(TOKENS, "")))
          .contains("<imported>" + TOKENS + "</imported>");
      assertThat(tokens(server)).isEqualTo(TOKENS);
      assertThat(Files.readString(home.resolve("logs").resolve("linotp.log")))
          .containsPattern("t: 10.000 tokens so far")
          .containsPattern("t: 100.000 tokens so far");
    }
  }
}
