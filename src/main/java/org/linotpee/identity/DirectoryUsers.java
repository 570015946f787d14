package org.linotpee.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.linotpee.configuration.ConfiguredDuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/** {@link Users} by the resolvers of the realms in the current snapshot. */
@Service
public class DirectoryUsers implements Users {
  private static final Logger LOG = System.getLogger(DirectoryUsers.class.getName());
  private static final int USER_ERROR = 1205;

  /** From so many on all users of a store are read, instead of these. */
  private static final int MANY_IDS = 1000;

  /** Users are few and change rarely, but who was removed must be out soon: ten seconds. */
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  private static final int CACHED_USERS = 50_000;

  private record CacheKey(long version, UserName name) {}

  private final Snapshots snapshots;
  private final List<ResolverType> types;
  private final Cache<CacheKey, User> cache =
      Caffeine.newBuilder().maximumSize(CACHED_USERS).expireAfterWrite(LIFETIME).build();

  /** For lists only, and only where {@code user_lookup_cache.enabled} says so. */
  private final Cache<OwnerCacheKey, Shown> shownUsers =
      Caffeine.newBuilder().maximumSize(CACHED_USERS).build();

  private record OwnerCacheKey(long version, OwnerKey owner) {}

  private record Shown(Map<String, String> attributes, Instant until) {}

  @Inject
  public DirectoryUsers(Snapshots snapshots, @Any Instance<ResolverType> types) {
    this(snapshots, types.stream().toList());
  }

  public DirectoryUsers(Snapshots snapshots, List<ResolverType> types) {
    this.snapshots = snapshots;
    this.types = List.copyOf(types);
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  @Override
  public UserName requested(String user, String realm, String resolver) {
    String login = user == null ? "" : user;
    String realmName = realm == null ? "" : realm;
    String resolverName = resolver == null ? "" : resolver.split("\\(", 2)[0].trim();
    if (login.isEmpty() && realmName.isEmpty() && resolverName.isEmpty()) {
      return UserName.NONE;
    }
    if (!realmName.isEmpty()) {
      return new UserName(login, realmName, resolverName);
    }
    boolean split = snapshots.current().configuration().flag("splitAtSign", true);
    if (split) {
      login = login.strip();
      int at = login.lastIndexOf('@');
      int backslash = login.indexOf('\\');
      if (at >= 0) {
        realmName = login.substring(at + 1);
        login = login.substring(0, at);
      } else if (backslash >= 0) {
        realmName = login.substring(0, backslash);
        login = login.substring(backslash + 1);
      }
    }
    if (!login.isEmpty() && realmName.isEmpty()) {
      realmName = realms().defaultRealm();
    }
    var name = new UserName(login, realmName, resolverName);
    if (resolver == null && realm == null && login.contains("@")) {
      return withRealmBehindTheLogin(name);
    }
    return name;
  }

  /** Step 6 of spec 01 section 4: the text behind the last {@code @} may be a realm after all. */
  private UserName withRealmBehindTheLogin(UserName name) {
    int at = name.login().lastIndexOf('@');
    String behind = name.login().substring(at + 1);
    return realms().named(behind).isPresent() && !(find(name) instanceof UserLookup.Found)
        ? new UserName(name.login().substring(0, at), behind)
        : name;
  }

  @Override
  public UserLookup find(UserName name) {
    var key = new CacheKey(snapshots.current().version(), name);
    User cached = cache.getIfPresent(key);
    if (cached != null) {
      return new UserLookup.Found(cached);
    }
    UserLookup lookup = findFresh(name);
    if (lookup instanceof UserLookup.Found found) {
      cache.put(key, found.user());
    }
    return lookup;
  }

  @Override
  public UserLookup findFresh(UserName name) {
    if (!name.given() || name.login().chars().anyMatch(Character::isISOControl)) {
      return new UserLookup.NotFound(false);
    }
    boolean unreachable = false;
    var owners = new ArrayList<OwnerKey>();
    Map<String, String> attributes = Map.of();
    for (ResolverDefinition definition : resolversOf(name)) {
      try {
        Optional<Map<String, String>> found = open(definition).byLogin(name.login());
        if (found.isPresent()) {
          attributes = found.get();
          owners.add(new OwnerKey(definition.spec(), attributes.get("userid")));
        }
      } catch (Resolver.Unavailable e) {
        unreachable = true;
        LOG.log(Level.WARNING, "failed to connect to {0}: {1}", definition.spec(), e.getMessage());
      }
    }
    if (owners.isEmpty()) {
      return new UserLookup.NotFound(unreachable);
    }
    if (owners.stream().map(OwnerKey::userId).distinct().count() > 1) {
      return new UserLookup.Ambiguous();
    }
    var known =
        new UserName(
            spelling(name.login(), attributes.getOrDefault("username", "")),
            name.realm().toLowerCase(Locale.ROOT),
            name.resolver());
    return new UserLookup.Found(new User(known, owners, attributes));
  }

  /** As the store writes it: some compare without case and blanks, but policies do not. */
  private static String spelling(String typed, String stored) {
    return stored.strip().equalsIgnoreCase(typed.strip()) ? stored : typed;
  }

  private List<ResolverDefinition> resolversOf(UserName name) {
    if (name.realm().isEmpty() && !name.resolver().isEmpty()) {
      return realms().resolver(name.resolver()).stream().toList();
    }
    return realms().named(name.realm()).map(Realms.Realm::resolvers).orElse(List.of()).stream()
        .filter(d -> name.resolver().isEmpty() || d.name().equals(name.resolver()))
        .toList();
  }

  /** The resolver of a definition. */
  public Resolver open(ResolverDefinition definition) {
    return types.stream()
        .filter(type -> type.serves(definition))
        .findFirst()
        .orElseThrow(
            () -> new Resolver.Unavailable("no resolver of type " + definition.type(), null))
        .open(definition);
  }

  /** Tries a definition out; one that cannot be used at all is an error like any other. */
  public Map<String, Object> test(ResolverDefinition definition) {
    try {
      return open(definition).test();
    } catch (Resolver.Unavailable e) {
      return Map.of("result", "error", "desc", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public User require(UserName name) {
    UserLookup lookup = find(name);
    if (lookup instanceof UserLookup.Found found) {
      return found.user();
    }
    if (lookup instanceof UserLookup.Ambiguous) {
      throw new LinotpException(
          USER_ERROR, "the login '" + name.login() + "' means different users in its realm");
    }
    throw new LinotpException(
        USER_ERROR, "there is no user '" + name.login() + "' in realm '" + name.realm() + "'");
  }

  @Override
  public boolean passwordMatches(User user, String password) {
    if (password.isEmpty()) {
      return false;
    }
    for (OwnerKey owner : user.owners()) {
      var definition = realms().resolver(owner.resolverName());
      if (definition.isPresent()) {
        try {
          if (open(definition.get()).passwordMatches(owner.userId(), password)) {
            return true;
          }
        } catch (Resolver.Unavailable e) {
          LOG.log(
              Level.WARNING, "failed to connect to {0}: {1}", owner.resolverSpec(), e.getMessage());
        }
      }
    }
    return false;
  }

  /** Spec 05 section 17.2: who was found may be shown for a while without asking again. */
  @Override
  public Map<OwnerKey, Map<String, String>> attributes(Collection<OwnerKey> owners) {
    Optional<Duration> lifetime = shownFor();
    if (lifetime.isEmpty()) {
      return asked(owners);
    }
    long version = snapshots.current().version();
    Instant now = Instant.now();
    var found = new HashMap<OwnerKey, Map<String, String>>();
    var missing = new LinkedHashSet<OwnerKey>();
    for (OwnerKey owner : owners) {
      Shown shown = shownUsers.getIfPresent(new OwnerCacheKey(version, owner));
      if (shown != null && shown.until().isAfter(now)) {
        found.put(owner, shown.attributes());
      } else {
        missing.add(owner);
      }
    }
    if (!missing.isEmpty()) {
      Map<OwnerKey, Map<String, String>> asked = asked(missing);
      asked.forEach(
          (owner, attributes) ->
              shownUsers.put(
                  new OwnerCacheKey(version, owner),
                  new Shown(attributes, now.plus(lifetime.get()))));
      found.putAll(asked);
    }
    return found;
  }

  /** Empty if the cache is off, which an expiration that is none does, too. */
  private Optional<Duration> shownFor() {
    var configuration = snapshots.current().configuration();
    if (!configuration.flag("user_lookup_cache.enabled", false)) {
      return Optional.empty();
    }
    String text = configuration.text("user_lookup_cache.expiration").orElse("129600");
    return ConfiguredDuration.seconds(text).filter(s -> s > 0).map(Duration::ofSeconds);
  }

  private Map<OwnerKey, Map<String, String>> asked(Collection<OwnerKey> owners) {
    Map<String, Set<String>> idsByResolver = new LinkedHashMap<>();
    for (OwnerKey owner : owners) {
      idsByResolver
          .computeIfAbsent(owner.resolverSpec(), spec -> new LinkedHashSet<>())
          .add(owner.userId());
    }
    var all = new HashMap<OwnerKey, Map<String, String>>();
    idsByResolver.forEach(
        (spec, ids) -> {
          String name = spec.substring(spec.lastIndexOf('.') + 1);
          realms()
              .resolver(name)
              .filter(d -> d.spec().equals(spec))
              .ifPresent(d -> all.putAll(attributes(d, ids)));
        });
    return all;
  }

  @Override
  public Set<OwnerKey> unknown(Set<OwnerKey> owners) {
    Map<String, Set<String>> idsByResolver = new LinkedHashMap<>();
    for (OwnerKey owner : owners) {
      idsByResolver
          .computeIfAbsent(owner.resolverSpec(), spec -> new HashSet<>())
          .add(owner.userId());
    }
    var unknown = new HashSet<OwnerKey>();
    idsByResolver.forEach(
        (spec, ids) -> {
          realms()
              .resolver(spec.substring(spec.lastIndexOf('.') + 1))
              .filter(d -> d.spec().equals(spec))
              .ifPresent(d -> removeKnown(d, ids));
          ids.forEach(id -> unknown.add(new OwnerKey(spec, id)));
        });
    return unknown;
  }

  private void removeKnown(ResolverDefinition definition, Set<String> ids) {
    try {
      Resolver resolver = open(definition);
      if (ids.size() > MANY_IDS) {
        resolver.eachId(ids::remove);
      }
      // a directory may end a list early: who was not in it is asked for
      ids.removeAll(Set.copyOf(resolver.byIds(Set.copyOf(ids)).keySet()));
    } catch (Resolver.Unavailable e) {
      // nobody knows, so nobody is missing
      ids.clear();
      LOG.log(Level.WARNING, "failed to connect to {0}: {1}", definition.spec(), e.getMessage());
    }
  }

  private Map<OwnerKey, Map<String, String>> attributes(
      ResolverDefinition definition, Set<String> ids) {
    try {
      return open(definition).byIds(ids).entrySet().stream()
          .collect(
              Collectors.toMap(
                  e -> new OwnerKey(definition.spec(), e.getKey()), Map.Entry::getValue));
    } catch (Resolver.Unavailable e) {
      LOG.log(Level.WARNING, "failed to connect to {0}: {1}", definition.spec(), e.getMessage());
      return Map.of();
    }
  }

  @Override
  public String resolverId(OwnerKey owner) {
    return realms()
        .resolver(owner.resolverName())
        .filter(d -> d.spec().equals(owner.resolverSpec()))
        .map(d -> open(d).id())
        .orElseGet(() -> owner.resolverSpec().substring(owner.resolverSpec().indexOf('.') + 1));
  }

  @Override
  public Set<OwnerKey> matching(String loginPattern) {
    var found = new LinkedHashSet<OwnerKey>();
    Pattern exact =
        Pattern.compile(
            Arrays.stream(loginPattern.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    for (ResolverDefinition definition : realms().resolvers()) {
      try {
        open(definition)
            .search(
                Map.of("username", loginPattern),
                user -> {
                  if (exact.matcher(user.getOrDefault("username", "")).matches()) {
                    found.add(new OwnerKey(definition.spec(), user.get("userid")));
                  }
                });
      } catch (Resolver.Unavailable e) {
        LOG.log(Level.WARNING, "failed to connect to {0}: {1}", definition.spec(), e.getMessage());
      }
    }
    return found;
  }
}
