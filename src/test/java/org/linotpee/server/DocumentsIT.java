package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents tell to type works. */
class DocumentsIT {
  private static ServerUnderTest server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = ServerUnderTest.start(folder.resolve("home"), Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output;
    try (InputStream in = process.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** The block "first token" of the README, as it stands there. */
  @Test
  void theFirstTokenOfTheReadme() throws Exception {
    Matcher block =
        Pattern.compile("<!-- first token -->\\s*```bash\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();
    String script = block.group(1).replace("http://localhost:8080", server.url()) + "\n";
    String output = run(Map.of("PASSWORD", ServerUnderTest.PASSWORD), "bash", "-e", "-c", script);
    assertThat(output).contains("\"value\": true").contains("otpauth://");
  }

  @Test
  void theExampleOfTheManual() throws Exception {
    boolean library = new ProcessBuilder("python3", "-c", "import requests").start().waitFor() == 0;
    if (!library) {
      System.err.println("LEFT OUT: the manual's example; install python3-requests");
    }
    assumeTrue(library, "python3-requests is not installed");
    String output =
        run(
            Map.of(),
            "python3",
            "src/test/conformance/administrative_example.py",
            server.url(),
            "admin",
            ServerUnderTest.PASSWORD);
    assertThat(output).contains("--> Found").contains("created");
  }

  @Test
  void whatToolsRead() {
    Client client = server.client();
    assertThat(client.get("/healthcheck/status").json().path("status").asText()).isEqualTo("alive");
    assertThat(client.get("/healthcheck/metrics").text()).contains("# TYPE");
    var described = client.get("/static/openapi.json").json();
    assertThat(described.path("paths").has("/validate/check")).isTrue();
    assertThat(described.path("components").path("schemas").has("PolicyActions.authentication"))
        .isTrue();
  }
}
