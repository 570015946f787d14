package org.linotpee.delivery;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.Passwords;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;
import org.linotpee.policy.PolicyEngine;

/**
 * The definitions of providers. They are configuration entries: {@code SMSProvider.<name>} is the
 * class, and the settings are sealed.
 */
@Service
public class Providers {
  /** The provider of configurations that knew but one of each type. */
  static final String LEGACY = "imported_default";

  private static final Logger LOG = System.getLogger(Providers.class.getName());
  private static final String CONFIG_ENTRY = "Config";
  private static final String TIMEOUT = ".Timeout";
  private static final String CONFIG = ".Config";
  private static final String MANAGED = ".Managed";
  private static final String DESCRIPTION = "a provider definition";

  private final Snapshots snapshots;
  private final Sealer sealer;
  private final PolicyEngine policies;
  private final ProviderClasses classes;
  private final boolean validateOnSave;
  private volatile Loaded loaded;

  @Inject
  public Providers(
      Snapshots snapshots,
      Sealer sealer,
      PolicyEngine policies,
      ProviderClasses classes,
      Settings settings) {
    this.snapshots = snapshots;
    this.sealer = sealer;
    this.policies = policies;
    this.classes = classes;
    this.validateOnSave = settings.flag(Setting.PROVIDER_VALIDATE_ON_SAVE);
  }

  /** The definitions in one state of the configuration; unsealed once. */
  private record Loaded(
      Configuration configuration, Map<ProviderType, Map<String, Definition>> definitions) {}

  /**
   * A provider.
   *
   * @param className as it was stored
   * @param timeout seconds, as it was stored
   * @param config the settings, JSON; empty if there are none
   * @param managed somebody else owns it: its settings are not shown
   */
  public record Definition(
      ProviderType type,
      String name,
      String className,
      String timeout,
      Optional<String> config,
      boolean managed,
      boolean isDefault) {
    /** Without the settings, which hold passwords. */
    @Override
    public String toString() {
      return type.key() + " provider " + name;
    }
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  // reading ---------------------------------------------------------------------------------------

  /** The providers of a type, by name. */
  public Map<String, Definition> all(ProviderType type) {
    Configuration configuration = configuration();
    Loaded known = loaded;
    if (known == null || known.configuration() != configuration) {
      var definitions = new EnumMap<ProviderType, Map<String, Definition>>(ProviderType.class);
      for (ProviderType each : ProviderType.values()) {
        definitions.put(each, read(configuration, each));
      }
      known = new Loaded(configuration, definitions);
      loaded = known;
    }
    return known.definitions().get(type);
  }

  private Map<String, Definition> read(Configuration configuration, ProviderType type) {
    var definitions = new LinkedHashMap<String, Definition>();
    var names = new TreeSet<String>();
    String prefix = type.entry() + ".";
    for (Configuration.Entry entry : configuration.entries()) {
      if (entry.name().startsWith(prefix) && entry.name().indexOf('.', prefix.length()) < 0) {
        names.add(entry.name().substring(prefix.length()));
      }
    }
    if (legacyConfig(configuration, type).isPresent()) {
      names.add(LEGACY);
    }
    String marked = configuration.text(type.defaultEntry()).orElse("");
    String standard = names.contains(marked) ? marked : names.isEmpty() ? "" : names.first();
    for (String name : names) {
      definitions.put(name, definition(configuration, type, name, name.equals(standard)));
    }
    return Collections.unmodifiableMap(definitions);
  }

  /** A provider by its name. */
  public Optional<Definition> named(ProviderType type, String name) {
    return Optional.ofNullable(all(type).get(name));
  }

  /** The default provider of a type; empty if there is no provider at all. */
  public Optional<Definition> standard(ProviderType type) {
    return all(type).values().stream().filter(Definition::isDefault).findFirst();
  }

  /** The settings of a provider that was configured when there was but one. */
  private static Optional<Configuration.Entry> legacyConfig(
      Configuration configuration, ProviderType type) {
    return type.hasLegacy() ? configuration.entry(type.entry() + CONFIG_ENTRY) : Optional.empty();
  }

  private Definition definition(
      Configuration configuration, ProviderType type, String name, boolean isDefault) {
    String entry = type.entry() + "." + name;
    if (name.equals(LEGACY) && configuration.entry(entry).isEmpty()) {
      return new Definition(
          type,
          name,
          configuration.text(type.entry()).filter(c -> !c.isBlank()).orElse(type.legacyClass()),
          configuration.text(type.legacyTimeoutEntry()).orElse(type.legacyTimeout()),
          legacyConfig(configuration, type).flatMap(this::open),
          false,
          isDefault);
    }
    return new Definition(
        type,
        name,
        configuration.text(entry).orElse(""),
        configuration.text(entry + TIMEOUT).orElse(""),
        configuration.entry(entry + CONFIG).flatMap(this::open),
        configuration.entry(entry + MANAGED).isPresent(),
        isDefault);
  }

  private static String context(String entry) {
    return "configuration_entry/" + entry + "/content";
  }

  /** The settings; none if they were sealed with a key that is not here. */
  private Optional<String> open(Configuration.Entry entry) {
    try {
      return Optional.of(
          entry.encrypted()
              ? new String(
                  sealer.open(Purpose.CONFIGURATION, context(entry.name()), entry.content()),
                  StandardCharsets.UTF_8)
              : entry.content());
    } catch (SealException e) {
      LOG.log(Level.ERROR, "the settings in {0} cannot be unsealed", entry.name());
      return Optional.empty();
    }
  }

  // changing --------------------------------------------------------------------------------------

  /**
   * A provider to store.
   *
   * @param managed the password of its owner; with it the settings are not shown any more
   */
  public record Change(
      ProviderType type,
      String name,
      String className,
      String timeout,
      Optional<String> config,
      boolean makeDefault,
      Optional<String> managed) {}

  /**
   * Creates a provider, or replaces one of the same name.
   *
   * @throws LinotpException -311 if the class is none of the type, the name or the settings cannot
   *     be used, or it is managed by somebody else; nothing is stored then
   */
  public void store(Change change, Consumer<EntityManager> within) {
    String name = change.name();
    if (name.isBlank() || name.contains(".") || name.length() > 100) {
      throw LinotpException.unclassified(
          "the name of a provider has 1 to 100 characters and no dot");
    }
    if (classes.named(change.type(), change.className()).isEmpty()) {
      throw LinotpException.unclassified(
          "'%s' is no class of %s providers".formatted(change.className(), change.type().key()));
    }
    requireOwner(change.type(), name, change.managed());
    validate(change);
    boolean exists = all(change.type()).containsKey(name);
    Keys keys = Keys.of(change.type(), name, configuration());
    snapshots.change(
        em -> {
          put(em, keys.main(), change.className(), null);
          put(em, keys.timeout(), change.timeout(), null);
          remove(em, keys.config());
          change
              .config()
              .ifPresent(
                  text ->
                      put(
                          em,
                          keys.config(),
                          sealer.seal(
                              Purpose.CONFIGURATION,
                              context(keys.config()),
                              text.getBytes(StandardCharsets.UTF_8)),
                          ConfigurationEntry.ENCRYPTED));
          if (!exists) {
            change
                .managed()
                .filter(password -> !password.isEmpty())
                .ifPresent(p -> put(em, keys.managed(), Passwords.hash(p), null));
          }
          if (change.makeDefault()) {
            put(em, change.type().defaultEntry(), name, null);
          }
          within.accept(em);
          return null;
        });
  }

  /** The entries that a provider consists of; those of the nameless one of old are others. */
  private record Keys(String main, String timeout, String config, String managed) {
    static Keys of(ProviderType type, String name, Configuration configuration) {
      String entry = type.entry() + "." + name;
      return name.equals(LEGACY) && type.hasLegacy() && configuration.entry(entry).isEmpty()
          ? new Keys(
              type.entry(), type.legacyTimeoutEntry(), type.entry() + CONFIG_ENTRY, entry + MANAGED)
          : new Keys(entry, entry + TIMEOUT, entry + CONFIG, entry + MANAGED);
    }

    List<String> all() {
      return List.of(main, timeout, config, managed);
    }
  }

  /** Refuses what could not send; nobody is contacted. */
  private void validate(Change change) {
    if (!validateOnSave || change.config().isEmpty()) {
      return;
    }
    ProviderSettings settings =
        ProviderSettings.parse(change.name(), change.timeout(), change.config().get());
    classes
        .named(change.type(), change.className())
        .ifPresent(providerClass -> providerClass.open(settings).close());
  }

  private void requireOwner(ProviderType type, String name, Optional<String> password) {
    Optional<String> hash = configuration().text(type.entry() + "." + name + MANAGED);
    if (hash.isPresent() && !Passwords.verify(hash.get(), password.orElse(""))) {
      throw LinotpException.unclassified(
          "the provider '" + name + "' is managed: its password is needed");
    }
  }

  private static void put(EntityManager em, String key, String value, String type) {
    var entry = em.find(ConfigurationEntry.class, key);
    if (entry == null) {
      em.persist(new ConfigurationEntry(key, value, type, DESCRIPTION));
    } else {
      entry.update(value, type, DESCRIPTION);
    }
  }

  private static void remove(EntityManager em, String key) {
    var entry = em.find(ConfigurationEntry.class, key);
    if (entry != null) {
      em.remove(entry);
      em.flush();
    }
  }

  /** Whether something was done and, if clients are to be told, why not. */
  public record Refusal(boolean done, Optional<String> message) {
    static final Refusal NONE = new Refusal(true, Optional.empty());

    static Refusal because(String message) {
      return new Refusal(false, Optional.of(message));
    }
  }

  /**
   * Deletes a provider, unless it is the default one of several or a policy chooses it.
   *
   * @throws LinotpException -311 if it is managed by somebody else
   */
  public Refusal delete(
      ProviderType type, String name, Optional<String> managed, Consumer<EntityManager> within) {
    Map<String, Definition> all = all(type);
    Definition doomed = all.get(name);
    if (doomed == null) {
      return new Refusal(false, Optional.empty());
    }
    requireOwner(type, name, managed);
    if (doomed.isDefault() && all.size() > 1) {
      return Refusal.because("Default provider could not be deleted!");
    }
    List<String> choosing = policies.choosing(type.action(), name);
    if (!choosing.isEmpty()) {
      return Refusal.because(
          "Unable to delete - provider used in policies!\n[" + String.join(",", choosing) + "]");
    }
    Keys keys = Keys.of(type, name, configuration());
    snapshots.change(
        em -> {
          keys.all().forEach(key -> remove(em, key));
          if (doomed.isDefault()) {
            remove(em, type.defaultEntry());
          }
          within.accept(em);
          return null;
        });
    return Refusal.NONE;
  }

  /** Makes a provider the default one of its type. */
  public Refusal makeDefault(ProviderType type, String name, Consumer<EntityManager> within) {
    if (!all(type).containsKey(name)) {
      return Refusal.because("there is no " + type.key() + " provider '" + name + "'");
    }
    snapshots.change(
        em -> {
          put(em, type.defaultEntry(), name, null);
          within.accept(em);
          return null;
        });
    return Refusal.NONE;
  }
}
