package org.linotpee.policy;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Service;

/** Lists policies, and explains which of them decide (spec 07 sections 3.3 and 3.6). */
@Service
public class PolicySearch {
  private static final List<String> OPEN_TO_ALL =
      List.of("admin", "system", "audit", "monitoring", "reporting.access", "tools");

  private final PolicyEngine engine;

  @Inject
  public PolicySearch(PolicyEngine engine) {
    this.engine = engine;
  }

  /**
   * What is looked for; empty means any.
   *
   * @param names only these
   * @param realm those that name it, or if there are none those for every realm
   * @param user a text that must be in the list of users
   */
  public record Filter(
      List<String> names,
      Optional<String> scope,
      Optional<String> realm,
      Optional<String> action,
      Optional<String> user,
      boolean inactiveToo) {
    /** Every policy. */
    public static final Filter ALL =
        new Filter(
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
  }

  /** The policies, by name. */
  public Map<String, PolicyFields> find(Filter filter) {
    var found = new ArrayList<PolicyFields>();
    for (PolicyFields policy : engine.policies().stored().values()) {
      if ((filter.inactiveToo() || policy.isActive())
          && (filter.names().isEmpty() || filter.names().contains(policy.name()))
          && filter.scope().map(policy.scope()::equals).orElse(true)
          && filter.action().map(a -> mentions(policy, a)).orElse(true)) {
        found.add(policy);
      }
    }
    List<PolicyFields> selected = filter.realm().map(r -> ofRealm(found, r)).orElse(found);
    var result = new LinkedHashMap<String, PolicyFields>();
    for (PolicyFields policy : selected) {
      List<String> users = Arrays.stream(policy.user().split(",")).map(String::trim).toList();
      if (filter.user().map(u -> users.contains(u) || users.contains("*")).orElse(true)) {
        result.put(policy.name(), policy);
      }
    }
    return result;
  }

  private static List<PolicyFields> ofRealm(List<PolicyFields> policies, String realm) {
    var named = new ArrayList<PolicyFields>();
    var open = new ArrayList<PolicyFields>();
    for (PolicyFields policy : policies) {
      switch (new RealmCondition(policy.realm()).rank(realm)) {
        case EXACT -> named.add(policy);
        case WILDCARD -> open.add(policy);
        default -> {}
      }
    }
    return named.isEmpty() ? open : named;
  }

  private static boolean mentions(PolicyFields policy, String action) {
    try {
      var actions = ActionText.parse(policy.action());
      return actions.containsKey(action) || actions.containsKey("*");
    } catch (ActionText.Malformed e) {
      return false;
    }
  }

  /**
   * A decision.
   *
   * @param open no policy of the scope is active, so that everything is allowed
   * @param deciding the policies that won
   */
  public record Decision(boolean allowed, boolean open, List<Policy> deciding) {}

  /** What would be decided now; an empty text does not filter. */
  public Decision check(String scope, String action, String user, String realm, String client) {
    Policies policies = engine.policies();
    if (OPEN_TO_ALL.contains(scope) && !policies.anyActive(scope)) {
      return new Decision(true, true, List.of());
    }
    var query = new PolicyQuery(scope).at(engine.now());
    String name = action.contains("=") ? action.substring(0, action.indexOf('=')) : action;
    if (!name.isEmpty()) {
      query.action(name.trim());
    }
    if (!user.isEmpty()) {
      query.user(Optional.of(PolicySubject.parse(user, engine.lookup().realms())));
    }
    if (!realm.isEmpty()) {
      query.realm(Optional.of(realm));
    }
    if (!client.isEmpty()) {
      query.client(client);
    }
    List<Policy> deciding = policies.select(query, engine.lookup());
    boolean denied =
        !name.isEmpty()
            && deciding.stream().anyMatch(p -> Boolean.FALSE.equals(p.actions().get(name.trim())));
    boolean allowed = !deciding.isEmpty() && !denied;
    return new Decision(allowed, false, allowed ? deciding : List.of());
  }
}
