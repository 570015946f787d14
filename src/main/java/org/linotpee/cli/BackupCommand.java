package org.linotpee.cli;

import java.nio.file.Path;
import java.util.Map;
import org.linotpee.configuration.DatabaseDump;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code linotp backup}: the whole database in a file, on every supported database. */
@Command(
    name = "backup",
    description = {
      "Back up and restore the database.",
      "",
      "Secrets are sealed in the file as they are in the database: keep a copy of the key file, too,",
      "apart from it. The settings (linotp.cfg) are not in it. Stop the servers before a restore.",
      ""
    })
final class BackupCommand {
  static final String ENDING = ".jsonl";

  @ParentCommand private Main main;

  @Command(name = "create", description = "Write all tables to a file in BACKUP_DIR.")
  int create(
      @Option(
              names = "--with-keys",
              description =
                  "Put a copy of the key file beside it; whoever has both has all secrets.")
          boolean withKeys) {
    var files = new DumpFiles(main.settings(), ENDING);
    Path file = files.create();
    System.out.println(file);
    if (withKeys) {
      System.out.println(files.copyKeys(file));
    }
    return 0;
  }

  @Command(name = "restore", description = "Replace the content of the database by that of a file.")
  int restore(
      @Option(names = "--file", required = true, paramLabel = "FILE", description = "The backup.")
          Path file,
      @Option(names = "--yes", description = "Do not ask.") boolean yes) {
    var files = new DumpFiles(main.settings(), ENDING);
    Path found = files.named(file, null);
    if (!yes
        && Console.terminal().isPresent()
        && !Console.confirmed("Replace everything in the database by " + found + "?")) {
      throw new Failure("nothing was restored");
    }
    tell(files.restore(found, DatabaseDump.Part.ALL));
    return 0;
  }

  static void tell(Map<String, Long> counts) {
    counts.forEach((table, rows) -> System.out.println(table + ": " + rows));
  }
}
