package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/**
 * Levels of loggers that administrators have set (spec 06 section 15): stored with the
 * configuration, so that every node applies them, now and at its next start.
 */
@Service
public class LogLevels {
  private static final String ENTRY = "logging.level.";
  private static final int MAX_NAME = 200;

  private final Snapshots snapshots;

  /** Loggers are held weakly by the JVM; those with a level of ours are held here. */
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

  @Inject
  public LogLevels(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * Sets a level.
   *
   * @param name the logger, {@code ""} for the root
   * @param number 10 debug, 20 info, 30 warning, 40 error, 50 critical
   * @throws LinotpException -311 if the name is too long
   */
  public Level set(String name, int number) {
    if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw LinotpException.unclassified("this is no name of a logger");
    }
    snapshots.change(
        em -> {
          String content = String.valueOf(number);
          var entry = em.find(ConfigurationEntry.class, ENTRY + name);
          if (entry == null) {
            em.persist(new ConfigurationEntry(ENTRY + name, content, null, null));
          } else {
            entry.update(content, null, null);
          }
          return null;
        });
    return apply(name, number);
  }

  /** Applies all stored levels. */
  public void applyStored() {
    var configuration = snapshots.current().configuration();
    for (var entry : configuration.entries()) {
      if (entry.name().startsWith(ENTRY)) {
        apply(entry.name().substring(ENTRY.length()), configuration.number(entry.name(), 0));
      }
    }
  }

  private Level apply(String name, int number) {
    Level level = level(number);
    loggers.computeIfAbsent(name, Logger::getLogger).setLevel(level);
    return level;
  }

  private static Level level(int number) {
    if (number >= 40) {
      return Level.SEVERE;
    }
    if (number >= 30) {
      return Level.WARNING;
    }
    return number >= 20 ? Level.INFO : Level.FINE;
  }
}
