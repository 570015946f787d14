package org.linotpee.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.linotpee.administration.LinotpImport;
import org.linotpee.configuration.DatabaseUrl;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.LinotpKeyFile;
import org.linotpee.identity.sql.SqlDrivers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code linotp admin}: what is done once in the life of an installation. */
@Command(name = "admin", description = "Take an installation over; rarely needed work.")
final class AdminCommand {
  @ParentCommand private Main main;

  @Command(
      name = "import-linotp",
      description = {
        "Take over the database of a LinOTP installation, schema level 2.9.1 or later.",
        "",
        "Stop LinOTP first. What is here already is kept; a second run adds only what is new. The",
        "audit trail comes last, in blocks; its rows keep LinOTP's signatures, which 'audit verify",
        "--imported' checks. For SQLite files put the JDBC driver into the folder drivers of the home.",
        ""
      })
  int importLinotp(
      @Option(
              names = "--database",
              required = true,
              paramLabel = "URL",
              description =
                  "mysql://user@host/name, postgresql://user@host/name, sqlite:///file, or '-' to"
                      + " read it, with its password, from standard input.")
          String database,
      @Option(
              names = "--key-file",
              paramLabel = "FILE",
              description = "LinOTP's encKey; default: the setting SECRET_FILE.")
          Path keyFile,
      @Option(
              names = "--audit-database",
              paramLabel = "URL",
              description =
                  "Where LinOTP's audit trail is, if not in its main database or, with SQLite, in the"
                      + " file <main file>_audit.")
          String auditDatabase,
      @Option(names = "--no-audit", description = "Leave the audit trail where it is.")
          boolean noAudit,
      @Option(names = "--dry-run", description = "Tell what would be done, store nothing.")
          boolean dryRun,
      @Option(
              names = "--repair-encoding",
              description = "Repair texts that a move from version 2 on MySQL has damaged.")
          boolean repair) {
    Settings settings = main.settings();
    Path keys = keyFile == null ? settings.path(Setting.SECRET_FILE) : keyFile;
    if (!Files.isReadable(keys)) {
      throw new Failure("cannot read LinOTP's key file " + keys);
    }
    if (noAudit && auditDatabase != null) {
      throw new Failure("--no-audit and --audit-database contradict each other");
    }
    String url = database.equals("-") ? Console.line().trim() : withPassword(database);
    boolean trail = !noAudit && !settings.text(Setting.AUDIT_DATABASE_URI).equalsIgnoreCase("OFF");
    String auditUrl = auditDatabase == null ? null : withPassword(auditDatabase);
    try (Installation installation = Installation.open(settings);
        Connection source = connect(settings, url);
        Connection audit = trail ? audit(settings, source, url, auditUrl) : null) {
      LinotpImport.Report report =
          installation
              .linotpImport()
              .run(
                  new LinotpImport.Source(source, Optional.ofNullable(audit)),
                  padding -> LinotpKeyFile.load(keys, padding),
                  new LinotpImport.Options(dryRun, repair));
      report.counts().forEach((what, number) -> System.out.println(what + ": " + number));
      report.problems().forEach(problem -> System.out.println("note: " + problem));
      if (audit == null) {
        System.out.println("note: the audit trail stays where it is");
      }
      return 0;
    } catch (SQLException e) {
      throw new Failure("cannot open LinOTP's database: " + e.getMessage(), e);
    }
  }

  /** The database with the audit trail: the named one, the main one, or the file beside it. */
  private static Connection audit(
      Settings settings, Connection main, String mainUrl, String auditUrl) throws SQLException {
    if (auditUrl == null && LinotpImport.hasAuditTrail(main)) {
      return connect(settings, mainUrl);
    }
    boolean sqlite = mainUrl.startsWith("sqlite:");
    if (auditUrl == null && !(sqlite && Files.isReadable(Path.of(file(mainUrl) + "_audit")))) {
      return null;
    }
    Connection audit = connect(settings, auditUrl == null ? mainUrl + "_audit" : auditUrl);
    if (!LinotpImport.hasAuditTrail(audit)) {
      audit.close();
      throw new Failure("the audit database has no table 'audit'");
    }
    return audit;
  }

  private static String file(String sqliteUrl) {
    return sqliteUrl.replaceFirst("^sqlite:(//)?/?", "");
  }

  /** A password has no place on the command line, where everybody on the machine can read it. */
  private static String withPassword(String url) {
    boolean complete = url.startsWith("sqlite:") || url.matches("[a-z+]+://[^/@]*:[^/@]*@.*");
    if (complete || Console.terminal().isEmpty() || !url.contains("@")) {
      return url;
    }
    char[] password = Console.terminal().get().readPassword("Password of LinOTP's database: ");
    String encoded =
        java.net.URLEncoder.encode(new String(password), java.nio.charset.StandardCharsets.UTF_8);
    return url.replaceFirst("@", ":" + java.util.regex.Matcher.quoteReplacement(encoded) + "@");
  }

  private static Connection connect(Settings settings, String url) throws SQLException {
    DatabaseUrl target =
        url.startsWith("sqlite:")
            ? new DatabaseUrl("jdbc:sqlite:" + file(url), "", new Properties())
            : DatabaseUrl.of(url);
    Connection connection =
        new SqlDrivers(settings).of(target.url()).connect(target.url(), target.properties());
    if (connection == null) {
      throw new SQLException("no driver takes the URL");
    }
    return connection;
  }

  @Command(
      name = "fix-db-encoding",
      description = "Accepted for compatibility: 'import-linotp --repair-encoding' does it.")
  int fixEncoding() {
    System.out.println("The texts of this database are intact; nothing to do.");
    return 0;
  }

  @Command(
      name = "reencrypt",
      description = "Seal all secrets with the newest key; the same as 'keys reseal'.")
  int reencrypt() {
    return Main.run("--home", main.home().toString(), "keys", "reseal");
  }
}
