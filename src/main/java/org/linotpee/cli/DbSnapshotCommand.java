package org.linotpee.cli;

import java.nio.file.Path;
import org.linotpee.configuration.DatabaseDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code linotp dbsnapshot}: as {@code backup}, but parts can be restored. */
@Command(
    name = "dbsnapshot",
    description = {
      "Keep and restore states of the database.",
      "",
      "Stop the servers before a restore. Files of other programs are not read.",
      ""
    })
final class DbSnapshotCommand {
  private static final String ENDING = ".snapshot";

  @ParentCommand private Main main;

  @Command(name = "create", description = "Write all tables to a file in BACKUP_DIR.")
  int create() {
    System.out.println(new DumpFiles(main.settings(), ENDING).create());
    return 0;
  }

  @Command(name = "list", description = "List the snapshots: time and file.")
  int list() {
    var files = new DumpFiles(main.settings(), ENDING);
    files.all().forEach(file -> System.out.println(files.timeOf(file) + " " + file.getFileName()));
    return 0;
  }

  @Command(name = "restore", description = "Replace tables by what a snapshot has.")
  int restore(
      @Option(names = "--file", paramLabel = "FILE", description = "The snapshot.") Path file,
      @Option(names = "--date", paramLabel = "TIME", description = "Its time, as 'list' tells.")
          String date,
      @Option(
              names = "--table",
              paramLabel = "PART",
              description =
                  "Only 'config' (entries, resolvers, realms, users), 'token' (tokens and their"
                      + " realms) or 'audit'.")
          String table) {
    var files = new DumpFiles(main.settings(), ENDING);
    DatabaseDump.Part part =
        switch (table == null ? "" : table) {
          case "" -> DatabaseDump.Part.ALL;
          case "config" -> DatabaseDump.Part.CONFIGURATION;
          case "token" -> DatabaseDump.Part.TOKENS;
          case "audit" -> DatabaseDump.Part.AUDIT;
          default -> throw new Failure("--table is config, token or audit");
        };
    BackupCommand.tell(files.restore(files.named(file, date), part));
    return 0;
  }
}
