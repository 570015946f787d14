package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.ConfiguredDuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Sealer;

/** Stores and removes configuration entries (spec 05 section 3). */
@Service
public class ConfigurationEntries {
  /**
   * An entry to store.
   *
   * @param type its label, null if none was given; {@code password} and {@code encrypted_data} seal
   *     the content
   */
  public record Change(String name, String content, String type, String description) {
    public Change {
      name = Configuration.plainName(name);
    }

    boolean sealed() {
      return type != null
          && (type.equalsIgnoreCase("password")
              || type.equalsIgnoreCase(ConfigurationEntry.ENCRYPTED));
    }
  }

  private static final Set<String> SECRETS = Set.of("EmailProviderConfig", "SMSProviderConfig");
  private static final String PAIRING_KEYS = "SecretKey.Partition.";
  private static final Set<String> DURATIONS =
      Set.of(
          "user_lookup_cache.expiration",
          "resolver_lookup_cache.expiration",
          "selfservice.auth_expiry");
  private static final Set<String> SWITCHES =
      Set.of("user_lookup_cache.enabled", "resolver_lookup_cache.enabled");
  private static final int MAX_NAME = 255;

  private final Snapshots snapshots;
  private final Sealer sealer;

  @Inject
  public ConfigurationEntries(Snapshots snapshots, Sealer sealer) {
    this.snapshots = snapshots;
    this.sealer = sealer;
  }

  /**
   * Stores the entries, all or none.
   *
   * @param within more work for the same transaction
   * @throws LinotpException -311 if a value is not of its entry's type
   */
  public void store(List<Change> changes, Consumer<EntityManager> within) {
    changes.forEach(ConfigurationEntries::check);
    snapshots.change(
        em -> {
          for (Change change : changes) {
            store(em, change);
          }
          within.accept(em);
          return null;
        });
  }

  /** True if the entry is or will be sealed, so that its content must not be shown. */
  public boolean secret(Change change) {
    return change.sealed()
        || alwaysSealed(change.name())
        || (change.type() == null
            && snapshots
                .current()
                .configuration()
                .entry(change.name())
                .map(Configuration.Entry::encrypted)
                .orElse(false));
  }

  /** Secrets whatever label they are stored with. */
  private static boolean alwaysSealed(String name) {
    return SECRETS.contains(name) || name.startsWith(PAIRING_KEYS);
  }

  private void store(EntityManager em, Change change) {
    var entry = em.find(ConfigurationEntry.class, change.name());
    boolean seal =
        change.sealed()
            || alwaysSealed(change.name())
            || (change.type() == null && entry != null && entry.encrypted());
    String content = seal ? seal(change.name(), change.content()) : change.content();
    String type = seal ? ConfigurationEntry.ENCRYPTED : change.type();
    if (entry == null) {
      em.persist(new ConfigurationEntry(change.name(), content, type, change.description()));
    } else {
      entry.update(content, type, change.description());
    }
  }

  private String seal(String name, String content) {
    return sealer.seal(
        Purpose.CONFIGURATION, context(name), content.getBytes(StandardCharsets.UTF_8));
  }

  /** The clear content of an encrypted entry. */
  public String open(Configuration.Entry entry) {
    return entry.encrypted()
        ? new String(
            sealer.open(Purpose.CONFIGURATION, context(entry.name()), entry.content()),
            StandardCharsets.UTF_8)
        : entry.content();
  }

  /** The associated data under which the content of an entry is sealed. */
  public static String context(String name) {
    return "configuration_entry/" + name + "/content";
  }

  /** Removes an entry; one that does not exist is no error. */
  public void remove(String name, Consumer<EntityManager> within) {
    snapshots.change(
        em -> {
          var entry = em.find(ConfigurationEntry.class, Configuration.plainName(name));
          if (entry != null) {
            em.remove(entry);
          }
          within.accept(em);
          return null;
        });
  }

  private static void check(Change change) {
    String name = change.name();
    String value = change.content();
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw LinotpException.unclassified("the name of an entry has 1 to 255 characters");
    }
    if (DURATIONS.contains(name) && !isDuration(value)) {
      throw LinotpException.unclassified(
          "the value of '"
              + name
              + "' must be of type 'duration', not '"
              + value.replaceAll("\\s", "")
              + "'");
    }
    if (name.equals("client.FORWARDED_PROXY") && !isNetworkList(value)) {
      throw LinotpException.unclassified(
          "the value of '" + name + "' must be of type 'network', not '" + value + "'");
    }
    if (SWITCHES.contains(name)
        && !value.toLowerCase(Locale.ROOT).matches("1|yes|true|0|no|false")) {
      throw LinotpException.unclassified(
          "the value of '" + name + "' must be true or false, not '" + value + "'");
    }
    if (name.equals("token.last_access") && !isTimeFormat(value)) {
      throw LinotpException.unclassified(
          "the value of '" + name + "' must be True, False or a time format, not '" + value + "'");
    }
  }

  static boolean isDuration(String value) {
    return ConfiguredDuration.seconds(value).isPresent();
  }

  private static boolean isNetworkList(String value) {
    if (value.isBlank()) {
      return true;
    }
    for (String item : value.split(",")) {
      String[] parts = item.trim().split("/", 2);
      try {
        int bits = InetAddress.getByName(parts[0]).getAddress().length * 8;
        if (parts[0].isEmpty()
            || (parts.length > 1
                && (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > bits))) {
          return false;
        }
      } catch (UnknownHostException e) {
        return false;
      }
    }
    return true;
  }

  /** {@code True}, {@code False}, or a strftime pattern of the letters that can be read back. */
  static boolean isTimeFormat(String value) {
    return value.equalsIgnoreCase("true")
        || value.equalsIgnoreCase("false")
        || (value.matches("([^%]|%[dmyYHIMSjbBaAp%])*") && value.contains("%"));
  }

  /** The entries as answers show them: by name, sealed ones in their opaque form. */
  public static Map<String, String> shown(Configuration configuration) {
    var shown = new LinkedHashMap<String, String>();
    configuration.entries().forEach(e -> shown.put(e.name(), shown(e)));
    return shown;
  }

  /** The opaque form {@code <hex>:<hex>} of a sealed content, or the content. */
  public static String shown(Configuration.Entry entry) {
    return entry.encrypted() ? opaque(entry.content()) : entry.content();
  }

  /** A sealed text in the form that clients expect of encrypted values. */
  public static String opaque(String sealed) {
    String hex = java.util.HexFormat.of().formatHex(sealed.getBytes(StandardCharsets.US_ASCII));
    return hex.substring(0, 32) + ":" + hex.substring(32);
  }
}
