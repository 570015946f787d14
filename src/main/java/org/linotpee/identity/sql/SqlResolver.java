package org.linotpee.identity.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.linotpee.crypto.Passwords;
import org.linotpee.identity.Resolver;

/** Users of a table (spec 05 section 10.2). What requests send is always a bound parameter. */
final class SqlResolver implements Resolver {
  private static final int IDS_IN_QUERY = 200;
  private static final int QUERY_SECONDS = 20;
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final Set<String> TEXT_TYPES =
      Set.of("varchar", "character varying", "text", "varchar2", "nvarchar", "nvarchar2");
  private static final Set<Integer> INTEGERS =
      Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);
  private static final Pattern COMPARISON = Pattern.compile("(<=|>=|<|>)\\s*(.*)");

  private final String name;
  private final SqlSettings settings;
  private final DataSource dataSource;
  private volatile Map<String, Kind> kinds;

  /** What is known of a column: integers and texts are compared as they are, by their index. */
  private enum Kind {
    INTEGER,
    TEXT,
    OTHER
  }

  SqlResolver(String name, SqlSettings settings, DataSource dataSource) {
    this.name = name;
    this.settings = settings;
    this.dataSource = dataSource;
  }

  @Override
  public String id() {
    return "SQLIdResolver.IdResolver." + name;
  }

  private interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private <T> T query(String condition, List<Object> values, int limit, Rows<T> reader) {
    String where =
        settings.where().isEmpty()
            ? " WHERE " + condition
            : " WHERE (" + settings.where() + ") AND (" + condition + ")";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT * FROM " + settings.table() + where)) {
      statement.setQueryTimeout(QUERY_SECONDS);
      if (limit > 0) {
        statement.setMaxRows(limit);
      }
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        return reader.read(rows);
      }
    } catch (SQLException e) {
      throw new Unavailable(e.getMessage(), e);
    }
  }

  private String column(String field) {
    return settings.columns().get(field);
  }

  /** The column as text, so that numbers compare with what requests send. */
  private String asText(String field) {
    return switch (settings.target().product()) {
      case "mariadb" -> column(field);
      case "mssql" -> "CAST(" + column(field) + " AS NVARCHAR(1000))";
      default -> "CAST(" + column(field) + " AS VARCHAR(1000))";
    };
  }

  private record Equality(String condition, List<Object> values) {}

  /** The field has one of these texts; what is no number is never that of a number. */
  private Equality equality(String field, List<String> texts) {
    Kind kind = kinds().getOrDefault(column(field).toLowerCase(Locale.ROOT), Kind.OTHER);
    List<Object> values =
        kind == Kind.INTEGER
            ? texts.stream()
                .filter(text -> INTEGER.matcher(text).matches())
                .<Object>map(Long::valueOf)
                .toList()
            : List.copyOf(texts);
    if (values.isEmpty()) {
      return new Equality("1 = 0", List.of());
    }
    String marks = "?" + ", ?".repeat(values.size() - 1);
    return new Equality(
        (kind == Kind.OTHER ? asText(field) : column(field)) + " IN (" + marks + ")", values);
  }

  private Map<String, Kind> kinds() {
    Map<String, Kind> known = kinds;
    if (known == null) {
      known = query("1 = 0", List.of(), 1, SqlResolver::kinds);
      kinds = known;
    }
    return known;
  }

  private static Map<String, Kind> kinds(ResultSet rows) throws SQLException {
    var kinds = new HashMap<String, Kind>();
    var columns = rows.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      int type = columns.getColumnType(i);
      boolean integer =
          INTEGERS.contains(type)
              || ((type == Types.NUMERIC || type == Types.DECIMAL)
                  && columns.getScale(i) == 0
                  && columns.getPrecision(i) > 0
                  && columns.getPrecision(i) <= 18);
      kinds.put(
          columns.getColumnLabel(i).toLowerCase(Locale.ROOT),
          integer
              ? Kind.INTEGER
              : TEXT_TYPES.contains(columns.getColumnTypeName(i).toLowerCase(Locale.ROOT))
                  ? Kind.TEXT
                  : Kind.OTHER);
    }
    return kinds;
  }

  private Map<String, String> user(ResultSet row) throws SQLException {
    var user = new LinkedHashMap<String, String>();
    Set<String> present = present(row);
    for (var mapped : settings.columns().entrySet()) {
      if (!Set.of("password", "salt").contains(mapped.getKey())
          && present.contains(mapped.getValue().toLowerCase(Locale.ROOT))) {
        String value = row.getString(mapped.getValue());
        user.put(mapped.getKey(), value == null ? "" : value);
      }
    }
    return user;
  }

  private static Set<String> present(ResultSet row) throws SQLException {
    var names = new LinkedHashSet<String>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      names.add(row.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  @Override
  public Optional<Map<String, String>> byLogin(String login) {
    if (login.isEmpty()) {
      return Optional.empty();
    }
    Equality named = equality("username", List.of(login));
    return query(
        named.condition(),
        named.values(),
        0,
        rows -> {
          Map<String, String> last = null;
          while (rows.next()) {
            last = user(rows);
          }
          return Optional.ofNullable(last).filter(u -> !u.getOrDefault("userid", "").isEmpty());
        });
  }

  @Override
  public Map<String, Map<String, String>> byIds(Collection<String> userIds) {
    var found = new HashMap<String, Map<String, String>>();
    var ids = new ArrayList<>(new LinkedHashSet<>(userIds));
    for (int from = 0; from < ids.size(); from += IDS_IN_QUERY) {
      Equality part =
          equality("userid", ids.subList(from, Math.min(ids.size(), from + IDS_IN_QUERY)));
      query(
          part.condition(),
          part.values(),
          0,
          rows -> {
            while (rows.next()) {
              Map<String, String> user = user(rows);
              found.put(user.get("userid"), user);
            }
            return null;
          });
    }
    return found;
  }

  @Override
  public void search(Map<String, String> conditions, Consumer<Map<String, String>> found) {
    var terms = new ArrayList<String>();
    var values = new ArrayList<Object>();
    conditions.forEach((field, pattern) -> term(field, pattern, terms, values));
    if (terms.isEmpty()) {
      terms.add("1 = 1");
    }
    Map<String, Map<String, String>> users =
        query(
            String.join(" AND ", terms),
            values,
            settings.limit(),
            rows -> {
              var byId = new LinkedHashMap<String, Map<String, String>>();
              while (rows.next()) {
                Map<String, String> user = user(rows);
                byId.put(user.get("userid"), user);
              }
              return byId;
            });
    users.values().forEach(found);
  }

  @Override
  public void eachId(Consumer<String> found) {
    query(
        "1 = 1",
        List.of(),
        0,
        rows -> {
          while (rows.next()) {
            String id = rows.getString(column("userid"));
            if (id != null) {
              found.accept(id);
            }
          }
          return null;
        });
  }

  @Override
  public Set<String> numericFields() {
    Map<String, Kind> known = kinds();
    return settings.columns().entrySet().stream()
        .filter(mapped -> known.get(mapped.getValue().toLowerCase(Locale.ROOT)) == Kind.INTEGER)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void term(String field, String pattern, List<String> terms, List<Object> values) {
    if (field.equals("searchTerm")) {
      var alternatives = new ArrayList<String>();
      for (String mapped : settings.columns().keySet()) {
        if (!Set.of("password", "salt").contains(mapped)) {
          alternatives.add(asText(mapped) + " LIKE ? ESCAPE '!'");
          values.add(like(pattern));
        }
      }
      terms.add("(" + String.join(" OR ", alternatives) + ")");
      return;
    }
    settings.columns().keySet().stream()
        .filter(f -> f.equalsIgnoreCase(field) && !Set.of("password", "salt").contains(f))
        .findFirst()
        .ifPresent(
            mapped -> {
              Matcher comparison = COMPARISON.matcher(pattern.trim());
              if (comparison.matches()) {
                compare(mapped, comparison, terms, values);
              } else {
                terms.add(asText(mapped) + " LIKE ? ESCAPE '!'");
                values.add(like(pattern));
              }
            });
  }

  private void compare(String field, Matcher comparison, List<String> terms, List<Object> values) {
    String text = comparison.group(2).trim();
    boolean number = text.matches("-?[0-9]{1,18}");
    terms.add((number ? column(field) : asText(field)) + " " + comparison.group(1) + " ?");
    values.add(number ? (Object) Long.valueOf(text) : text);
  }

  /**
   * {@code *} is any text and {@code .} any character, on MariaDB any text, too (spec 05 section
   * 10.2); nothing else is special.
   */
  private String like(String pattern) {
    return pattern
        .trim()
        .replace("!", "!!")
        .replace("%", "!%")
        .replace("_", "!_")
        .replace('*', '%')
        .replace('.', settings.target().product().equals("mariadb") ? '%' : '_');
  }

  @Override
  public boolean passwordMatches(String userId, String password) {
    if (password.isEmpty() || !settings.columns().containsKey("password")) {
      return false;
    }
    Equality identified = equality("userid", List.of(userId));
    Optional<String> stored =
        query(
            identified.condition(),
            identified.values(),
            0,
            rows -> {
              String last = null;
              while (rows.next()) {
                last = rows.getString(column("password"));
              }
              return Optional.ofNullable(last);
            });
    return stored.isPresent() && Passwords.verify(stored.get().strip(), password);
  }

  @Override
  public Map<String, Object> test() {
    try {
      String where = settings.where().isEmpty() ? "" : " WHERE " + settings.where();
      try (Connection connection = dataSource.getConnection();
          PreparedStatement statement =
              connection.prepareStatement("SELECT COUNT(*) FROM " + settings.table() + where);
          ResultSet rows = statement.executeQuery()) {
        rows.next();
        return result(true, rows.getLong(1), "");
      }
    } catch (SQLException | Unavailable e) {
      return result(false, -1, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> result(boolean good, long rows, String error) {
    return Map.of(
        "result", good, "desc", Map.of("rows", rows, "err_string", error, "err_str", error));
  }

  /** The columns of the table. */
  Set<String> columns() {
    return new TreeSet<>(kinds().keySet());
  }

  /**
   * Mapped columns that the table does not have.
   *
   * @throws Unavailable if the table cannot be read
   */
  Set<String> missingColumns() {
    Set<String> present = query("1 = 0", List.of(), 1, SqlResolver::present);
    var missing = new TreeSet<String>();
    settings
        .columns()
        .values()
        .forEach(
            column -> {
              if (!present.contains(column.toLowerCase(Locale.ROOT))) {
                missing.add(column);
              }
            });
    return missing;
  }
}
