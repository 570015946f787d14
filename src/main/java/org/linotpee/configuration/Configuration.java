package org.linotpee.configuration;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The stored configuration entries at one moment, immutable. Names carry no prefix. */
public final class Configuration {
  /** An entry; the content of an encrypted one is sealed. */
  public record Entry(String name, String content, String type, String description) {
    public boolean encrypted() {
      return ConfigurationEntry.ENCRYPTED.equals(type);
    }
  }

  private final Map<String, Entry> entries;

  public Configuration(Collection<Entry> entries) {
    var map = new TreeMap<String, Entry>();
    entries.forEach(e -> map.put(e.name(), e));
    this.entries = Collections.unmodifiableMap(map);
  }

  /** The name without the optional prefix {@code linotp.}. */
  public static String plainName(String name) {
    return name.startsWith("linotp.") ? name.substring("linotp.".length()) : name;
  }

  public Optional<Entry> entry(String name) {
    return Optional.ofNullable(entries.get(plainName(name)));
  }

  /** All entries, sorted by name. */
  public Collection<Entry> entries() {
    return entries.values();
  }

  public Optional<String> text(String name) {
    return entry(name).map(Entry::content);
  }

  /** The number stored under the name, or the default if it is absent or no number. */
  public int number(String name, int defaultValue) {
    try {
      return text(name).map(t -> Integer.parseInt(t.trim())).orElse(defaultValue);
    } catch (NumberFormatException e) {
      return defaultValue;
    }
  }

  /** True for {@code 1 yes true} in any case, the default if absent, false for anything else. */
  public boolean flag(String name, boolean defaultValue) {
    return text(name)
        .map(t -> t.trim().toLowerCase(Locale.ROOT))
        .map(t -> t.equals("true") || t.equals("1") || t.equals("yes"))
        .orElse(defaultValue);
  }
}
