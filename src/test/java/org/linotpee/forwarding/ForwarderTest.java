package org.linotpee.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Sealer;
import org.linotpee.policy.ForwardSecrets;

/** Spec 02 section 8 and spec 07 section 12.3, against servers in this process. */
class ForwarderTest {
  private final ForwardSecrets secrets =
      new ForwardSecrets(new Sealer(new Keys(KeyFile.of(new byte[32]))));
  private final Forwarder forwarder =
      new Forwarder(
          secrets,
          new LinotpServers(new Tls(Settings.load(Path.of("target", "no-home"), Map.of()))),
          new RadiusServers("LinOTP", 2, Duration.ofMillis(300)));

  private Forwarder.Answer forward(String urls, String password, Map<String, String> options) {
    return forwarder
        .forward(urls, new Forwarder.Login("hans", "sales", Optional.of(password), options))
        .orElseThrow();
  }

  private static String radius(RadiusServer server, String secret) {
    return "radius://127.0.0.1:" + server.port() + "/?secret=" + secret;
  }

  @Test
  void radiusAcceptsAndRejects() throws Exception {
    String password = "p\u00e4ss-w\u00f6rd of more than sixteen bytes";
    try (var server =
        new RadiusServer(
            "s3cret",
            r ->
                r.password().equals(password)
                    ? RadiusServer.Answer.ACCEPT
                    : RadiusServer.Answer.REJECT)) {
      String url = radius(server, "s3cret");
      assertThat(forward(url, password, Map.of())).isEqualTo(new Forwarder.Answer(true, Map.of()));
      assertThat(forward(url, "wrong", Map.of()).accepted()).isFalse();
      assertThat(server.requests().get(0))
          .isEqualTo(new RadiusServer.Request("hans", password, "LinOTP", Optional.empty()));
    }
  }

  @Test
  void aRadiusChallengeIsPassedOnAndAnswered() throws Exception {
    try (var server =
        new RadiusServer(
            "s3cret",
            r ->
                r.state().equals(Optional.of("tx-1"))
                    ? RadiusServer.Answer.ACCEPT
                    : new RadiusServer.Answer(
                        11, Optional.of("tx-1"), List.of("Enter ", "the OTP")))) {
      Forwarder.Answer challenge = forward(radius(server, "s3cret"), "pin", Map.of());
      assertThat(challenge.accepted()).isFalse();
      assertThat(challenge.detail())
          .isEqualTo(Map.of("transactionid", "tx-1", "message", "Enter the OTP"));
      for (String name : List.of("transactionid", "state")) {
        assertThat(forward(radius(server, "s3cret"), "123456", Map.of(name, "tx-1")).accepted())
            .isTrue();
      }
    }
  }

  @Test
  void anotherSharedSecretIsNotAnswered() throws Exception {
    try (var server = new RadiusServer("s3cret", r -> RadiusServer.Answer.ACCEPT)) {
      assertThat(forward(radius(server, "other"), "x", Map.of()).accepted()).isFalse();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aWrongMessageAuthenticatorIsNotTrusted() throws Exception {
    try (var server =
        new RadiusServer("s", r -> RadiusServer.Answer.ACCEPT)
            .signing(RadiusServer.Signature.WRONG)) {
      for (String requirement : List.of("", "&require_message_authenticator=false")) {
        assertThat(forward(radius(server, "s") + requirement, "x", Map.of()).accepted()).isFalse();
      }
    }
  }

  @Test
  void aMessageAuthenticatorIsDemandedByTheUrlOrOnceTheServerHasShownOne() throws Exception {
    try (var server =
        new RadiusServer("s", r -> RadiusServer.Answer.ACCEPT)
            .signing(RadiusServer.Signature.NONE)) {
      String url = radius(server, "s");
      String required = url + "&require_message_authenticator=true";
      assertThat(forward(required, "x", Map.of()).accepted()).isFalse();
      assertThat(forward(url, "x", Map.of()).accepted()).isTrue();
      server.signing(RadiusServer.Signature.RIGHT);
      assertThat(forward(required, "x", Map.of()).accepted()).isTrue();
      server.signing(RadiusServer.Signature.NONE);
      assertThat(forward(url, "x", Map.of()).accepted()).isFalse();
      assertThat(forward(url + "&require_message_authenticator=false", "x", Map.of()).accepted())
          .isTrue();
    }
  }

  @Test
  void theNextServerIsAskedWhenOneDoesNotAnswer() throws Exception {
    try (var server = new RadiusServer("s3cret", r -> RadiusServer.Answer.ACCEPT)) {
      assertThat(
              forward(
                      "http://127.0.0.1:" + closedPort() + "/ " + radius(server, "s3cret"),
                      "x",
                      Map.of())
                  .accepted())
          .isTrue();
      assertThat(
              forward(
                      "radius://127.0.0.1:"
                          + closedPort()
                          + "/?secret=x "
                          + radius(server, "s3cret"),
                      "x",
                      Map.of())
                  .accepted())
          .isTrue();
    }
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void arefusalIsFinal() throws Exception {
    try (var first = new RadiusServer("s", r -> RadiusServer.Answer.REJECT);
        var second = new RadiusServer("s", r -> RadiusServer.Answer.ACCEPT)) {
      assertThat(forward(radius(first, "s") + " " + radius(second, "s"), "x", Map.of()).accepted())
          .isFalse();
      assertThat(second.requests()).isEmpty();
    }
  }

  @Test
  void withoutAServerNothingIsForwarded() {
    assertThat(
            forwarder.forward(
                "ftp://x file:///etc/passwd",
                new Forwarder.Login("hans", "", Optional.of("x"), Map.of())))
        .isEmpty();
  }

  /** Answers one status and body, and keeps what was sent. */
  private static final class Web implements AutoCloseable {
    private final HttpServer server;
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();

    Web(int status, String body) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            targets.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"result\": {\"status\": true, \"value\": true}} | true",
        "200 | {\"result\": {\"status\": true, \"value\": false}} | false",
        "200 | {\"result\": {\"status\": false, \"value\": true}} | false",
        "200 | {\"result\": {\"status\": \"yes\", \"value\": 1}} | false",
        "200 | no JSON | false",
        "500 | {\"result\": {\"status\": true, \"value\": true}} | false",
        "302 | {\"result\": {\"status\": true, \"value\": true}} | false"
      })
  void whatAnHttpServerSays(int status, String body, boolean accepted) throws Exception {
    try (var web = new Web(status, body)) {
      assertThat(forward(web.url() + "/validate/check", "x", Map.of()).accepted())
          .isEqualTo(accepted);
    }
  }

  @Test
  void whatAnHttpServerIsAskedAndItsDetail() throws Exception {
    try (var web =
        new Web(
            200,
            "{\"result\": {\"status\": true, \"value\": true}, \"detail\": {\"serial\": \"X\"}}")) {
      Forwarder.Answer answer =
          forward(
              web.url() + "/validate/check?verify_ssl_certificate=false",
              "a&b=c\u00e4",
              Map.of("transactionid", "1", "user", "forged", "pass", "forged"));
      assertThat(answer).isEqualTo(new Forwarder.Answer(true, Map.of("serial", "X")));
      assertThat(web.targets).containsExactly("POST /validate/check");
      assertThat(web.bodies.get(0).split("&"))
          .containsExactlyInAnyOrder(
              "user=hans", "realm=sales", "pass=a%26b%3Dc%C3%A4", "transactionid=1");
    }
  }
}
