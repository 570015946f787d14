package org.linotpee.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The packaged server, started as users do: by {@code bin/linotp serve}. */
public final class ServerUnderTest implements AutoCloseable {
  public static final String PASSWORD = "Test123!";

  /** Tests log in by the thousand. */
  static final Map<String, String> CHEAP_HASHES =
      Map.of("LINOTP_PASSWORD_HASH_MEMORY", "1024", "LINOTP_PASSWORD_HASH_PASSES", "1");

  private static final long START_SECONDS = 180;
  private static final long STOP_SECONDS = 40;

  private final Process process;
  private final Path output;
  private final String url;
  private final Optional<ApplicationServer> applicationServer;

  private ServerUnderTest(
      Process process, Path output, String url, ApplicationServer applicationServer) {
    this.process = process;
    this.output = output;
    this.url = url;
    this.applicationServer = Optional.ofNullable(applicationServer);
  }

  /** What a command wrote and how it ended. */
  public record Finished(int status, String output) {}

  /**
   * Starts the server and waits until it serves. The system property {@code linotp.server} chooses
   * an application server instead of Payara Micro; {@code linotp.url} names a server that runs
   * already, for whoever works on a test.
   */
  public static ServerUnderTest start(Path home, Map<String, String> environment) {
    String running = System.getProperty("linotp.url", "");
    if (!running.isEmpty()) {
      return new ServerUnderTest(null, null, running, null);
    }
    Optional<ApplicationServer.Kind> kind =
        ApplicationServer.Kind.named(System.getProperty("linotp.server", ""));
    if (kind.isPresent()) {
      return on(kind.get(), home, environment);
    }
    int port = freePort();
    try {
      Path output = Files.createTempFile("serve", ".log");
      Process process =
          command(
                  environment,
                  List.of("serve", "--home", home.toString(), "--port", String.valueOf(port)))
              .redirectOutput(output.toFile())
              .start();
      String ready = "linotp-ee is ready at http://127.0.0.1:" + port;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (!Files.readString(output, UTF_8).contains(ready)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          process.destroy();
          throw new IllegalStateException(
              "the server did not start:\n" + Files.readString(output, UTF_8) + console(home));
        }
        Thread.sleep(100);
      }
      return new ServerUnderTest(process, output, "http://127.0.0.1:" + port, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The packaged WAR on an application server, prepared by the commands that docs name. */
  private static ServerUnderTest on(
      ApplicationServer.Kind kind, Path home, Map<String, String> environment) {
    prepare(home, environment);
    var all = new HashMap<>(CHEAP_HASHES);
    all.putAll(environment);
    all.put("LINOTP_HOME", home.toString());
    ApplicationServer server = ApplicationServer.start(kind, all);
    ApplicationServer.Done prepared = server.script(kind.preparation());
    if (prepared.status() != 0) {
      throw new IllegalStateException(prepared.output());
    }
    server.deploy(Path.of("target", "linotp-ee.war"));
    return new ServerUnderTest(server.process(), server.logFile(), server.url(), server);
  }

  /** Makes keys, tables and the first administrator, as before a start on an application server. */
  static void prepare(Path home, Map<String, String> environment) {
    String[] of = {"--home", home.toString()};
    String[] password = {"local-admins", "password", "admin", "--password", "-", of[0], of[1]};
    succeeds(run(environment, "", "init", "all", of[0], of[1]));
    succeeds(run(environment, "", "local-admins", "add", "admin", of[0], of[1]));
    succeeds(run(environment, PASSWORD + "\n", password));
  }

  private static void succeeds(Finished command) {
    if (command.status() != 0) {
      throw new IllegalStateException(command.output());
    }
  }

  private static String console(Path home) throws IOException {
    Path file = home.resolve("logs").resolve("console.log");
    return Files.exists(file) ? Files.readString(file, UTF_8) : "";
  }

  /** Runs {@code bin/linotp} to its end. */
  public static Finished run(Map<String, String> environment, String input, String... arguments) {
    try {
      Process process = command(environment, List.of(arguments)).start();
      process.getOutputStream().write(input.getBytes(UTF_8));
      process.getOutputStream().close();
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readAllBytes(), UTF_8);
      }
      return new Finished(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder command(Map<String, String> environment, List<String> arguments) {
    var command = new ArrayList<String>(List.of("bin/linotp"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LINOTP_"));
    builder.environment().put("LINOTP_ADMIN_PASSWORD", PASSWORD);
    builder.environment().putAll(CHEAP_HASHES);
    builder.environment().putAll(environment);
    return builder;
  }

  public static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return url;
  }

  /** A client that nobody has logged in with. */
  public Client client() {
    return new Client(url);
  }

  /** A client with the session of the first administrator. */
  public Client administrator() {
    Client client = client();
    client.login("admin", PASSWORD);
    return client;
  }

  /** What the start has written. */
  public String output() {
    try {
      return Files.readString(output, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it as an administrator does; the exit status. */
  public int stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new IllegalStateException("the server did not stop");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Kills it without any chance to write something: kill -9. */
  void kill() {
    Optional<ProcessHandle> java =
        process
            .descendants()
            .filter(p -> p.info().command().map(c -> c.endsWith("java")).orElse(false))
            .findFirst();
    java.ifPresent(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    java.ifPresent(p -> p.onExit().join());
  }

  @Override
  public void close() {
    if (applicationServer.isPresent()) {
      applicationServer.get().close();
    } else if (process != null && process.isAlive()) {
      stop();
    }
  }
}
