package org.linotpee.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Randoms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code linotp serve}. This class checks and prepares what the server needs, so that every reason
 * for which it cannot start is told in one line; the script then starts Payara Micro.
 */
@Command(
    name = "serve",
    description = {
      "Start the server. The first start creates keys, database and an administrator.",
      "The line 'linotp-ee is ready at http://...' says that it serves; SIGTERM stops it.",
      ""
    })
final class ServeCommand implements Runnable {
  static final String FIRST_ADMIN = "admin";
  private static final String PASSWORD_ALPHABET =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  private static final int PASSWORD_LENGTH = 20;

  @ParentCommand private Main main;

  @Option(names = "--port", paramLabel = "N", description = "Port; default: PORT, 8080.")
  private Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Address to listen on; default: BIND_ADDRESS, 127.0.0.1.")
  private String bind;

  @Option(names = "--prepare", hidden = true, description = "For the start script.")
  private boolean prepare;

  @Override
  public void run() {
    if (!prepare) {
      throw new Failure("start the server with bin/linotp serve");
    }
    Settings settings = main.settings(commandLine());
    checkPort(settings);
    InitCommand.createHome(settings.home());
    KeyFile keys = keys(settings);
    try (Installation installation = Installation.open(settings)) {
      installation.keyRotation(keys).verify();
      installation.auditStore().separate();
      firstAdministrator(installation.localAdmins(), settings.home());
    }
    launchFiles(settings);
  }

  private Map<String, String> commandLine() {
    var given = new HashMap<String, String>();
    if (port != null) {
      given.put(Setting.PORT.name(), port.toString());
    }
    if (bind != null) {
      given.put(Setting.BIND_ADDRESS.name(), bind);
    }
    return given;
  }

  private static void checkPort(Settings settings) {
    int number = settings.number(Setting.PORT);
    if (number < 1 || number > 65535) {
      throw new Failure("the port must be from 1 to 65535, not " + number);
    }
    String address = settings.text(Setting.BIND_ADDRESS);
    if (!address.matches("[0-9A-Za-z.:-]+")) {
      throw new Failure("'" + address + "' is no address to listen on");
    }
    try (var socket = new java.net.ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(address, number));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(
          "cannot listen on " + address + ", port " + number + ": " + e.getMessage(), e);
    }
  }

  /** New keys only where nothing was ever sealed: with the first start of an embedded database. */
  private static KeyFile keys(Settings settings) {
    Path file = settings.path(Setting.KEY_FILE);
    boolean first =
        settings.text(Setting.DATABASE_URI).isBlank()
            && !Files.exists(settings.home().resolve("db"));
    return first && !Files.exists(file) ? KeyFile.create(file, false) : KeyFile.load(file);
  }

  private static void firstAdministrator(LocalAdmins admins, Path home) {
    if (!admins.list().isEmpty()) {
      return;
    }
    String given = System.getenv("LINOTP_ADMIN_PASSWORD");
    boolean generated = given == null || given.isEmpty();
    String password = generated ? Randoms.fromAlphabet(PASSWORD_LENGTH, PASSWORD_ALPHABET) : given;
    Path file = home.resolve("admin-password");
    if (generated) {
      writePassword(file, password);
    }
    admins.add(FIRST_ADMIN, Map.of());
    admins.password(FIRST_ADMIN, password);
    System.out.println("The administrator '" + FIRST_ADMIN + "' was created.");
    if (generated) {
      System.out.println(
          Console.terminal().isPresent()
              ? "The password is " + password + " (also in " + file + ")."
              : "The password is in " + file + ".");
    }
  }

  private static void writePassword(Path file, String password) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file, password + "\n", StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** What the start script hands to Payara Micro. */
  private static void launchFiles(Settings settings) {
    Path run = settings.home().resolve("run");
    String network = "set configs.config.server-config.network-config.";
    String listener = network + "network-listeners.network-listener.http-listener.address=";
    // a keep-alive connection may be used as often as its client likes
    String keepAlive = network + "protocols.protocol.http-listener.http.max-connections=-1";
    String address = settings.text(Setting.BIND_ADDRESS);
    try {
      Files.createDirectories(run.resolve("tmp"));
      Files.createDirectories(settings.path(Setting.LOG_FILE_DIR));
      Files.write(
          run.resolve("preboot"), List.of(listener + address, keepAlive), StandardCharsets.UTF_8);
      Files.write(
          run.resolve("launch"),
          List.of(
              "home=" + settings.home(),
              "port=" + settings.number(Setting.PORT),
              "bind=" + address,
              "log=" + settings.path(Setting.LOG_FILE_DIR)),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure("cannot write to " + run + ": " + e.getMessage(), e);
    }
  }
}
