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
 * of its own. Archives are deployed and taken away, and scripts run, with the commands that an
 * administrator uses.
 */
public final class ApplicationServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration ADMINISTRATION = Duration.ofMinutes(4);

  /** Of the domain that is copied; the first one is the administrators'. */
  private static final String[] PAYARA_PORTS = {
    "4848", "8181", "7676", "3700", "3820", "3920", "8686"
  };

  private static final java.io.File NOTHING = new java.io.File("/dev/null");
  private static final Path SERVERS = Path.of("target", "servers").toAbsolutePath();

  /** The servers. */
  public enum Kind {
    PAYARA("payara6", "glassfish-config", "asadmin", "gsm/modem1"),
    WILDFLY("wildfly-39.0.1.Final", "wildfly-config", "cli", "java:/gsm/modem1");

    private final String folder;
    private final Path scripts;
    private final String language;
    private final String modemName;

    Kind(String folder, String scripts, String language, String modemName) {
      this.folder = folder;
      this.scripts = Path.of(scripts);
      this.language = language;
      this.modemName = modemName;
    }

    /** The script that prepares the server. */
    Path preparation() {
      return scripts.resolve("linotp-ee." + language);
    }

    /** The script that configures a modem for the enterprise archive. */
    Path modemScript() {
      return scripts.resolve("gsm." + language);
    }

    /** What that script calls the modem. */
    String modemName() {
      return modemName;
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
  private final int port;
  private final int adminPort;
  private final Process process;

  private ApplicationServer(
      Kind kind, Path folder, Path log, int port, int adminPort, Process process) {
    this.kind = kind;
    this.folder = folder;
    this.log = log;
    this.port = port;
    this.adminPort = adminPort;
    this.process = process;
  }

  /**
   * Starts it without an application.
   *
   * @param environment {@code LINOTP_HOME} and other settings
   */
  public static ApplicationServer start(Kind kind, Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory(SERVERS, kind.name().toLowerCase(Locale.ROOT));
      int[] free = freePorts(kind == Kind.WILDFLY ? 3 : 1 + PAYARA_PORTS.length);
      ApplicationServer server =
          kind == Kind.WILDFLY
              ? wildfly(folder, free, environment)
              : payara(folder, free, environment);
      server.await(server::administrable);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ApplicationServer wildfly(
      Path folder, int[] ports, Map<String, String> environment) throws IOException {
    copy(Kind.WILDFLY.home().resolve("standalone"), folder.resolve("standalone"));
    var command =
        List.of(
            Kind.WILDFLY.home().resolve("bin/standalone.sh").toString(),
            "-c",
            "standalone-full.xml",
            "-Djboss.server.base.dir=" + folder.resolve("standalone"),
            "-Djboss.http.port=" + ports[0],
            "-Djboss.https.port=" + ports[1],
            "-Djboss.management.http.port=" + ports[2]);
    Path log = folder.resolve("output.log");
    var builder = builder(command, environment, log);
    builder
        .environment()
        .put("JAVA_OPTS", "-Xmx700m -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true");
    return new ApplicationServer(Kind.WILDFLY, folder, log, ports[0], ports[2], builder.start());
  }

  private static ApplicationServer payara(Path folder, int[] ports, Map<String, String> environment)
      throws IOException {
    Path domain = folder.resolve("domains/domain1");
    copy(Kind.PAYARA.home().resolve("glassfish/domains/domain1"), domain);
    Path configuration = domain.resolve("config/domain.xml");
    String text = Files.readString(configuration, UTF_8);
    int begin = text.indexOf("<config name=\"server-config\">");
    int end = text.indexOf("</config>", begin);
    String server = text.substring(begin, end);
    server = server.replace("port=\"8080\"", "port=\"" + ports[0] + "\"");
    for (int i = 0; i < PAYARA_PORTS.length; i++) {
      server =
          server
              .replace("port=\"" + PAYARA_PORTS[i] + "\"", "port=\"" + ports[i + 1] + "\"")
              .replace("value=\"" + PAYARA_PORTS[i] + "\"", "value=\"" + ports[i + 1] + "\"");
    }
    server =
        server.replace(
            "<jvm-options>-Xmx512m</jvm-options>",
            "<jvm-options>-Xmx512m</jvm-options>"
                + "<jvm-options>-XX:TieredStopAtLevel=1</jvm-options>");
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
        Kind.PAYARA, folder, log, ports[0], ports[1], builder(command, environment, log).start());
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

  /** How a command ended. */
  public record Done(int status, String output) {}

  /** Runs the administrators' command line with a script in its language, in its folder. */
  public Done script(Path file) {
    Path absolute = file.toAbsolutePath();
    Done done =
        kind == Kind.WILDFLY
            ? administer(absolute.getParent(), "--file=" + absolute)
            : administer(absolute.getParent(), "multimode", "--file", absolute.toString());
    await(this::administrable);
    return done;
  }

  /** Deploys an archive, which must work. */
  public void deploy(Path archive) {
    Done done = tryToDeploy(archive);
    if (done.status() != 0) {
      throw new IllegalStateException(
          archive + " was not deployed:\n" + done.output() + "\n" + log());
    }
    await(() -> status() == 200);
  }

  /** Deploys an archive, which may be refused. */
  public Done tryToDeploy(Path archive) {
    Path file = archive.toAbsolutePath();
    return kind == Kind.WILDFLY
        ? administer("--command=deploy " + file)
        : administer("deploy", "--force", file.toString());
  }

  /** Takes an archive away again. */
  public void undeploy(Path archive) {
    String name = archive.getFileName().toString();
    Done done =
        kind == Kind.WILDFLY
            ? administer("--command=undeploy " + name)
            : administer("undeploy", name.substring(0, name.lastIndexOf('.')));
    if (done.status() != 0) {
      throw new IllegalStateException(name + " stays: " + done.output());
    }
  }

  /** Names the home directory, which counts from the next restart on. */
  public void home(Path home) {
    Done done =
        kind == Kind.WILDFLY
            ? administer("--command=/system-property=linotp.home:add(value=" + home + ")")
            : administer("create-jvm-options", "-Dlinotp.home=" + home);
    if (done.status() != 0) {
      throw new IllegalStateException(done.output());
    }
  }

  private Done administer(String... arguments) {
    return administer(Path.of(""), arguments);
  }

  private Done administer(Path where, String... arguments) {
    var command = new ArrayList<String>();
    if (kind == Kind.WILDFLY) {
      command.add(Kind.WILDFLY.home().resolve("bin/jboss-cli.sh").toString());
      command.addAll(List.of("--connect", "--controller=127.0.0.1:" + adminPort));
    } else {
      command.add(Kind.PAYARA.home().resolve("bin/asadmin").toString());
      command.addAll(List.of("--port", String.valueOf(adminPort)));
    }
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile(folder, "administration", ".log");
      var builder =
          new ProcessBuilder(command)
              .directory(where.toAbsolutePath().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
              .redirectOutput(output.toFile());
      builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      builder.environment().put("AS_ADMIN_USER", "admin");
      Process running = builder.start();
      if (!running.waitFor(ADMINISTRATION.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw new IllegalStateException(command + " hangs:\n" + Files.readString(output, UTF_8));
      }
      return new Done(running.exitValue(), Files.readString(output, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean administrable() {
    return kind == Kind.WILDFLY
        ? log().contains("WFLYSRV0025")
        : answer(adminPort, "/__asadmin/version") == 200;
  }

  private int status() {
    return answer(port, "/healthcheck/status");
  }

  /** The status of an answer; 0 if there is none. */
  private static int answer(int port, String path) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
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
