package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /**
   * Hands all that is found over, in the order of the user stores.
   *
   * @return names of the resolvers that could not be asked
   * @throws LinotpException 410 if the administrator may not list users of the realm
   */
  public List<String> each(Query query, Consumer<Map<String, String>> reader) {
    rights.requireForUser("userlist", "list users of", new UserName("", query.realm()));
    var unavailable = new ArrayList<String>();
    for (ResolverDefinition definition : search.resolvers(query.realm(), "")) {
      if (!query.resolver().isEmpty() && !definition.name().equals(query.resolver())) {
        continue;
      }
      try {
        directory
            .open(definition)
            .search(
                query.conditions(),
                attributes -> {
                  var user = new LinkedHashMap<>(attributes);
                  user.put("resolver", definition.spec());
                  reader.accept(user);
                });
      } catch (Resolver.Unavailable e) {
        unavailable.add(definition.name());
      }
    }
    return unavailable;
  }
}
