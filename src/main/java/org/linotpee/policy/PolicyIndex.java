package org.linotpee.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Policies that speak of one action, so ordered that a query looks only at those that can match:
 * the ones that list the user's login, the ones that list his realm, and those for which it takes a
 * closer look.
 */
final class PolicyIndex {
  static final PolicyIndex EMPTY = new PolicyIndex(List.of());

  private final List<Policy> all;
  private final Map<String, List<Policy>> byLogin = new HashMap<>();
  private final Map<String, List<Policy>> byRealm = new HashMap<>();
  private final List<Policy> ofRealms = new ArrayList<>();
  private final List<Policy> others = new ArrayList<>();

  /**
   * @param policies in the order of their names
   */
  PolicyIndex(List<Policy> policies) {
    all = List.copyOf(policies);
    for (Policy policy : policies) {
      Optional<Set<String>> logins = policy.users().logins();
      if (logins.isPresent()) {
        logins.get().forEach(login -> add(byLogin, login, policy));
      } else if (!policy.realms().everything()) {
        policy.realms().names().forEach(realm -> add(byRealm, realm, policy));
        ofRealms.add(policy);
      } else {
        others.add(policy);
      }
    }
  }

  private static void add(Map<String, List<Policy>> map, String key, Policy policy) {
    map.computeIfAbsent(key, k -> new ArrayList<>()).add(policy);
  }

  /** In the order of their names. */
  List<Policy> all() {
    return all;
  }

  /** All that can match, and some that do not; in no order. */
  List<Policy> candidates(PolicyQuery query) {
    if (!query.byUser()) {
      return all;
    }
    var candidates = new ArrayList<>(others);
    query
        .user()
        .ifPresent(user -> candidates.addAll(byLogin.getOrDefault(user.login(), List.of())));
    if (query.byRealm()) {
      query.realm().ifPresent(realm -> candidates.addAll(byRealm.getOrDefault(realm, List.of())));
    } else {
      candidates.addAll(ofRealms);
    }
    return candidates;
  }
}
