package org.linotpee.configuration;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The log file of a server that {@code bin/linotp serve} started: {@code linotp.log}, rotated by
 * size (spec 06 section 15). On an application server its own log serves.
 */
public final class LogFile extends Handler {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private final Path file;
  private final long maxLength;
  private final int maxVersions;
  private final String lineFormat;
  private final SimpleFormatter messages = new SimpleFormatter();
  private Writer out;
  private long length;

  private LogFile(Path file, long maxLength, int maxVersions, String lineFormat)
      throws IOException {
    this.file = file;
    this.maxLength = maxLength;
    this.maxVersions = maxVersions;
    this.lineFormat = lineFormat;
    open();
  }

  /**
   * Begins to write what the loggers of this process say into the file.
   *
   * @throws SettingsException if the file cannot be written
   */
  public static LogFile begin(Settings settings) {
    Path file = settings.path(Setting.LOG_FILE_DIR).resolve(settings.text(Setting.LOG_FILE_NAME));
    try {
      Files.createDirectories(file.getParent());
      var handler =
          new LogFile(
              file,
              settings.number(Setting.LOG_FILE_MAX_LENGTH),
              settings.number(Setting.LOG_FILE_MAX_VERSIONS),
              settings.text(Setting.LOG_FILE_LINE_FORMAT));
      Level wanted = level(settings.text(Setting.LOG_LEVEL));
      Level fileLevel = level(settings.text(Setting.LOG_FILE_LEVEL));
      handler.setLevel(wanted.intValue() > fileLevel.intValue() ? wanted : fileLevel);
      Logger.getLogger("org.linotpee").setLevel(wanted);
      Logger.getLogger("").addHandler(handler);
      return handler;
    } catch (IOException e) {
      throw new SettingsException("cannot write the log file " + file + ": " + e.getMessage(), e);
    }
  }

  /** Ends it. */
  public void end() {
    Logger.getLogger("").removeHandler(this);
    close();
  }

  /** The level of a name as the settings have it. */
  public static Level level(String name) {
    return switch (name.trim()) {
      case "CRITICAL", "ERROR" -> Level.SEVERE;
      case "WARNING" -> Level.WARNING;
      case "INFO" -> Level.INFO;
      default -> Level.FINE;
    };
  }

  private static String levelName(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private void open() throws IOException {
    out =
        new BufferedWriter(
            Files.newBufferedWriter(
                file,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
    length = Files.size(file);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    if (!isLoggable(entry) || out == null) {
      return;
    }
    try {
      String line = line(entry);
      if (length > 0 && maxLength > 0 && length + line.length() > maxLength) {
        rotate();
      }
      out.write(line);
      out.flush();
      length += line.length();
    } catch (IOException e) {
      reportError("cannot write " + file, e, ErrorManager.WRITE_FAILURE);
    }
  }

  /** One line, and below it the stack trace of an exception; no text can begin a line itself. */
  private String line(LogRecord entry) {
    String text = messages.formatMessage(entry).replace("\r", "\\r").replace("\n", "\\n");
    String line =
        lineFormat
            .replace("%(asctime)s", TIME.format(Instant.ofEpochMilli(entry.getMillis())))
            .replace("%(levelname)s", levelName(entry.getLevel()))
            .replace("%(name)s", String.valueOf(entry.getLoggerName()))
            .replace("%(message)s", text);
    var trace = new StringWriter();
    if (entry.getThrown() != null) {
      entry.getThrown().printStackTrace(new PrintWriter(trace));
    }
    return line + "\n" + trace;
  }

  private void rotate() throws IOException {
    out.close();
    for (int version = maxVersions - 1; version >= 1; version--) {
      Path old = file.resolveSibling(file.getFileName() + "." + version);
      if (Files.exists(old)) {
        Files.move(
            old,
            file.resolveSibling(file.getFileName() + "." + (version + 1)),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (maxVersions > 0) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(file);
    }
    open();
  }

  @Override
  public synchronized void flush() {
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (out != null) {
        out.close();
        out = null;
      }
    } catch (IOException e) {
      reportError("cannot close " + file, e, ErrorManager.CLOSE_FAILURE);
    }
  }
}
