package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditRow;
import org.linotpee.audit.AuditSearch;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.User;

/** A user's own rows of the audit trail (spec 09 section 10.4). */
@Service
public class History {
  private static final int MAX_ROWS = 10_000;
  private static final int DEFAULT_ROWS = 15;

  private final SelfserviceRights rights;
  private final AuditSearch search;

  @Inject
  public History(SelfserviceRights rights, AuditSearch search) {
    this.rights = rights;
    this.search = search;
  }

  /**
   * What is searched for.
   *
   * @param filters column to SQL LIKE pattern
   * @param page counted from 1
   * @param size rows of a page
   */
  public record Query(
      Map<String, String> filters,
      String sortColumn,
      boolean descending,
      Optional<Integer> page,
      Optional<Integer> size) {}

  /** A part of the rows, and the number of all that were found. */
  public record Found(List<AuditRow> rows, long total) {}

  /**
   * Finds rows of the user; filters on users and realms are of no effect.
   *
   * @throws LinotpException 410 without the right
   */
  public Found find(User user, Query query, AuditRecord audit) {
    rights.require(user, audit.client(), "history");
    search.refresh();
    var filters = new LinkedHashMap<>(query.filters());
    filters.keySet().removeAll(List.of("user", "realm"));
    var criteria =
        new AuditSearch.Criteria(
            filters,
            false,
            query.sortColumn(),
            query.descending(),
            Optional.of(new AuditSearch.Person(user.name().login(), user.name().realm())));
    var page =
        new AuditSearch.Page(
            query.page().orElse(1),
            query.page().isPresent() || query.size().isPresent()
                ? Math.min(MAX_ROWS, query.size().orElse(DEFAULT_ROWS))
                : MAX_ROWS);
    var rows = new ArrayList<AuditRow>();
    long total = search.count(criteria);
    search.rows(criteria, Optional.of(page), (row, intact) -> rows.add(row));
    audit.success(true);
    return new Found(rows, total);
  }
}
