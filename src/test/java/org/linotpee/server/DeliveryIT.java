package org.linotpee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Gateways that make trouble, and what the others notice of it. */
@Isolated("it looks at the clock")
class DeliveryIT {
  private static final int SMS_USERS = 60;
  private static final int OTHERS = 8;
  private static final int CHECKS = 200;

  private static ServerUnderTest server;
  private static Client admin;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = ServerUnderTest.start(folder.resolve("home"), Map.of());
    admin = server.administrator();
    var users = new StringBuilder();
    for (int i = 0; i < SMS_USERS; i++) {
      users.append("s%d,s%d,,,,,,pw\n".formatted(i, i));
    }
    for (int i = 0; i < OTHERS; i++) {
      users.append("o%d,o%d,,,,,,pw\n".formatted(i, i));
    }
    admin.people(users.toString());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** Accepts connections and never says a word. */
  private static final class SilentGateway implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    SilentGateway() throws IOException {
      listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
      var thread = new Thread(this::accept, "silent gateway");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          clients.add(listening.accept());
        }
      } catch (IOException e) {
        // closed
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static <T> List<Future<T>> all(ExecutorService threads, List<Callable<T>> work) {
    var futures = new ArrayList<Future<T>>();
    work.forEach(w -> futures.add(threads.submit(w)));
    return futures;
  }

  @Test
  void aHangingGatewayDoesNotSlowOtherUsers() throws Exception {
    for (int i = 0; i < SMS_USERS; i++) {
      admin
          .post("/admin/init", "type", "sms", "user", "s" + i, "phone", "+4917" + i, "pin", "pp")
          .value();
    }
    for (int i = 0; i < OTHERS; i++) {
      admin.post("/admin/init", "type", "pw", "user", "o" + i, "otpkey", "word", "pin", "").value();
    }
    ExecutorService triggers = Executors.newFixedThreadPool(SMS_USERS);
    ExecutorService others = Executors.newFixedThreadPool(OTHERS);
    try (var gateway = new SilentGateway()) {
      admin.provider(
          "sms",
          "gateway",
          "smsprovider.HttpSMSProvider.HttpSMSProvider",
          "{\"URL\": \"http://127.0.0.1:%d/\", \"TIMEOUT\": \"2,15\"}"
              .formatted(gateway.listening.getLocalPort()),
          "default",
          "true");
      Client client = server.client();
      List<Callable<Boolean>> hanging = new ArrayList<>();
      for (int i = 0; i < SMS_USERS; i++) {
        String user = "s" + i;
        hanging.add(() -> client.post("/validate/check", "user", user, "pass", "pp").accepted());
      }
      List<Future<Boolean>> triggered = all(triggers, hanging);
      while (gateway.clients.isEmpty()) {
        Thread.sleep(50);
      }
      List<Callable<Long>> checks = new ArrayList<>();
      for (int i = 0; i < CHECKS; i++) {
        String user = "o" + i % OTHERS;
        checks.add(
            () -> {
              long begin = System.nanoTime();
              assertThat(client.post("/validate/check", "user", user, "pass", "word").accepted())
                  .isTrue();
              return System.nanoTime() - begin;
            });
      }
      long slowest = 0;
      for (Future<Long> check : all(others, checks)) {
        slowest = Math.max(slowest, check.get());
      }
      assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(5));
      assertThat(triggered).as("some still wait for the gateway").anyMatch(t -> !t.isDone());
      assertThat(gateway.clients).hasSizeLessThanOrEqualTo(16);
      for (Future<Boolean> trigger : triggered) {
        assertThat(trigger.get()).isFalse();
      }
    } finally {
      triggers.shutdownNow();
      others.shutdownNow();
    }
  }

  @Test
  void theAdministratorIsToldWhatIsWrong() throws Exception {
    var refused =
        admin.post(
            "/system/setProvider",
            "type",
            "email",
            "name",
            "mail",
            "class",
            "linotp.lib.emailprovider.SMTPEmailProvider",
            "timeout",
            "120",
            "config",
            "{\"SMTP_SERVER\": \"mail.example.com\",\n 'SMTP_USER': 'smtp-user'}");
    assertThat(refused.errorCode()).isEqualTo(-311);
    assertThat(refused.text()).contains("line 2, column 2", "double quotes");
    admin.provider(
        "email",
        "mail",
        "linotp.lib.emailprovider.SMTPEmailProvider",
        "{\"SMTP_SERVER\": \"127.0.0.1\", \"PORT\": %d, \"SMTP_PASSWORD\": \"geheim\"}"
            .formatted(ServerUnderTest.freePort()));
    var test = admin.post("/system/testProvider", "type", "email", "name", "mail");
    assertThat(test.accepted()).isFalse();
    assertThat(test.json().path("detail").path("message").asText()).startsWith("unavailable");
    assertThat(test.text()).doesNotContain("geheim");
  }
}
