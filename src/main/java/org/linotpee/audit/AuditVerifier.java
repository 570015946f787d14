package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.AuditKeys;

/**
 * Checks the whole trail: every MAC, every number, the chain of hashes and the signatures. Reads in
 * blocks, so that memory does not grow with the trail.
 */
@Service
public class AuditVerifier {
  private static final int BLOCK = 1000;

  private final AuditStore store;
  private final AuditKeys keys;

  @Inject
  public AuditVerifier(AuditStore store, AuditKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * What was checked.
   *
   * @param rows rows in all
   * @param unsealed those that no signature covers yet
   */
  public record Result(long rows, long unsealed, long problems) {}

  private static final class Count {
    private long rows;
    private long unsealed;
    private long problems;
  }

  private record Numbered(long sequence, AuditRow row) {}

  /** Checks all nodes' rows; each problem is told in a sentence. */
  public Result verify(Consumer<String> report) {
    var count = new Count();
    Consumer<String> counting =
        problem -> {
          count.problems++;
          report.accept(problem);
        };
    for (String node : nodes()) {
      verify(node, counting, count);
      unsealed(node, counting, count);
    }
    return new Result(count.rows, count.unsealed, count.problems);
  }

  private List<String> nodes() {
    return store
        .transactions()
        .required(
            em -> {
              var nodes = new ArrayList<String>();
              for (Object node :
                  em.createNativeQuery(
                          "SELECT node FROM audit_row UNION SELECT node FROM audit_seal ORDER BY 1")
                      .getResultList()) {
                nodes.add((String) node);
              }
              return nodes;
            });
  }

  private void verify(String node, Consumer<String> report, Count count) {
    long sequence = 0;
    var chain = new AuditChain(AuditChain.BEGINNING);
    List<AuditSeal> seals;
    do {
      long after = sequence;
      seals = store.transactions().required(em -> AuditSeal.after(em, node, after, BLOCK));
      for (AuditSeal seal : seals) {
        AuditSeal.Content content = seal.content();
        if (!seal.intact(keys)) {
          report.accept(place(node, content.lastSequence()) + ": the signature is wrong");
        }
        if (content.anchor()) {
          chain = new AuditChain(content.lastHash());
        } else {
          if (content.firstSequence() > sequence + 1) {
            report.accept(
                place(node, sequence + 1)
                    + ": a signature is missing, up to number "
                    + (content.firstSequence() - 1));
            chain = new AuditChain(content.previousHash());
          }
          long from = Math.max(sequence + 1, content.firstSequence());
          rows(node, from, content.lastSequence(), chain, report, count);
          if (!chain.hash().equals(content.lastHash())) {
            report.accept(
                place(node, from)
                    + " to "
                    + content.lastSequence()
                    + ": rows were changed, removed or inserted");
            chain = new AuditChain(content.lastHash());
          }
        }
        sequence = content.lastSequence();
      }
    } while (seals.size() == BLOCK);
    long last = sequence;
    long beyond =
        store
            .transactions()
            .required(
                em ->
                    ((Number)
                            em.createNativeQuery(
                                    "SELECT COUNT(*) FROM audit_row WHERE node = ?1"
                                        + " AND node_sequence > ?2")
                                .setParameter(1, node)
                                .setParameter(2, last)
                                .getSingleResult())
                        .longValue());
    if (beyond > 0) {
      report.accept(place(node, last + 1) + ": the signature of " + beyond + " rows is missing");
    }
  }

  private static String place(String node, long sequence) {
    return "node " + node + ", number " + sequence;
  }

  private void rows(
      String node, long from, long to, AuditChain chain, Consumer<String> report, Count count) {
    long next = from;
    List<Numbered> block;
    do {
      long after = next - 1;
      block = store.transactions().required(em -> block(em, node, after, to));
      for (Numbered numbered : block) {
        if (numbered.sequence() != next) {
          report.accept(place(node, next) + ": the row is missing, or there is another one");
        }
        next = numbered.sequence() + 1;
        if (!numbered.row().intact(keys)) {
          report.accept(
              place(node, numbered.sequence())
                  + ": row "
                  + numbered.row().number()
                  + " was changed");
        }
        chain.add(numbered.sequence(), numbered.row());
        count.rows++;
      }
    } while (block.size() == BLOCK);
    if (next != to + 1) {
      report.accept(place(node, next) + ": rows are missing, up to number " + to);
    }
  }

  private static List<Numbered> block(EntityManager em, String node, long after, long to) {
    var rows = new ArrayList<Numbered>();
    for (Object row :
        em.createNativeQuery(
                AuditRow.SELECT_NUMBERED
                    + " WHERE node = ?1 AND node_sequence > ?2 AND node_sequence <= ?3"
                    + " ORDER BY node_sequence, id")
            .setParameter(1, node)
            .setParameter(2, after)
            .setParameter(3, to)
            .setMaxResults(BLOCK)
            .getResultList()) {
      Object[] columns = (Object[]) row;
      rows.add(
          new Numbered(((Number) columns[columns.length - 1]).longValue(), AuditRow.of(columns)));
    }
    return rows;
  }

  private void unsealed(String node, Consumer<String> report, Count count) {
    long last = 0;
    List<AuditRow> block;
    do {
      long after = last;
      block =
          store
              .transactions()
              .required(
                  em -> {
                    var rows = new ArrayList<AuditRow>();
                    for (Object row :
                        em.createNativeQuery(
                                AuditRow.SELECT
                                    + " WHERE node = ?1 AND node_sequence IS NULL AND id > ?2"
                                    + " ORDER BY id")
                            .setParameter(1, node)
                            .setParameter(2, after)
                            .setMaxResults(BLOCK)
                            .getResultList()) {
                      rows.add(AuditRow.of((Object[]) row));
                    }
                    return rows;
                  });
      for (AuditRow row : block) {
        count.rows++;
        count.unsealed++;
        if (!row.intact(keys)) {
          report.accept("node " + node + ": row " + row.number() + " was changed");
        }
        last = row.number();
      }
    } while (block.size() == BLOCK);
  }
}
