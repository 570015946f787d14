package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance scenarios against the packaged server. {@code expected-to-pass.txt} names those
 * that hold; the list only grows ({@code bin/conformance-update}).
 */
class ConformanceIT {
  private static final Path KIT = Path.of("src", "test", "conformance");
  private static final Path SQLITE = Path.of("target", "run", "test-drivers", "sqlite-jdbc.jar");

  /** WildFly writes types of content without the blank, which means the same (RFC 9110). */
  private static final Set<String> DIFFERENT_ON_WILDFLY =
      Set.of("validate_flows: challenge: qr asks for an image of the prompt");

  private static final Path REPORT = Path.of("target", "conformance.json");

  @Test
  void whatHeldStillHolds(@TempDir Path folder) throws Exception {
    var expected = new TreeSet<>(Files.readAllLines(KIT.resolve("expected-to-pass.txt")));
    if (System.getProperty("linotp.server", "").equals("wildfly")) {
      expected.removeAll(DIFFERENT_ON_WILDFLY);
    }
    Path drivers = Files.createDirectories(folder.resolve("home").resolve("drivers"));
    Files.copy(SQLITE, drivers.resolve("sqlite-jdbc.jar"));
    try (var server =
        ServerUnderTest.start(
            folder.resolve("home"), Map.of("LINOTP_TRUSTED_PROXIES", "127.0.0.1"))) {
      var command =
          new ArrayList<>(
              List.of(
                  "python3",
                  KIT.resolve("run.py").toString(),
                  "--base-url",
                  server.url(),
                  "--admin",
                  "admin:" + ServerUnderTest.PASSWORD,
                  "--report",
                  REPORT.toString()));
      expected.forEach(
          name -> command.addAll(List.of("--only", name.substring(name.indexOf(": ") + 2))));
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(Path.of("target", "conformance.log").toFile())
          .start()
          .waitFor();
    }
    var problems = new TreeMap<String, String>();
    for (JsonNode result : new ObjectMapper().readTree(REPORT.toFile())) {
      String name = result.path("module").asText() + ": " + result.path("name").asText();
      if (expected.contains(name) && !result.path("passed").asBoolean()) {
        problems.put(name, result.path("problem").asText() + result.path("skipped").asText());
      }
      expected.remove(name);
    }
    assertThat(problems).isEmpty();
    assertThat(expected).as("scenarios that were not run").isEmpty();
  }
}
