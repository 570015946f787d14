package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.AuditKeys;

/**
 * Chains the rows of this node behind their commits: each gets the next number of the node, and a
 * batch gets one signature over the hash that all rows so far lead to. Authentications never wait
 * for it.
 */
@Service
public class AuditSealer {
  private static final int BATCH = 500;

  private final Transactions transactions;
  private final AuditKeys keys;
  private final Clock clock;
  private final String node;

  @Inject
  public AuditSealer(Transactions transactions, AuditKeys keys, Clock clock) {
    this(transactions, keys, clock, DatabaseAuditTrail.nodeName());
  }

  AuditSealer(Transactions transactions, AuditKeys keys, Clock clock, String node) {
    this.transactions = transactions;
    this.keys = keys;
    this.clock = clock;
    this.node = node;
  }

  /** Seals what is committed and not sealed yet; the number of rows. */
  public int seal() {
    int sealed = 0;
    int batch;
    do {
      batch = transactions.separate(this::sealBatch);
      sealed += batch;
    } while (batch == BATCH);
    return sealed;
  }

  private int sealBatch(EntityManager em) {
    List<AuditRow> rows = unsealed(em);
    if (rows.isEmpty()) {
      return 0;
    }
    AuditSeal previous = AuditSeal.newest(em, node).orElse(AuditSeal.none(node));
    var chain = new AuditChain(previous.lastHash());
    long sequence = previous.lastSequence();
    var numbered = new ArrayList<Long>(rows.size());
    for (AuditRow row : rows) {
      chain.add(++sequence, row);
      numbered.add(row.number());
    }
    number(em, numbered, previous.lastSequence() + 1);
    AuditSeal.signed(
            keys,
            new AuditSeal.Content(
                node,
                previous.lastSequence() + 1,
                sequence,
                chain.hash(),
                previous.lastHash(),
                DatabaseAuditTrail.time(clock.instant()),
                false))
        .insert(em);
    return rows.size();
  }

  private List<AuditRow> unsealed(EntityManager em) {
    var rows = new ArrayList<AuditRow>();
    for (Object row :
        em.createNativeQuery(
                AuditRow.SELECT + " WHERE node = ?1 AND node_sequence IS NULL ORDER BY id")
            .setParameter(1, node)
            .setMaxResults(BATCH)
            .getResultList()) {
      rows.add(AuditRow.of((Object[]) row));
    }
    return rows;
  }

  private static void number(EntityManager em, List<Long> ids, long first) {
    try (PreparedStatement update =
        em.unwrap(Connection.class)
            .prepareStatement(
                "UPDATE audit_row SET node_sequence = ? WHERE id = ? AND node_sequence IS NULL")) {
      long sequence = first;
      for (long id : ids) {
        update.setLong(1, sequence++);
        update.setLong(2, id);
        update.addBatch();
      }
      for (int count : update.executeBatch()) {
        if (count == 0) {
          throw new IllegalStateException("another process seals the audit rows of this node");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("audit rows cannot be numbered", e);
    }
  }
}
