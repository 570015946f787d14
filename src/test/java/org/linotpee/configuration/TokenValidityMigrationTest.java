package org.linotpee.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.testing.TestProduct;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.Validity;

/** Tokens that were stored before the column was there have it afterwards. */
class TokenValidityMigrationTest {
  private record On(Connection connection) implements Context {
    @Override
    public Configuration getConfiguration() {
      return null;
    }

    @Override
    public Connection getConnection() {
      return connection;
    }
  }

  private static Map<String, Long> validity(TestProduct product) throws SQLException {
    var validity = new HashMap<String, Long>();
    try (var connection = product.database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT serial, valid_until FROM token")) {
      while (rows.next()) {
        long until = rows.getLong(2);
        validity.put(rows.getString(1), rows.wasNull() ? null : until);
      }
    }
    return validity;
  }

  @Test
  void fillsTheColumnAsTheTokenWouldHaveDone() throws Exception {
    try (var product = new TestProduct()) {
      product.transactions.required(
          em -> {
            for (int i = 0; i < 2500; i++) {
              var token = new Token(10_000 + i, "T" + i, "HMAC", Instant.EPOCH);
              if (i % 2 == 0) {
                token.info(
                    TokenInfo.parse("{\"hashlib\": \"sha1\"}")
                        .with(
                            "validity_period_end",
                            Validity.format(Instant.ofEpochSecond(60L * i))));
              }
              em.persist(token);
            }
            return null;
          });
      Map<String, Long> expected = validity(product);
      assertThat(expected.get("T2")).isEqualTo(120_000);
      try (var connection = product.database.dataSource().getConnection();
          var statement = connection.createStatement()) {
        statement.executeUpdate("UPDATE token SET valid_until = NULL");
        statement.executeUpdate("UPDATE token SET valid_until = 7 WHERE serial = 'T4'");
        new TokenValidityMigration().migrate(new On(connection));
      }
      expected.put("T4", 7L);
      assertThat(validity(product)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"validity_period_end\": \"12/12/12 11:00\"}",
        "{\"a\": 1,\"validity_period_end\":\"01/02/68 00:00\"}",
        "{\"validity_period_end\": \"09/09/69 01:46\"}",
        "{\"validity_period_end\": \"31/02/30 01:46\"}",
        "{\"validity_period_end\": \"soon\"}",
        "{\"validity_period_start\": \"12/12/12 11:00\"}",
        "{}",
      })
  void readsDatesAsTokensDo(String info) {
    assertThat(TokenValidityMigration.end(info))
        .isEqualTo(
            TokenInfo.parse(info)
                .get("validity_period_end")
                .flatMap(Validity::parse)
                .map(Instant::toEpochMilli));
  }
}
