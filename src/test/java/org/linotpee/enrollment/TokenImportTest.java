package org.linotpee.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.io.StringReader;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestProduct;
import org.linotpee.tokenfile.Pskc;
import org.linotpee.tokenfile.TokenFile;

class TokenImportTest {
  private TestProduct product;
  private AuditRecord audit;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice");
    audit = product.audit("admin/loadtokens");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private int load(String text, String realm) {
    var options = new TokenFile.Options("auto", new Pskc.Plain(), false, "");
    return product.tokenImport.load(
        TokenFile.named("oathcsv", options),
        new StringReader(text),
        new TokenImport.Target("oathcsv, a.csv", Optional.ofNullable(realm), true),
        audit);
  }

  private long count() {
    return product.transactions.required(product.tokens::countAll);
  }

  @Test
  void aBadLineInALaterBatchUndoesAllEarlierOnes() {
    String good =
        IntStream.range(0, 1200)
            .mapToObj(i -> "A" + i + "," + SEED)
            .collect(Collectors.joining("\n"));
    assertThatThrownBy(() -> load(good + "\nB1, nothex", null)).isInstanceOf(LinotpException.class);
    assertThat(count()).isZero();
    assertThat(load(good, "people")).isEqualTo(1200);
    assertThat(count()).isEqualTo(1200);
    assertThat(audit.info()).isEqualTo("oathcsv, a.csv (imported: 1200)");
    assertThat(audit.actionDetail()).isEqualTo("tokennum = 1200");
    assertThat(audit.serial().replace(',', ' ').split(" ")).hasSize(1200).contains("A0", "A1199");
  }

  @Test
  void fewStatementsForMany() {
    String text =
        IntStream.range(0, 2000)
            .mapToObj(i -> "A" + i + "," + SEED)
            .collect(Collectors.joining("\n"));
    product.database.takeStatements();
    load(text, "people");
    assertThat(product.database.takeStatements()).hasSizeLessThan(200);
  }

  @Test
  void anExistingTokenGetsTheNewSeedAndKeepsItsPin() {
    product.enroll("alice", "otpkey", "ff".repeat(20), "serial", "A1", "pin", "p");
    load("A1, " + SEED + "\nA1, " + SEED + ", hotp, 8", null);
    assertThat(product.token("A1").otpLength()).isEqualTo(8);
    assertThat(product.check("alice", "p84755224")).isTrue();
  }

  @Test
  void otherTypesUnknownRealmsAndUnusableSerialsAreRefused() {
    product.enroll("alice", "type", "pw", "otpkey", "secret", "serial", "A2");
    assertThatThrownBy(() -> load("A1, " + SEED + "\nA2, " + SEED, null))
        .hasMessageContaining("already exist with type");
    assertThatThrownBy(() -> load("A1, " + SEED, "nowhere"))
        .hasMessageContaining("target realm could not be assigned");
    assertThatThrownBy(() -> load("A*, " + SEED, null)).isInstanceOf(LinotpException.class);
    assertThatThrownBy(() -> load("A1, " + SEED + ", hotp, 99", null))
        .isInstanceOf(LinotpException.class);
    assertThatThrownBy(() -> load("A1, " + SEED + ", nosuch", null)).hasMessageContaining("1610");
    assertThat(count()).isEqualTo(1);
  }
}
