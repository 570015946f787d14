package org.linotpee.reporting;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.persistence.config.HintValues;
import org.eclipse.persistence.config.QueryHints;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserSearch;

/** Counts tokens and users by realm; the database counts. */
@Service
public class TokenStatistics {
  private static final Map<String, String> CONDITIONS =
      Map.of(
          "active", "t.active = TRUE",
          "inactive", "t.active = FALSE",
          "assigned", "t.ownerId <> ''",
          "unassigned", "t.ownerId = ''");
  private static final String WITHOUT_REALM =
      "NOT EXISTS (SELECT r FROM TokenRealm r WHERE r.tokenId = t.id)";
  private static final String IN_REALMS =
      "EXISTS (SELECT r FROM TokenRealm r WHERE r.tokenId = t.id AND r.realmId IN :realms)";

  private final Transactions transactions;
  private final Snapshots snapshots;
  private final UserSearch search;

  @Inject
  public TokenStatistics(Transactions transactions, Snapshots snapshots, UserSearch search) {
    this.transactions = transactions;
    this.snapshots = snapshots;
    this.search = search;
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /**
   * The figures of tokens: {@code total}, {@code total users} and each status, which is one of
   * active, inactive, assigned and unassigned or several joined by {@code &}.
   *
   * @return for {@code Summary} the figures of all realms together, for {@code Realms} those of
   *     each
   * @throws LinotpException -311 for an unknown status
   */
  public Map<String, Object> tokens(Set<String> realmNames, List<String> statuses) {
    Map<String, String> conditions = new LinkedHashMap<>();
    conditions.put("total", "1 = 1");
    for (String status : statuses) {
      conditions.put(status, condition(status));
    }
    return transactions.required(
        em -> {
          var answer = new LinkedHashMap<String, Object>();
          answer.put("Summary", figures(em, realmNames, conditions));
          var each = new LinkedHashMap<String, Object>();
          realmNames.forEach(name -> each.put(name, figures(em, Set.of(name), conditions)));
          answer.put("Realms", each);
          return answer;
        });
  }

  /** The number of tokens of a realm that have a status; of users, for {@code total users}. */
  long count(EntityManager em, String realm, String status) {
    return switch (status) {
      case "total" -> count(em, "COUNT(t)", Set.of(realm), "1 = 1");
      case "total users" -> users(em, Set.of(realm));
      default -> count(em, "COUNT(t)", Set.of(realm), condition(status));
    };
  }

  /**
   * Requires that these are statuses of which numbers are reported.
   *
   * @throws LinotpException -311 for another one
   */
  public static void requireStatuses(List<String> statuses) {
    statuses.stream()
        .filter(status -> !status.equals("total") && !status.equals("total users"))
        .forEach(TokenStatistics::condition);
  }

  private static String condition(String status) {
    var parts = new ArrayList<String>();
    for (String part : status.split("&", -1)) {
      String condition = CONDITIONS.get(part.trim());
      if (condition == null) {
        throw LinotpException.unclassified("unknown status '" + part + "'");
      }
      parts.add(condition);
    }
    return String.join(" AND ", parts);
  }

  private Map<String, Object> figures(
      EntityManager em, Set<String> realmNames, Map<String, String> conditions) {
    var figures = new LinkedHashMap<String, Object>();
    conditions.forEach(
        (status, condition) -> {
          figures.put(status, count(em, "COUNT(t)", realmNames, condition));
          if (status.equals("total")) {
            figures.put("total users", users(em, realmNames));
          }
        });
    return figures;
  }

  private long users(EntityManager em, Set<String> realmNames) {
    return query(
            em,
            "SELECT COUNT(DISTINCT CONCAT(t.ownerId, t.ownerResolver)) FROM Token t",
            Long.class,
            realmNames,
            "t.active = TRUE AND t.ownerId <> ''")
        .getSingleResult();
  }

  private long count(EntityManager em, String what, Set<String> realmNames, String condition) {
    return query(em, "SELECT " + what + " FROM Token t", Long.class, realmNames, condition)
        .getSingleResult();
  }

  private <T> TypedQuery<T> query(
      EntityManager em, String select, Class<T> type, Set<String> realmNames, String condition) {
    List<Long> ids =
        realms().all().stream()
            .filter(r -> realmNames.contains(r.name()))
            .map(Realms.Realm::id)
            .toList();
    var alternatives = new ArrayList<String>();
    if (!ids.isEmpty()) {
      alternatives.add(IN_REALMS);
    }
    if (realmNames.contains(RealmSelection.NO_REALM)) {
      alternatives.add(WITHOUT_REALM);
    }
    String where = alternatives.isEmpty() ? "1 = 0" : "(" + String.join(" OR ", alternatives) + ")";
    TypedQuery<T> query = em.createQuery(select + " WHERE " + where + " AND " + condition, type);
    if (!ids.isEmpty()) {
      query.setParameter("realms", ids);
    }
    // EclipseLink writes the values of some counting queries as text, a boolean as a number.
    return query.setHint(QueryHints.BIND_PARAMETERS, HintValues.TRUE);
  }

  /** The number of users of each resolver of each realm; every user store is asked. */
  public Map<String, Object> users(Set<String> realmNames) {
    var answer = new LinkedHashMap<String, Object>();
    for (String name : realmNames) {
      realms()
          .named(name)
          .ifPresent(
              realm -> {
                var figures = new LinkedHashMap<String, Object>();
                realm.resolvers().forEach(d -> figures.put(d.name(), usersOf(d)));
                answer.put(realm.name(), figures);
              });
    }
    return answer;
  }

  private long usersOf(ResolverDefinition definition) {
    var number = new long[1];
    search.find(
        List.of(definition),
        Map.of("username", "*"),
        user -> {
          number[0]++;
          return true;
        });
    return number[0];
  }

  /** Users with an active token, of each resolver of each realm. */
  public Map<String, Object> activeUsers(Set<String> realmNames) {
    return transactions.required(
        em -> {
          var answer = new LinkedHashMap<String, Object>();
          for (String name : realmNames) {
            realms()
                .named(name)
                .ifPresent(
                    realm -> {
                      var figures = new LinkedHashMap<String, Object>();
                      realm
                          .resolvers()
                          .forEach(d -> figures.put(d.name(), activeUsersOf(em, name, d)));
                      answer.put(realm.name(), figures);
                    });
          }
          return answer;
        });
  }

  private long activeUsersOf(EntityManager em, String realm, ResolverDefinition definition) {
    return query(
            em,
            "SELECT COUNT(DISTINCT t.ownerId) FROM Token t",
            Long.class,
            Set.of(realm),
            "t.active = TRUE AND t.ownerResolver = :resolver")
        .setParameter("resolver", definition.spec())
        .getSingleResult();
  }

  /** Users with an active token in these realms, each once. */
  public long activeUsersInAll(Set<String> realmNames) {
    return transactions.required(em -> users(em, realmNames));
  }
}
