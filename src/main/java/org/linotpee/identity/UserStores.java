package org.linotpee.identity;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/**
 * Changes realms and resolvers (spec 05 sections 5 and 6). Each change is one transaction, to which
 * the caller can add work of its own: the audit row.
 */
@Service
public class UserStores {
  private static final Pattern REALM = Pattern.compile("[A-Za-z0-9_\\-.]+");
  private static final Pattern CLASS =
      Pattern.compile(
          "(?i)(?:useridresolver(?:ee)?\\.)?(passwd|ldap|sql)"
              + "(?:resolver|IdResolver(?:\\.IdResolver)?)");
  private static final Pattern READ_ONLY = Pattern.compile("(?i)\\s*(1|yes|true)\\s*");
  private static final Pattern RESOLVER = Pattern.compile("[a-zA-Z0-9_\\-]{4,}");
  private static final String DEFAULT_REALM = "DefaultRealm";

  private final Snapshots snapshots;
  private final Sequences sequences;
  private final ResolverSecrets secrets;
  private final List<ResolverType> types;

  @Inject
  public UserStores(
      Snapshots snapshots,
      Sequences sequences,
      ResolverSecrets secrets,
      @Any Instance<ResolverType> types) {
    this(snapshots, sequences, secrets, types.stream().toList());
  }

  public UserStores(
      Snapshots snapshots, Sequences sequences, ResolverSecrets secrets, List<ResolverType> types) {
    this.secrets = secrets;
    this.snapshots = snapshots;
    this.sequences = sequences;
    this.types = List.copyOf(types);
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /** A realm's name as it is stored: lower case, trimmed, blanks as hyphens. */
  public static String normalised(String realm) {
    return realm.trim().toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /**
   * Creates a realm or replaces its resolvers.
   *
   * @param specs resolver specifications, comma-separated
   * @param mustStay the resolver that this realm must keep, {@code ""} if there is none
   * @throws LinotpException -311 if the name or a specification cannot be used
   */
  public void setRealm(
      String realm, String specs, String mustStay, Consumer<EntityManager> within) {
    String name = normalised(realm);
    if (!REALM.matcher(name).matches()) {
      throw LinotpException.unclassified(
          "the realm name '"
              + realm
              + "' has other characters than"
              + " letters, digits, '-', '_' and '.'");
    }
    var members = new ArrayList<ResolverDefinition>();
    for (String spec : specs.split(",", -1)) {
      ResolverDefinition member = bySpec(spec.replace("\"", "").trim());
      if (!members.contains(member)) {
        members.add(member);
      }
    }
    if (!mustStay.isEmpty() && members.stream().noneMatch(m -> m.name().equals(mustStay))) {
      throw LinotpException.unclassified(
          "the resolver '"
              + mustStay
              + "' cannot be removed from the realm '"
              + name
              + "': its administrators could not log in any more");
    }
    boolean first = realms().all().isEmpty();
    snapshots.change(
        em -> {
          RealmRow row =
              realmRow(em, name)
                  .orElseGet(
                      () -> {
                        var created = new RealmRow(sequences.next(em, "realm_seq", 1), name);
                        em.persist(created);
                        em.flush();
                        return created;
                      });
          em.createQuery("DELETE FROM RealmResolverRow m WHERE m.realmId = :realm")
              .setParameter("realm", row.id())
              .executeUpdate();
          for (int i = 0; i < members.size(); i++) {
            em.persist(new RealmResolverRow(row.id(), members.get(i).id(), i));
          }
          if (first) {
            storeDefaultRealm(em, name);
          }
          within.accept(em);
          return null;
        });
  }

  /** Of a specification, the class must be one of its type's names (section 5.1). */
  private ResolverDefinition bySpec(String spec) {
    int dot = spec.lastIndexOf('.');
    String name = spec.substring(dot + 1);
    Matcher kind = CLASS.matcher(dot < 0 ? "" : spec.substring(0, dot));
    if (!kind.matches()) {
      throw LinotpException.unclassified("'" + spec + "' is no specification of a resolver");
    }
    String type = (kind.group(1) + "resolver").toLowerCase(Locale.ROOT);
    return realms()
        .resolver(name)
        .filter(d -> d.type().equals(type))
        .orElseThrow(() -> LinotpException.unclassified("there is no resolver '" + spec + "'"));
  }

  private static Optional<RealmRow> realmRow(EntityManager em, String name) {
    return em.createQuery("SELECT r FROM RealmRow r WHERE r.name = :name", RealmRow.class)
        .setParameter("name", name)
        .getResultStream()
        .findFirst();
  }

  /**
   * Deletes a realm; tokens stay, but are in it no more.
   *
   * @param protectedRealm the administrators' realm
   * @return false if there is no such realm
   */
  public boolean deleteRealm(String realm, String protectedRealm, Consumer<EntityManager> within) {
    String name = normalised(realm);
    if (name.equals(protectedRealm)) {
      throw LinotpException.unclassified("the administrators' realm cannot be deleted");
    }
    if (realms().named(name).isEmpty()) {
      return false;
    }
    snapshots.change(
        em -> {
          long id = realms().named(name).orElseThrow().id();
          em.createNativeQuery("DELETE FROM token_realm WHERE realm_id = ?1")
              .setParameter(1, id)
              .executeUpdate();
          em.createQuery("DELETE FROM RealmResolverRow m WHERE m.realmId = :realm")
              .setParameter("realm", id)
              .executeUpdate();
          em.createQuery("DELETE FROM RealmRow r WHERE r.id = :realm")
              .setParameter("realm", id)
              .executeUpdate();
          if (realms().defaultRealm().equals(name)) {
            storeDefaultRealm(em, "");
          }
          within.accept(em);
          return null;
        });
    return true;
  }

  /**
   * Sets or, with an empty name, clears the default realm.
   *
   * @return true if the realm exists
   */
  public boolean setDefaultRealm(String realm, Consumer<EntityManager> within) {
    String name = normalised(realm);
    boolean exists = realms().named(name).isPresent();
    if (exists || name.isEmpty()) {
      snapshots.change(
          em -> {
            storeDefaultRealm(em, name);
            within.accept(em);
            return null;
          });
    }
    return exists;
  }

  private static void storeDefaultRealm(EntityManager em, String name) {
    var entry = em.find(ConfigurationEntry.class, DEFAULT_REALM);
    if (entry == null) {
      em.persist(new ConfigurationEntry(DEFAULT_REALM, name, null, null));
    } else {
      entry.update(name, entry.type(), entry.description());
    }
  }

  /** What a request sends to define a resolver. */
  public record Definition(
      String name, String type, Optional<String> previousName, Map<String, String> parameters) {
    public Definition {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Creates, changes or renames a resolver (spec 05 section 6.2).
   *
   * @param protectedResolver the resolver of the local administrators, which keeps its name
   * @throws LinotpException if anything about it cannot be used; nothing is changed then
   */
  public void setResolver(
      Definition wanted, String protectedResolver, Consumer<EntityManager> within) {
    String name = wanted.name();
    if (wanted.previousName().filter(protectedResolver::equals).isPresent()
        && !name.equals(protectedResolver)) {
      throw LinotpException.unclassified("default admin resolver cannot be renamed");
    }
    Checked checked = checked(wanted);
    Optional<ResolverDefinition> previous = checked.previous();
    Map<String, ResolverDefinition.Parameter> parameters = checked.parameters();
    Map<String, String> movedIds =
        previous.map(p -> movedIds(p, name, parameters)).orElse(Map.of());
    snapshots.change(
        em -> {
          if (previous.isEmpty()) {
            create(em, name, wanted.type(), false, parameters);
          } else {
            change(em, previous.get(), name, parameters);
            moveTokens(em, previous.get(), name, movedIds);
          }
          within.accept(em);
          return null;
        });
  }

  /**
   * What {@link #setResolver} would refuse before it changes anything; nobody is contacted.
   *
   * @throws LinotpException as {@link #setResolver}
   */
  public void check(Definition wanted) {
    checked(wanted);
  }

  /** The types of which resolvers can be made, by name. */
  public List<ResolverType> creatable() {
    return types.stream()
        .filter(type -> !type.fields().isEmpty())
        .sorted(Comparator.comparing(ResolverType::name))
        .toList();
  }

  private record Checked(
      Optional<ResolverDefinition> previous,
      Map<String, ResolverDefinition.Parameter> parameters) {}

  private Checked checked(Definition wanted) {
    String name = wanted.name();
    Optional<ResolverDefinition> previous =
        wanted.previousName().filter(p -> !p.isEmpty()).map(this::previous);
    boolean sameName = previous.map(p -> p.name().equals(name)).orElse(false);
    if (!sameName && realms().resolver(name).isPresent()) {
      throw LinotpException.unclassified(
          "Cound not create resolver, resolver '" + name + "' already exists!");
    }
    if (previous.isPresent() && !previous.get().type().equals(wanted.type())) {
      throw LinotpException.unclassified(
          "the resolver '" + previous.get().name() + "' is of another type");
    }
    if (!RESOLVER.matcher(name).matches()) {
      throw LinotpException.unclassified(
          "the resolver name '" + name + "' needs four or more letters, digits, '-' or '_'");
    }
    previous.ifPresent(p -> requireUnchanged(p, wanted));
    Map<String, ResolverDefinition.Parameter> parameters =
        previous.filter(ResolverDefinition::managed).isPresent()
            ? ManagedResolverType.parameters(name)
            : configured(wanted, previous);
    return new Checked(previous, parameters);
  }

  /**
   * A resolver that is read-only may get a new name, and nothing else.
   *
   * @throws LinotpException -311 if a parameter is to be changed
   */
  private void requireUnchanged(ResolverDefinition previous, Definition wanted) {
    if (!previous.readOnly()) {
      return;
    }
    for (var parameter : previous.parameters().entrySet()) {
      String name = parameter.getKey();
      String sent = wanted.parameters().get(name);
      boolean secret =
          type(previous).secretParameter().map(name::equals).orElse(name.equals("Password"));
      boolean kept = sent == null || (secret && sent.isEmpty());
      if (!kept && !sent.equals(secrets.open(previous, name))) {
        throw LinotpException.unclassified(
            "the resolver '"
                + previous.name()
                + "' is read-only: '"
                + name
                + "' cannot be changed");
      }
    }
  }

  private ResolverType type(ResolverDefinition definition) {
    return types.stream()
        .filter(t -> t.serves(definition))
        .findFirst()
        .orElseThrow(
            () ->
                LinotpException.unclassified(
                    "there is no resolver type '" + definition.type() + "'"));
  }

  /**
   * The new user ids of the owners of tokens, by the old ones, if the definition gives users other
   * ids: login names are asked of the old definition, ids of the new one.
   */
  private Map<String, String> movedIds(
      ResolverDefinition previous,
      String name,
      Map<String, ResolverDefinition.Parameter> parameters) {
    ResolverType type = type(previous);
    if (type.sameUserIds(previous.parameters(), parameters)) {
      return Map.of();
    }
    var next =
        new ResolverDefinition(
            previous.id(),
            name,
            previous.type(),
            previous.managed(),
            secrets.sealed(previous.id(), parameters));
    List<?> ids =
        snapshots.exclusively(
            em ->
                em.createNativeQuery(
                        "SELECT DISTINCT owner_id FROM token WHERE owner_resolver = ?1")
                    .setParameter(1, previous.spec())
                    .getResultList());
    var moved = new LinkedHashMap<String, String>();
    try {
      var known = type.open(previous).byIds(ids.stream().map(String::valueOf).toList());
      for (var user : known.entrySet()) {
        type.open(next)
            .byLogin(user.getValue().getOrDefault("username", ""))
            .map(found -> found.get("userid"))
            .ifPresent(id -> moved.put(user.getKey(), id));
      }
    } catch (Resolver.Unavailable e) {
      throw LinotpException.unclassified(
          "users would get other ids, and the user store cannot be asked for them: "
              + e.getMessage());
    }
    return moved;
  }

  private static void moveTokens(
      EntityManager em, ResolverDefinition previous, String name, Map<String, String> movedIds) {
    String spec =
        new ResolverDefinition(previous.id(), name, previous.type(), previous.managed(), Map.of())
            .spec();
    movedIds.forEach(
        (before, after) ->
            em.createNativeQuery(
                    "UPDATE token SET owner_id = ?1 WHERE owner_resolver = ?2 AND owner_id = ?3")
                .setParameter(1, after)
                .setParameter(2, spec)
                .setParameter(3, before)
                .executeUpdate());
  }

  /** An empty or missing password stays the previous one while it goes to the same place. */
  private Map<String, ResolverDefinition.Parameter> configured(
      Definition wanted, Optional<ResolverDefinition> previous) {
    ResolverType type = type(wanted.type());
    var sent = new HashMap<>(wanted.parameters());
    type.secretParameter()
        .ifPresent(
            secret -> {
              boolean sameTarget =
                  previous.isPresent()
                      && type.criticalParameters().stream()
                          .allMatch(
                              p ->
                                  previous.get().parameters().containsKey(p)
                                      && previous
                                          .get()
                                          .parameters()
                                          .get(p)
                                          .content()
                                          .equals(sent.getOrDefault(p, "")));
              if (sameTarget && sent.getOrDefault(secret, "").isEmpty()) {
                sent.put(secret, secrets.open(previous.get(), secret));
              }
              if (!sent.containsKey(secret)) {
                throw new LinotpException(905, "Missing parameter: ['" + secret + "']");
              }
            });
    var parameters = new LinkedHashMap<>(type.configure(wanted.name(), sent));
    boolean readOnly =
        previous.map(ResolverDefinition::readOnly).orElse(false)
            || READ_ONLY.matcher(wanted.parameters().getOrDefault("readonly", "")).matches();
    if (readOnly) {
      parameters.put("readonly", new ResolverDefinition.Parameter("True", "boolean"));
    }
    return parameters;
  }

  private ResolverDefinition previous(String name) {
    return realms()
        .resolver(name)
        .orElseThrow(
            () -> LinotpException.unclassified("there is no previous resolver '" + name + "'"));
  }

  private ResolverType type(String name) {
    return types.stream()
        .filter(t -> t.name().equals(name) && !(t instanceof ManagedResolverType))
        .findFirst()
        .orElseThrow(
            () -> LinotpException.unclassified("there is no resolver type '" + name + "'"));
  }

  /** Stores a new resolver and returns its id. Part of the caller's transaction. */
  long create(
      EntityManager em,
      String name,
      String type,
      boolean managed,
      Map<String, ResolverDefinition.Parameter> parameters) {
    var row = new ResolverRow(sequences.next(em, "resolver_seq", 1), name, type, managed);
    row.configure(secrets.sealed(row.id(), parameters));
    em.persist(row);
    return row.id();
  }

  /**
   * The content stays the same when a resolver is renamed, so its tokens follow in one statement.
   */
  private void change(
      EntityManager em,
      ResolverDefinition previous,
      String name,
      Map<String, ResolverDefinition.Parameter> parameters) {
    var row = em.find(ResolverRow.class, previous.id());
    row.configure(secrets.sealed(row.id(), parameters));
    if (!row.name().equals(name)) {
      row.rename(name);
      em.createNativeQuery("UPDATE token SET owner_resolver = ?1 WHERE owner_resolver = ?2")
          .setParameter(1, row.definition().spec())
          .setParameter(2, previous.spec())
          .executeUpdate();
    }
  }

  /**
   * Deletes a resolver that is in no realm, with its managed users.
   *
   * @param protectedResolver the resolver of the local administrators
   * @return false if there is none of this name
   */
  public boolean deleteResolver(
      String name, String protectedResolver, Consumer<EntityManager> within) {
    if (name.equals(protectedResolver)) {
      throw LinotpException.unclassified("default admin resolver cannot be deleted");
    }
    Optional<ResolverDefinition> definition = realms().resolver(name);
    if (definition.isEmpty()) {
      return false;
    }
    List<String> users = realms().containing(name).stream().map(Realms.Realm::name).toList();
    if (!users.isEmpty()) {
      throw LinotpException.unclassified(
          "Resolver '" + name + "'  still in use by the realms: " + String.join(", ", users));
    }
    snapshots.change(
        em -> {
          em.createQuery("DELETE FROM ManagedUser u WHERE u.resolverId = :resolver")
              .setParameter("resolver", definition.get().id())
              .executeUpdate();
          em.remove(em.find(ResolverRow.class, definition.get().id()));
          within.accept(em);
          return null;
        });
    return true;
  }

  /** The configuration entries that clients know resolvers and realms by. */
  public Map<String, String> asEntries() {
    var entries = new LinkedHashMap<String, String>();
    for (var realm : realms().all()) {
      entries.put(
          "useridresolver.group." + realm.name(),
          String.join(",", realm.resolvers().stream().map(ResolverDefinition::spec).toList()));
    }
    for (var resolver : realms().resolvers()) {
      resolver
          .parameters()
          .forEach(
              (key, value) ->
                  entries.put(
                      resolver.type() + "." + key + "." + resolver.name(),
                      ResolverSecrets.shown(value)));
    }
    return entries;
  }

  /** The configuration entry that lists name a resolver by. */
  public String shownEntry(ResolverDefinition definition) {
    String parameter =
        types.stream()
            .filter(t -> t.serves(definition))
            .map(ResolverType::shownParameter)
            .findFirst()
            .orElse("name");
    return "linotp." + definition.type() + "." + parameter + "." + definition.name();
  }
}
