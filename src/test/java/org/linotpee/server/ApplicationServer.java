package org.linotpee.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Payara Server or WildFly, from the archives that profile {@code servers} unpacks, with a domain
 * of its own in a temporary folder. Archives are deployed and taken away as an administrator does
 * who copies files.
 */
public final class ApplicationServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Path SERVERS = Path.of("target", "servers").toAbsolutePath();

  /** The servers. */
  public enum Kind {
    PAYARA("payara6"),
    WILDFLY("wildfly-39.0.1.Final");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    Path home() {
      return SERVERS.resolve(folder);
    }

    /** True if it was unpacked. */
    public boolean present() {
      return Files.isDirectory(home());
    }

    /** The kind of a name in lower case; the default is Payara Micro, which is none of them. */
    static java.util.Optional<Kind> named(String name) {
      return Stream.of(values())
          .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst();
    }
  }

  private final Kind kind;
  private final Path folder;
  private final Path log;
  private final Path deployments;
  private final int port;
  private final Process process;
  private Path deployed;

  private ApplicationServer(
      Kind kind, Path folder, Path log, Path deployments, int port, Process process) {
    this.kind = kind;
    this.folder = folder;
    this.log = log;
    this.deployments = deployments;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts it without an application.
   *
   * @param environment {@code LINOTP_HOME} and other settings
   */
  public static ApplicationServer start(Kind kind, Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory(kind.folder);
      int port = ServerUnderTest.freePort();
      return kind == Kind.WILDFLY
          ? wildfly(folder, port, environment)
          : payara(folder, port, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApplicationServer wildfly(Path folder, int port, Map<String, String> environment)
      throws IOException {
    copy(Kind.WILDFLY.home().resolve("standalone"), folder.resolve("standalone"));
    int[] more = freePorts(2);
    var command =
        List.of(
            Kind.WILDFLY.home().resolve("bin/standalone.sh").toString(),
            "-c",
            "standalone-full.xml",
            "-Djboss.server.base.dir=" + folder.resolve("standalone"),
            "-Djboss.http.port=" + port,
            "-Djboss.https.port=" + more[0],
            "-Djboss.management.http.port=" + more[1]);
    Path log = folder.resolve("output.log");
    var builder = builder(command, environment, log);
    builder
        .environment()
        .put(
            "JAVA_OPTS",
            "-Xmx700m -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true"
                + " -DjSerialComm.library.randomizeNativeName=true");
    return new ApplicationServer(
        Kind.WILDFLY, folder, log, folder.resolve("standalone/deployments"), port, builder.start());
  }

  private static ApplicationServer payara(Path folder, int port, Map<String, String> environment)
      throws IOException {
    Path domain = folder.resolve("domains/domain1");
    copy(Kind.PAYARA.home().resolve("glassfish/domains/domain1"), domain);
    Files.createDirectories(domain.resolve("autodeploy"));
    Path configuration = domain.resolve("config/domain.xml");
    String text = Files.readString(configuration, UTF_8);
    int begin = text.indexOf("<config name=\"server-config\">");
    int end = text.indexOf("</config>", begin);
    String server = text.substring(begin, end);
    String[] taken = {"8181", "4848", "7676", "3700", "3820", "3920", "8686"};
    int[] free = freePorts(taken.length);
    server = server.replace("port=\"8080\"", "port=\"" + port + "\"");
    for (int i = 0; i < taken.length; i++) {
      server =
          server
              .replace("port=\"" + taken[i] + "\"", "port=\"" + free[i] + "\"")
              .replace("value=\"" + taken[i] + "\"", "value=\"" + free[i] + "\"");
    }
    server =
        server.replace(
            "<jvm-options>-Xmx512m</jvm-options>",
            "<jvm-options>-Xmx700m</jvm-options><jvm-options>-XX:TieredStopAtLevel=1</jvm-options>"
                + "<jvm-options>-DjSerialComm.library.randomizeNativeName=true</jvm-options>");
    Files.writeString(configuration, text.substring(0, begin) + server + text.substring(end));
    var command =
        List.of(
            Kind.PAYARA.home().resolve("bin/asadmin").toString(),
            "start-domain",
            "--domaindir",
            folder.resolve("domains").toString(),
            "--verbose",
            "domain1");
    Path log = folder.resolve("output.log");
    return new ApplicationServer(
        Kind.PAYARA,
        folder,
        log,
        domain.resolve("autodeploy"),
        port,
        builder(command, environment, log).start());
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path log) {
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LINOTP_"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static int[] freePorts(int count) throws IOException {
    var sockets = new ArrayList<ServerSocket>();
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports[i] = socket.getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Deploys an archive and waits until it answers. */
  public void deploy(Path archive) {
    deployed = deployments.resolve(archive.getFileName());
    try {
      Files.copy(archive, deployed, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await(
        () -> {
          if (marked("failed") || marked("Failed")) {
            throw new IllegalStateException(archive + " was not deployed:\n" + log());
          }
          return status() == 200;
        });
  }

  /** Deploys an archive that must not work; the log. */
  public String deployInVain(Path archive) {
    deployed = deployments.resolve(archive.getFileName());
    try {
      Files.copy(archive, deployed, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await(() -> marked("failed") || marked("Failed"));
    return log();
  }

  private boolean marked(String word) {
    return Stream.of(deployed + "." + word, deployed + "_deploy" + word)
        .anyMatch(name -> Files.exists(Path.of(name)));
  }

  /** Takes the archive away again. */
  public void undeploy() {
    try {
      Files.deleteIfExists(deployed);
      Files.deleteIfExists(Path.of(deployed + ".failed"));
      await(() -> status() != 200 && !Files.exists(Path.of(deployed + ".deployed")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int status() {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(url() + "/healthcheck/status"))
                  .timeout(Duration.ofSeconds(20))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + START.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(kind + " does not do what it should:\n" + log());
      }
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** What it has written. */
  public String log() {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process process() {
    return process;
  }

  Path logFile() {
    return log;
  }

  @Override
  public void close() {
    try {
      List<ProcessHandle> all = process.descendants().toList();
      if (kind == Kind.PAYARA && process.isAlive()) {
        new ProcessBuilder(
                Kind.PAYARA.home().resolve("bin/asadmin").toString(),
                "stop-domain",
                "--domaindir",
                folder.resolve("domains").toString(),
                "domain1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor(60, TimeUnit.SECONDS);
      }
      all.forEach(ProcessHandle::destroy);
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      for (ProcessHandle handle : all) {
        if (handle.isAlive()) {
          handle.destroyForcibly();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
