package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** From an empty folder to accepted passwords, over HTTP, on the database of the subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class MainJobSuite {
  private static final String USERS = "alice,1,Adams,Alice,,,,pw\nbob,2,,,,,,pw\njörg,3,,,,,,pw\n";

  private Map<String, String> environment;
  private ServerUnderTest server;
  private Client admin;
  private Path home;

  /** Settings that name an empty database. */
  abstract Map<String, String> environment();

  @BeforeAll
  void startServer(@TempDir Path folder) throws Exception {
    home = Files.createDirectories(folder.resolve("home"));
    environment = environment();
    if (!environment.isEmpty()) {
      var keys = ServerUnderTest.run(environment, "", "init", "enc-key", "--home", home.toString());
      assertThat(keys.status()).as(keys.output()).isZero();
    }
    server = ServerUnderTest.start(home, environment);
    admin = server.administrator();
    admin.people(USERS);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void noTokens() {
    admin = server.administrator();
    admin
        .get("/admin/show")
        .value()
        .path("data")
        .forEach(row -> admin.post("/admin/remove", "serial", serial(row)).value());
  }

  private static String serial(JsonNode row) {
    return row.path("LinOtp.TokenSerialnumber").asText();
  }

  private boolean check(String user, String password) {
    return server.client().post("/validate/check", "user", user, "pass", password).accepted();
  }

  @Test
  @Order(1)
  void theFirstTokenIsAcceptedOnce() {
    assertThat(
            admin
                .post("/admin/init", "user", "alice", "otpkey", Client.SEED, "pin", "1234")
                .accepted())
        .isTrue();
    assertThat(check("alice", "1234" + Client.hotp(0))).isTrue();
    assertThat(check("alice", "1234" + Client.hotp(0))).isFalse();
    assertThat(check("Alice", "1234" + Client.hotp(1))).isFalse();
    assertThat(check("alice", "1234" + Client.hotp(1))).isTrue();
  }

  @Test
  @Order(1)
  void textsBeyondAsciiSurvive() {
    admin
        .post(
            "/admin/init",
            "user",
            "jörg",
            "type",
            "pw",
            "otpkey",
            "пароль€",
            "pin",
            "ß",
            "serial",
            "P1",
            "description",
            "größer 😀")
        .value();
    assertThat(check("jörg", "ßпароль€")).isTrue();
    assertThat(
            admin.get("/admin/show").value().path("data").get(0).path("LinOtp.TokenDesc").asText())
        .isEqualTo("größer 😀");
  }

  @Test
  @Order(1)
  void of64ParallelRequestsWithOneValueOneIsAccepted() throws Exception {
    admin.post("/admin/init", "user", "alice", "otpkey", Client.SEED, "serial", "H1").value();
    for (int round = 0; round < 3; round++) {
      String value = Client.hotp(round);
      assertThat(inParallel(64, () -> check("alice", value))).isEqualTo(1);
      admin.post("/admin/reset", "serial", "H1").value(); // the 63 others have locked it
    }
    assertThat(
            admin
                .get("/admin/show", "serial", "H1")
                .value()
                .path("data")
                .get(0)
                .path("LinOtp.Count")
                .asInt())
        .isEqualTo(3);
  }

  private static long inParallel(int requests, Callable<Boolean> request) throws Exception {
    var pool = Executors.newFixedThreadPool(requests);
    try {
      long accepted = 0;
      for (var answer : pool.invokeAll(java.util.Collections.nCopies(requests, request))) {
        accepted += answer.get() ? 1 : 0;
      }
      return accepted;
    } finally {
      pool.shutdown();
    }
  }

  @Test
  @Order(1)
  void everyRequestHasItsAuditRow() {
    admin.post("/admin/init", "user", "bob", "otpkey", Client.SEED, "serial", "H7").value();
    check("bob", "wrong");
    check("bob", Client.hotp(0));
    JsonNode rows =
        admin
            .get("/audit/search", "serial", "H7", "sortname", "number", "sortorder", "asc")
            .json()
            .path("rows");
    var actions = new ArrayList<String>();
    rows.forEach(
        row ->
            actions.add(row.path("cell").get(4).asText() + " " + row.path("cell").get(5).asText()));
    assertThat(actions).containsExactly("admin/init 1", "validate/check 0", "validate/check 1");
    rows.forEach(
        row ->
            assertThat(row.path("cell").get(1).asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00"));
    assertThat(admin.get("/audit/search", "serial", "H7", "outform", "csv").text().lines())
        .hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  @Order(1)
  void refusesWhoIsNotLoggedInAndForgedRequests() {
    assertThat(server.client().get("/admin/show").status()).isEqualTo(401);
    var attacker = server.client();
    assertThat(attacker.login("admin", "wrong").status()).isEqualTo(401);
    assertThat(attacker.post("/admin/init", "genkey", "1").status()).isEqualTo(401);
  }

  @Test
  @Order(1)
  void pathsThatAreWrittenOtherwiseLeadAroundNoCheck() {
    for (String path :
        List.of(
            "/ui/auth/../manage/tokens/index.xhtml",
            "/ui/auth/..;/manage/tokens/index.xhtml",
            "/ui/jakarta.faces.resource/../manage/tokens/index.xhtml",
            "/%75i/manage/tokens/index.xhtml",
            "/system/getConfig")) {
      assertThat(server.client().get(path).status()).as(path).isIn(302, 400, 401, 403, 404);
    }
    for (String path : List.of("/system;a=b/getConfig", "/system/getConfig;a=b")) {
      assertThat(admin.get(path).status()).as(path).isIn(400, 404);
    }
  }

  @Test
  @Order(1)
  void injectedTextsAreJustTexts() {
    admin.post("/admin/init", "user", "alice", "otpkey", Client.SEED, "serial", "H1").value();
    for (String text : List.of("' OR '1'='1", "%", "_1", "alice' --", "x\r\nSet-Cookie: a=b")) {
      assertThat(admin.get("/admin/show", "serial", text).value().path("data")).isEmpty();
      assertThat(admin.get("/admin/show", "user", text).value().path("data")).isEmpty();
      assertThat(check(text, Client.hotp(0))).isFalse();
    }
    assertThat(admin.get("/admin/show", "sortby", "t.id; DROP TABLE token").errorCode())
        .isEqualTo(-311);
    assertThat(check("alice", Client.hotp(0))).isTrue();
  }

  @Test
  @Order(2)
  void sessionsAndTokensSurviveARestart() {
    admin.post("/admin/init", "user", "alice", "otpkey", Client.SEED, "serial", "H1").value();
    assertThat(check("alice", Client.hotp(0))).isTrue();
    String session = admin.cookie("access_token_cookie").orElseThrow();
    assertThat(server.stop()).isZero();
    server = ServerUnderTest.start(home, environment);
    assertThat(check("alice", Client.hotp(0))).isFalse();
    assertThat(check("alice", Client.hotp(1))).isTrue();
    assertThat(server.client().withSession(session).get("/admin/show").status()).isEqualTo(200);
    assertThat(server.output()).doesNotContain("was created");
  }

  /** The examples of the manual's chapters about administrative interfaces and tokens. */
  @Test
  @Order(1)
  void theManualsExamplesWork() {
    Client script = server.client();
    assertThat(
            script
                .post("/admin/login/", "username", "admin", "password", ServerUnderTest.PASSWORD)
                .status())
        .isEqualTo(200);
    assertThat(script.get("/admin/show").json().path("result").path("status").asBoolean()).isTrue();
    JsonNode created = script.post("/admin/init", "type", "pw", "otpkey", "geheim1").json();
    assertThat(created.path("result").path("status").asBoolean()).isTrue();
    String serial = created.path("detail").path("serial").asText();
    assertThat(serial).startsWith("KIPW");
    assertThat(script.get("/admin/show", "sortby", "nothing", "httperror", "500").status())
        .isEqualTo(500);
    assertThat(script.post("/admin/disable", "serial", serial).value().asInt()).isEqualTo(1);
    assertThat(script.post("/admin/enable", "serial", serial).value().asInt()).isEqualTo(1);
    assertThat(script.post("/admin/delete", "serial", serial).value().asInt()).isEqualTo(1);
    assertThat(script.get("/admin/show", "serial", serial).value().path("data")).isEmpty();
    assertThat(script.get("/audit/search", "serial", serial).json().path("total").asInt())
        .isEqualTo(4);
  }

  /** Unassigned, without realm, and orphaned: assigned to a user who is not there any more. */
  @Test
  @Order(1)
  void orphanedTokensAreFoundAsTheManualTells() {
    admin.people(USERS + "carol,4,,,,,,pw\n");
    for (String user : List.of("alice", "carol")) {
      admin.post("/admin/init", "type", "spass", "serial", "of-" + user, "user", user).value();
    }
    admin.post("/admin/init", "type", "spass", "serial", "nobodys").value();
    admin.post("/admin/init", "type", "spass", "serial", "unassigned", "user", "bob", "pin", "p");
    assertThat(check("bob", "p")).isTrue();
    admin.post("/admin/unassign", "serial", "unassigned").value();
    admin.people(USERS);
    assertThat(listed("user", "/:no user info:/")).containsExactly("of-carol");
    assertThat(listed("user", "/:no user:/")).containsExactly("nobodys", "unassigned");
    assertThat(listed("realm", "/:no realm:/")).containsExactly("nobodys");
    assertThat(listed("viewrealm", "''")).containsExactly("nobodys");
    JsonNode orphan = admin.get("/admin/show", "serial", "of-carol").value().path("data").get(0);
    assertThat(orphan.path("User.username").asText()).isEqualTo("/:no user info:/");
    assertThat(admin.post("/admin/losttoken", "serial", "of-carol").errorCode()).isEqualTo(-311);
    admin.post("/admin/assign", "serial", "unassigned", "user", "bob").value();
    assertThat(check("bob", "p")).as("the PIN was cleared").isFalse();
    assertThat(admin.post("/admin/remove", "serial", "of-carol").value().asInt()).isEqualTo(1);
  }

  private List<String> listed(String... filter) {
    var serials = new ArrayList<String>();
    admin.get("/admin/show", filter).value().path("data").forEach(row -> serials.add(serial(row)));
    return serials.stream().sorted().toList();
  }

  private static final List<List<String>> BAD =
      List.of(
          List.of("/admin/init", "type", "nosuch"),
          List.of("/admin/init", "otpkey", "xyz", "serial", "B1"),
          List.of("/admin/init", "genkey", "1", "user", "nobody"),
          List.of("/admin/init", "genkey", "1", "otplen", "7"),
          List.of("/admin/init", "genkey", "1", "serial", "a*"),
          List.of("/admin/init", "type", "pw", "otpkey", "x", "serial", "T1"),
          List.of("/admin/assign", "serial", "T1", "user", "nobody"),
          List.of("/admin/assign", "serial[]", "T1", "serial[]", "nosuch", "user", "bob"),
          List.of("/admin/assign", "serial", "T1"),
          List.of("/admin/unassign", "serial", "nosuch"),
          List.of("/admin/enable", "serial", "nosuch"),
          List.of("/admin/remove", "serial[]", "T1", "serial[]", "nosuch"),
          List.of("/admin/remove"),
          List.of("/admin/resync", "serial", "T1", "otp1", "1"),
          List.of("/admin/set", "serial", "T1", "pin", "new", "MaxFailCount", "many"),
          List.of("/admin/set", "serial", "T1", "validityPeriodEnd", "tomorrow"),
          List.of("/admin/set", "serial", "T1", "nothing", "known"),
          List.of("/admin/setPin", "serial", "T1"),
          List.of(
              "/admin/setValidity", "tokens", "T1", "countAuthMax", "7", "validityPeriodEnd", "x"),
          List.of("/admin/tokenrealm", "serial", "nosuch", "realms", "people"),
          List.of("/admin/copyTokenPin", "from", "T1", "to", "nosuch"),
          List.of("/admin/copyTokenUser", "from", "nosuch", "to", "T1"),
          List.of("/admin/losttoken", "serial", "T2"),
          List.of("/admin/unpair", "serial", "T1"),
          List.of("/system/setConfig", "good", "1", "user_lookup_cache.expiration", "soon"),
          List.of("/system/setConfig", "key", "alone"),
          List.of("/system/delConfig"),
          List.of("/system/setDefault", "nothing", "known"),
          List.of("/system/setRealm", "realm", "new", "resolvers", "nonsense"),
          List.of("/system/setRealm", "realm", "ä", "resolvers", "sqlresolver.people"),
          List.of("/system/delRealm", "realm", "Linotp_Admins"),
          List.of(
              "/system/setResolver", "name", "people", "type", "passwdresolver", "fileName", "/"),
          List.of("/system/setResolver", "name", "some", "type", "nosuch"),
          List.of(
              "/system/setResolver",
              "name",
              "renamed",
              "previous_name",
              "LinOTP_local_admins",
              "type",
              "sqlresolver",
              "Password",
              ""),
          List.of("/system/delResolver", "resolver", "people"),
          List.of("/system/delResolver", "resolver", "LinOTP_local_admins"),
          List.of(
              "/system/setPolicy", "name", "p", "scope", "admin", "action", "nosuch", "realm", "*"),
          List.of(
              "/system/setProvider", "type", "sms", "name", "x", "class", "nosuch", "timeout", "1"),
          List.of("/system/setSupport", "license", "none"),
          List.of("/tools/migrate_resolver", "from", "people", "to", "nosuch"),
          List.of("/tools/import_users", "resolver", "people"),
          List.of("/tools/setPassword", "old_password", "wrong", "new_password", "x"));

  private String state() {
    return admin.get("/admin/show").value().path("data").toString()
        + admin.get("/system/getConfig").value()
        + admin.get("/system/getPolicy").value()
        + admin.get("/admin/userlist", "username", "*").text();
  }

  @Test
  @Order(1)
  void badInputChangesNothingAndIsAudited() {
    admin.post("/admin/init", "serial", "T1", "user", "alice", "otpkey", Client.SEED, "pin", "p");
    admin.post("/admin/init", "serial", "T2", "type", "spass").value();
    String before = state();
    for (List<String> bad : BAD) {
      String[] parameters = bad.subList(1, bad.size()).toArray(String[]::new);
      JsonNode result = admin.post(bad.get(0), parameters).json().path("result");
      assertThat(result.path("status").asBoolean()).as(bad.toString()).isFalse();
      JsonNode row =
          admin
              .get(
                  "/audit/search",
                  "action",
                  bad.get(0).substring(1),
                  "sortname",
                  "number",
                  "sortorder",
                  "desc",
                  "page",
                  "1",
                  "rp",
                  "1")
              .json()
              .path("rows")
              .get(0)
              .path("cell");
      assertThat(row.path(5).asText()).as(bad.toString()).isEqualTo("0");
      assertThat(row.path(10).asText()).as(bad.toString()).contains("admin@linotp_admins");
      assertThat(row.path(12).asText()).as(bad + " says why").isNotEmpty();
    }
    assertThat(state()).isEqualTo(before);
    assertThat(check("alice", "p" + Client.hotp(0))).as("nothing was spent").isTrue();
  }

  private void logInUntilTheServerDies(String user, AtomicLong next, Set<String> accepted) {
    Client client = server.client();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long counter = next.getAndIncrement();
        if (client.post("/validate/check", "user", user, "pass", Client.hotp(counter)).accepted()) {
          accepted.add(user + " " + counter);
        }
      }
    } catch (UncheckedIOException killed) {
      return;
    }
  }

  /** Accepted means stored: neither the counter nor the audit row may be lost. */
  @Test
  @Order(3)
  void aKillUnderLoadLosesNothingThatWasAnswered() throws Exception {
    for (String user : List.of("alice", "bob")) {
      admin.post("/admin/init", "user", user, "otpkey", Client.SEED, "serial", "K" + user).value();
    }
    Set<String> accepted = ConcurrentHashMap.newKeySet();
    Map<String, AtomicLong> next = Map.of("alice", new AtomicLong(), "bob", new AtomicLong());
    var pool = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 8; i++) {
      String user = i % 2 == 0 ? "alice" : "bob";
      pool.execute(() -> logInUntilTheServerDies(user, next.get(user), accepted));
    }
    Thread.sleep(4000);
    server.kill();
    pool.shutdownNow();
    pool.awaitTermination(20, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(accepted).hasSizeGreaterThan(20);

    server = ServerUnderTest.start(home, environment);
    admin = server.administrator();
    var used = new HashSet<String>(accepted);
    for (String entry : used) {
      String[] parts = entry.split(" ");
      String value = Client.hotp(Long.parseLong(parts[1]));
      // the last values of each user could fall into the window again if the counter were lost
      if (Long.parseLong(parts[1]) > next.get(parts[0]).get() - 30) {
        assertThat(check(parts[0], value)).as("replay of " + entry).isFalse();
      }
    }
    for (String user : List.of("alice", "bob")) {
      long rows =
          admin
              .get(
                  "/audit/search",
                  "serial",
                  "K" + user,
                  "action",
                  "validate/check",
                  "success",
                  "1",
                  "rp",
                  "1")
              .json()
              .path("total")
              .asLong();
      long answered = accepted.stream().filter(e -> e.startsWith(user + " ")).count();
      assertThat(rows).isGreaterThanOrEqualTo(answered);
    }
  }

  @Test
  @Order(2)
  void aBackupCanBeRestored() {
    admin
        .post("/admin/init", "type", "spass", "serial", "KEPT", "user", "alice", "pin", "p")
        .value();
    String file =
        command("backup", "create")
            .lines()
            .filter(l -> l.endsWith(".jsonl"))
            .findFirst()
            .orElseThrow();
    admin.post("/admin/remove", "serial", "KEPT").value();
    assertThat(check("alice", "p")).isFalse();
    command("backup", "restore", "--yes", "--file", file);
    assertThat(check("alice", "p")).isTrue();
    assertThat(
            server
                .administrator()
                .post("/admin/init", "type", "spass", "serial", "NEW", "user", "bob", "pin", "q")
                .accepted())
        .isTrue();
  }

  private String command(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    var finished = ServerUnderTest.run(environment, "", all.toArray(new String[0]));
    assertThat(finished.status()).as(finished.output()).isZero();
    return finished.output();
  }
}
