package org.linotpee.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserSearch;
import org.linotpee.testing.TestProduct;

/** Spec 01 section 15. */
class TokenStatisticsTest {
  private TestProduct product;
  private TokenStatistics statistics;

  @BeforeEach
  void start() {
    product = new TestProduct();
    product.people("alice", "bob");
    product.enroll("alice", "otpkey", SEED, "serial", "A1");
    product.enroll("alice", "otpkey", SEED, "serial", "A2", "enable", "false");
    product.enroll("", "otpkey", SEED, "serial", "N1");
    statistics =
        new TokenStatistics(
            product.transactions,
            product.snapshots,
            new UserSearch(product.snapshots, product.users));
  }

  @AfterEach
  void stop() {
    product.close();
  }

  @Test
  void countsTokensByRealmAndStatus() {
    var figures =
        statistics.tokens(
            Set.of("people", RealmSelection.NO_REALM),
            List.of("active", "assigned&active", "assigned&unassigned"));
    assertThat(figures.get("Summary"))
        .isEqualTo(
            Map.of(
                "total", 3L,
                "total users", 1L,
                "active", 2L,
                "assigned&active", 1L,
                "assigned&unassigned", 0L));
    assertThat(figures.get("Realms"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .extractingByKey("people")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("total", 2L);
    assertThatThrownBy(() -> statistics.tokens(Set.of("people"), List.of("sleeping")))
        .isInstanceOf(LinotpException.class);
  }

  @Test
  void countsUsers() {
    assertThat(statistics.users(Set.of("people")))
        .isEqualTo(Map.of("people", Map.of("people", 2L)));
    assertThat(statistics.activeUsers(Set.of("people")))
        .isEqualTo(Map.of("people", Map.of("people", 1L)));
    assertThat(statistics.activeUsersInAll(Set.of("people"))).isEqualTo(1);
  }

  @Test
  void realmsAreChosenByName() {
    var realms = List.of("linotp_admins", "people");
    assertThat(RealmSelection.of(realms, Optional.of(" People ,nowhere")))
        .containsExactly("people");
    assertThat(RealmSelection.of(realms, Optional.of("*")))
        .containsExactlyInAnyOrder("linotp_admins", "people", RealmSelection.NO_REALM);
    assertThatThrownBy(() -> RealmSelection.of(realms, Optional.of("nowhere")))
        .isInstanceOf(LinotpException.class);
  }
}
