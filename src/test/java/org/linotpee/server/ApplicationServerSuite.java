package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.gsm.ModemSimulator;

/**
 * The WAR and, on WildFly, the EAR on an application server: one start, both archives one after the
 * other on the same home directory. Runs with profile {@code servers}, which unpacks the servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ApplicationServerSuite {
  private static final Path WAR = Path.of("target", "linotp-ee.war");
  private static final Path EAR = Path.of("ear-packaging", "ear", "target", "linotp-ee.ear");

  private final ApplicationServer.Kind kind;
  private final ModemSimulator modem = new ModemSimulator();
  private ApplicationServer server;
  private Path modemPort;

  ApplicationServerSuite(ApplicationServer.Kind kind) {
    this.kind = kind;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(kind.present(), kind + " was not unpacked: run mvn verify -P servers");
    Path home = folder.resolve("home");
    var environment = new HashMap<>(Map.of("LINOTP_HOME", home.toString()));
    succeeds("", "init", "all", "--home", home.toString());
    succeeds("", "local-admins", "add", "admin", "--home", home.toString());
    succeeds(
        ServerUnderTest.PASSWORD + "\n",
        "local-admins",
        "password",
        "admin",
        "--password",
        "-",
        "--home",
        home.toString());
    modemPort = folder.resolve("modem");
    if (ModemSimulator.serialDevices()) {
      modem.plugIn(modemPort);
    }
    server = ApplicationServer.start(kind, environment);
  }

  private static void succeeds(String input, String... arguments) {
    var finished = ServerUnderTest.run(Map.of(), input, arguments);
    assertThat(finished.status()).as(finished.output()).isZero();
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
    modem.close();
  }

  private Client administrator() {
    var client = new Client(server.url());
    assertThat(client.login("admin", ServerUnderTest.PASSWORD).status()).isEqualTo(200);
    return client;
  }

  private boolean check(String serial, String password) {
    return new Client(server.url())
        .post("/validate/check_s", "serial", serial, "pass", password)
        .accepted();
  }

  @Test
  @Order(1)
  void theWarServes() {
    server.deploy(WAR);
    Client admin = administrator();
    admin.people("alice,1,Adams,Alice,,,+491711234567,pw\n");
    admin.post("/admin/init", "otpkey", Client.SEED, "serial", "H1", "pin", "p").value();
    assertThat(check("H1", "p" + Client.hotp(0))).isTrue();
    assertThat(check("H1", "p" + Client.hotp(0))).isFalse();
    assertThat(admin.get("/admin/show").value().path("data")).hasSize(1);
    assertThat(auditRows(admin, "validate/check_s")).isEqualTo(2);
    assertThat(new Client(server.url()).get("/admin/show").status()).isEqualTo(401);
    JsonNode refused =
        admin.post("/admin/init", "type", "nosuchtype").json().path("result").path("error");
    assertThat(refused.path("code").asInt()).isNotZero();
    if (kind == ApplicationServer.Kind.WILDFLY) {
      assertThat(server.log()).as("connections are given back").doesNotContain("IJ000315");
    }
  }

  private static int auditRows(Client admin, String action) {
    int found = 0;
    for (JsonNode row :
        admin.get("/audit/search", "rp", "100", "action", action).json().path("rows")) {
      found += row.toString().contains(action) ? 1 : 0;
    }
    return found;
  }

  @Test
  @Order(2)
  void theWarSendsByModem() {
    Assumptions.assumeTrue(ModemSimulator.serialDevices(), "socat is missing");
    sends("war");
  }

  /** A challenge goes out by SMS, its delivery is reported, and the value is accepted. */
  private void sends(String prefix) {
    Client admin = administrator();
    admin
        .post(
            "/system/setProvider",
            "type",
            "sms",
            "name",
            "modem",
            "class",
            "smsprovider.DeviceSMSProvider.DeviceSMSProvider",
            "timeout",
            "300",
            "config",
            "{\"PORT\": \"%s\", \"STATUS_REPORT\": true}".formatted(modemPort),
            "default",
            "true")
        .value();
    var test = admin.post("/system/testProvider", "type", "sms", "name", "modem");
    assertThat(test.accepted()).as(String.valueOf(test.json())).isTrue();
    int before = modem.sent.size();
    var sent =
        admin.post(
            "/system/testProvider",
            "type",
            "sms",
            "name",
            "modem",
            "to",
            "+491711234567",
            "message",
            prefix + " 755224 ü");
    assertThat(sent.accepted()).as(String.valueOf(sent.json())).isTrue();
    assertThat(modem.sent).hasSize(before + 1);
    assertThat(modem.sent.get(before).number()).isEqualTo("+491711234567");
    assertThat(modem.sent.get(before).text()).contains(prefix + " 755224 ü");
    ModemSimulator.await(() -> auditRows(admin, "gsm/report") >= (prefix.equals("war") ? 1 : 2));
  }

  @Test
  @Order(3)
  void theEarServes() throws Exception {
    Assumptions.assumeTrue(
        kind == ApplicationServer.Kind.WILDFLY, "the enterprise archive is for WildFly");
    Process maven =
        new ProcessBuilder("mvn", "-B", "-q", "-ntp", "-f", "ear-packaging/ear/pom.xml", "package")
            .inheritIO()
            .start();
    assertThat(maven.waitFor()).isZero();
    assertThat(Files.size(EAR)).isPositive();
    server.undeploy();
    server.deploy(EAR);
    assertThat(check("H1", "p" + Client.hotp(1))).isTrue();
    assertThat(check("H1", "p" + Client.hotp(1))).isFalse();
    assertThat(administrator().get("/admin/show").value().path("data")).hasSize(1);
  }

  @Test
  @Order(4)
  void theEarSendsByItsResourceAdapter() {
    Assumptions.assumeTrue(
        kind == ApplicationServer.Kind.WILDFLY, "the enterprise archive is for WildFly");
    Assumptions.assumeTrue(ModemSimulator.serialDevices(), "socat is missing");
    sends("ear");
    assertThat(server.log().split("modems are driven by the application itself", -1))
        .as("times that the adapter was started inside the application: the WAR's")
        .hasSizeLessThanOrEqualTo(2);
  }
}
