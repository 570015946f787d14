package org.linotpee.policy;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.linotpee.configuration.LinotpException;

/** All policies of a version of the configuration, compiled; immutable. */
public final class Policies {
  private static final Logger LOG = System.getLogger(Policies.class.getName());

  private final Map<String, PolicyFields> stored = new TreeMap<>();

  /** Active policies that can be evaluated, by scope, in the order of their names. */
  private final Map<String, List<Policy>> byScope = new HashMap<>();

  /** Those of a scope that mention an action. */
  private final Map<String, Map<String, List<Policy>>> byAction = new HashMap<>();

  private final Set<String> activeScopes = new HashSet<>();

  Policies(Collection<PolicyFields> all) {
    for (PolicyFields fields : all) {
      stored.put(fields.name(), fields);
    }
    for (PolicyFields fields : stored.values()) {
      if (!fields.isActive()) {
        continue;
      }
      activeScopes.add(fields.scope());
      try {
        byScope.computeIfAbsent(fields.scope(), s -> new ArrayList<>()).add(Policy.compile(fields));
      } catch (LinotpException e) {
        LOG.log(Level.WARNING, "policy {0} is left out: {1}", fields.name(), e.getMessage());
      }
    }
    byScope.forEach((scope, policies) -> byAction.put(scope, index(policies)));
  }

  /** Policies that mention all actions are in every list, and alone in that of other actions. */
  private static Map<String, List<Policy>> index(List<Policy> policies) {
    var names = new HashSet<String>(Set.of("*"));
    policies.forEach(p -> names.addAll(p.actions().keySet()));
    var index = new HashMap<String, List<Policy>>();
    for (String name : names) {
      index.put(name, policies.stream().filter(p -> p.mentions(name)).toList());
    }
    return index;
  }

  /** The stored policies, active or not, by name. */
  public Map<String, PolicyFields> stored() {
    return java.util.Collections.unmodifiableMap(stored);
  }

  /** True if a policy of the scope is active, even one that cannot be evaluated. */
  boolean anyActive(String scope) {
    return activeScopes.contains(scope);
  }

  /** True if an active policy of the scope mentions the action, or cannot be read at all. */
  boolean anyActive(String scope, String action) {
    return stored.values().stream()
        .filter(f -> f.isActive() && f.scope().equals(scope))
        .anyMatch(f -> mentions(f, action));
  }

  private static boolean mentions(PolicyFields fields, String action) {
    try {
      return ActionText.parse(fields.action()).containsKey(action);
    } catch (ActionText.Malformed e) {
      return true;
    }
  }

  /** The active policies of a scope. */
  List<Policy> ofScope(String scope) {
    return byScope.getOrDefault(scope, List.of());
  }

  private List<Policy> candidates(PolicyQuery query) {
    Optional<String> action = query.action();
    if (action.isEmpty()) {
      return ofScope(query.scope());
    }
    Map<String, List<Policy>> index = byAction.getOrDefault(query.scope(), Map.of());
    return index.getOrDefault(action.get(), index.getOrDefault("*", List.of()));
  }

  private record Match(Policy policy, Rank user, Rank realm, Rank client) {}

  private List<Match> matches(PolicyQuery query, SubjectLookup lookup) {
    var matches = new ArrayList<Match>();
    for (Policy policy : candidates(query)) {
      if (!query.inTime(policy)) {
        continue;
      }
      Rank realm = query.byRealm() ? query.rankOfRealm(policy) : Rank.WILDCARD;
      Rank client = query.byClient() ? query.rankOfClient(policy) : Rank.WILDCARD;
      if (realm == Rank.NONE || client == Rank.NONE) {
        continue;
      }
      Rank user = query.byUser() ? query.rankOfUser(policy, lookup) : Rank.WILDCARD;
      if (user != Rank.NONE) {
        matches.add(new Match(policy, user, realm, client));
      }
    }
    return matches;
  }

  /**
   * The policies that decide: of those that match, the ones with the most precise user, of these
   * the ones with the most precise realm, then client (section 6). In the order of their names.
   */
  List<Policy> select(PolicyQuery query, SubjectLookup lookup) {
    List<Match> matches = matches(query, lookup);
    matches = narrow(matches, Match::user);
    matches = narrow(matches, Match::realm);
    matches = narrow(matches, Match::client);
    return matches.stream().map(Match::policy).toList();
  }

  /** All that match, however precisely. */
  List<Policy> selectAll(PolicyQuery query, SubjectLookup lookup) {
    return matches(query, lookup).stream().map(Match::policy).toList();
  }

  private static List<Match> narrow(List<Match> matches, Function<Match, Rank> precision) {
    if (matches.size() < 2) {
      return matches;
    }
    Rank best = matches.stream().map(precision).min(Comparator.naturalOrder()).orElseThrow();
    return matches.stream()
        .filter(m -> precision.apply(m) == best)
        .sorted(Comparator.comparing(m -> m.policy().name()))
        .toList();
  }
}
