package org.linotpee.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.DatabaseDump;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.KeyFile;

/** The files of {@code backup} and {@code dbsnapshot} in the directory BACKUP_DIR. */
final class DumpFiles {
  private static final String PREFIX = "linotp_backup_";
  private static final Map<Character, String> TIME_LETTERS =
      Map.of('Y', "yyyy", 'y', "yy", 'm', "MM", 'd', "dd", 'H', "HH", 'M', "mm", 'S', "ss");

  private final Settings settings;
  private final String ending;

  DumpFiles(Settings settings, String ending) {
    this.settings = settings;
    this.ending = ending;
  }

  private Path directory() {
    return settings.path(Setting.BACKUP_DIR);
  }

  /** Writes all tables; the file's name tells the time. */
  Path create() {
    try {
      Files.createDirectories(directory());
    } catch (IOException e) {
      throw new Failure("cannot create " + directory() + ": " + e.getMessage(), e);
    }
    Path file = ofTime(LocalDateTime.now(ZoneId.systemDefault()).format(time()));
    for (int n = 2; Files.exists(file); n++) {
      file = ofTime(LocalDateTime.now(ZoneId.systemDefault()).format(time()) + "_" + n);
    }
    var source = new ConfiguredDataSource(settings);
    Schema.migrate(source);
    new DatabaseDump(source).write(file);
    return file;
  }

  private Path ofTime(String time) {
    return directory().resolve(PREFIX + time + ending);
  }

  /** BACKUP_FILE_TIME_FORMAT, a strftime pattern. */
  private DateTimeFormatter time() {
    String pattern = settings.text(Setting.BACKUP_FILE_TIME_FORMAT);
    var java = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%' && i + 1 < pattern.length()) {
        String letters = TIME_LETTERS.get(pattern.charAt(++i));
        if (letters == null) {
          throw new Failure("BACKUP_FILE_TIME_FORMAT: %" + pattern.charAt(i) + " is not supported");
        }
        java.append(letters);
      } else if (c == '/' || c == '\\') {
        throw new Failure("BACKUP_FILE_TIME_FORMAT must not name directories");
      } else {
        java.append('\'').append(c == '\'' ? "''" : String.valueOf(c)).append('\'');
      }
    }
    return DateTimeFormatter.ofPattern(java.toString(), Locale.ROOT);
  }

  /** The file that options name: by itself, or by its time. */
  Path named(Path file, String date) {
    if ((file == null) == (date == null)) {
      throw new Failure("name the file with either --file or --date");
    }
    Path found = file == null ? ofTime(date.replace("/", "")) : directory().resolve(file);
    if (file != null && !Files.exists(found)) {
      found = file.toAbsolutePath();
    }
    if (!Files.isReadable(found)) {
      throw new Failure("cannot read " + found);
    }
    return found;
  }

  /** The files, oldest first, by the time in their names. */
  List<Path> all() {
    if (!Files.isDirectory(directory())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(PREFIX))
          .filter(f -> f.getFileName().toString().endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure("cannot read " + directory() + ": " + e.getMessage(), e);
    }
  }

  String timeOf(Path file) {
    String name = file.getFileName().toString();
    return name.substring(PREFIX.length(), name.length() - ending.length());
  }

  /** Replaces what the database has; without the right keys nobody could read the secrets. */
  Map<String, Long> restore(Path file, DatabaseDump.Part part) {
    DatabaseDump.check(file);
    Path keys = keysOf(file);
    Path own = settings.path(Setting.KEY_FILE);
    if (Files.exists(keys) && !Files.exists(own)) {
      InitCommand.createHome(settings.home());
      KeyFile.load(keys).write(own);
    }
    var source = new ConfiguredDataSource(settings);
    Schema.migrate(source);
    return new DatabaseDump(source).restore(file, part);
  }

  /** Puts a copy of the key file beside the backup. */
  Path copyKeys(Path file) {
    Path copy = keysOf(file);
    KeyFile.load(settings.path(Setting.KEY_FILE)).write(copy);
    return copy;
  }

  private static Path keysOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".keys");
  }
}
