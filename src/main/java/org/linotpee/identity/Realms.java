package org.linotpee.identity;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Realms and resolvers of a snapshot; immutable. */
public final class Realms {
  /**
   * A realm.
   *
   * @param name in lower case
   * @param resolvers in the order in which they are asked
   */
  public record Realm(long id, String name, List<ResolverDefinition> resolvers) {
    public Realm {
      resolvers = List.copyOf(resolvers);
    }
  }

  private final Map<String, Realm> byName;
  private final Map<Long, Realm> byId;
  private final Map<String, ResolverDefinition> resolvers;
  private final String defaultRealm;

  /**
   * @param defaultRealm the name, or {@code ""}
   */
  public Realms(
      Collection<Realm> realms, Collection<ResolverDefinition> resolvers, String defaultRealm) {
    byName = realms.stream().collect(Collectors.toUnmodifiableMap(Realm::name, r -> r));
    byId = realms.stream().collect(Collectors.toUnmodifiableMap(Realm::id, r -> r));
    this.resolvers =
        resolvers.stream().collect(Collectors.toUnmodifiableMap(ResolverDefinition::name, r -> r));
    this.defaultRealm = defaultRealm.toLowerCase(Locale.ROOT);
  }

  /** All realms, by name. */
  public List<Realm> all() {
    return byName.values().stream().sorted(java.util.Comparator.comparing(Realm::name)).toList();
  }

  /** The realm of a name in any case. */
  public Optional<Realm> named(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  public Optional<Realm> withId(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The name of the default realm, {@code ""} if there is none. */
  public String defaultRealm() {
    return defaultRealm;
  }

  /** All resolvers, by name. */
  public List<ResolverDefinition> resolvers() {
    return resolvers.values().stream()
        .sorted(java.util.Comparator.comparing(ResolverDefinition::name))
        .toList();
  }

  public Optional<ResolverDefinition> resolver(String name) {
    return Optional.ofNullable(resolvers.get(name));
  }

  /** The realms that contain a resolver. */
  public List<Realm> containing(String resolverName) {
    return all().stream()
        .filter(r -> r.resolvers().stream().anyMatch(d -> d.name().equals(resolverName)))
        .toList();
  }

  /**
   * The realm in which an owner of a token is looked at (spec 04 section 12.3): the one that the
   * token shares with him; if that is none or several, the default realm if it is one of his, else
   * the first by name.
   *
   * @param tokenRealms the names of the token's realms
   * @return empty if no realm contains his resolver
   */
  public Optional<Realm> ofOwner(OwnerKey owner, Collection<String> tokenRealms) {
    List<Realm> his = containing(owner.resolverName());
    List<Realm> shared = his.stream().filter(r -> tokenRealms.contains(r.name())).toList();
    if (shared.size() == 1) {
      return Optional.of(shared.get(0));
    }
    List<Realm> possible = shared.isEmpty() ? his : shared;
    return possible.stream()
        .filter(r -> r.name().equals(defaultRealm))
        .findFirst()
        .or(() -> possible.stream().findFirst());
  }
}
