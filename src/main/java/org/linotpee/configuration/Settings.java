package org.linotpee.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The settings of this process, immutable. From weak to strong: defaults, {@code linotp.cfg},
 * MicroProfile Config sources, environment variables {@code LINOTP_<NAME>}, the command line.
 */
public final class Settings {
  private record Value(String text, String source) {}

  private final Path home;
  private final Map<Setting, Value> values;

  private Settings(Path home, Map<Setting, Value> values) {
    this.home = home;
    this.values = values;
  }

  /**
   * The settings of a server process, whose home is the system property {@code linotp.home} or the
   * environment variable {@code LINOTP_HOME}.
   *
   * @throws SettingsException if neither is set, or a setting is invalid
   */
  public static Settings fromEnvironment() {
    String home = System.getProperty("linotp.home", System.getenv("LINOTP_HOME"));
    if (home == null || home.isBlank()) {
      throw new SettingsException(
          "the home directory is not set: start the server with the environment variable"
              + " LINOTP_HOME or the system property linotp.home");
    }
    return load(Path.of(home), Map.of());
  }

  /**
   * The settings for a home directory.
   *
   * @param commandLine values by name, which win over everything else
   * @throws SettingsException if a file cannot be read or a value is invalid
   */
  public static Settings load(Path home, Map<String, String> commandLine) {
    return load(home, commandLine, System.getenv());
  }

  static Settings load(
      Path home, Map<String, String> commandLine, Map<String, String> environment) {
    var values = new EnumMap<Setting, Value>(Setting.class);
    var absolute = home.toAbsolutePath().normalize();
    for (Path file : files(absolute, environment)) {
      parse(file).forEach((name, text) -> put(values, name, text, file.getFileName().toString()));
    }
    microProfile(values);
    environment.forEach(
        (name, text) -> {
          if (name.startsWith("LINOTP_")) {
            put(values, name, text, "environment variable " + name);
          }
        });
    commandLine.forEach((name, text) -> put(values, name, text, "command line"));
    return new Settings(absolute, values);
  }

  private static List<Path> files(Path home, Map<String, String> environment) {
    String listed = environment.get("LINOTP_CFG");
    if (listed == null || listed.isBlank()) {
      Path file = home.resolve("linotp.cfg");
      return Files.exists(file) ? List.of(file) : List.of();
    }
    return ConfigurationFile.list(listed);
  }

  private static Map<String, String> parse(Path file) {
    try {
      return ConfigurationFile.parse(Files.readString(file));
    } catch (IOException e) {
      throw new SettingsException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (SettingsException e) {
      throw new SettingsException(file + ": " + e.getMessage(), e);
    }
  }

  private static void put(Map<Setting, Value> values, String name, String text, String source) {
    Setting.named(name)
        .ifPresent(
            setting -> {
              setting
                  .objection(text)
                  .ifPresent(
                      objection -> {
                        throw new SettingsException(setting + " (" + source + ") " + objection);
                      });
              values.put(setting, new Value(text, source));
            });
  }

  private static void microProfile(Map<Setting, Value> values) {
    try {
      var config = ConfigProvider.getConfig(Settings.class.getClassLoader());
      for (Setting setting : Setting.values()) {
        for (String name :
            List.of("linotp." + setting.name().toLowerCase(Locale.ROOT), "linotp." + setting)) {
          Optional<String> text = config.getOptionalValue(name, String.class);
          text.ifPresent(t -> put(values, setting.name(), t, "MicroProfile Config " + name));
        }
      }
    } catch (NoClassDefFoundError | IllegalStateException notOnTheCommandLine) {
      return;
    }
  }

  /** The home directory, absolute. */
  public Path home() {
    return home;
  }

  public String text(Setting setting) {
    Value value = values.get(setting);
    return value == null ? setting.defaultValue() : value.text();
  }

  public int number(Setting setting) {
    return Integer.parseInt(text(setting).trim());
  }

  public boolean flag(Setting setting) {
    return text(setting).trim().toLowerCase(Locale.ROOT).matches("1|true|yes");
  }

  /** The items of a comma-separated list, trimmed, without empty ones. */
  public List<String> list(Setting setting) {
    return Arrays.stream(text(setting).split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** A path; a relative one is below ROOT_DIR, which is the home unless set. */
  public Path path(Setting setting) {
    String root = text(Setting.ROOT_DIR);
    Path base = root.isEmpty() ? home : home.resolve(root);
    return setting == Setting.ROOT_DIR ? base : base.resolve(text(setting)).normalize();
  }

  /** True if nobody has set it. */
  public boolean isDefault(Setting setting) {
    return !values.containsKey(setting);
  }

  /** Where the value comes from, for people. */
  public String sourceOf(Setting setting) {
    Value value = values.get(setting);
    return value == null ? "default" : value.source();
  }
}
