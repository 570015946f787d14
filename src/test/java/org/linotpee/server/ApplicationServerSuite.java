package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.gsm.ModemSimulator;

/**
 * WAR and EAR on an application server, set up by the scripts that docs/deployment.md names: one
 * start, both archives one after the other on the same home directory. Runs with profile {@code
 * servers}, which unpacks the servers.
 */
@EnabledIfSystemProperty(
    named = "linotp.servers",
    matches = "true",
    disabledReason = "runs with mvn verify -P servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ApplicationServerSuite {
  private static final Path WAR = Path.of("target", "linotp-ee.war");

  private final ApplicationServer.Kind kind;
  private final ModemSimulator modem = new ModemSimulator();
  private final ModemSimulator second = new ModemSimulator();
  private ApplicationServer server;
  private Path home;
  private Path folder;
  private Path modemPort;
  private Path secondPort;
  private int reports;
  private int counter;

  ApplicationServerSuite(ApplicationServer.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    assertThat(kind.present()).as("%s was unpacked", kind).isTrue();
    assertThat(ModemSimulator.serialDevices()).as("socat is there").isTrue();
    folder = temporary;
    home = folder.resolve("home");
    ServerUnderTest.prepare(home, Map.of());
    modemPort = folder.resolve("modem");
    modem.plugIn(modemPort);
    secondPort = folder.resolve("modem2");
    second.plugIn(secondPort);
    server = ApplicationServer.start(kind, Map.of());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    modem.close();
    second.close();
  }

  private Client administrator() {
    var client = new Client(server.url());
    assertThat(client.login("admin", ServerUnderTest.PASSWORD).status()).isEqualTo(200);
    return client;
  }

  private boolean check(String password) {
    return new Client(server.url())
        .post("/validate/check_s", "serial", "H1", "pass", password)
        .accepted();
  }

  private void aValueIsAcceptedOnce() {
    String value = "p" + Client.hotp(counter++);
    assertThat(check(value)).isTrue();
    assertThat(check(value)).isFalse();
  }

  private void consolePagesServe(Client admin) {
    Client.Answer login = new Client(server.url()).get("/manage/login");
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.text()).contains("type=\"password\"");
    Client.Answer tokens = admin.get("/ui/manage/tokens/index.xhtml");
    assertThat(tokens.status()).isEqualTo(200);
    assertThat(tokens.text()).contains("H1").contains("alice");
    Client.Answer script = admin.get("/ui/jakarta.faces.resource/faces.js?ln=jakarta.faces");
    assertThat(script.status()).isEqualTo(200);
    assertThat(new Client(server.url()).get("/ui/manage/tokens/index.xhtml").text())
        .doesNotContain("H1");
  }

  @Test
  @Order(1)
  void withoutHomeItIsRefusedWithAClearMessage() {
    assertThat(server.tryToDeploy(WAR).status()).isNotZero();
    assertThat(server.log())
        .contains(
            "linotp-ee cannot start: the home directory is not set: start the server with the"
                + " environment variable LINOTP_HOME or the system property linotp.home");
  }

  @Test
  @Order(2)
  void theWarServes() {
    server.home(home);
    ApplicationServer.Done prepared = server.script(kind.preparation());
    assertThat(prepared.status()).as(prepared.output()).isZero();
    server.deploy(WAR);
    Client admin = administrator();
    admin.people("alice,1,Adams,Alice,,,+491711234567,pw\n");
    admin
        .post(
            "/admin/init",
            "otpkey",
            Client.SEED,
            "serial",
            "H1",
            "pin",
            "p",
            "user",
            "alice",
            "realm",
            "people")
        .value();
    aValueIsAcceptedOnce();
    assertThat(admin.get("/admin/show").value().path("data")).hasSize(1);
    assertThat(SmsByModem.auditRows(admin, "validate/check_s")).hasSize(2);
    consolePagesServe(admin);
    assertThat(new Client(server.url()).get("/admin/show").status()).isEqualTo(401);
    JsonNode refused =
        admin.post("/admin/init", "type", "nosuchtype").json().path("result").path("error");
    assertThat(refused.path("code").asInt()).isNotZero();
    if (kind == ApplicationServer.Kind.WILDFLY) {
      assertThat(server.log()).as("connections are given back").doesNotContain("IJ000315");
    }
  }

  @Test
  @Order(3)
  void theWarSendsByModem() {
    sends("{\"PORT\": \"%s\", \"STATUS_REPORT\": true}".formatted(modemPort), modem);
    assertThat(server.log()).contains(SmsByModem.EMBEDDED);
  }

  private void sends(String configuration, ModemSimulator by) {
    SmsByModem.sends(administrator(), configuration, by, ++reports);
  }

  @Test
  @Order(4)
  void theEarServes() throws Exception {
    server.undeploy(WAR);
    server.deploy(EnterpriseArchive.EAR.path());
    aValueIsAcceptedOnce();
    Client admin = administrator();
    assertThat(admin.get("/admin/show").value().path("data")).hasSize(1);
    consolePagesServe(admin);
  }

  @Test
  @Order(5)
  void theEarSendsByItsResourceAdapter() {
    sends("{\"PORT\": \"%s\", \"STATUS_REPORT\": true}".formatted(modemPort), modem);
    assertThat(server.log().split(SmsByModem.EMBEDDED, -1))
        .as("the WAR alone has driven the modem itself")
        .hasSize(2);
  }

  @Test
  @Order(6)
  void theEarSendsByAModemThatTheAdministratorHasConfigured() throws IOException {
    Path scripts = Files.createDirectory(folder.resolve("scripts"));
    boolean named = false;
    try (var files = Files.list(kind.modemScript().getParent())) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        named |= text.contains("/dev/ttyUSB0");
        Files.writeString(
            scripts.resolve(file.getFileName()),
            text.replace("/dev/ttyUSB0", secondPort.toString()));
      }
    }
    assertThat(named).as("the scripts name a device").isTrue();
    Path ours = scripts.resolve(kind.modemScript().getFileName());
    ApplicationServer.Done done = server.script(ours);
    assertThat(done.status()).as(done.output()).isZero();
    sends(
        "{\"CONNECTION_FACTORY\": \"%s\", \"STATUS_REPORT\": true}".formatted(kind.modemName()),
        second);
  }
}
