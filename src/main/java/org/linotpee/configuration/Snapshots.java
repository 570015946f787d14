package org.linotpee.configuration;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Holds the current {@link Snapshot}. Every change takes the version row for update, so that two
 * nodes cannot interleave; this node swaps at once, others when they poll the row.
 */
@Service
public class Snapshots {
  private final Transactions transactions;
  private final Collection<SnapshotPart<?>> parts;
  private final ReentrantLock reloading = new ReentrantLock();
  private volatile Snapshot current;

  @Inject
  public Snapshots(Transactions transactions, @Any Instance<SnapshotPart<?>> parts) {
    this(transactions, parts.stream().<SnapshotPart<?>>map(p -> p).toList());
  }

  public Snapshots(Transactions transactions, Collection<SnapshotPart<?>> parts) {
    this.transactions = transactions;
    this.parts = List.copyOf(parts);
  }

  /** The newest snapshot that this node knows; loaded at the first call. */
  public Snapshot current() {
    Snapshot snapshot = current;
    if (snapshot == null) {
      refresh();
      snapshot = current;
    }
    return snapshot;
  }

  /**
   * Runs a change of what snapshots are made of, in one transaction with the version row, and swaps
   * the snapshot after the commit.
   */
  public <T> T change(Function<EntityManager, T> work) {
    T result =
        transactions.required(
            em -> {
              lock(em);
              T value = work.apply(em);
              em.flush();
              em.createNativeQuery(
                      "UPDATE configuration_version SET version = version + 1, changed_at = ?1"
                          + " WHERE id = 1")
                  .setParameter(1, System.currentTimeMillis())
                  .executeUpdate();
              return value;
            });
    refresh();
    return result;
  }

  /** Runs work that only one node may do at a time; the configuration stays as it is. */
  public <T> T exclusively(Function<EntityManager, T> work) {
    return transactions.required(
        em -> {
          lock(em);
          return work.apply(em);
        });
  }

  /** Loads a new snapshot if the version row says that there is one. */
  public void refresh() {
    reloading.lock();
    try {
      long version = transactions.separate(Snapshots::version);
      if (current == null || current.version() != version) {
        current = transactions.separate(this::load);
      }
    } finally {
      reloading.unlock();
    }
  }

  private static void lock(EntityManager em) {
    em.createNativeQuery("SELECT version FROM configuration_version WHERE id = 1 FOR UPDATE")
        .getSingleResult();
  }

  private static long version(EntityManager em) {
    return ((Number)
            em.createNativeQuery("SELECT version FROM configuration_version WHERE id = 1")
                .getSingleResult())
        .longValue();
  }

  private static Instant changedAt(EntityManager em) {
    return Instant.ofEpochMilli(
        ((Number)
                em.createNativeQuery("SELECT changed_at FROM configuration_version WHERE id = 1")
                    .getSingleResult())
            .longValue());
  }

  private Snapshot load(EntityManager em) {
    long version = version(em);
    List<Configuration.Entry> entries =
        em.createQuery("SELECT e FROM ConfigurationEntry e", ConfigurationEntry.class)
            .getResultStream()
            .map(e -> new Configuration.Entry(e.name(), e.content(), e.type(), e.description()))
            .toList();
    var configuration = new Configuration(entries);
    Map<Class<?>, Object> loaded = new HashMap<>();
    for (SnapshotPart<?> part : parts) {
      loaded.put(part.type(), part.load(em, configuration));
    }
    return new Snapshot(version, changedAt(em), configuration, loaded);
  }
}
