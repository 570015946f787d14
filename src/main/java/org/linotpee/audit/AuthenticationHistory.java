package org.linotpee.audit;

import jakarta.inject.Inject;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import org.linotpee.configuration.Service;

/** How many authentications succeeded and failed, day by day, as the audit trail tells. */
@Service
public class AuthenticationHistory {
  /**
   * A day, in UTC.
   *
   * @param successes how many were accepted
   * @param failures how many were not
   */
  public record Day(LocalDate date, long successes, long failures) {}

  private final AuditStore store;

  @Inject
  public AuthenticationHistory(AuditStore store) {
    this.store = store;
  }

  /** The days from the first to the last; the database counts, in one question. */
  public List<Day> days(LocalDate first, LocalDate last) {
    List<?> rows =
        store
            .transactions()
            .required(
                em ->
                    em.createNativeQuery(
                            "SELECT SUBSTRING(occurred_at, 1, 10), success, COUNT(*) FROM audit_row"
                                + " WHERE occurred_at >= ?1 AND occurred_at < ?2"
                                + " AND action LIKE 'validate/check%'"
                                + " AND action <> 'validate/check_status'"
                                + " GROUP BY SUBSTRING(occurred_at, 1, 10), success")
                        .setParameter(1, first.toString())
                        .setParameter(2, last.plusDays(1).toString())
                        .getResultList());
    var days = new TreeMap<LocalDate, Day>();
    first.datesUntil(last.plusDays(1)).forEach(date -> days.put(date, new Day(date, 0, 0)));
    for (Object row : rows) {
      Object[] cells = (Object[]) row;
      LocalDate date = LocalDate.parse(String.valueOf(cells[0]));
      boolean success =
          cells[1] instanceof Boolean flag ? flag : ((Number) cells[1]).intValue() != 0;
      long number = ((Number) cells[2]).longValue();
      days.computeIfPresent(
          date,
          (d, day) ->
              success
                  ? new Day(d, day.successes() + number, day.failures())
                  : new Day(d, day.successes(), day.failures() + number));
    }
    return List.copyOf(days.values());
  }
}
