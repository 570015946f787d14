package org.linotpee.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.linotpee.configuration.DatabaseDump;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.SchemaException;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.SettingsException;
import org.linotpee.crypto.KeyFileException;
import org.linotpee.crypto.SealException;
import org.linotpee.identity.PasswordCost;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line {@code linotp} (spec 06 section 13). */
@Command(
    name = "linotp",
    description = "One-time-password authentication server, compatible with LinOTP 3.2.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      InitCommand.class,
      LocalAdminsCommand.class,
      ConfigCommand.class,
      PoliciesCommand.class,
      KeysCommand.class,
      AuditCommand.class,
      GsmCommand.class,
      AdminCommand.class,
      BackupCommand.class,
      DbSnapshotCommand.class,
      LdapTestCommand.class,
      SupportCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Tell more; may be repeated.")
  private boolean[] verbose = {};

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Tell nothing; only the exit status speaks.")
  private boolean quiet;

  @Option(
      names = "--home",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "Home directory; default: LINOTP_HOME, else ./data.")
  private Path home;

  /** Tells the version of this program. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      var properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("/org/linotpee/version.properties")) {
        properties.load(in);
      }
      return new String[] {"linotp-ee " + properties.getProperty("version")};
    }
  }

  /** Runs a command and ends the process with its status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    var main = new Main();
    var line = new CommandLine(main);
    line.setExecutionStrategy(
        parsed -> {
          main.logTo();
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!main.quiet) {
            command.getErr().println(main.explained(failure));
          }
          return 1;
        });
    return line.execute(withHyphens(arguments));
  }

  /** Command names may be written with underscores, as published instructions do. */
  private static String[] withHyphens(String[] arguments) {
    String[] names = arguments.clone();
    for (int i = 0; i < names.length && i < 4; i++) {
      if (names[i].matches("[a-z]+(_[a-z]+)+")) {
        names[i] = names[i].replace('_', '-');
        break;
      }
    }
    return names;
  }

  private String explained(Exception failure) {
    Throwable known = failure;
    while (known != null
        && !(known instanceof Failure
            || known instanceof LinotpException
            || known instanceof SettingsException
            || known instanceof SchemaException
            || known instanceof DatabaseDump.DumpException
            || known instanceof KeyFileException
            || known instanceof SealException)) {
      known = known.getCause();
    }
    if (known != null) {
      return "linotp: " + known.getMessage();
    }
    Logger.getLogger(Main.class.getName()).log(Level.INFO, "the command failed", failure);
    return "linotp: unexpected: " + failure + " (-v tells more)";
  }

  private void logTo() {
    LogManager.getLogManager().reset();
    Level level =
        quiet
            ? Level.OFF
            : switch (verbose.length) {
              case 0 -> Level.SEVERE;
              case 1 -> Level.INFO;
              default -> Level.FINE;
            };
    var handler =
        new StreamHandler(
            System.err,
            new Formatter() {
              @Override
              public String format(LogRecord entry) {
                String thrown = entry.getThrown() == null ? "" : " " + entry.getThrown();
                return entry.getLevel().getName().toLowerCase(Locale.ROOT)
                    + ": "
                    + formatMessage(entry)
                    + thrown
                    + "\n";
              }
            }) {
          @Override
          public synchronized void publish(LogRecord entry) {
            super.publish(entry);
            flush();
          }
        };
    handler.setLevel(level);
    Logger root = Logger.getLogger("");
    root.setLevel(level);
    root.addHandler(handler);
  }

  boolean talkative() {
    return verbose.length > 0;
  }

  boolean quiet() {
    return quiet;
  }

  /** The home directory. */
  Path home() {
    if (home != null) {
      return home.toAbsolutePath().normalize();
    }
    String named = System.getenv("LINOTP_HOME");
    return Path.of(named == null || named.isBlank() ? "data" : named).toAbsolutePath().normalize();
  }

  Settings settings() {
    return settings(new HashMap<>());
  }

  Settings settings(Map<String, String> commandLine) {
    return PasswordCost.applied(Settings.load(home(), commandLine));
  }
}
