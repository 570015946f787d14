package org.linotpee.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.delivery.Neighbours;

/**
 * FreeRADIUS in front of the server, with the configuration of docs/freeradius: in one step, by
 * challenge, and from a user with a mobile number to the accepted value of an enrolled token.
 */
class RadiusIT {
  private static final Path PROGRAM = Path.of("/usr/sbin/freeradius");
  private static final Pattern STATE = Pattern.compile("State = (0x[0-9a-f]+)");
  private static final Pattern PROMPT = Pattern.compile("Reply-Message = \"(.*)\"");

  @TempDir private static Path folder;

  private static Neighbours.Gateway gateway;
  private static ServerUnderTest server;
  private static Client admin;
  private static Process radius;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "FreeRADIUS is not installed");
    gateway = new Neighbours.Gateway();
    server = ServerUnderTest.start(folder.resolve("home"), Map.of());
    admin = server.administrator();
    admin.people(
        "alice,1,Adams,Alice,alice@example.org,,,alices password\n"
            + "bob,2,Brown,Bob,bob@example.org,,+49 171 22,bobs & password");
    startRadius();
  }

  private static void startRadius() throws IOException, InterruptedException {
    port = ServerUnderTest.freePort();
    Path config = Files.createDirectories(folder.resolve("radius"));
    Path docs = Path.of("docs", "freeradius").toAbsolutePath();
    Files.writeString(config.resolve("dictionary"), "");
    Files.writeString(
        config.resolve("radiusd.conf"),
        """
        linotp_url = "%s"
        prefix = /usr
        localstatedir = %s
        logdir = ${localstatedir}
        libdir = /usr/lib/freeradius
        pidfile = ${localstatedir}/radiusd.pid
        max_request_time = 60
        security {
          reject_delay = 0
          allow_vulnerable_openssl = yes
        }
        thread pool {
          start_servers = 1
          max_servers = 4
          min_spare_servers = 1
          max_spare_servers = 2
        }
        client localhost {
          ipaddr = 127.0.0.1
          secret = between-us
        }
        modules {
          expr {
          }
          $INCLUDE %s/module.conf
        }
        server default {
          listen {
            type = auth
            ipaddr = 127.0.0.1
            port = %d
          }
          $INCLUDE %s/site.conf
        }
        """
            .formatted(server.url(), config, docs, port, docs));
    Path log = config.resolve("radius.log");
    radius =
        new ProcessBuilder(PROGRAM.toString(), "-fxx", "-l", "stdout", "-d", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(log).contains("Ready to process requests")) {
      if (!radius.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("FreeRADIUS did not start:\n" + Files.readString(log));
      }
      Thread.sleep(100);
    }
  }

  @AfterAll
  static void stop() {
    if (radius != null) {
      radius.destroy();
    }
    if (gateway != null) {
      gateway.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void fresh() {
    gateway.asked.clear();
    for (String policy : List.of("cr", "enroll", "pin")) {
      admin.post("/system/delPolicy", "name", policy);
    }
  }

  /** What the RADIUS server has answered. */
  private record Reply(String packet, String state, String prompt) {}

  private static Reply ask(String user, String password, String state) throws Exception {
    var process =
        new ProcessBuilder(
                "radclient", "-x", "-r", "1", "-t", "60", "127.0.0.1:" + port, "auth", "between-us")
            .redirectErrorStream(true)
            .start();
    String request =
        "User-Name = \"%s\"\nUser-Password = \"%s\"\n%s"
            .formatted(user, password, state.isEmpty() ? "" : "State = " + state + "\n");
    process.getOutputStream().write(request.getBytes(UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    int received = output.indexOf("Received ");
    assertThat(received).as(output).isPositive();
    String reply = output.substring(received);
    return new Reply(reply.split("\\s+", 3)[1], found(STATE, reply), found(PROMPT, reply));
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  @Test
  void pinAndValueInOneStepThenByChallenge() throws Exception {
    admin
        .post(
            "/admin/init",
            "type",
            "hmac",
            "otpkey",
            Client.SEED,
            "user",
            "alice",
            "serial",
            "RADIUS1",
            "pin",
            "p&n +=ä")
        .value();
    assertThat(ask("alice", "p&n +=ä" + Client.hotp(0), "").packet()).isEqualTo("Access-Accept");
    assertThat(ask("alice", "p&n +=ä" + Client.hotp(0), "").packet()).isEqualTo("Access-Reject");
    assertThat(ask("alice", "p&n +=ä", "").packet()).isEqualTo("Access-Reject");
    assertThat(ask("nobody", "x", "").packet()).isEqualTo("Access-Reject");

    admin.policy("cr", "authentication", "challenge_response=*");
    Reply challenge = ask("alice", "p&n +=ä", "");
    assertThat(challenge.packet()).isEqualTo("Access-Challenge");
    assertThat(challenge.prompt()).isEqualTo("Please enter your otp value: ");
    assertThat(ask("alice", "000000", challenge.state()).packet()).isEqualTo("Access-Reject");
    assertThat(ask("alice", Client.hotp(1), challenge.state()).packet()).isEqualTo("Access-Accept");
    assertThat(ask("alice", Client.hotp(2), challenge.state()).packet()).isEqualTo("Access-Reject");
  }

  @Test
  void aUserWithAMobileNumberIsEnrolledByHisFirstLogin() throws Exception {
    admin.provider(
        "sms",
        "gateway",
        "HttpSMSProvider",
        ("{\"URL\": \"%s\", \"HTTP_Method\": \"GET\", \"SMS_PHONENUMBER_KEY\": \"to\","
                + " \"SMS_TEXT_KEY\": \"text\", \"RETURN_SUCCESS\": \"ok\"}")
            .formatted(gateway.url()),
        "default",
        "true");
    admin.policy("enroll", "enrollment", "autoenrollment=sms");
    admin.policy("pin", "authentication", "otppin=password");

    assertThat(ask("bob", "wrong", "").packet()).isEqualTo("Access-Reject");
    assertThat(gateway.asked).isEmpty();
    Reply challenge = ask("bob", "bobs & password", "");
    assertThat(challenge.packet()).isEqualTo("Access-Challenge");
    assertThat(challenge.prompt()).isEqualTo("sms submitted");
    assertThat(sms(0)).contains("to=+49 171 22");
    assertThat(ask("bob", "000000", challenge.state()).packet()).isEqualTo("Access-Reject");
    assertThat(ask("bob", sent(0), challenge.state()).packet()).isEqualTo("Access-Accept");
    assertThat(ask("bob", sent(0), challenge.state()).packet()).isEqualTo("Access-Reject");
    assertThat(
            admin
                .get("/admin/show", "user", "bob")
                .value()
                .path("resultset")
                .path("tokens")
                .asInt())
        .isEqualTo(1);

    // without challenges at the client: rejected, but sent; then password and value
    admin.post("/system/setConfig", "SMSBlockingTimeout", "0").value();
    ask("bob", "bobs & password", "");
    assertThat(ask("bob", "bobs & password" + sent(1), "").packet()).isEqualTo("Access-Accept");
  }

  private static String sms(int message) {
    return URLDecoder.decode(gateway.asked.get(message).target(), UTF_8);
  }

  private static String sent(int message) {
    return found(Pattern.compile("text=(\\d{6})"), sms(message));
  }
}
