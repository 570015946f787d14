package org.linotpee.policy;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;

/** The rights of the administrator who acts (spec 07 section 8). */
@Service
public class AdminRights {
  /** The code of everything that policies forbid. */
  public static final int DENIED = 410;

  /** Stands for the realm of what is in none. */
  private static final String NO_REALM = "/:no realm:/";

  private static final List<String> WITH_REALMS = List.of("admin", "reporting.access");
  private static final List<String> GLOBAL = List.of("audit", "monitoring", "system", "tools");

  private final PolicyEngine engine;
  private final Caller caller;

  @Inject
  public AdminRights(PolicyEngine engine, Caller caller) {
    this.engine = engine;
    this.caller = caller;
  }

  private PolicyQuery query(String scope) {
    return new PolicyQuery(scope)
        .user(caller.administrator())
        .client(caller.client())
        .at(engine.now());
  }

  private Realms realms() {
    return engine.lookup().realms();
  }

  // rights on tokens and users of realms ----------------------------------------------------------

  /**
   * Where a right holds.
   *
   * @param everywhere in all realms, and for what is in none, but for the excluded ones
   */
  public record Scope(boolean everywhere, Set<String> realms, Set<String> excluded, Realms all) {
    /** True if the right holds nowhere. */
    public boolean nowhere() {
      return !everywhere && realms.isEmpty();
    }

    /** True if it holds in a realm. */
    public boolean inRealm(String name) {
      String lower = name.toLowerCase(java.util.Locale.ROOT);
      return everywhere ? !excluded.contains(lower) : realms.contains(lower);
    }

    /** True if it holds for a token in these realms. */
    public boolean forToken(Collection<String> tokenRealms) {
      return tokenRealms.isEmpty() ? everywhere : tokenRealms.stream().anyMatch(this::inRealm);
    }

    /** True if it holds for a user. */
    public boolean forUser(UserName user) {
      if (!user.realm().isEmpty()) {
        return inRealm(user.realm());
      }
      if (!user.resolver().isEmpty()) {
        return everywhere
            || all.containing(user.resolver()).stream().anyMatch(r -> inRealm(r.name()));
      }
      return everywhere || inRealm(all.defaultRealm());
    }

    /** The existing realms in which it holds. */
    public Set<String> existing() {
      var names = new TreeSet<String>();
      all.all().stream().map(Realms.Realm::name).filter(this::inRealm).forEach(names::add);
      return names;
    }
  }

  private Scope everywhere() {
    return new Scope(true, Set.of(), Set.of(), realms());
  }

  /** Where the administrator may do this. */
  public Scope of(String action) {
    if (!engine.policies().anyActive("admin")) {
      return everywhere();
    }
    List<Policy> deciding = deciding("admin", action);
    tellOfOverlap(deciding, action);
    return scope(deciding, action);
  }

  /** What holds in one realm does not contradict what holds in another. */
  private void tellOfOverlap(List<Policy> deciding, String action) {
    for (Policy denying : deciding) {
      if (!denying.grants(action).orElse(true)) {
        engine
            .contradictions()
            .tellOfRight(
                "admin",
                action,
                deciding.stream()
                    .filter(p -> p == denying || p.grants(action).orElse(false))
                    .filter(p -> p.realms().overlaps(denying.realms()))
                    .toList());
      }
    }
  }

  /** Where the administrator may do one or the other. */
  public Scope ofEither(String action, String other) {
    Scope one = of(action);
    Scope two = of(other);
    if (one.everywhere() && two.everywhere()) {
      var excluded = new TreeSet<>(one.excluded());
      excluded.retainAll(two.excluded());
      return new Scope(true, Set.of(), excluded, one.all());
    }
    if (one.everywhere() || two.everywhere()) {
      Scope wide = one.everywhere() ? one : two;
      Scope narrow = one.everywhere() ? two : one;
      var excluded = new TreeSet<>(wide.excluded());
      excluded.removeAll(narrow.realms());
      return new Scope(true, Set.of(), excluded, one.all());
    }
    var both = new TreeSet<>(one.realms());
    both.addAll(two.realms());
    return new Scope(false, both, Set.of(), one.all());
  }

  /** Where the administrator may do anything at all; there he sees tokens. */
  public Scope ofAny() {
    if (!engine.policies().anyActive("admin")) {
      return everywhere();
    }
    List<Policy> granting =
        engine.policies().select(query("admin"), engine.lookup()).stream()
            .filter(p -> p.actions().values().stream().anyMatch(Action::flag))
            .toList();
    return scope(granting, null);
  }

  /** What is denied is taken away from what is granted. */
  private Scope scope(List<Policy> policies, String action) {
    boolean all = false;
    boolean nothing = false;
    var names = new TreeSet<String>();
    var excluded = new TreeSet<String>();
    var denied = new TreeSet<String>();
    for (Policy policy : policies) {
      boolean granted = action == null || policy.grants(action).orElse(false);
      RealmCondition where = policy.realms();
      if (!granted) {
        nothing |= where.everything();
        denied.addAll(where.names());
      } else if (where.everything()) {
        excluded.retainAll(where.negated());
        if (!all) {
          excluded.addAll(where.negated());
        }
        all = true;
      } else {
        names.addAll(where.names());
      }
    }
    if (nothing) {
      return new Scope(false, Set.of(), Set.of(), realms());
    }
    names.removeAll(denied);
    excluded.removeAll(names);
    excluded.addAll(denied);
    return new Scope(all, all ? Set.of() : names, excluded, realms());
  }

  /**
   * Requires a right for a token.
   *
   * @param verb how messages name the action, for example {@code enable}
   * @throws LinotpException 410 if the administrator has it not
   */
  public void requireForToken(
      String action, String verb, String serial, Collection<String> tokenRealms) {
    if (!of(action).forToken(tokenRealms)) {
      throw denied(verb + " token " + serial);
    }
  }

  /** Requires a right for a user; {@link UserName#NONE} stands for the default realm. */
  public void requireForUser(String action, String verb, UserName user) {
    if (!of(action).forUser(user)) {
      throw denied(
          verb
              + (user.given() ? " user " + user.login() + " in realm " : " realm ")
              + user.realm());
    }
  }

  /** The refusal that tells what is not allowed. */
  public static LinotpException denied(String what) {
    return new LinotpException(
        DENIED, "You do not have the administrative right to " + what + ". Check the policies.");
  }

  // rights without a realm -----------------------------------------------------------------------

  private List<Policy> deciding(String scope, String action) {
    return engine.policies().select(query(scope).action(action), engine.lookup());
  }

  /** True if the administrator may do this. */
  public boolean may(String scope, String action) {
    if (!engine.policies().anyActive(scope)) {
      return true;
    }
    List<Policy> deciding = deciding(scope, action);
    engine.contradictions().tellOfRight(scope, action, deciding);
    return !deciding.isEmpty() && deciding.stream().allMatch(p -> p.grants(action).orElse(false));
  }

  /**
   * Requires a right of a scope other than {@code admin}.
   *
   * @throws LinotpException 410 if the administrator has it not
   */
  public void require(String scope, String action) {
    if (!may(scope, action)) {
      if (scope.equals("system")) {
        throw new LinotpException(
            DENIED, "You are not allowed to " + action + " system config. Check the policies.");
      }
      throw denied("use " + scope + "/" + action);
    }
  }

  /**
   * The greatest number that policies give the administrator in one of these realms; -1 if none
   * does. What is in no realm belongs to policies for all realms, or for {@code /:no realm:/}.
   */
  public int most(String scope, String action, Collection<String> realms) {
    int most = -1;
    for (String realm : realms.isEmpty() ? List.of(NO_REALM) : realms) {
      var context = new PolicyContext(caller.administrator(), Optional.of(realm), caller.client());
      most = Math.max(most, engine.number(scope, action, context).orElse(-1));
    }
    return most;
  }

  /** The realms that the administrator may see in figures; all if no policy limits them. */
  public Set<String> visible(String scope, String action) {
    var all = new LinkedHashSet<String>();
    realms().all().forEach(r -> all.add(r.name()));
    if (!engine.policies().anyActive(scope)) {
      return all;
    }
    Scope where = scope(deciding(scope, action), action);
    if (where.nowhere()) {
      return all;
    }
    all.removeIf(name -> !where.inRealm(name));
    return all;
  }

  // what user interfaces offer -------------------------------------------------------------------

  /**
   * What may be offered to the administrator (section 10), as {@code scope/action}.
   *
   * @param inRealm for each realm
   * @param anyRealm in all realms, and for what is in none
   */
  public record Permissions(
      Map<String, Set<String>> inRealm, Set<String> anyRealm, Set<String> global) {}

  public Permissions permissions() {
    var inRealm = new TreeMap<String, Set<String>>();
    realms().all().forEach(r -> inRealm.put(r.name(), new TreeSet<>()));
    var anyRealm = new TreeSet<String>();
    var global = new TreeSet<String>();
    for (String scope : WITH_REALMS) {
      for (String action : PolicyCatalogue.ofScope(scope).keySet()) {
        String name = scope + "/" + action;
        Optional<Set<String>> where = where(scope, action);
        if (where.isEmpty()) {
          anyRealm.add(name);
          inRealm.values().forEach(rights -> rights.add(name));
        } else {
          where.get().forEach(realm -> inRealm.get(realm).add(name));
        }
      }
    }
    for (Set<String> rights : new ArrayList<>(inRealm.values())) {
      addShow(rights);
    }
    addShow(anyRealm);
    for (String scope : GLOBAL) {
      for (String action : PolicyCatalogue.ofScope(scope).keySet()) {
        if (where(scope, action).map(realms -> !realms.isEmpty()).orElse(true)) {
          global.add(scope + "/" + action);
        }
      }
    }
    return new Permissions(inRealm, anyRealm, global);
  }

  private static void addShow(Set<String> rights) {
    if (rights.stream().anyMatch(r -> r.startsWith("admin/"))) {
      rights.add("admin/show");
    }
  }

  /** The realms in which some policy grants the action; empty if in all. */
  private Optional<Set<String>> where(String scope, String action) {
    if (!engine.policies().anyActive(scope)) {
      return Optional.empty();
    }
    var byRealm = new LinkedHashMap<String, Boolean>();
    for (Policy policy :
        engine
            .policies()
            .selectAll(
                new PolicyQuery(scope).action(action).user(caller.administrator()),
                engine.lookup())) {
      boolean granted = policy.grants(action).orElse(false);
      if (policy.realms().everything() && policy.realms().negated().isEmpty()) {
        byRealm.merge("*", granted, Boolean::logicalAnd);
      } else {
        realms().all().stream()
            .map(Realms.Realm::name)
            .filter(name -> policy.realms().rank(name) != Rank.NONE)
            .forEach(name -> byRealm.merge(name, granted, Boolean::logicalAnd));
      }
    }
    if (byRealm.getOrDefault("*", false)) {
      return Optional.empty();
    }
    var granted = new TreeSet<String>();
    byRealm.forEach(
        (realm, yes) -> {
          if (yes && !realm.equals("*")) {
            granted.add(realm);
          }
        });
    return Optional.of(granted);
  }
}
