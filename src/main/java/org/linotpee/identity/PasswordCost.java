package org.linotpee.identity;

import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.SettingsException;
import org.linotpee.crypto.Passwords;

/** How expensive new password hashes are. */
public final class PasswordCost {
  private PasswordCost() {}

  /**
   * The settings, once they are in force.
   *
   * @throws SettingsException if they name a cost that is out of bounds
   */
  public static Settings applied(Settings settings) {
    try {
      Passwords.cost(
          settings.number(Setting.PASSWORD_HASH_MEMORY),
          settings.number(Setting.PASSWORD_HASH_PASSES));
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "%s, %s: %s"
              .formatted(
                  Setting.PASSWORD_HASH_MEMORY, Setting.PASSWORD_HASH_PASSES, e.getMessage()),
          e);
    }
    return settings;
  }
}
