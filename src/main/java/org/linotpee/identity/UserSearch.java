package org.linotpee.identity;

import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;

/** Lists users of resolvers (spec 03 section 7). */
@Service
public class UserSearch {
  private static final Logger LOG = System.getLogger(UserSearch.class.getName());

  private final Snapshots snapshots;
  private final DirectoryUsers directory;

  @Inject
  public UserSearch(Snapshots snapshots, DirectoryUsers directory) {
    this.snapshots = snapshots;
    this.directory = directory;
  }

  /** Stops a search whose reader has enough. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super(null, null, false, false);
    }
  }

  /**
   * The resolvers to ask: the named one, if it is in a realm, else those of the realms that match;
   * without a realm those of the default realm.
   *
   * @param realm a name, or a pattern with {@code *}; {@code ""} for the default realm
   * @param resolver a name, or {@code ""}
   */
  public List<ResolverDefinition> resolvers(String realm, String resolver) {
    Realms realms = snapshots.current().part(Realms.class);
    Stream<Realms.Realm> chosen;
    if (!resolver.isEmpty()) {
      chosen = realms.all().stream();
    } else if (realm.contains("*")) {
      Pattern pattern =
          Pattern.compile(
              Stream.of(realm.toLowerCase(Locale.ROOT).split("\\*", -1))
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*")));
      chosen = realms.all().stream().filter(r -> pattern.matcher(r.name()).matches());
    } else {
      chosen = realms.named(realm.isEmpty() ? realms.defaultRealm() : realm).stream();
    }
    return chosen
        .flatMap(r -> r.resolvers().stream())
        .filter(d -> resolver.isEmpty() || d.name().equals(resolver))
        .distinct()
        .toList();
  }

  /**
   * Hands users over, resolver by resolver, until the reader has enough. A resolver that cannot be
   * asked any more ends its part.
   *
   * @param conditions attribute to pattern, all must hold
   * @param reader gets the attributes and the specification of the resolver; answers whether it
   *     wants more
   */
  public void find(
      List<ResolverDefinition> resolvers,
      Map<String, String> conditions,
      Predicate<Map<String, String>> reader) {
    for (ResolverDefinition definition : resolvers) {
      try {
        directory
            .open(definition)
            .search(
                conditions,
                attributes -> {
                  var user = new LinkedHashMap<>(attributes);
                  user.put("resolver", definition.spec());
                  if (!reader.test(user)) {
                    throw new Enough();
                  }
                });
      } catch (Enough e) {
        return;
      } catch (Resolver.Unavailable e) {
        LOG.log(Level.WARNING, "failed to connect to {0}: {1}", definition.spec(), e.getMessage());
      }
    }
  }

  /** The attributes that are numbers in the user store of this specification. */
  public Set<String> numericFields(ResolverDefinition definition) {
    try {
      return directory.open(definition).numericFields();
    } catch (Resolver.Unavailable e) {
      return Set.of();
    }
  }
}
