package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.AuditKeys;

/**
 * Removes old rows (spec 06 section 13.3). What is left stays verifiable: for each node a signed
 * anchor tells the hash that the removed rows led to.
 */
@Service
public class AuditCleanup {
  private static final int BLOCK = 1000;
  private static final List<String> EXPORTED =
      List.of(
          "id",
          "occurred_at",
          "action",
          "success",
          "serial",
          "token_type",
          "login",
          "realm",
          "administrator",
          "action_detail",
          "info",
          "server",
          "client",
          "log_level",
          "clearance_level",
          "row_mac");

  private final AuditStore store;
  private final AuditKeys keys;
  private final Clock clock;

  @Inject
  public AuditCleanup(AuditStore store, AuditKeys keys, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  /** The number of rows. */
  public long count() {
    return store
        .transactions()
        .required(
            em ->
                ((Number) em.createNativeQuery("SELECT COUNT(*) FROM audit_row").getSingleResult())
                    .longValue());
  }

  /** The highest number that must go so that this many rows stay; empty if none must. */
  public OptionalLong keepingNewest(long rows) {
    return store
        .transactions()
        .required(
            em -> {
              List<?> found =
                  em.createNativeQuery("SELECT id FROM audit_row ORDER BY id DESC")
                      .setFirstResult((int) Math.min(Integer.MAX_VALUE, rows))
                      .setMaxResults(1)
                      .getResultList();
              return found.isEmpty()
                  ? OptionalLong.empty()
                  : OptionalLong.of(((Number) found.get(0)).longValue());
            });
  }

  /** The highest number of a row from before this moment; empty if there is none. */
  public OptionalLong olderThan(Instant limit) {
    return store
        .transactions()
        .required(
            em -> {
              Object highest =
                  em.createNativeQuery("SELECT MAX(id) FROM audit_row WHERE occurred_at < ?1")
                      .setParameter(1, DatabaseAuditTrail.time(limit))
                      .getSingleResult();
              return highest == null
                  ? OptionalLong.empty()
                  : OptionalLong.of(((Number) highest).longValue());
            });
  }

  /** Writes the rows up to a number as CSV, newest first. */
  public void export(long upTo, Writer out) {
    try {
      out.write(String.join("; ", EXPORTED) + "\n");
      long before = upTo + 1;
      List<AuditRow> block;
      do {
        long limit = before;
        block = store.transactions().required(em -> below(em, limit));
        for (AuditRow row : block) {
          out.write(line(row));
          before = row.number();
        }
      } while (block.size() == BLOCK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<AuditRow> below(EntityManager em, long limit) {
    var rows = new ArrayList<AuditRow>();
    for (Object row :
        em.createNativeQuery(AuditRow.SELECT + " WHERE id < ?1 ORDER BY id DESC")
            .setParameter(1, limit)
            .setMaxResults(BLOCK)
            .getResultList()) {
      rows.add(AuditRow.of((Object[]) row));
    }
    return rows;
  }

  private static String line(AuditRow row) {
    var fields = new ArrayList<String>();
    fields.add(String.valueOf(row.number()));
    fields.add(quoted(row.occurredAt()));
    fields.add(quoted(row.action()));
    fields.add(row.success() ? "1" : "0");
    for (String text :
        List.of(
            row.serial(),
            row.tokenType(),
            row.login(),
            row.realm(),
            row.administrator(),
            row.actionDetail(),
            row.info(),
            row.server(),
            row.client(),
            row.logLevel())) {
      fields.add(quoted(text));
    }
    fields.add(String.valueOf(row.clearanceLevel()));
    fields.add(quoted(row.mac()));
    return String.join("; ", fields) + "\n";
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  /**
   * Removes sealed rows up to a number, node by node in small transactions; rows that no signature
   * covers yet stay.
   *
   * @return how many were removed
   */
  public long removeUpTo(long upTo) {
    long removed = 0;
    List<?> nodes =
        store
            .transactions()
            .required(
                em -> em.createNativeQuery("SELECT DISTINCT node FROM audit_row").getResultList());
    for (Object node : nodes) {
      int batch;
      do {
        batch = store.transactions().required(em -> removeBatch(em, (String) node, upTo));
        removed += batch;
      } while (batch == BLOCK);
    }
    return removed;
  }

  private int removeBatch(EntityManager em, String node, long upTo) {
    List<Object[]> rows = new ArrayList<>();
    for (Object row :
        em.createNativeQuery(
                AuditRow.SELECT_NUMBERED
                    + " WHERE node = ?1 AND node_sequence IS NOT NULL ORDER BY node_sequence")
            .setParameter(1, node)
            .setMaxResults(BLOCK)
            .getResultList()) {
      rows.add((Object[]) row);
    }
    AuditSeal start =
        AuditSeal.after(em, node, 0, 1).stream()
            .filter(seal -> seal.content().anchor())
            .findFirst()
            .orElse(AuditSeal.none(node));
    var chain = new AuditChain(start.lastHash());
    long sequence = start.lastSequence();
    int count = 0;
    for (Object[] columns : rows) {
      AuditRow row = AuditRow.of(columns);
      if (row.number() > upTo) {
        break;
      }
      sequence = ((Number) columns[columns.length - 1]).longValue();
      chain.add(sequence, row);
      count++;
    }
    if (count == 0) {
      return 0;
    }
    em.createNativeQuery("DELETE FROM audit_row WHERE node = ?1 AND node_sequence <= ?2")
        .setParameter(1, node)
        .setParameter(2, sequence)
        .executeUpdate();
    if (node.equals(ImportedTrail.NODE)) {
      ImportedTrail.forget(em, rows.get(count - 1));
    }
    // a seal that ends with the last removed row is replaced by the anchor of the same number
    em.createNativeQuery("DELETE FROM audit_seal WHERE node = ?1 AND last_sequence <= ?2")
        .setParameter(1, node)
        .setParameter(2, sequence)
        .executeUpdate();
    AuditSeal.signed(
            keys,
            new AuditSeal.Content(
                node,
                0,
                sequence,
                chain.hash(),
                AuditChain.BEGINNING,
                DatabaseAuditTrail.time(clock.instant()),
                true))
        .insert(em);
    return count;
  }
}
