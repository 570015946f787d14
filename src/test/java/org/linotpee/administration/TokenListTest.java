package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.testing.TestProduct;

/** Spec 03 section 3. */
class TokenListTest {
  private TestProduct product;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice", "albert", "bob");
    product.enroll("alice", "otpkey", SEED, "serial", "A1", "description", "blue ring");
    product.enroll("alice", "otpkey", SEED, "serial", "A2");
    product.enroll("bob", "otpkey", SEED, "serial", "B_1", "enable", "false");
    product.enroll("", "otpkey", SEED, "serial", "N1", "type", "spass");
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private TokenList.Query query(String serial, String user, String realm, String text) {
    return new TokenList.Query(
        Optional.ofNullable(serial),
        Optional.ofNullable(user),
        product.name(user == null ? "" : user),
        Optional.ofNullable(realm),
        Optional.ofNullable(text),
        Optional.empty(),
        Optional.empty(),
        "TokenSerialnumber",
        false,
        Optional.empty());
  }

  private List<String> serials(String serial, String user, String realm, String text) {
    return product.list.find(query(serial, user, realm, text)).entries().stream()
        .map(e -> e.token().serial())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "A*, -, -, -, A1 A2",
        "B_*, -, -, -, B_1",
        "_*, -, -, -, ''",
        "a1, -, -, -, ''",
        "-, alice, -, -, A1 A2",
        "-, AL*, -, -, A1 A2",
        "-, al.*, -, -, ''",
        "-, *, -, -, A1 A2 B_1",
        "-, /:no user:/, -, -, N1",
        "-, '\"\"', -, -, N1",
        "-, -, people, -, A1 A2 B_1",
        "-, -, p?ople, -, A1 A2 B_1",
        "-, -, /:no realm:/, -, N1",
        "-, -, nosuch, -, ''",
        "-, -, '*', -, A1 A2 B_1 N1",
        "-, -, -, ring, A1",
        "-, -, -, /:inactive:/, B_1",
        "-, -, -, spass, N1",
        "A*, alice, people, ring, A1",
      })
  void filters(String serial, String user, String realm, String text, String found) {
    List<String> expected = found.isEmpty() ? List.of() : List.of(found.split(" "));
    assertThat(serials(serial, user, realm, text)).containsExactlyElementsOf(expected);
    assertThat(product.list.count(query(serial, user, realm, text))).isEqualTo(expected.size());
  }

  @Test
  void orphansAreFoundWithOneQuestionPerStore() {
    product.people("alice");
    product.database.takeStatements();
    assertThat(serials(null, TokenList.NO_USER_INFO, null, null)).containsExactly("B_1");
    assertThat(product.database.takeStatements())
        .filteredOn(sql -> sql.contains("managed_user"))
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void pagesAndCountsInTheDatabase() {
    var query =
        new TokenList.Query(
            Optional.empty(),
            Optional.empty(),
            product.name(""),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "TokenSerialnumber",
            true,
            Optional.of(new TokenList.Page(2, 3)));
    var result = product.list.find(query);
    assertThat(result.total()).isEqualTo(4);
    assertThat(result.entries()).map(e -> e.token().serial()).containsExactly("A1");
  }

  @Test
  void sortsByKnownColumnsOnly() {
    var query =
        new TokenList.Query(
            Optional.empty(),
            Optional.empty(),
            product.name(""),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "id; DROP TABLE token",
            false,
            Optional.empty());
    assertThatThrownBy(() -> product.list.find(query)).isInstanceOf(LinotpException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a*c, abc, true",
    "a?c, abbc, false",
    "[ab]x, bx, true",
    "[!a]x, ax, false",
    "a.c, abc, false",
    "[, [, true"
  })
  void shellPatterns(String pattern, String text, boolean matches) {
    assertThat(TokenList.shellPattern(pattern).matcher(text).matches()).isEqualTo(matches);
  }
}
