package org.linotpee.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.AuditKeys;
import org.linotpee.crypto.JwtKeys;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.PasswordCost;

/** Makes what the framework-free base packages offer injectable. */
@ApplicationScoped
public class Components {
  @Produces
  @Singleton
  Settings settings() {
    return PasswordCost.applied(Settings.fromEnvironment());
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Keys keys(Settings settings) {
    return new Keys(KeyFile.load(settings.path(Setting.KEY_FILE)));
  }

  @Produces
  @Singleton
  Sealer sealer(Keys keys) {
    return new Sealer(keys);
  }

  @Produces
  @Singleton
  Pins pins(Sealer sealer) {
    return new Pins(sealer);
  }

  @Produces
  @Singleton
  JwtKeys jwtKeys(Keys keys) {
    return new JwtKeys(keys);
  }

  @Produces
  @Singleton
  AuditKeys auditKeys(Keys keys) {
    return new AuditKeys(keys);
  }
}
