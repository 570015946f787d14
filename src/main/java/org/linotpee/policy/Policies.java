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

  /** Active policies that can be evaluated, by scope. */
  private final Map<String, PolicyIndex> byScope = new HashMap<>();

  /** Those of a scope that mention an action. */
  private final Map<String, Map<String, PolicyIndex>> byAction = new HashMap<>();

  /** The actions that active policies of a scope mention, also such as cannot be evaluated. */
  private final Map<String, Set<String>> mentioned = new HashMap<>();

  /** The scopes with a policy that cannot be read at all. */
  private final Set<String> unreadable = new HashSet<>();

  Policies(Collection<PolicyFields> all) {
    for (PolicyFields fields : all) {
      stored.put(fields.name(), fields);
    }
    var compiled = new HashMap<String, List<Policy>>();
    for (PolicyFields fields : stored.values()) {
      if (fields.isActive()) {
        compile(fields)
            .ifPresent(p -> compiled.computeIfAbsent(p.scope(), s -> new ArrayList<>()).add(p));
      }
    }
    compiled.forEach(
        (scope, policies) -> {
          byScope.put(scope, new PolicyIndex(policies));
          byAction.put(scope, index(policies));
        });
  }

  private Optional<Policy> compile(PolicyFields fields) {
    Set<String> actions = mentioned.computeIfAbsent(fields.scope(), s -> new HashSet<>());
    try {
      actions.addAll(ActionText.parse(fields.action()).keySet());
    } catch (ActionText.Malformed e) {
      if (!fields.scope().equals(ReportingActions.SCOPE)) {
        unreadable.add(fields.scope());
      }
    }
    try {
      return Optional.of(Policy.compile(fields));
    } catch (LinotpException e) {
      LOG.log(Level.WARNING, "policy {0} is left out: {1}", fields.name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Policies that mention all actions are in every list, and alone in that of other actions. */
  private static Map<String, PolicyIndex> index(List<Policy> policies) {
    var lists = new HashMap<String, List<Policy>>();
    List<Policy> ofAll = policies.stream().filter(p -> p.actions().containsKey("*")).toList();
    lists.put("*", ofAll);
    for (Policy policy : policies) {
      for (String action : policy.actions().keySet()) {
        lists.computeIfAbsent(action, a -> new ArrayList<>(ofAll));
      }
    }
    for (Policy policy : policies) {
      if (!policy.actions().containsKey("*")) {
        policy.actions().keySet().forEach(action -> lists.get(action).add(policy));
      }
    }
    var index = new HashMap<String, PolicyIndex>();
    lists.forEach(
        (action, list) ->
            index.put(
                action,
                new PolicyIndex(
                    list.stream().sorted(Comparator.comparing(Policy::name)).toList())));
    return index;
  }

  /** The stored policies, active or not, by name. */
  public Map<String, PolicyFields> stored() {
    return java.util.Collections.unmodifiableMap(stored);
  }

  /** True if a policy of the scope is active, even one that cannot be evaluated. */
  boolean anyActive(String scope) {
    return mentioned.containsKey(scope);
  }

  /** True if an active policy of the scope mentions the action, or cannot be read at all. */
  boolean anyActive(String scope, String action) {
    return unreadable.contains(scope) || mentioned.getOrDefault(scope, Set.of()).contains(action);
  }

  /** The active policies of a scope, in the order of their names. */
  List<Policy> ofScope(String scope) {
    return byScope.getOrDefault(scope, PolicyIndex.EMPTY).all();
  }

  /** All that can match, and some that do not. */
  List<Policy> candidates(PolicyQuery query) {
    PolicyIndex index = byScope.getOrDefault(query.scope(), PolicyIndex.EMPTY);
    if (query.action().isPresent()) {
      Map<String, PolicyIndex> actions = byAction.getOrDefault(query.scope(), Map.of());
      index =
          actions.getOrDefault(query.action().get(), actions.getOrDefault("*", PolicyIndex.EMPTY));
    }
    return index.candidates(query);
  }

  private record Match(Policy policy, Rank user, Rank realm, Rank client) {}

  /** Users come last: their conditions may ask the user stores. */
  private static Optional<Match> match(PolicyQuery query, Policy policy, SubjectLookup lookup) {
    Rank realm = query.byRealm() ? query.rankOfRealm(policy) : Rank.WILDCARD;
    if (realm == Rank.NONE) {
      return Optional.empty();
    }
    Rank client = query.byClient() ? query.rankOfClient(policy) : Rank.WILDCARD;
    if (client == Rank.NONE || !query.inTime(policy)) {
      return Optional.empty();
    }
    Rank user = query.byUser() ? query.rankOfUser(policy, lookup) : Rank.WILDCARD;
    return user == Rank.NONE
        ? Optional.empty()
        : Optional.of(new Match(policy, user, realm, client));
  }

  private List<Match> matches(PolicyQuery query, SubjectLookup lookup) {
    var matches = new ArrayList<Match>();
    for (Policy policy : candidates(query)) {
      match(query, policy, lookup).ifPresent(matches::add);
    }
    matches.sort(Comparator.comparing(m -> m.policy().name()));
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
    return matches.stream().filter(m -> precision.apply(m) == best).toList();
  }

  /** What becomes of each policy that mentions the action, in the order of their names. */
  List<Verdict> verdicts(PolicyQuery query, SubjectLookup lookup) {
    List<Verdict> verdicts =
        ofScope(query.scope()).stream()
            .filter(p -> query.action().map(p::mentions).orElse(true))
            .map(p -> Verdict.of(query, p, lookup))
            .toList();
    verdicts = outdone(verdicts, Verdict::user, Verdict.Outcome.LESS_PRECISE_USER);
    verdicts = outdone(verdicts, Verdict::realm, Verdict.Outcome.LESS_PRECISE_REALM);
    return outdone(verdicts, Verdict::client, Verdict.Outcome.LESS_PRECISE_CLIENT);
  }

  private static List<Verdict> outdone(
      List<Verdict> verdicts, Function<Verdict, Rank> precision, Verdict.Outcome outcome) {
    Rank best =
        verdicts.stream()
            .filter(v -> v.outcome() == Verdict.Outcome.DECIDES)
            .map(precision)
            .min(Comparator.naturalOrder())
            .orElse(Rank.NONE);
    return verdicts.stream()
        .map(
            v ->
                v.outcome() == Verdict.Outcome.DECIDES && precision.apply(v) != best
                    ? v.with(outcome)
                    : v)
        .toList();
  }
}
