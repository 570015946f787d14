package org.linotpee.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.gsm.ModemSimulator;

/** The resource adapter on Payara Micro, deployed by the boot commands that are delivered. */
@EnabledIfSystemProperty(
    named = "linotp.servers",
    matches = "true",
    disabledReason = "runs with mvn verify -P servers")
class MicroAdapterIT {
  private static final Duration START = Duration.ofMinutes(3);

  @Test
  void theServerOwnsTheModem(@TempDir Path folder) throws Exception {
    Path home = folder.resolve("home");
    ServerUnderTest.prepare(home, Map.of());
    Path archive = EnterpriseArchive.WAR_BESIDE_RAR.path();
    int port = ServerUnderTest.freePort();
    Path log = folder.resolve("micro.log");
    var builder =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx700m",
                    "-jar",
                    "target/run/payara-micro.jar",
                    "--nohazelcast",
                    "--port",
                    String.valueOf(port),
                    "--postbootcommandfile",
                    "glassfish-config/micro-postboot",
                    "--deploy",
                    archive.toString(),
                    "--contextroot",
                    "/"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LINOTP_"));
    builder.environment().put("LINOTP_HOME", home.toString());
    Process server = builder.start();
    try (var modem = new ModemSimulator()) {
      Path device = folder.resolve("modem");
      modem.plugIn(device);
      String url = "http://127.0.0.1:" + port;
      awaitStart(server, url, log);
      var admin = new Client(url);
      admin.login("admin", ServerUnderTest.PASSWORD);
      SmsByModem.sends(
          admin, "{\"PORT\": \"%s\", \"STATUS_REPORT\": true}".formatted(device), modem, 1);
      assertThat(Files.readString(log, UTF_8)).doesNotContain(SmsByModem.EMBEDDED);
    } finally {
      server.destroy();
      if (!server.waitFor(40, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  private static void awaitStart(Process server, String url, Path log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!healthy(url)) {
      if (!server.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("it has not started:\n" + Files.readString(log, UTF_8));
      }
      Thread.sleep(200);
    }
  }

  private static boolean healthy(String url) {
    try {
      return new Client(url).get("/healthcheck/status").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
