package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserSearch;
import org.linotpee.policy.AdminRights;

/**
 * Lists users page by page (spec 10 section 2.3). User stores hand their users over in an order of
 * their own; a page needs no memory but that of the users up to its end.
 */
@Service
public class UserList {
  /** The attributes by which a list can be sorted. */
  public static final Set<String> SORTABLE =
      Set.of("username", "userid", "surname", "givenname", "email", "mobile", "phone", "resolver");

  /** The attribute that stands for any of them. */
  public static final String ANY = "searchTerm";

  private final UserSearch search;
  private final DirectoryUsers directory;
  private final AdminRights rights;

  @Inject
  public UserList(UserSearch search, DirectoryUsers directory, AdminRights rights) {
    this.search = search;
    this.directory = directory;
    this.rights = rights;
  }

  /**
   * What is asked for.
   *
   * @param realm a realm; {@code ""} for the default realm
   * @param resolver one of its resolvers, or {@code ""} for all
   * @param attribute what is searched, {@link #ANY} for every attribute
   * @param text what it has to be, with {@code *}; without one what it has to contain
   * @param sortBy one of {@link #SORTABLE}
   */
  public record Query(
      String realm,
      String resolver,
      String attribute,
      String text,
      String sortBy,
      boolean descending) {
    Map<String, String> conditions() {
      String pattern = text.isEmpty() || text.contains("*") ? text : "*" + text + "*";
      return pattern.isEmpty() || pattern.equals("*")
          ? Map.of("username", "*")
          : Map.of(attribute, pattern);
    }

    Comparator<Map<String, String>> order() {
      Comparator<Map<String, String>> by =
          Comparator.comparing(user -> user.getOrDefault(sortBy, "").toLowerCase(Locale.ROOT));
      return (descending ? by.reversed() : by)
          .thenComparing(user -> user.getOrDefault("username", "").toLowerCase(Locale.ROOT))
          .thenComparing(user -> user.getOrDefault("resolver", ""));
    }
  }

  /**
   * A page.
   *
   * @param users their attributes; {@code resolver} is the specification of the resolver
   * @param total how many were found
   * @param unavailable names of the resolvers that could not be asked
   */
  public record Part(List<Map<String, String>> users, long total, List<String> unavailable) {}

  /**
   * A page of what is found.
   *
   * @param number from 1
   * @throws LinotpException 410 if the administrator may not list users of the realm
   */
  public Part page(Query query, int number, int size) {
    rights.requireForUser("userlist", "list users of", new UserName("", query.realm()));
    List<ResolverDefinition> asked = resolvers(query);
    if (asked.size() == 1) {
      Optional<Part> part = part(query, asked.get(0), number, size);
      if (part.isPresent()) {
        return part.get();
      }
    }
    Comparator<Map<String, String>> order = query.order();
    long wanted = (long) number * size;
    var best = new PriorityQueue<Map<String, String>>(order.reversed());
    long[] total = {0};
    List<String> unavailable =
        each(
            query,
            user -> {
              total[0]++;
              if (best.size() < wanted) {
                best.add(user);
              } else if (order.compare(user, best.peek()) < 0) {
                best.poll();
                best.add(user);
              }
            });
    var sorted = new ArrayList<>(best);
    sorted.sort(order);
    int from = (int) Math.min(sorted.size(), wanted - size);
    return new Part(List.copyOf(sorted.subList(from, sorted.size())), total[0], unavailable);
  }

  private List<ResolverDefinition> resolvers(Query query) {
    return search.resolvers(query.realm(), "").stream()
        .filter(d -> query.resolver().isEmpty() || d.name().equals(query.resolver()))
        .toList();
  }

  private static Map<String, String> from(
      ResolverDefinition definition, Map<String, String> attributes) {
    var user = new LinkedHashMap<>(attributes);
    user.put("resolver", definition.spec());
    return user;
  }

  /** A page that the only user store sorts and counts itself, if it can. */
  private Optional<Part> part(Query query, ResolverDefinition definition, int number, int size) {
    int first = (int) Math.min(Integer.MAX_VALUE, (number - 1L) * size);
    String sortBy = query.sortBy().equals("resolver") ? "username" : query.sortBy();
    try {
      return directory
          .open(definition)
          .part(query.conditions(), sortBy, query.descending(), first, size)
          .map(
              part ->
                  new Part(
                      part.users().stream().map(user -> from(definition, user)).toList(),
                      part.total(),
                      List.of()));
    } catch (Resolver.Unavailable e) {
      return Optional.of(new Part(List.of(), 0, List.of(definition.name())));
    }
  }

  /**
   * Hands all that is found over, in the order of the user stores.
   *
   * @return names of the resolvers that could not be asked
   * @throws LinotpException 410 if the administrator may not list users of the realm
   */
  public List<String> each(Query query, Consumer<Map<String, String>> reader) {
    rights.requireForUser("userlist", "list users of", new UserName("", query.realm()));
    var unavailable = new ArrayList<String>();
    for (ResolverDefinition definition : resolvers(query)) {
      try {
        directory
            .open(definition)
            .search(query.conditions(), attributes -> reader.accept(from(definition, attributes)));
      } catch (Resolver.Unavailable e) {
        unavailable.add(definition.name());
      }
    }
    return unavailable;
  }
}
