package org.linotpee.policy;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
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
   * @param deciding the policies that won; none if it is not allowed
   * @param verdicts what became of each policy that mentions the action
   */
  public record Decision(
      boolean allowed, boolean open, List<Policy> deciding, List<Verdict> verdicts) {
    public Decision {
      deciding = List.copyOf(deciding);
      verdicts = List.copyOf(verdicts);
    }
  }

  /** What would be decided now, and why; an empty text does not filter. */
  public Decision check(String scope, String action, String user, String realm, String client) {
    Policies policies = engine.policies();
    if (OPEN_TO_ALL.contains(scope) && !policies.anyActive(scope)) {
      return new Decision(true, true, List.of(), List.of());
    }
    var query = new PolicyQuery(scope).at(engine.now());
    String name = (action.contains("=") ? action.substring(0, action.indexOf('=')) : action).trim();
    if (!name.isEmpty()) {
      query.action(name);
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
    boolean allowed = !deciding.isEmpty() && !denied(scope, name, deciding);
    return new Decision(
        allowed, false, allowed ? deciding : List.of(), policies.verdicts(query, engine.lookup()));
  }

  /**
   * A flag that is off is not allowed; of administrators' and users' rights one that denies
   * suffices, of other flags the first by name counts.
   */
  private static boolean denied(String scope, String action, List<Policy> deciding) {
    List<Boolean> flags =
        deciding.stream().map(p -> flag(scope, action, p)).flatMap(Optional::stream).toList();
    boolean isRight = OPEN_TO_ALL.contains(scope) || scope.equals("selfservice");
    return isRight ? flags.contains(false) : !flags.isEmpty() && !flags.get(0);
  }

  /** The value of an action that is a flag. */
  private static Optional<Boolean> flag(String scope, String action, Policy policy) {
    boolean isFlag =
        PolicyCatalogue.find(scope, action)
            .map(a -> a.types().equals(List.of("bool")))
            .orElse(false);
    Object value = policy.actions().get(action);
    return value != null && (isFlag || value instanceof Boolean)
        ? Optional.of(Action.flag(value))
        : Optional.empty();
  }

  /**
   * What whoever stores administrators' policies should know (spec 07 section 9): the first active
   * policy of a scope takes away what everybody could do before. Stores nothing, forbids nothing.
   */
  public List<String> hints(List<PolicyFields> stored, Caller caller) {
    var hints = new ArrayList<String>();
    for (PolicyFields fields : stored) {
      if (fields.isActive() && OPEN_TO_ALL.contains(fields.scope()) && !reaches(fields, caller)) {
        hints.add(
            "The policy '"
                + fields.name()
                + "' does not match you. While it is active, you may do in the scope '"
                + fields.scope()
                + "' only what other policies grant you.");
      }
    }
    return hints;
  }

  private boolean reaches(PolicyFields fields, Caller caller) {
    try {
      Policy policy = Policy.compile(fields);
      return caller
          .administrator()
          .map(who -> policy.users().rank(who, engine.lookup()) != Rank.NONE)
          .orElse(true);
    } catch (LinotpException e) {
      return true;
    }
  }
}
