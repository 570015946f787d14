package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two servers on one PostgreSQL with copies of one key file. */
@Isolated("it looks at the clock")
class NodesIT {
  private static final long SEEN_WITHIN_MILLIS = 2000;
  private static ServerUnderTest first;
  private static ServerUnderTest second;
  private static Client admin;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Map<String, String> environment = Databases.postgresEnvironment();
    Path one = Files.createDirectories(folder.resolve("one"));
    Path two = Files.createDirectories(folder.resolve("two"));
    var keys = ServerUnderTest.run(environment, "", "init", "enc-key", "--home", one.toString());
    assertThat(keys.status()).as(keys.output()).isZero();
    Files.copy(
        one.resolve("keys"), two.resolve("keys"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    first = ServerUnderTest.start(one, environment);
    second = ServerUnderTest.start(two, environment);
    admin = first.administrator();
    admin.people("alice,1,,,,,,pw\n");
  }

  @AfterAll
  static void stop() {
    if (second != null) {
      second.close();
    }
    if (first != null) {
      first.close();
    }
  }

  /** A client of the second node that carries the session of the first. */
  private static Client elsewhere() {
    return second.client().withSession(admin.cookie("access_token_cookie").orElseThrow());
  }

  private static void soon(BooleanSupplier seen) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SEEN_WITHIN_MILLIS);
    while (!seen.getAsBoolean()) {
      assertThat(System.nanoTime()).as("seen within two seconds").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  @Test
  void aChangeOfTheConfigurationIsSeenByTheOtherNode() throws Exception {
    Client other = elsewhere();
    admin.post("/system/setConfig", "key", "onTwoNodes", "value", "yes").value();
    soon(
        () ->
            other
                .get("/system/getConfig", "key", "onTwoNodes")
                .value()
                .path("getConfig onTwoNodes")
                .asText()
                .equals("yes"));
    admin
        .post(
            "/system/setRealm",
            "realm",
            "another",
            "resolvers",
            "useridresolver.SQLIdResolver.IdResolver.people")
        .value();
    soon(() -> other.get("/system/getRealms").value().has("another"));
    admin
        .post(
            "/system/setPolicy",
            "name",
            "nodes",
            "scope",
            "authentication",
            "action",
            "otppin=1",
            "realm",
            "another",
            "user",
            "*")
        .value();
    soon(() -> other.get("/system/getPolicy", "name", "nodes").value().has("nodes"));
    admin.post("/system/delPolicy", "name", "nodes").value();
    soon(() -> !other.get("/system/getPolicy", "name", "nodes").value().has("nodes"));
    admin.post("/system/delRealm", "realm", "another").value();
    soon(() -> !other.get("/system/getRealms").value().has("another"));
  }

  @Test
  void aUserWhoIsTakenAwayCannotLogInAtTheOtherNode() throws Exception {
    admin.people("alice,1,,,,,,pw\nbob,2,,,,,,pw\n");
    admin.post("/admin/init", "type", "spass", "serial", "S2", "user", "bob", "pin", "p").value();
    soon(() -> check(second, "bob", "p"));
    admin.people("alice,1,,,,,,pw\n");
    soon(() -> !check(second, "bob", "p"));
  }

  private static boolean check(ServerUnderTest node, String user, String password) {
    return node.client().post("/validate/check", "user", user, "pass", password).accepted();
  }

  @Test
  void aTokenIsOneTokenOnBothNodes() throws Exception {
    admin
        .post(
            "/admin/init",
            "type",
            "hmac",
            "serial",
            "H1",
            "user",
            "alice",
            "otpkey",
            Client.SEED,
            "pin",
            "h")
        .value();
    for (int counter = 0; counter < 5; counter++) {
      String password = "h" + Client.hotp(counter);
      var calls = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 4; i++) {
        ServerUnderTest node = i % 2 == 0 ? first : second;
        calls.add(() -> check(node, "alice", password));
      }
      assertThat(inParallel(calls)).as("value %d", counter).isEqualTo(1);
    }
  }

  private static long inParallel(List<Callable<Boolean>> calls) throws Exception {
    var pool = Executors.newFixedThreadPool(calls.size());
    try {
      long accepted = 0;
      for (var answer : pool.invokeAll(calls)) {
        accepted += answer.get() ? 1 : 0;
      }
      return accepted;
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aSessionEndsOnBothNodes() {
    Client session = second.administrator();
    Client same = first.client().withSession(session.cookie("access_token_cookie").orElseThrow());
    assertThat(same.get("/system/getRealms").status()).isEqualTo(200);
    session.get("/admin/logout");
    assertThat(same.get("/system/getRealms").status()).isEqualTo(401);
  }
}
