package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The self-service over HTTP, as its web client uses it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelfserviceIT {
  private ServerUnderTest server;
  private Client admin;

  @BeforeAll
  void startServer(@TempDir Path folder) throws Exception {
    server = ServerUnderTest.start(Files.createDirectories(folder.resolve("home")), Map.of());
    admin = server.administrator();
    admin.people("alice,1,Adams,Alice,alice@example.org,,,pw\nbob,2,,,,,,pw\ncarol,3,,,,,,pw\n");
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void nothingButUsers() {
    admin.post("/system/delPolicy", "name", "s,m,e", "enforce", "true");
    for (JsonNode row : admin.get("/admin/show").value().path("data")) {
      admin.post("/admin/remove", "serial", row.path("LinOtp.TokenSerialnumber").asText()).value();
    }
  }

  private static Client.Answer login(Client client, String user) {
    return client.post("/userservice/login", "username", user, "password", "pw");
  }

  private Client loggedIn(String user) {
    Client client = server.client();
    assertThat(login(client, user).accepted()).isTrue();
    return client;
  }

  private static Client.Answer act(Client client, String action, String... parameters) {
    String session = client.cookie("user_selfservice").orElse("");
    String[] all =
        Stream.concat(Stream.of("session", session), Stream.of(parameters)).toArray(String[]::new);
    return client.post("/userservice/" + action, all);
  }

  @Test
  void theSessionIsACookieThatScriptsReadAndRequestsRepeat() {
    Client client = server.client();
    Client.Answer answer = login(client, "alice");
    String header =
        answer.response().headers().allValues("Set-Cookie").stream()
            .filter(h -> h.startsWith("user_selfservice="))
            .findFirst()
            .orElseThrow();
    assertThat(header).contains("Path=/", "SameSite=Strict").doesNotContain("HttpOnly", "Domain");
    assertThat(answer.response().headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(act(client, "context").status()).isEqualTo(200);
    Client.Answer forged = client.post("/userservice/context");
    assertThat(forged.status()).isEqualTo(401);
    assertThat(forged.errorCode()).isEqualTo(-311);
    assertThat(
            client.post("/userservice/delete", "serial", "H1", "session", "0".repeat(64)).status())
        .isEqualTo(401);
    assertThat(client.get("/userservice/logout").accepted()).isTrue();
    assertThat(act(client, "context").status()).isEqualTo(401);
    assertThat(admin.get("/userservice/context").status()).isEqualTo(401);
  }

  @Test
  void theSecondFactorIsAChallengeAndEachSessionLeadsOneStepFurther() {
    admin.policy("m", "selfservice", "mfa_login");
    admin
        .post("/admin/init", "user", "alice", "otpkey", Client.SEED, "serial", "H1", "pin", "p")
        .value();
    Client client = server.client();
    Client.Answer first = login(client, "alice");
    assertThat(first.accepted()).isFalse();
    assertThat(first.json().path("detail").path("tokenList").size()).isEqualTo(1);
    String half = client.cookie("user_selfservice").orElseThrow();
    assertThat(act(client, "context").status()).isEqualTo(401);
    Client.Answer asked = act(client, "login", "serial", "H1");
    assertThat(asked.json().path("detail").path("replyMode").get(0).asText()).isEqualTo("offline");
    String challenged = client.cookie("user_selfservice").orElseThrow();
    assertThat(challenged).isNotEqualTo(half);
    assertThat(act(client, "login", "otp", "000000").accepted()).isFalse();
    assertThat(act(client, "login", "otp", Client.hotp(0)).accepted()).isTrue();
    assertThat(act(client, "context").json().path("detail").path("user").path("username").asText())
        .isEqualTo("alice");
  }

  @Test
  void aTokenIsEnrolledTriedAndDeletedByItsOwnerAlone() {
    admin.policy("s", "selfservice", "enrollHMAC, setOTPPIN, verify, delete, history");
    Client alice = loggedIn("alice");
    JsonNode detail =
        act(alice, "enroll", "type", "hmac", "serial", "N1", "pin", "1234").json().path("detail");
    assertThat(detail.path("otpkey").path("value").asText()).startsWith("seed://");
    assertThat(act(alice, "verify", "serial", "N1", "otp", "000000").accepted()).isFalse();
    Client bob = loggedIn("bob");
    assertThat(act(bob, "delete", "serial", "N1").value().size()).isZero();
    assertThat(act(bob, "verify", "serial", "N1").errorCode()).isEqualTo(-311);
    assertThat(act(alice, "history", "page", "1", "rp", "5").json().path("rows").size())
        .isGreaterThan(0);
    assertThat(act(alice, "delete", "serial", "N1").value().path("delete token").asInt())
        .isEqualTo(1);
    assertThat(act(alice, "delete", "serial", "N1").errorCode()).isEqualTo(1102);
  }

  @Test
  void parallelEnrollmentsStayWithinTheLimit() throws Exception {
    admin.policy("s", "selfservice", "enrollHMAC");
    admin.policy("e", "enrollment", "maxtoken=2");
    Client alice = loggedIn("alice");
    var pool = Executors.newFixedThreadPool(6);
    try {
      Callable<Client.Answer> enroll = () -> act(alice, "enroll", "type", "hmac");
      var codes = new ArrayList<Integer>();
      for (var future : pool.invokeAll(List.of(enroll, enroll, enroll, enroll, enroll, enroll))) {
        codes.add(future.get().errorCode());
      }
      assertThat(codes).containsOnly(0, 411);
      assertThat(act(alice, "usertokenlist").value().size()).isEqualTo(2);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void guessingPasswordsHasToWait() {
    Client client = server.client();
    for (int i = 0; i < 9; i++) {
      client.post("/userservice/login", "username", "carol", "password", "wrong");
    }
    Client.Answer waiting = login(client, "carol");
    assertThat(waiting.status()).isEqualTo(200);
    assertThat(waiting.accepted()).isFalse();
    assertThat(waiting.response().headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void unreadableBodiesAndWrongMethodsHaveTheirOwnAnswers() {
    assertThat(server.client().get("/userservice/nosuch").status()).isEqualTo(404);
    assertThat(loggedIn("alice").get("/userservice/enroll").status()).isEqualTo(405);
    assertThat(server.client().get("/u2f/people/valid_facets").json().path("trustedFacets").size())
        .isEqualTo(1);
    assertThat(server.client().get("/selfservice-legacy/index").status()).isEqualTo(302);
  }
}
