package org.linotpee.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code linotp init}: what an installation needs before it can serve. */
@Command(name = "init", description = "Create what an installation needs.")
final class InitCommand {
  @ParentCommand private Main main;

  @Command(name = "all", description = "Create the key file and the database.")
  int all(
      @Option(
              names = {"-f", "--force"},
              description = "Replace an existing key file.")
          boolean force) {
    createKeys(force);
    return database(false, false);
  }

  @Command(
      name = "database",
      description = "Create or upgrade the tables and add missing default entries.")
  int database(
      @Option(names = "--erase-all-data", description = "Drop all tables first.") boolean erase,
      @Option(names = "--yes", description = "Do not ask.") boolean yes) {
    Settings settings = main.settings();
    createHome(settings.home());
    if (erase) {
      if (!yes && !Console.confirmed("Erase everything in the database?")) {
        throw new Failure("nothing was erased");
      }
      Schema.erase(new ConfiguredDataSource(settings));
    }
    try (Installation installation = Installation.open(settings)) {
      if (Files.exists(settings.path(Setting.KEY_FILE))) {
        installation.keyRotation(installation.keyFile()).verify();
      }
      say("The database is ready.");
      return 0;
    }
  }

  @Command(
      name = "enc-key",
      description = "Create the key file; with --dump, print the keys for keeping on paper.")
  int encKey(
      @Option(
              names = {"-f", "--force"},
              description = "Replace an existing file; a copy of it is kept.")
          boolean force,
      @Option(names = "--dump", description = "Print the paper form of the existing keys.")
          boolean dump,
      @Option(names = "--restore", description = "Read the paper form from standard input.")
          boolean restore) {
    Path file = main.settings().path(Setting.KEY_FILE);
    if (dump) {
      System.out.println("# Keep this apart from the backups of the database.");
      KeyFile.load(file).paperForm().forEach(System.out::println);
      return 0;
    }
    if (restore) {
      return restore(file, force);
    }
    createKeys(force);
    return 0;
  }

  private int restore(Path file, boolean force) {
    if (Files.exists(file) && !force) {
      throw new Failure("the key file " + file + " exists already; --force replaces it");
    }
    createHome(main.home());
    KeyFile.fromPaper(
            new java.io.BufferedReader(
                    new java.io.InputStreamReader(
                        System.in, java.nio.charset.StandardCharsets.UTF_8))
                .lines()
                .toList())
        .write(file);
    say("The keys were written to " + file + ".");
    return 0;
  }

  @Command(
      name = "audit-keys",
      description = "Accepted for compatibility: the audit keys come from the key file.")
  int auditKeys(
      @Option(
              names = {"-f", "--force"},
              description = "No effect.")
          boolean force) {
    say("The audit keys are derived from the key file; nothing to do.");
    return 0;
  }

  private void createKeys(boolean force) {
    createHome(main.home());
    Path file = main.settings().path(Setting.KEY_FILE);
    if (Files.exists(file)
        && !force
        && Console.terminal().isPresent()
        && Console.confirmed(
            "The key file exists. Replacing it makes every stored secret unreadable. Replace it?")) {
      KeyFile.create(file, true);
    } else {
      KeyFile.create(file, force);
    }
    say("The key file " + file + " was created. Keep a copy of it apart from the database.");
  }

  static void createHome(Path home) {
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new Failure("cannot create the home directory " + home + ": " + e.getMessage(), e);
    }
  }

  private void say(String text) {
    if (!main.quiet()) {
      System.err.println(text);
    }
  }
}
