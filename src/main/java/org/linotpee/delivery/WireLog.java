package org.linotpee.delivery;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps the libraries from logging what goes over the wire: one-time passwords and logins would be
 * in it. Their own messages add nothing to what is logged about each delivery.
 */
final class WireLog {
  /** Referred to here, so that the levels are not forgotten. */
  private static final List<Logger> LIBRARIES =
      List.of(
          Logger.getLogger("org.apache.hc"),
          Logger.getLogger("org.apache.hc.client5.http.wire"),
          Logger.getLogger("org.apache.hc.client5.http.headers"),
          Logger.getLogger("org.eclipse.angus.mail"),
          Logger.getLogger("org.jsmpp"));

  private WireLog() {}

  static void silence() {
    for (Logger library : LIBRARIES) {
      library.setLevel(Level.OFF);
      library.setFilter(entry -> entry.getLevel().intValue() > Level.INFO.intValue());
    }
  }
}
