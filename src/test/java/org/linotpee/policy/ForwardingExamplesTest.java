package org.linotpee.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.authentication.Attempt;

/** V37 to V39 of spec 07 section 19.3: which logins another server decides. */
class ForwardingExamplesTest extends Examples {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer one;
  private HttpServer two;

  @BeforeEach
  void servers() throws IOException {
    asked.clear();
    one = server("A");
    two = server("B");
  }

  @AfterEach
  void stopServers() {
    one.stop(0);
    two.stop(0);
  }

  /** Accepts everybody. */
  private HttpServer server(String name) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(name);
          byte[] answer =
              "{\"result\": {\"status\": true, \"value\": true}}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "forward_server=http://127.0.0.1:" + server.getAddress().getPort() + "/validate/check";
  }

  private boolean check(String user) {
    return product
        .authentication
        .check(
            new Attempt(name(user, ""), Optional.of("any"), Map.of(), "validate"),
            audit("validate/check"))
        .accepted();
  }

  @Test
  void v37TheMorePreciseServerIsAskedAlsoForUsersWithToken() {
    policy("fu", "authentication", url(one), "user", "passthru_user1");
    policy("fa", "authentication", url(two));
    assertThat(check("passthru_user1")).isTrue();
    assertThat(check("passthru_user2")).isTrue();
    assertThat(asked).containsExactly("A", "B");
    assertThat(product.token("T1").failCount()).isZero();
  }

  @Test
  void v38AndV39OnlyUsersWithoutTokenWhereThePolicySaysSo() {
    disable("T1");
    policy("fu", "authentication", url(one) + ", forward_on_no_token");
    assertThat(check("passthru_user1")).isFalse();
    assertThat(asked).isEmpty();
    assertThat(check("passthru_user2")).isTrue();
    assertThat(asked).containsExactly("A");
  }
}
