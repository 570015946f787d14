package org.linotpee.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.testing.TestProduct;

/** Parameters of resolvers are stored as they were configured, however they change. */
class ResolverParametersTest {
  private static Map<String, ResolverDefinition.Parameter> parameters(String... pairs) {
    var map = new HashMap<String, ResolverDefinition.Parameter>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], new ResolverDefinition.Parameter(pairs[i + 1], "str"));
    }
    return map;
  }

  @ParameterizedTest
  @CsvSource({"full, ''", "'', full", "one, two", "'', ''"})
  void aChangedOneIsStored(String before, String after) {
    try (var product = new TestProduct()) {
      long id =
          product.snapshots.change(
              em ->
                  product.stores.create(
                      em,
                      "some",
                      "sqlresolver",
                      false,
                      parameters("a", before, "b", "b", "c", "")));
      product.snapshots.change(
          em -> {
            em.find(ResolverRow.class, id).configure(parameters("a", after, "b", "b", "d", "d"));
            return null;
          });
      var stored = product.snapshots.current().part(Realms.class).resolver("some").orElseThrow();
      assertThat(stored.parameters()).isEqualTo(parameters("a", after, "b", "b", "d", "d"));
    }
  }

  @Test
  void anUnchangedDefinitionStays() {
    try (var product = new TestProduct()) {
      product.people("alice");
      var before = product.snapshots.current().part(Realms.class).resolver("people");
      product.people("alice", "bob");
      assertThat(product.snapshots.current().part(Realms.class).resolver("people"))
          .isEqualTo(before);
    }
  }
}
