package org.linotpee.identity;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;

/**
 * What a database holds from the beginning (spec 05 section 4, column DB, and 06 section 7):
 * default entries, the administrators' realm and its resolver. What is there already is left alone.
 */
@Service
public class InitialData {
  private final Snapshots snapshots;
  private final UserStores stores;
  private final Sequences sequences;
  private final String realmName;
  private final String resolverName;

  @Inject
  public InitialData(
      Snapshots snapshots, UserStores stores, Sequences sequences, Settings settings) {
    this.snapshots = snapshots;
    this.stores = stores;
    this.sequences = sequences;
    this.realmName = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
    this.resolverName = settings.text(Setting.ADMIN_RESOLVER_NAME);
  }

  /** Adds what is missing; safe to call at each start and on several nodes at once. */
  public void ensure() {
    var realms = snapshots.current().part(Realms.class);
    boolean complete =
        snapshots.current().configuration().entry("sql_data_model_version").isPresent()
            && realms.named(realmName).isPresent()
            && realms.resolver(resolverName).isPresent();
    if (!complete) {
      snapshots.change(
          em -> {
            entries().forEach((name, content) -> addEntry(em, name, content));
            addAdministrators(em);
            return null;
          });
    }
  }

  private static void addEntry(EntityManager em, String name, String content) {
    if (em.find(ConfigurationEntry.class, name) == null) {
      em.persist(new ConfigurationEntry(name, content, null, null));
    }
  }

  private void addAdministrators(EntityManager em) {
    long resolverId =
        em.createQuery("SELECT r FROM ResolverRow r WHERE r.name = :name", ResolverRow.class)
            .setParameter("name", resolverName)
            .getResultStream()
            .findFirst()
            .map(ResolverRow::id)
            .orElseGet(
                () ->
                    stores.create(
                        em,
                        resolverName,
                        "sqlresolver",
                        true,
                        ManagedResolverType.parameters(resolverName)));
    boolean missing =
        em.createQuery("SELECT r FROM RealmRow r WHERE r.name = :name", RealmRow.class)
            .setParameter("name", realmName)
            .getResultList()
            .isEmpty();
    if (missing) {
      var realm = new RealmRow(sequences.next(em, "realm_seq", 1), realmName);
      em.persist(realm);
      em.flush();
      em.persist(new RealmResolverRow(realm.id(), resolverId, 0));
    }
  }

  private static Map<String, String> entries() {
    var entries = new LinkedHashMap<String, String>();
    entries.put("DefaultOtpLen", "6");
    entries.put("DefaultCountWindow", "10");
    entries.put("DefaultMaxFailCount", "10");
    entries.put("DefaultSyncWindow", "1000");
    entries.put("DefaultResetFailCount", "True");
    entries.put("DefaultChallengeValidityTime", "120");
    entries.put("DefaultBlockingTimeout", "0");
    entries.put("EmailChallengeValidityTime", "600");
    entries.put("QRChallengeValidityTime", "150");
    entries.put("PushChallengeValidityTime", "150");
    entries.put("SMSBlockingTimeout", "30");
    entries.put("EmailBlockingTimeout", "120");
    entries.put("SMSProviderTimeout", "300");
    entries.put("QRTokenOtpLen", "8");
    entries.put("QRMaxChallenges", "4");
    entries.put("PushMaxChallenges", "4");
    entries.put("PrependPin", "True");
    entries.put("FailCounterIncOnFalsePin", "True");
    entries.put("AutoResyncTimeout", "240");
    entries.put("totp.timeStep", "30");
    entries.put("totp.timeWindow", "300");
    entries.put("totp.timeShift", "0");
    entries.put("OATHTokenSupport", "False");
    entries.put("policy_action_validation", "True");
    entries.put("certificates.use_system_certificates", "False");
    entries.put("user_lookup_cache.enabled", "False");
    entries.put("user_lookup_cache.expiration", "64800");
    entries.put("resolver_lookup_cache.enabled", "False");
    entries.put("resolver_lookup_cache.expiration", "64800");
    entries.put("SMSProvider", "smsprovider.HttpSMSProvider.HttpSMSProvider");
    entries.put("EmailProvider", "linotp.provider.emailprovider.SMTPEmailProvider");
    entries.put("sql_data_model_version", "3.2.3.0");
    return entries;
  }
}
