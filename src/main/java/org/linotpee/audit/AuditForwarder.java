package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;

/**
 * Moves sealed rows and their seals from the outbox to the trail's own database. A row is removed
 * from the outbox when it is committed there; one that is there already is not written twice. While
 * that database is away, the outbox keeps the rows.
 */
@Service
public class AuditForwarder {
  private static final int BLOCK = 500;

  private final AuditStore store;

  @Inject
  public AuditForwarder(AuditStore store) {
    this.store = store;
  }

  /** Moves what is there; the number of rows. */
  public int forward() {
    if (!store.isSeparate()) {
      return 0;
    }
    Transactions target = store.separate().orElseThrow();
    int moved = 0;
    List<?> nodes =
        store
            .outbox()
            .separate(
                em -> em.createNativeQuery("SELECT DISTINCT node FROM audit_seal").getResultList());
    for (Object node : nodes) {
      moved += forward((String) node, target);
    }
    return moved;
  }

  private int forward(String node, Transactions target) {
    int moved = 0;
    List<AuditSeal> seals;
    do {
      long after = target.separate(em -> newest(em, node));
      seals = store.outbox().separate(em -> AuditSeal.after(em, node, after, 1));
      if (!seals.isEmpty()) {
        AuditSeal seal = seals.get(0);
        List<Object[]> rows = store.outbox().separate(em -> rows(em, node, seal.lastSequence()));
        target.separate(
            em -> {
              rows.forEach(columns -> insert(em, node, columns));
              seal.insert(em);
              return null;
            });
        moved += rows.size();
      }
      long done = target.separate(em -> newest(em, node));
      store.outbox().separate(em -> remove(em, node, done));
    } while (!seals.isEmpty());
    return moved;
  }

  private static long newest(EntityManager em, String node) {
    return AuditSeal.newest(em, node).map(AuditSeal::lastSequence).orElse(0L);
  }

  private static List<Object[]> rows(EntityManager em, String node, long upTo) {
    var rows = new ArrayList<Object[]>();
    for (Object row :
        em.createNativeQuery(
                AuditRow.SELECT_NUMBERED
                    + " WHERE node = ?1 AND node_sequence <= ?2 ORDER BY node_sequence")
            .setParameter(1, node)
            .setParameter(2, upTo)
            .setMaxResults(BLOCK)
            .getResultList()) {
      rows.add((Object[]) row);
    }
    return rows;
  }

  private static void insert(EntityManager em, String node, Object[] columns) {
    long sequence = ((Number) columns[columns.length - 1]).longValue();
    if (node.equals(ImportedTrail.NODE)) {
      AuditRow.of(columns).insertImported(em, node, sequence);
    } else {
      AuditRow.of(columns).insert(em, node, sequence);
    }
  }

  /** The newest seal stays: the next one builds on it. */
  private static int remove(EntityManager em, String node, long upTo) {
    em.createNativeQuery("DELETE FROM audit_seal WHERE node = ?1 AND last_sequence < ?2")
        .setParameter(1, node)
        .setParameter(2, upTo)
        .executeUpdate();
    return em.createNativeQuery("DELETE FROM audit_row WHERE node = ?1 AND node_sequence <= ?2")
        .setParameter(1, node)
        .setParameter(2, upTo)
        .executeUpdate();
  }
}
