package org.linotpee.policy;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;

/**
 * Answers what the policies say for a request (spec 07 sections 6 and 7). Decided in memory; only
 * conditions on resolvers and attributes ask the user stores.
 */
@Service
public class PolicyEngine {
  private static final String RIGHTS_AS_SHOWN = "selfservice.rights_as_shown";

  private final Snapshots snapshots;
  private final Clock clock;
  private final SubjectLookup lookup;
  private final Contradictions contradictions = new Contradictions();

  @Inject
  public PolicyEngine(Snapshots snapshots, Users users, Clock clock) {
    this.snapshots = snapshots;
    this.clock = clock;
    this.lookup = new Lookup(users);
  }

  private final class Lookup implements SubjectLookup {
    private final Users users;

    Lookup(Users users) {
      this.users = users;
    }

    @Override
    public Realms realms() {
      return snapshots.current().part(Realms.class);
    }

    @Override
    public Optional<Map<String, String>> attributes(String login, String realm, String resolver) {
      if (login.isEmpty() || (realm.isEmpty() && resolver.isEmpty())) {
        return Optional.empty();
      }
      return users.find(new UserName(login, realm, resolver)) instanceof UserLookup.Found found
          ? Optional.of(found.user().attributes())
          : Optional.empty();
    }
  }

  Policies policies() {
    return snapshots.current().part(Policies.class);
  }

  SubjectLookup lookup() {
    return lookup;
  }

  Contradictions contradictions() {
    return contradictions;
  }

  ZonedDateTime now() {
    return clock.instant().atZone(ZoneId.systemDefault());
  }

  private List<Policy> select(String scope, String action, PolicyContext context) {
    Policies policies = policies();
    if (!policies.anyActive(scope)) {
      return List.of();
    }
    return policies.select(
        new PolicyQuery(scope)
            .action(action)
            .user(context.user())
            .realm(context.realm())
            .client(context.client())
            .at(now()),
        lookup);
  }

  /** True if any policy of the scope is active. */
  public boolean anyActive(String scope) {
    return policies().anyActive(scope);
  }

  /** True if an active policy of the scope has the action, for whomever. */
  public boolean exists(String scope, String action) {
    return policies().anyActive(scope, action);
  }

  /** The typed value of an action: {@link Boolean}, {@link Integer} or text. */
  private Optional<Object> value(String scope, String action, PolicyContext context) {
    return value(scope, action, select(scope, action, context));
  }

  /** Of contradicting values that of the first policy by name. */
  private Optional<Object> value(String scope, String action, List<Policy> selected) {
    Object value = null;
    String first = "";
    boolean agreed = true;
    for (Policy policy : selected) {
      Object stored = policy.actions().get(action);
      if (stored != null) {
        Object typed = typed(scope, action, policy, stored);
        if (value == null) {
          value = typed;
          first = policy.name();
        }
        agreed &= value.equals(typed);
      }
    }
    if (!agreed) {
      contradictions.tell(scope, action, selected, "the value of " + first);
    }
    return Optional.ofNullable(value);
  }

  private static Object typed(String scope, String action, Policy policy, Object stored) {
    try {
      return PolicyCatalogue.find(scope, action).map(a -> a.typed(stored)).orElse(stored);
    } catch (IllegalArgumentException e) {
      throw LinotpException.unclassified(
          "policy '%s': the value %s of %s:%s cannot be used"
              .formatted(policy.name(), stored, scope, action));
    }
  }

  /** True if the action is switched on. */
  public boolean flag(String scope, String action, PolicyContext context) {
    return value(scope, action, context).map(Action::flag).orElse(false);
  }

  /** The text of an action; empty if no policy sets it. */
  public Optional<String> text(String scope, String action, PolicyContext context) {
    return value(scope, action, context)
        .filter(v -> !Boolean.FALSE.equals(v))
        .map(Objects::toString);
  }

  /** The number of an action; empty if no policy sets it. */
  public Optional<Integer> number(String scope, String action, PolicyContext context) {
    return value(scope, action, context).map(v -> v instanceof Integer n ? n : flagNumber(v));
  }

  private static int flagNumber(Object value) {
    return value instanceof Boolean flag && flag ? 1 : 0;
  }

  /**
   * The text that an action has in all of these contexts: those of a user's realms.
   *
   * @throws LinotpException -311 if policies give different ones
   */
  public Optional<String> onlyText(
      String scope, String action, Collection<PolicyContext> contexts) {
    var texts = new LinkedHashSet<String>();
    for (PolicyContext context : contexts) {
      for (Policy policy : select(scope, action, context)) {
        Object stored = policy.actions().get(action);
        if (stored != null && !Boolean.FALSE.equals(stored)) {
          texts.add(String.valueOf(typed(scope, action, policy, stored)));
        }
      }
    }
    if (texts.size() > 1) {
      throw LinotpException.unclassified("conflicting policy values of " + scope + "/" + action);
    }
    return texts.stream().findFirst();
  }

  /** The limit that a realm has, for which users and clients are of no interest. */
  public Optional<Integer> realmNumber(String scope, String action, String realm) {
    return value(scope, action, ofRealm(scope, action, realm))
        .map(v -> v instanceof Integer n ? n : flagNumber(v));
  }

  /** The text that a realm has, for which users and clients are of no interest. */
  public Optional<String> realmText(String scope, String action, String realm) {
    return value(scope, action, ofRealm(scope, action, realm))
        .filter(v -> !Boolean.FALSE.equals(v))
        .map(Objects::toString);
  }

  private List<Policy> ofRealm(String scope, String action, String realm) {
    return policies()
        .select(new PolicyQuery(scope).action(action).realm(Optional.of(realm)).at(now()), lookup);
  }

  /** What all policies allow together that are equally precise (spec 07 section 16.2). */
  public AllowList allowed(String scope, String action, PolicyContext context) {
    var values = new LinkedHashSet<String>();
    List<Policy> deciding =
        select(scope, action, context).stream()
            .filter(p -> p.actions().get(action) instanceof String)
            .toList();
    deciding.forEach(
        p ->
            values.addAll(
                List.of(
                    p.actions()
                        .get(action)
                        .toString()
                        .trim()
                        .toLowerCase(Locale.ROOT)
                        .split("\\s+"))));
    values.remove("");
    return new AllowList(values, String.join(", ", deciding.stream().map(Policy::name).toList()));
  }

  /** The policies by which an action was switched on, for messages. */
  public String names(String scope, String action, PolicyContext context) {
    return String.join(", ", select(scope, action, context).stream().map(Policy::name).toList());
  }

  /**
   * True if the action is switched on for some user in some realm: for pages that are shown before
   * anybody has said who he is (spec 07 section 11.4).
   */
  public boolean flagForAnybody(String scope, String action, String client) {
    return value(scope, action, forAnybody(scope, action, client)).map(Action::flag).orElse(false);
  }

  /** The text that some user in some realm has. */
  public Optional<String> textForAnybody(String scope, String action, String client) {
    return value(scope, action, forAnybody(scope, action, client))
        .filter(v -> !Boolean.FALSE.equals(v))
        .map(Objects::toString);
  }

  private List<Policy> forAnybody(String scope, String action, String client) {
    return policies()
        .select(new PolicyQuery(scope).action(action).client(client).at(now()), lookup);
  }

  /**
   * Everything that the most specific policies of a scope say, by action, whatever the others say
   * about other actions (spec 07 section 11.5): {@code true} for a right, else {@link Boolean},
   * {@link Integer} or text. Of contradicting values that of the first policy by name counts, of
   * rights the one that denies.
   */
  public Map<String, Object> everything(String scope, PolicyContext context) {
    var all = new TreeMap<String, Object>();
    for (Policy policy : select(scope, context)) {
      policy
          .actions()
          .forEach(
              (action, stored) ->
                  all.merge(
                      action,
                      typed(scope, action, policy, stored),
                      (first, second) -> Boolean.FALSE.equals(second) ? second : first));
    }
    return all;
  }

  private List<Policy> select(String scope, PolicyContext context) {
    return policies()
        .select(
            new PolicyQuery(scope)
                .user(context.user())
                .realm(context.realm())
                .client(context.client())
                .at(now()),
            lookup);
  }

  /**
   * True if the user has a right: one of the deciding policies grants it and none denies it. Each
   * action is decided on its own, unless {@code selfservice.rights_as_shown} makes the rights of
   * users those that their page shows.
   */
  public boolean grants(String scope, String action, PolicyContext context) {
    boolean asShown =
        scope.equals("selfservice")
            && snapshots.current().configuration().flag(RIGHTS_AS_SHOWN, false);
    List<Policy> selected =
        (asShown ? select(scope, context) : select(scope, action, context))
            .stream().filter(p -> p.actions().containsKey(action)).toList();
    contradictions.tellOfRight(scope, action, selected);
    return !selected.isEmpty() && selected.stream().allMatch(p -> p.grants(action).orElse(false));
  }

  /** The token statuses that are to be recorded for a realm (section 15.2). */
  public Set<String> reportedStatuses(String realm) {
    var statuses = new LinkedHashSet<String>();
    for (Policy policy :
        policies().select(new PolicyQuery("reporting").realm(Optional.of(realm)), lookup)) {
      statuses.addAll(ReportingActions.statuses(policy));
    }
    return statuses;
  }

  /** The names of the policies that choose this provider; a provider in use cannot be deleted. */
  public List<String> choosing(String action, String provider) {
    var names = new ArrayList<String>();
    for (Policy policy : policies().ofScope("authentication")) {
      if (policy.actions().get(action) instanceof String list
          && List.of(list.trim().split("\\s+")).contains(provider)) {
        names.add(policy.name());
      }
    }
    String notification = action.replace("_provider", "") + "::" + provider;
    for (Policy policy : policies().ofScope("notification")) {
      if (policy.actions().values().stream()
          .anyMatch(
              value ->
                  value instanceof String list
                      && List.of(list.trim().split("\\s+")).contains(notification))) {
        names.add(policy.name());
      }
    }
    return names;
  }
}
