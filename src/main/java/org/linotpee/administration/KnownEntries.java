package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/**
 * The configuration entries that forms offer, with their types and what holds without them (spec 05
 * section 4, spec 10 sections 2.12 and 2.14).
 */
@Service
public class KnownEntries {
  /** What an entry may be. */
  public enum Kind {
    FLAG,
    NUMBER,
    TEXT,
    SECRET
  }

  /**
   * An entry.
   *
   * @param group the part of the form, and the first part of its text's key
   * @param standard what holds without the entry
   * @param choice the only values; any if empty
   */
  public record Known(String name, String group, Kind kind, String standard, List<String> choice)
      implements Serializable {}

  private static final List<Known> ALL = all();

  private final Snapshots snapshots;
  private final ConfigurationEntries entries;

  @Inject
  public KnownEntries(Snapshots snapshots, ConfigurationEntries entries) {
    this.snapshots = snapshots;
    this.entries = entries;
  }

  private static List<Known> all() {
    var all = new ArrayList<Known>();
    add(all, "login", Kind.FLAG, "splitAtSign=True", "PrependPin=True");
    add(all, "login", Kind.FLAG, "FailCounterIncOnFalsePin=False", "AutoResync=False");
    add(all, "login", Kind.NUMBER, "AutoResyncTimeout=300");
    add(all, "login", Kind.FLAG, "PassOnUserNotFound=False", "PassOnUserNoToken=False");
    add(all, "login", Kind.FLAG, "allowSamlAttributes=False");
    add(all, "login", Kind.TEXT, "token.last_access=False");
    add(all, "login", Kind.FLAG, "selfservice.realmbox=False");
    add(all, "login", Kind.TEXT, "selfservice.auth_expiry=1 hour");
    add(all, "caching", Kind.FLAG, "resolver_lookup_cache.enabled=True");
    add(all, "caching", Kind.TEXT, "resolver_lookup_cache.expiration=129600");
    add(all, "caching", Kind.FLAG, "user_lookup_cache.enabled=True");
    add(all, "caching", Kind.TEXT, "user_lookup_cache.expiration=129600");
    add(all, "clients", Kind.FLAG, "client.X_FORWARDED_FOR=False", "client.FORWARDED=False");
    add(all, "clients", Kind.TEXT, "client.FORWARDED_PROXY=", "mayOverwriteClient=");
    add(all, "policies", Kind.FLAG, "policy_action_validation=False");
    add(all, "tokens", Kind.NUMBER, "DefaultOtpLen=6", "DefaultMaxFailCount=10");
    add(all, "tokens", Kind.NUMBER, "DefaultCountWindow=10", "DefaultSyncWindow=1000");
    add(all, "tokens", Kind.FLAG, "DefaultResetFailCount=True");
    add(all, "tokens", Kind.NUMBER, "DefaultChallengeValidityTime=120");
    add(all, "totp", Kind.NUMBER, "totp.timeStep=30", "totp.timeWindow=180", "totp.timeShift=0");
    add(all, "messages", Kind.NUMBER, "SMSProviderTimeout=300", "SMSBlockingTimeout=60");
    add(all, "messages", Kind.NUMBER, "EmailChallengeValidityTime=600");
    add(all, "messages", Kind.NUMBER, "EmailBlockingTimeout=120", "VoiceBlockingTimeout=60");
    add(all, "messages", Kind.FLAG, "sms.sendByPin=True");
    add(all, "push", Kind.NUMBER, "QRTokenOtpLen=8", "QRMaxChallenges=3");
    add(all, "push", Kind.NUMBER, "QRChallengeValidityTime=150", "PushMaxChallenges=3");
    add(all, "push", Kind.NUMBER, "PushChallengeValidityTime=150");
    add(all, "fido2", Kind.NUMBER, "FIDO2ChallengeValidityTime=120");
    add(all, "ocra", Kind.NUMBER, "Ocra2MaxChallengeRequests=3");
    add(all, "ocra", Kind.TEXT, "OcraDefaultSuite=OCRA-1:HOTP-SHA256-8:C-QN08");
    add(all, "ocra", Kind.TEXT, "QrOcraDefaultSuite=OCRA-1:HOTP-SHA256-6:C-QA64");
    add(all, "servers", Kind.TEXT, "radius.server=", "remote.server=", "remote.realm=");
    add(all, "servers", Kind.SECRET, "radius.secret=");
    add(all, "servers", Kind.FLAG, "remote.verify_ssl_certificate=False");
    add(all, "servers", Kind.TEXT, "yubico.url=", "yubico.id=");
    add(all, "servers", Kind.SECRET, "yubico.secret=");
    add(all, "values", Kind.FLAG, "linotpGetotp.active=False");
    return List.copyOf(all);
  }

  private static void add(List<Known> all, String group, Kind kind, String... defaults) {
    for (String text : defaults) {
      int equals = text.indexOf('=');
      String name = text.substring(0, equals);
      List<String> choice = name.equals("DefaultOtpLen") ? List.of("6", "8", "10") : List.of();
      all.add(new Known(name, group, kind, text.substring(equals + 1), choice));
    }
  }

  /** The entries of each part, in the order of forms. */
  public Map<String, List<Known>> groups() {
    var groups = new LinkedHashMap<String, List<Known>>();
    ALL.forEach(k -> groups.computeIfAbsent(k.group(), g -> new ArrayList<>()).add(k));
    return groups;
  }

  /** What is stored for an entry; empty if nothing is, and for secrets. */
  public Optional<String> stored(Known known) {
    return snapshots
        .current()
        .configuration()
        .entry(known.name())
        .filter(entry -> !entry.encrypted() && known.kind() != Kind.SECRET)
        .map(Configuration.Entry::content);
  }

  /** True if something is stored for a secret. */
  public boolean isSet(Known known) {
    return snapshots.current().configuration().entry(known.name()).isPresent();
  }

  /**
   * Stores entries, all or none.
   *
   * @param changed new contents by name; of entries of this catalogue only
   * @throws LinotpException -311 if a value is not of its entry's type
   */
  public void store(Map<String, String> changed, Consumer<EntityManager> within) {
    var changes = new ArrayList<ConfigurationEntries.Change>();
    changed.forEach(
        (name, text) -> {
          Known known =
              ALL.stream()
                  .filter(k -> k.name().equals(name))
                  .findFirst()
                  .orElseThrow(
                      () -> LinotpException.unclassified("there is no setting '" + name + "'"));
          check(known, text);
          changes.add(
              new ConfigurationEntries.Change(
                  name, text.trim(), known.kind() == Kind.SECRET ? "password" : null, null));
        });
    entries.store(changes, within);
  }

  private static void check(Known known, String text) {
    String value = text.trim();
    boolean fits =
        switch (known.kind()) {
          case FLAG -> value.toLowerCase(Locale.ROOT).matches("true|false");
          case NUMBER -> value.matches("[0-9]{1,9}");
          default -> true;
        };
    if (!fits || (!known.choice().isEmpty() && !known.choice().contains(value))) {
      throw LinotpException.unclassified(
          "the value of '"
              + known.name()
              + "' must be "
              + (known.kind() == Kind.NUMBER ? "a number" : "True or False")
              + (known.choice().isEmpty() ? "" : " of " + String.join(", ", known.choice()))
              + ", not '"
              + value
              + "'");
    }
  }

  /** The changes as the audit trail may show them: without secrets. */
  public String described(Map<String, String> changed) {
    return changed.entrySet().stream()
        .map(
            e ->
                e.getKey()
                    + "="
                    + (ALL.stream()
                            .anyMatch(k -> k.name().equals(e.getKey()) && k.kind() == Kind.SECRET)
                        ? "***"
                        : e.getValue().trim()))
        .collect(java.util.stream.Collectors.joining(", "));
  }
}
