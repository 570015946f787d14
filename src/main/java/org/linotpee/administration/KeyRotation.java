package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.KeyFileException;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverRow;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;

/**
 * The master keys and what is sealed with them in the database: tells a wrong key file before it
 * does harm, seals everything anew, and says which keys are still needed.
 */
@Service
public class KeyRotation {
  private static final String KNOWN_TEXT = "linotp-ee";
  private static final int BLOCK = 200;

  private final Transactions transactions;
  private final Snapshots snapshots;
  private final Keys keys;
  private final Sealer sealer;
  private final TokenSecrets secrets;
  private final ResolverSecrets resolverSecrets;

  @Inject
  public KeyRotation(
      Transactions transactions,
      Snapshots snapshots,
      Keys keys,
      Sealer sealer,
      TokenSecrets secrets) {
    this.transactions = transactions;
    this.snapshots = snapshots;
    this.keys = keys;
    this.sealer = sealer;
    this.secrets = secrets;
    this.resolverSecrets = new ResolverSecrets(sealer);
  }

  /**
   * Checks that the key file is the one this database was made with, and remembers keys that are
   * new.
   *
   * @throws KeyFileException if it is another one, or lacks a key
   */
  public void verify() {
    snapshots.exclusively(
        em -> {
          Map<String, String> known = known(em);
          known.forEach(this::requireOpens);
          if (!known.containsKey(keys.activeId())) {
            em.createNativeQuery("INSERT INTO key_check (key_id, sealed) VALUES (?1, ?2)")
                .setParameter(1, keys.activeId())
                .setParameter(
                    2,
                    sealer.seal(
                        Purpose.CONFIGURATION,
                        context(keys.activeId()),
                        KNOWN_TEXT.getBytes(StandardCharsets.UTF_8)))
                .executeUpdate();
          }
          return null;
        });
  }

  private static Map<String, String> known(EntityManager em) {
    var known = new HashMap<String, String>();
    for (Object row :
        em.createNativeQuery("SELECT key_id, sealed FROM key_check").getResultList()) {
      known.put((String) ((Object[]) row)[0], (String) ((Object[]) row)[1]);
    }
    return known;
  }

  private static String context(String keyId) {
    return "key_check/" + keyId + "/sealed";
  }

  private void requireOpens(String keyId, String sealed) {
    if (!keys.ids().contains(keyId)) {
      throw new KeyFileException(
          "The key file lacks the key '"
              + keyId
              + "', with which secrets of this database are sealed. Restore the key file that"
              + " belongs to the database.");
    }
    try {
      sealer.open(Purpose.CONFIGURATION, context(keyId), sealed);
    } catch (SealException e) {
      throw new KeyFileException(
          "The key '"
              + keyId
              + "' of the key file is not the one that this database was made with. Restore the"
              + " key file that belongs to the database.",
          e);
    }
  }

  /**
   * Seals everything that is sealed with another key with the active one. Works in small
   * transactions while the server runs; when it was interrupted, calling it again goes on.
   *
   * @param progress told the number of tokens looked at
   * @return how many values were sealed anew
   */
  public long reseal(LongConsumer progress) {
    long changed = resealEntries();
    long last = 0;
    long seen = 0;
    List<Token> block;
    do {
      long after = last;
      var renewed = new long[1];
      block =
          transactions.required(
              em -> {
                List<Token> locked = block(em, after).getResultList();
                locked.forEach(t -> em.refresh(t, LockModeType.PESSIMISTIC_WRITE));
                renewed[0] = locked.stream().filter(secrets::reseal).count();
                return locked;
              });
      changed += renewed[0];
      seen += block.size();
      progress.accept(seen);
      last = block.isEmpty() ? 0 : block.get(block.size() - 1).id();
    } while (block.size() == BLOCK);
    return changed;
  }

  private static jakarta.persistence.TypedQuery<Token> block(EntityManager em, long after) {
    return em.createQuery("SELECT t FROM Token t WHERE t.id > :after ORDER BY t.id", Token.class)
        .setParameter("after", after)
        .setMaxResults(BLOCK);
  }

  private long resealEntries() {
    return snapshots.change(
        em -> {
          long changed = 0;
          for (ConfigurationEntry entry :
              em.createQuery("SELECT e FROM ConfigurationEntry e", ConfigurationEntry.class)
                  .getResultList()) {
            if (entry.encrypted() && !sealer.keyIdOf(entry.content()).equals(keys.activeId())) {
              String context = ConfigurationEntries.context(entry.name());
              byte[] clear = sealer.open(Purpose.CONFIGURATION, context, entry.content());
              entry.update(
                  sealer.seal(Purpose.CONFIGURATION, context, clear),
                  entry.type(),
                  entry.description());
              changed++;
            }
          }
          return changed + resealResolvers(em);
        });
  }

  private long resealResolvers(EntityManager em) {
    long changed = 0;
    for (ResolverRow row :
        em.createQuery("SELECT r FROM ResolverRow r", ResolverRow.class).getResultList()) {
      var definition = row.definition();
      if (resolverKeys(definition).stream().anyMatch(id -> !id.equals(keys.activeId()))) {
        var clear = new HashMap<>(definition.parameters());
        clear.replaceAll(
            (name, parameter) ->
                new ResolverDefinition.Parameter(
                    resolverSecrets.open(definition, name), parameter.type()));
        row.configure(resolverSecrets.sealed(row.id(), clear));
        changed++;
      }
    }
    return changed;
  }

  private List<String> resolverKeys(ResolverDefinition definition) {
    return definition.parameters().values().stream()
        .filter(p -> p.type().equals(ResolverSecrets.TYPE))
        .map(resolverSecrets::keyIdOf)
        .toList();
  }

  /** How many secrets are sealed with each master key. */
  public Map<String, Long> secretsByKey() {
    var use = new TreeMap<String, Long>();
    long last = 0;
    List<Token> block;
    do {
      long after = last;
      block = transactions.required(em -> block(em, after).getResultList());
      block.forEach(t -> secrets.keyIds(t).forEach(id -> use.merge(id, 1L, Long::sum)));
      last = block.isEmpty() ? 0 : block.get(block.size() - 1).id();
    } while (block.size() == BLOCK);
    snapshots.current().configuration().entries().stream()
        .filter(e -> e.encrypted())
        .forEach(e -> use.merge(sealer.keyIdOf(e.content()), 1L, Long::sum));
    snapshots
        .current()
        .part(Realms.class)
        .resolvers()
        .forEach(d -> resolverKeys(d).forEach(id -> use.merge(id, 1L, Long::sum)));
    return use;
  }

  /** The number of audit rows whose MAC needs a master key. */
  public long auditRows(String keyId) {
    return transactions.required(
        em ->
            ((Number)
                    em.createNativeQuery(
                            "SELECT COUNT(*) FROM audit_row WHERE row_mac LIKE ?1 ESCAPE '!'")
                        .setParameter(1, keyId.replace("_", "!_") + ":%")
                        .getSingleResult())
                .longValue());
  }

  /** True if something was sealed with the key, now or in the past. */
  public boolean known(String keyId) {
    return transactions.required(em -> known(em).containsKey(keyId));
  }

  /** Forgets a key that is taken out of the key file. */
  public void forget(String keyId) {
    transactions.required(
        em ->
            em.createNativeQuery("DELETE FROM key_check WHERE key_id = ?1")
                .setParameter(1, keyId)
                .executeUpdate());
  }
}
