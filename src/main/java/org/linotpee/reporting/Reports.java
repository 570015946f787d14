package org.linotpee.reporting;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.policy.PolicyEngine;

/** Writes and reads reports (spec 01 section 16, spec 04 section 15.3). */
@Service
public class Reports {
  private static final int SEQUENCE_BLOCK = 50;
  private static final Map<String, String> COLUMNS =
      Map.of(
          "event", "r.event",
          "realm", "r.realm",
          "parameter", "r.status",
          "count", "r.number");

  private final Transactions transactions;
  private final Sequences sequences;
  private final PolicyEngine policies;
  private final TokenStatistics statistics;
  private final Clock clock;

  @Inject
  public Reports(
      Transactions transactions,
      Sequences sequences,
      PolicyEngine policies,
      TokenStatistics statistics,
      Clock clock) {
    this.transactions = transactions;
    this.sequences = sequences;
    this.policies = policies;
    this.statistics = statistics;
    this.clock = clock;
  }

  // writing ---------------------------------------------------------------------------------------

  /**
   * Records what policies want to know about the realms that an event has touched. Part of the
   * caller's transaction.
   *
   * @param action the last part of the request's path, for example {@code init}
   * @param realms names; what is in no realm counts for the pseudo realm
   */
  public void record(EntityManager em, String action, Collection<String> realms) {
    if (!policies.anyActive("reporting")) {
      return;
    }
    em.flush();
    Instant now = clock.instant();
    for (String realm : new TreeSet<>(realms)) {
      for (String status : policies.reportedStatuses(realm)) {
        em.persist(
            new Report(
                sequences.next(em, "report_seq", SEQUENCE_BLOCK),
                now,
                "token_" + action,
                realm,
                status,
                statistics.count(em, realm, status)));
      }
    }
  }

  /** The realms of tokens for {@link #record}: the pseudo realm for those that are in none. */
  public static Set<String> realms(Collection<? extends Collection<String>> realmsOfTokens) {
    var all = new TreeSet<String>();
    for (Collection<String> realms : realmsOfTokens) {
      if (realms.isEmpty()) {
        all.add(RealmSelection.NO_REALM);
      } else {
        all.addAll(realms);
      }
    }
    return all;
  }

  // reading ---------------------------------------------------------------------------------------

  /** The highest number in a period; empty if nothing was reported in it. */
  public OptionalLong maximum(String realm, String status, Instant from, Instant to) {
    return transactions.required(
        em -> {
          Long number =
              em.createQuery(
                      "SELECT MAX(r.number) FROM Report r WHERE r.realm = :realm"
                          + " AND r.status = :status AND r.occurredAt >= :from AND r.occurredAt < :to",
                      Long.class)
                  .setParameter("realm", realm)
                  .setParameter("status", status)
                  .setParameter("from", from.toEpochMilli())
                  .setParameter("to", to.toEpochMilli())
                  .getSingleResult();
          return number == null ? OptionalLong.empty() : OptionalLong.of(number);
        });
  }

  /** The last number before a moment. */
  public OptionalLong lastBefore(String realm, String status, Instant moment) {
    return transactions.required(
        em ->
            em.createQuery(
                    "SELECT r FROM Report r WHERE r.realm = :realm AND r.status = :status"
                        + " AND r.occurredAt < :moment ORDER BY r.occurredAt DESC, r.id DESC",
                    Report.class)
                .setParameter("realm", realm)
                .setParameter("status", status)
                .setParameter("moment", moment.toEpochMilli())
                .setMaxResults(1)
                .getResultStream()
                .mapToLong(Report::number)
                .findFirst());
  }

  /**
   * Deletes reports; tells how many.
   *
   * @param statuses empty for all
   * @param before only older ones, or all
   * @param within more work for the same transaction
   */
  public int delete(
      Collection<String> realms,
      List<String> statuses,
      Optional<Instant> before,
      Function<EntityManager, Void> within) {
    return transactions.required(
        em -> {
          var where = where(realms, statuses);
          String text = "DELETE FROM Report r" + where.text();
          var query =
              em.createQuery(before.isPresent() ? text + " AND r.occurredAt < :before" : text);
          where.parameters().forEach(query::setParameter);
          before.ifPresent(b -> query.setParameter("before", b.toEpochMilli()));
          int deleted = query.executeUpdate();
          within.apply(em);
          return deleted;
        });
  }

  private record Where(String text, Map<String, Object> parameters) {}

  private static Where where(Collection<String> realms, List<String> statuses) {
    var parameters = new HashMap<String, Object>();
    var conditions = new ArrayList<String>();
    if (realms.isEmpty()) {
      conditions.add("1 = 0");
    } else {
      conditions.add("r.realm IN :realms");
      parameters.put("realms", List.copyOf(realms));
    }
    if (!statuses.isEmpty()) {
      conditions.add("r.status IN :statuses");
      parameters.put("statuses", statuses);
    }
    return new Where(" WHERE " + String.join(" AND ", conditions), parameters);
  }

  /** A part of the reports, and the number of all that were asked for. */
  public record Page(List<Report> reports, long total) {}

  /**
   * Lists reports.
   *
   * @param statuses empty for all
   * @param from only those since
   * @param sortBy a column of the interface, anything else for the time
   * @param first how many to leave out
   * @param size how many to list, 0 for all
   */
  public Page find(
      Collection<String> realms,
      List<String> statuses,
      Optional<Instant> from,
      String sortBy,
      boolean descending,
      int first,
      int size) {
    return transactions.required(
        em -> {
          var where = where(realms, statuses);
          String text = where.text() + (from.isPresent() ? " AND r.occurredAt >= :from" : "");
          TypedQuery<Report> query =
              em.createQuery(
                  "SELECT r FROM Report r"
                      + text
                      + " ORDER BY "
                      + COLUMNS.getOrDefault(sortBy, "r.occurredAt")
                      + (descending ? " DESC" : " ASC")
                      + ", r.id ASC",
                  Report.class);
          TypedQuery<Long> count =
              em.createQuery("SELECT COUNT(r) FROM Report r" + text, Long.class);
          for (TypedQuery<?> each : List.of(query, count)) {
            where.parameters().forEach(each::setParameter);
            from.ifPresent(moment -> each.setParameter("from", moment.toEpochMilli()));
          }
          if (size > 0) {
            query.setFirstResult(first).setMaxResults(size);
          }
          return new Page(query.getResultList(), count.getSingleResult());
        });
  }
}
