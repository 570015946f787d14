package org.linotpee.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;
import org.linotpee.server.Databases;
import org.linotpee.testing.TestDatabase;
import org.linotpee.testing.TestProduct;

/**
 * Limits of users and realms hold for requests that come at the same moment (spec 07 section 14.3),
 * and none of these requests waits for another for ever.
 */
class TokenLimitsTest {
  private static final int AT_ONCE = 8;
  private static final int REQUESTS = 24;

  private enum On {
    EMBEDDED,
    POSTGRESQL;

    TestProduct start() {
      return this == EMBEDDED
          ? new TestProduct()
          : new TestProduct(
              new TestDatabase(Databases.postgresEnvironment().get("LINOTP_DATABASE_URI")));
    }
  }

  private interface Request {
    void run(int number);
  }

  /** Runs the requests, eight at a time; how many succeeded, and how many had which code. */
  private static Map<Integer, Integer> atOnce(Request request) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      var calls = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < REQUESTS; i++) {
        int number = i;
        calls.add(
            () -> {
              try {
                request.run(number);
                return 0;
              } catch (LinotpException e) {
                return e.code();
              }
            });
      }
      var codes = new HashMap<Integer, Integer>();
      for (Future<Integer> code : pool.invokeAll(calls)) {
        codes.merge(code.get(), 1, Integer::sum);
      }
      return codes;
    } finally {
      pool.shutdown();
    }
  }

  private static void enroll(TestProduct product, String login, String realm, String... more) {
    Map<String, String> parameters = TestProduct.map("type", "pw", "otpkey", "geheim");
    parameters.putAll(TestProduct.map(more));
    product.enrollment.enroll(
        parameters,
        login.isEmpty() ? UserName.NONE : new UserName(login, realm, ""),
        product.audit("admin/init"));
  }

  @ParameterizedTest
  @EnumSource
  void ofAUser(On database) throws Exception {
    try (TestProduct product = database.start()) {
      product.people("hans", "horst");
      product.policy("limit", "enrollment", "maxtoken=3");
      Map<Integer, Integer> codes =
          atOnce(i -> enroll(product, i % 2 == 0 ? "hans" : "horst", "people"));
      assertThat(codes).isEqualTo(Map.of(0, 6, 411, REQUESTS - 6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAUserWhoIsNamedByDifferentRealms(On database) throws Exception {
    try (TestProduct product = database.start()) {
      product.people("hans");
      product.stores.setRealm(
          "another", "useridresolver.SQLIdResolver.IdResolver.people", "", em -> {});
      product.policy("limit", "enrollment", "maxtokenPW=2");
      Map<Integer, Integer> codes =
          atOnce(i -> enroll(product, "hans", i % 2 == 0 ? "people" : "another"));
      assertThat(codes).isEqualTo(Map.of(0, 2, 412, REQUESTS - 2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofARealm(On database) throws Exception {
    try (TestProduct product = database.start()) {
      product.people("hans", "horst");
      product.policy("count", "enrollment", "tokencount=5", "realm", "people");
      Map<Integer, Integer> codes =
          atOnce(
              i -> {
                if (i % 2 == 0) {
                  enroll(product, "hans", "people");
                } else {
                  enroll(product, "", "", "realm", "people");
                }
              });
      assertThat(codes).isEqualTo(Map.of(0, 5, 410, REQUESTS - 5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofARealmIntoWhichTokensAreAssigned(On database) throws Exception {
    try (TestProduct product = database.start()) {
      product.people("hans", "horst");
      for (int i = 0; i < REQUESTS; i++) {
        enroll(product, "", "", "serial", "T" + i);
      }
      product.policy("count", "enrollment", "tokencount=5", "realm", "people");
      Map<Integer, Integer> codes =
          atOnce(
              i ->
                  product.managed.assign(
                      List.of("T" + i),
                      new UserName(i % 2 == 0 ? "hans" : "horst", "people", ""),
                      java.util.Optional.empty(),
                      false,
                      product.audit("admin/assign")));
      assertThat(codes).isEqualTo(Map.of(0, 5, 410, REQUESTS - 5));
    }
  }
}
