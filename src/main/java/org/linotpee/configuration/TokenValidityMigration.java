package org.linotpee.configuration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Schema level 12.1: the column {@code valid_until} of tokens that were stored before there was
 * one, from the end of the validity period in their info. Flyway's lock lets one node do it. The
 * rows are read in blocks; one that is changed meanwhile has the column already.
 */
final class TokenValidityMigration implements JavaMigration {
  private static final int BLOCK = 1000;
  private static final Pattern END =
      Pattern.compile(
          "\"validity_period_end\"\\s*:\\s*\""
              + "\\s*(\\d{2})/(\\d{2})/(\\d{2}) (\\d{2}):(\\d{2})\\s*\"");
  private static final int FIRST_OF_LAST_CENTURY = 69;
  private static final int MAX_DAY = 31;

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("12.1");
  }

  @Override
  public String getDescription() {
    return "validity of old tokens";
  }

  @Override
  public Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  private record Row(long id, String info) {}

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    long last = Long.MIN_VALUE;
    List<Row> block;
    do {
      block = block(connection, last);
      fill(connection, block);
      last = block.isEmpty() ? last : block.get(block.size() - 1).id();
    } while (block.size() == BLOCK);
  }

  private static List<Row> block(Connection connection, long after) throws SQLException {
    var rows = new ArrayList<Row>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, info FROM token WHERE id > ? AND valid_until IS NULL"
                + " AND info LIKE '%validity_period_end%' ORDER BY id LIMIT "
                + BLOCK)) {
      select.setLong(1, after);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(new Row(found.getLong(1), found.getString(2)));
        }
      }
    }
    return rows;
  }

  private static void fill(Connection connection, List<Row> rows) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE token SET valid_until = ? WHERE id = ? AND info = ? AND valid_until IS NULL")) {
      boolean any = false;
      for (Row row : rows) {
        Optional<Long> end = end(row.info());
        if (end.isPresent()) {
          update.setLong(1, end.get());
          update.setLong(2, row.id());
          update.setString(3, row.info());
          update.addBatch();
          any = true;
        }
      }
      if (any) {
        update.executeBatch();
      }
    }
  }

  /** The end in the info, epoch milliseconds; empty if there is none that can be read. */
  static Optional<Long> end(String info) {
    Matcher date = END.matcher(info);
    if (!date.find()) {
      return Optional.empty();
    }
    int twoDigits = number(date, 3);
    try {
      YearMonth month =
          YearMonth.of(
              (twoDigits < FIRST_OF_LAST_CENTURY ? 2000 : 1900) + twoDigits, number(date, 2));
      // as elsewhere, the last day of a month is meant by those up to 31
      int day = number(date, 1);
      LocalDate end =
          day > month.lengthOfMonth() && day <= MAX_DAY ? month.atEndOfMonth() : month.atDay(day);
      return Optional.of(
          end.atTime(number(date, 4), number(date, 5)).toInstant(ZoneOffset.UTC).toEpochMilli());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher date, int group) {
    return Integer.parseInt(date.group(group));
  }
}
