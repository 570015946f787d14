package org.linotpee.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.testing.TestProduct;

/** Whatever is done to the trail behind the product's back is found. */
class AuditChainTest {
  private TestProduct product;
  private AuditSealer sealer;
  private AuditVerifier verifier;
  private AuditCleanup cleanup;

  @BeforeEach
  void start() {
    product = new TestProduct();
    sealer = new AuditSealer(product.transactions, product.auditKeys, product.clock);
    verifier = new AuditVerifier(product.auditStore, product.auditKeys);
    cleanup = new AuditCleanup(product.auditStore, product.auditKeys, product.clock);
    write(1200);
    assertThat(sealer.seal()).isEqualTo(1200);
    write(30);
    assertThat(sealer.seal()).isEqualTo(30);
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private void write(int rows) {
    product.transactions.required(
        em -> {
          for (int i = 0; i < rows; i++) {
            product.auditTrail.store(em, product.audit("test/" + i).info("\"quoted\"; text"));
          }
          return null;
        });
  }

  private List<String> problems() {
    var problems = new ArrayList<String>();
    verifier.verify(problems::add);
    return problems;
  }

  @Test
  void anUntouchedTrailHolds() {
    write(5);
    var result = verifier.verify(problem -> {});
    assertThat(result).isEqualTo(new AuditVerifier.Result(1235, 5, 0));
    assertThat(sealer.seal()).isEqualTo(5);
    assertThat(sealer.seal()).isZero();
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_row SET success = TRUE WHERE id = 17",
        "UPDATE audit_row SET info = 'x' WHERE id = 1230",
        "DELETE FROM audit_row WHERE id = 600",
        "DELETE FROM audit_row WHERE id <= 3",
        "DELETE FROM audit_row WHERE id = 1230",
        "UPDATE audit_row SET node_sequence = -id WHERE id = 17",
        "UPDATE audit_row SET row_mac = (SELECT row_mac FROM audit_row WHERE id = 18) WHERE id = 17",
        "DELETE FROM audit_seal WHERE last_sequence = 500",
        "DELETE FROM audit_seal WHERE last_sequence = 1230",
        "UPDATE audit_seal SET sealed_at = '1970' WHERE last_sequence = 500",
        "UPDATE audit_seal SET anchor = TRUE WHERE last_sequence = 500",
        "INSERT INTO audit_row (occurred_at, action, success, serial, token_type, login, realm,"
            + " administrator, action_detail, info, server, client, log_level, clearance_level,"
            + " row_mac, node, node_sequence) SELECT occurred_at, action, success, serial,"
            + " token_type, login, realm, administrator, action_detail, info, server, client,"
            + " log_level, clearance_level, row_mac, node, 17 FROM audit_row WHERE id = 17",
      })
  void aChangeIsFound(String change) {
    product.transactions.required(em -> em.createNativeQuery(change).executeUpdate());
    assertThat(problems()).isNotEmpty();
  }

  @Test
  void aCleanUpLeavesAnAnchorAndTheRestHolds() {
    assertThat(cleanup.keepingNewest(2000)).isEmpty();
    long last = cleanup.keepingNewest(100).orElseThrow();
    var exported = new StringWriter();
    cleanup.export(last, exported);
    assertThat(exported.toString().lines()).hasSize(1131);
    assertThat(exported.toString()).contains("\"\"\"quoted\"\"; text\"");
    assertThat(cleanup.removeUpTo(last)).isEqualTo(1130);
    assertThat(cleanup.count()).isEqualTo(100);
    assertThat(problems()).isEmpty();

    write(3);
    sealer.seal();
    assertThat(cleanup.removeUpTo(cleanup.keepingNewest(3).orElseThrow())).isEqualTo(100);
    assertThat(problems()).isEmpty();
    product.transactions.required(
        em -> em.createNativeQuery("DELETE FROM audit_seal WHERE anchor = TRUE").executeUpdate());
    assertThat(problems()).isNotEmpty();
  }
}
