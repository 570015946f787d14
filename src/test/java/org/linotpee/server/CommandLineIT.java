package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code bin/linotp}, with and without a running server. */
class CommandLineIT {
  @TempDir private Path home;

  private ServerUnderTest.Finished linotp(String input, String... arguments) {
    return ServerUnderTest.run(Map.of("LINOTP_HOME", home.toString()), input, arguments);
  }

  private void succeeds(String output, String... arguments) {
    var finished = linotp("", arguments);
    assertThat(finished.output()).contains(output);
    assertThat(finished.status()).isZero();
  }

  private void fails(String output, String... arguments) {
    var finished = linotp("", arguments);
    assertThat(finished.output()).contains(output).doesNotContain("\tat ");
    assertThat(finished.status()).isEqualTo(1);
  }

  @Test
  void helpAndVersionNeedNothing() {
    succeeds("local-admins", "--help");
    succeeds("linotp-ee ", "--version");
    succeeds("modify", "local-admins", "--help");
    succeeds("--port", "serve", "--help");
    succeeds("reseal", "keys", "--help");
  }

  @Test
  void settingsAreShownAndExplained() {
    succeeds("PORT=8080", "config", "show", "PORT");
    succeeds("Current value: 8080 (default)", "config", "explain", "PORT");
    succeeds("## LOG_LEVEL = \"WARNING\"", "config", "explain", "--sample-file");
    fails("No information on X", "config", "explain", "X");
    var shown =
        ServerUnderTest.run(
            Map.of(
                "LINOTP_HOME", home.toString(), "LINOTP_DATABASE_URI", "postgresql://u:secret@h/x"),
            "",
            "config",
            "show",
            "-m");
    assertThat(shown.output()).contains("DATABASE_URI=***").doesNotContain("secret");
  }

  @Test
  void localAdministratorsLogIn() {
    try (var server = ServerUnderTest.start(home, Map.of())) {
      succeeds("", "local_admins", "add", "rosa", "--email", "rosa@example.org");
      fails("already exists", "local-admins", "add", "rosa");
      succeeds("rosa:", "local-admins", "list", "-l");
      assertThat(server.client().login("rosa", "").status()).isEqualTo(401);
      assertThat(
              linotp("geheim 1\n", "local-admins", "password", "rosa", "--password", "-").status())
          .isZero();
      assertThat(server.client().login("rosa", "geheim 1").status()).isEqualTo(200);
      succeeds("", "local-admins", "modify", "rosa", "--surname", "Luxemburg");
      succeeds("rosa Luxemburg", "local-admins", "list", "--format", "{username} {surname}");
      fails("unknown field 'x'", "local-admins", "list", "--format", "{x}");
      fails("no account 'nobody'", "local-admins", "modify", "nobody");
      fails("no account 'nobody'", "local-admins", "password", "nobody", "--password", "x");
      fails("nothing was removed", "local-admins", "remove", "rosa");
      succeeds("", "local-admins", "remove", "rosa", "--yes");
      assertThat(server.client().login("rosa", "geheim 1").status()).isEqualTo(401);
      succeeds("", "local-admins", "enable");
    }
  }

  /** A running server looks once a second whether somebody else has changed the configuration. */
  private static void soon(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 50 && !condition.getAsBoolean(); i++) {
      Thread.sleep(200);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void policiesAreTheWayBackForWhoIsLockedOut() throws InterruptedException {
    succeeds("PIN + OTP for everyone", "policies", "templates");
    try (var server = ServerUnderTest.start(home, Map.of())) {
      Client admin = server.administrator();
      succeeds("[help_desk]", "policies", "preview", "help-desk", "administrators=hd1");
      succeeds("", "policies", "apply", "help-desk", "administrators=hd1", "realms=sales");
      soon(() -> admin.post("/admin/init", "genkey", "1").errorCode() == 410);
      assertThat(admin.get("/system/getPolicy", "name", "help_desk").value().has("help_desk"))
          .isTrue();
      succeeds(
          "help_desk decides",
          "policies",
          "check",
          "--scope",
          "admin",
          "--action",
          "reset",
          "--user",
          "hd1",
          "--realm",
          "sales");
      fails(
          "help_desk does not match the user",
          "policies",
          "check",
          "--scope",
          "admin",
          "--action",
          "reset",
          "--user",
          "x");
      succeeds("disabled", "policies", "disable", "help_desk");
      succeeds("help_desk [inactive]", "policies", "list");
      soon(() -> admin.post("/admin/init", "genkey", "1").accepted());
      Path file = home.resolve("policies.cfg");
      succeeds("", "policies", "export", file.toString());
      succeeds("1 policies imported", "policies", "import", file.toString());
      fails("no policy 'nope'", "policies", "disable", "nope");
    }
  }

  @Test
  void masterKeysRotate() {
    try (var server = ServerUnderTest.start(home, Map.of())) {
      Client admin = server.administrator();
      admin.post("/admin/init", "otpkey", Client.SEED, "serial", "H1", "pin", "p").value();
      succeeds("added k", "keys", "add");
    }
    try (var server = ServerUnderTest.start(home, Map.of())) {
      succeeds("sealed 3 tokens and entries", "keys", "reseal");
      assertThat(check(server, 0)).isTrue();
    }
    String old = linotp("", "keys", "list").output().lines().skip(1).findFirst().orElseThrow();
    fails("audit rows", "keys", "retire", old.split(" ")[0]);
    succeeds("retired", "keys", "retire", old.split(" ")[0], "--force");
    try (var server = ServerUnderTest.start(home, Map.of())) {
      assertThat(check(server, 1)).isTrue();
    }
  }

  private static boolean check(ServerUnderTest server, long counter) {
    return server
        .client()
        .post("/validate/check_s", "serial", "H1", "pass", "p" + Client.hotp(counter))
        .accepted();
  }

  @Test
  void keysCanBeKeptOnPaper() {
    succeeds("was created", "init", "enc-key");
    fails("exists already", "init", "enc-key");
    String paper = linotp("", "init", "enc-key", "--dump").output();
    Path other = home.resolve("other");
    var restored =
        ServerUnderTest.run(
            Map.of("LINOTP_HOME", other.toString()),
            paper.lines().filter(l -> !l.startsWith("# Keep")).reduce("", (a, b) -> a + b + "\n"),
            "init",
            "enc-key",
            "--restore");
    assertThat(restored.status()).as(restored.output()).isZero();
    assertThat(other.resolve("keys")).hasSameTextualContentAs(home.resolve("keys"));
  }

  @Test
  void whatWasRemovedComesBackFromABackup() {
    succeeds("", "init", "all");
    succeeds("", "local-admins", "add", "rosa");
    var created = linotp("", "backup", "create");
    assertThat(created.status()).as(created.output()).isZero();
    String file =
        created.output().strip().lines().filter(l -> l.endsWith(".jsonl")).toList().get(0);
    succeeds("", "local-admins", "remove", "rosa", "--yes");
    assertThat(linotp("", "local-admins", "list").output()).doesNotContain("rosa");
    succeeds("managed_user: ", "backup", "restore", "--yes", "--file", file);
    succeeds("rosa", "local-admins", "list");
    succeeds("", "init", "database", "--erase-all-data", "--yes");
    assertThat(linotp("", "local-admins", "list").output()).doesNotContain("rosa");
    fails("cannot read", "backup", "restore", "--yes", "--file", "nosuch");
    assertThat(linotp("", "support", "get").status()).isEqualTo(2);
    fails("", "ldap-test", "-u", "ldap://127.0.0.1:1", "-b", "dc=x", "-d", "cn=x", "-p", "x");
  }
}
