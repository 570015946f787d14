package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.AuditKeys;

/** Searches the audit trail (spec 01 section 17): pages and counts in the database. */
@Service
public class AuditSearch {
  /**
   * What is searched for.
   *
   * @param filters column, as the interface names it, to SQL LIKE pattern; unknown columns and
   *     empty patterns are left out
   * @param any one filter suffices instead of all
   * @param sortColumn as the interface names it; unknown means the number
   * @param person only rows of exactly this user, whatever the filters are
   */
  public record Criteria(
      Map<String, String> filters,
      boolean any,
      String sortColumn,
      boolean descending,
      Optional<Person> person) {
    public Criteria(
        Map<String, String> filters, boolean any, String sortColumn, boolean descending) {
      this(filters, any, sortColumn, descending, Optional.empty());
    }
  }

  /** A user as rows name him. */
  public record Person(String login, String realm) {}

  /** A part of what was found; without it, all rows. */
  public record Page(int number, int size) {}

  private static final Map<String, String> COLUMNS = columns();
  private static final int BLOCK = 1000;

  private final AuditStore store;
  private final AuditSealer sealer;
  private final AuditForwarder forwarder;
  private final AuditKeys keys;

  @Inject
  public AuditSearch(
      AuditStore store, AuditKeys keys, AuditSealer sealer, AuditForwarder forwarder) {
    this.store = store;
    this.sealer = sealer;
    this.forwarder = forwarder;
    this.keys = keys;
  }

  private static Map<String, String> columns() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("number", "CAST(id AS CHAR(20))");
    columns.put("date", "occurred_at");
    columns.put("action", "action");
    columns.put("success", "success");
    columns.put("serial", "serial");
    columns.put("tokentype", "token_type");
    columns.put("token_type", "token_type");
    columns.put("user", "login");
    columns.put("realm", "realm");
    columns.put("administrator", "administrator");
    columns.put("action_detail", "action_detail");
    columns.put("info", "info");
    columns.put("linotp_server", "server");
    columns.put("client", "client");
    columns.put("log_level", "log_level");
    columns.put("clearance_level", "CAST(clearance_level AS CHAR(11))");
    return columns;
  }

  /** True if the interface knows a filter of this name. */
  public static boolean knows(String column) {
    return COLUMNS.containsKey(column);
  }

  /** Brings what was written up to now to where it is searched. */
  public void refresh() {
    if (store.isSeparate()) {
      sealer.seal();
      forwarder.forward();
    }
  }

  /** The number of rows that meet the criteria. */
  public long count(Criteria criteria) {
    return store
        .transactions()
        .required(
            em -> {
              var parameters = new ArrayList<Object>();
              Query query =
                  em.createNativeQuery(
                      "SELECT COUNT(*) FROM audit_row" + where(criteria, parameters));
              bind(query, parameters);
              return ((Number) query.getSingleResult()).longValue();
            });
  }

  /**
   * Hands the rows over in order, each with whether it is intact. Reads them in blocks, so that
   * memory does not grow with their number.
   */
  public void rows(Criteria criteria, Optional<Page> page, BiConsumer<AuditRow, Boolean> consumer) {
    long offset = page.map(p -> (p.number() - 1L) * p.size()).orElse(0L);
    long left = page.map(p -> (long) p.size()).orElse(Long.MAX_VALUE);
    List<AuditRow> block;
    do {
      long from = offset;
      int size = (int) Math.min(BLOCK, left);
      block =
          size == 0
              ? List.of()
              : store.transactions().required(em -> block(em, criteria, from, size));
      block.forEach(row -> consumer.accept(row, row.intact(keys)));
      offset += block.size();
      left -= block.size();
    } while (block.size() == BLOCK);
  }

  private static List<AuditRow> block(EntityManager em, Criteria criteria, long offset, int size) {
    var parameters = new ArrayList<Object>();
    String direction = criteria.descending() ? " DESC" : " ASC";
    String sorted =
        criteria.sortColumn().equals("number") || !knows(criteria.sortColumn())
            ? " ORDER BY id" + direction
            : " ORDER BY " + COLUMNS.get(criteria.sortColumn()) + direction + ", id" + direction;
    Query query = em.createNativeQuery(AuditRow.SELECT + where(criteria, parameters) + sorted);
    bind(query, parameters);
    query.setFirstResult((int) Math.min(Integer.MAX_VALUE, offset)).setMaxResults(size);
    var rows = new ArrayList<AuditRow>();
    for (Object row : query.getResultList()) {
      rows.add(AuditRow.of((Object[]) row));
    }
    return rows;
  }

  private static void bind(Query query, List<Object> parameters) {
    for (int i = 0; i < parameters.size(); i++) {
      query.setParameter(i + 1, parameters.get(i));
    }
  }

  private static String where(Criteria criteria, List<Object> parameters) {
    var conditions = new ArrayList<String>();
    criteria
        .filters()
        .forEach(
            (column, pattern) -> {
              if (!knows(column) || pattern.isEmpty()) {
                return;
              }
              if (column.equals("success")) {
                parameters.add(pattern.equals("1") || pattern.equalsIgnoreCase("true"));
                conditions.add("success = ?" + parameters.size());
              } else {
                parameters.add(pattern);
                conditions.add(COLUMNS.get(column) + " LIKE ?" + parameters.size());
              }
            });
    String filters = String.join(criteria.any() ? " OR " : " AND ", conditions);
    if (criteria.person().isEmpty()) {
      return filters.isEmpty() ? "" : " WHERE " + filters;
    }
    parameters.add(criteria.person().get().login());
    parameters.add(criteria.person().get().realm());
    return " WHERE login = ?%d AND realm = ?%d".formatted(parameters.size() - 1, parameters.size())
        + (filters.isEmpty() ? "" : " AND (" + filters + ")");
  }
}
