package org.linotpee.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.configuration.Settings;
import org.linotpee.testing.TestProduct;

/** A trail in a database of its own. */
class AuditForwarderTest {
  private TestProduct product;
  private AuditStore store;
  private AuditSealer sealer;
  private AuditForwarder forwarder;

  @BeforeEach
  void start(@TempDir Path folder) {
    product = new TestProduct();
    store =
        new AuditStore(
            product.transactions,
            Settings.load(
                folder, Map.of("AUDIT_DATABASE_URI", "jdbc:h2:file:" + folder.resolve("audit"))));
    sealer = new AuditSealer(product.transactions, product.auditKeys, product.clock);
    forwarder = new AuditForwarder(store);
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private long inOutbox() {
    return product.transactions.required(
        em ->
            ((Number) em.createNativeQuery("SELECT COUNT(*) FROM audit_row").getSingleResult())
                .longValue());
  }

  @Test
  void rowsMoveOnceAndStayVerifiable() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 20; i++) {
        product.auditTrail.store(product.audit("test/" + round));
      }
      sealer.seal();
      assertThat(forwarder.forward()).isEqualTo(20);
      assertThat(forwarder.forward()).isZero();
      assertThat(inOutbox()).isZero();
    }
    var result = new AuditVerifier(store, product.auditKeys).verify(problem -> {});
    assertThat(result).isEqualTo(new AuditVerifier.Result(60, 0, 0));
  }

  @Test
  void aSearchFindsWhatWasJustWritten() {
    product.auditTrail.store(product.audit("test/now"));
    var search = new AuditSearch(store, product.auditKeys, sealer, forwarder);
    search.refresh();
    var found = new ArrayList<AuditRow>();
    search.rows(
        new AuditSearch.Criteria(Map.of("action", "test/now"), false, "number", false),
        Optional.empty(),
        (row, intact) -> {
          assertThat(intact).isTrue();
          found.add(row);
        });
    assertThat(found).hasSize(1);
  }

  @Test
  void anInterruptionBetweenTheTwoDatabasesDoublesNothing() {
    product.auditTrail.store(product.audit("test/once"));
    sealer.seal();
    var rows =
        product.transactions.required(
            em -> em.createNativeQuery("SELECT COUNT(*) FROM audit_row").getSingleResult());
    assertThat(((Number) rows).longValue()).isEqualTo(1);
    AuditSeal seal =
        product.transactions.required(
            em -> AuditSeal.newest(em, DatabaseAuditTrail.nodeName()).orElseThrow());
    forwarder.forward();
    // as if the removal from the outbox had been lost
    product.auditTrail.store(product.audit("test/once"));
    product.transactions.required(
        em -> em.createNativeQuery("UPDATE audit_row SET node_sequence = 1").executeUpdate());
    assertThat(seal.lastSequence()).isEqualTo(1);
    assertThat(forwarder.forward()).isZero();
    assertThat(new AuditVerifier(store, product.auditKeys).verify(p -> {}))
        .isEqualTo(new AuditVerifier.Result(1, 0, 0));
    assertThat(inOutbox()).isZero();
  }
}
