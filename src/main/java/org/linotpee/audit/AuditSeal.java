package org.linotpee.audit;

import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.linotpee.crypto.AuditKeys;

/** The signature of a batch of audit rows, or of the point up to which rows were cleaned up. */
record AuditSeal(Content content, String signature) {
  /**
   * What is signed.
   *
   * @param lastHash the hash of the chain behind the last row, hexadecimal
   * @param previousHash the hash in front of the first row
   * @param anchor true if the rows up to the last one were removed by a clean-up
   */
  record Content(
      String node,
      long firstSequence,
      long lastSequence,
      String lastHash,
      String previousHash,
      String sealedAt,
      boolean anchor) {
    private byte[] bytes() {
      return String.join(
              "\n",
              "linotp-ee audit seal",
              node,
              String.valueOf(firstSequence),
              String.valueOf(lastSequence),
              lastHash,
              previousHash,
              sealedAt,
              String.valueOf(anchor))
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final String SELECT =
      "SELECT node, first_sequence, last_sequence, last_hash, previous_hash, sealed_at, anchor,"
          + " signature FROM audit_seal WHERE node = ?1";

  long lastSequence() {
    return content.lastSequence();
  }

  String lastHash() {
    return content.lastHash();
  }

  /** The state of a node that has sealed nothing yet. */
  static AuditSeal none(String node) {
    return new AuditSeal(
        new Content(node, 0, 0, AuditChain.BEGINNING, AuditChain.BEGINNING, "", false), "");
  }

  static AuditSeal signed(AuditKeys keys, Content content) {
    return new AuditSeal(
        content,
        keys.activeId() + ":" + Base64.getEncoder().encodeToString(keys.sign(content.bytes())));
  }

  /** True if the signature is that of a key of ours. */
  boolean intact(AuditKeys keys) {
    int colon = signature.indexOf(':');
    try {
      return colon > 0
          && keys.verify(
              signature.substring(0, colon),
              content.bytes(),
              Base64.getDecoder().decode(signature.substring(colon + 1)));
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
  }

  static Optional<AuditSeal> newest(EntityManager em, String node) {
    List<?> rows =
        em.createNativeQuery(SELECT + " ORDER BY last_sequence DESC")
            .setParameter(1, node)
            .setMaxResults(1)
            .getResultList();
    return rows.isEmpty() ? Optional.empty() : Optional.of(of(rows.get(0)));
  }

  /** The next seals of a node behind a sequence number, in their order. */
  static List<AuditSeal> after(EntityManager em, String node, long sequence, int limit) {
    List<?> rows =
        em.createNativeQuery(SELECT + " AND last_sequence > ?2 ORDER BY last_sequence")
            .setParameter(1, node)
            .setParameter(2, sequence)
            .setMaxResults(limit)
            .getResultList();
    var seals = new ArrayList<AuditSeal>(rows.size());
    rows.forEach(row -> seals.add(of(row)));
    return seals;
  }

  private static AuditSeal of(Object columns) {
    Object[] c = (Object[]) columns;
    return new AuditSeal(
        new Content(
            (String) c[0],
            ((Number) c[1]).longValue(),
            ((Number) c[2]).longValue(),
            (String) c[3],
            (String) c[4],
            (String) c[5],
            AuditRow.flag(c[6])),
        (String) c[7]);
  }

  void insert(EntityManager em) {
    em.createNativeQuery(
            "INSERT INTO audit_seal (node, first_sequence, last_sequence, last_hash,"
                + " previous_hash, sealed_at, anchor, signature)"
                + " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .setParameter(1, content.node())
        .setParameter(2, content.firstSequence())
        .setParameter(3, content.lastSequence())
        .setParameter(4, content.lastHash())
        .setParameter(5, content.previousHash())
        .setParameter(6, content.sealedAt())
        .setParameter(7, content.anchor())
        .setParameter(8, signature)
        .executeUpdate();
  }
}
