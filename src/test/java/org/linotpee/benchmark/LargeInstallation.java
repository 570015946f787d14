package org.linotpee.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.linotpee.server.Databases;
import org.linotpee.server.ServerUnderTest;

/**
 * Servers with very many users and tokens, and a table of the times they take. {@code
 * -Dbenchmark.lists.tokens} (numbers), {@code -Dbenchmark.lists.users}, {@code
 * -Dbenchmark.lists.databases} (embedded, PostgreSQL) and {@code -Dbenchmark.seconds} (a request)
 * steer it.
 */
final class LargeInstallation {
  private static final int SECONDS = Integer.getInteger("benchmark.seconds", 5);
  private static final int USERS = Integer.getInteger("benchmark.lists.users", 100_000);
  private static final List<Integer> TOKENS =
      Arrays.stream(System.getProperty("benchmark.lists.tokens", "1000,1000000").split(","))
          .map(Integer::valueOf)
          .toList();
  private static final List<String> DATABASES =
      List.of(System.getProperty("benchmark.lists.databases", "embedded,PostgreSQL").split(","));

  /** The embedded database becomes slow in transactions of a million rows. */
  private static final int ROWS_IN_TRANSACTION = 20_000;

  private final StringBuilder table;

  /**
   * @param kind the heading of what is measured
   */
  LargeInstallation(String kind) {
    table =
        new StringBuilder(
            "| database | tokens | %s | first ms | p50 ms | p95 ms |\n|---|---|---|---|---|---|\n"
                .formatted(kind));
  }

  /** The last number of tokens that is measured. */
  static int most() {
    return TOKENS.get(TOKENS.size() - 1);
  }

  /** What is measured on a server with that many tokens; a row begins with {@code row}. */
  interface Work {
    void run(String row, ServerUnderTest server, int tokens) throws Exception;
  }

  /** A request. */
  interface Call {
    void run() throws Exception;
  }

  /**
   * On each database with each number of tokens.
   *
   * @param result the file below {@code target} with the table
   */
  void measure(Path folder, String result, Work work) throws Exception {
    for (String database : DATABASES) {
      Path home = Files.createDirectories(folder.resolve(database));
      Map<String, String> environment = Map.of();
      if (database.equals("PostgreSQL")) {
        environment = Databases.postgresEnvironment();
        ServerUnderTest.run(environment, "", "init", "enc-key", "--home", home.toString());
      }
      try (var server = ServerUnderTest.start(home, environment)) {
        server.administrator().people("first,first,,,,,,pw\n");
        fillUsers(home, environment);
        for (int tokens : TOKENS) {
          fillTokens(home, environment, tokens);
          work.run("| %s | %d".formatted(database, tokens), server, tokens);
        }
      }
    }
    Files.writeString(Path.of("target", result), table);
    System.out.println(table);
  }

  /** The first call, when nothing is known yet, and those after some that are not counted. */
  void time(String row, int warmUpCalls, Call call) throws Exception {
    long first = once(call);
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (int i = 0; i < warmUpCalls && System.nanoTime() < end; i++) {
      once(call);
    }
    var latencies = new ArrayList<Long>();
    end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (latencies.isEmpty() || System.nanoTime() < end) {
      latencies.add(once(call));
    }
    report(row, first, latencies.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** A call that can be made once only. */
  void timeOnce(String row, Call call) throws Exception {
    long taken = once(call);
    report(row, taken, new long[] {taken});
  }

  private static long once(Call call) throws Exception {
    long begun = System.nanoTime();
    call.run();
    return System.nanoTime() - begun;
  }

  private void report(String row, long first, long[] later) {
    String line =
        String.format(
            Locale.ROOT,
            "%s | %.1f | %.1f | %.1f |%n",
            row,
            first / 1e6,
            later[later.length / 2] / 1e6,
            later[Math.min(later.length - 1, later.length * 95 / 100)] / 1e6);
    table.append(line);
    System.out.print(line);
  }

  private static Connection connect(Path home, Map<String, String> environment)
      throws SQLException {
    String uri = environment.get("LINOTP_DATABASE_URI");
    return uri == null
        ? DriverManager.getConnection(
            "jdbc:h2:file:" + home.resolve("db").resolve("linotp") + ";AUTO_SERVER=TRUE", "sa", "")
        : DriverManager.getConnection(
            "jdbc:postgresql://" + uri.substring(uri.indexOf('@') + 1), "postgres", "postgres");
  }

  private static String series(Map<String, String> environment, int from, int to) {
    String range = "(" + from + ", " + to + ")";
    return environment.isEmpty()
        ? "(SELECT X AS n FROM SYSTEM_RANGE" + range + ") s"
        : "generate_series" + range + " AS s(n)";
  }

  private static void fillUsers(Path home, Map<String, String> environment) throws SQLException {
    try (Connection connection = connect(home, environment);
        Statement statement = connection.createStatement()) {
      for (int from = 1; from <= USERS; from += ROWS_IN_TRANSACTION) {
        statement.execute(
            "INSERT INTO managed_user (resolver_id, user_id, username, surname, given_name, email,"
                + " phone, mobile, password_hash) SELECT (SELECT id FROM resolver WHERE name ="
                + " 'people'), CONCAT('u', n), CONCAT('user', n), CONCAT('Surname', n), 'Given',"
                + " CONCAT('user', n, '@example.com'), '', '', '*' FROM "
                + series(environment, from, Math.min(USERS, from + ROWS_IN_TRANSACTION - 1)));
      }
    }
  }

  /**
   * Of ten tokens eight belong to users, one or two to nobody, and of the first 10,000 every tenth
   * to somebody who is gone; every twentieth is inactive.
   */
  private static void fillTokens(Path home, Map<String, String> environment, int tokens)
      throws SQLException {
    String owner =
        "CASE WHEN MOD(n, 10) < 8 THEN CONCAT('u', MOD(n, "
            + USERS
            + ") + 1) WHEN MOD(n, 10) = 9 AND n < 10000 THEN CONCAT('gone', n) ELSE '' END";
    String spec = "useridresolver.SQLIdResolver.IdResolver.people";
    try (Connection connection = connect(home, environment);
        Statement statement = connection.createStatement()) {
      for (int from = 1; from <= tokens; from += ROWS_IN_TRANSACTION) {
        String numbers =
            series(environment, from, Math.min(tokens, from + ROWS_IN_TRANSACTION - 1));
        int added =
            statement.executeUpdate(
                "INSERT INTO token (id, serial, type, description, info, owner_id, owner_resolver,"
                    + " seed, pin, user_pin, so_pin, otp_length, counter, counter_window,"
                    + " sync_window, max_fail, fail_count, active, created_at) SELECT 100000000 +"
                    + " n, CONCAT('BULK', SUBSTRING(CAST(10000000 + n AS VARCHAR(8)), 2, 7)),"
                    + " 'HMAC', CONCAT('ring ', MOD(n, 1000)), '', owner, CASE WHEN owner = '' THEN"
                    + " '' ELSE '"
                    + spec
                    + "' END, '', '', '', '', 6, 0, 10, 1000, 10, 0, MOD(n, 20) <> 0, 0 FROM"
                    + " (SELECT n, "
                    + owner
                    + " AS owner FROM "
                    + numbers
                    + ") t WHERE NOT EXISTS (SELECT 1 FROM token e WHERE e.id = 100000000 + n)");
        if (added > 0) {
          statement.executeUpdate(
              "INSERT INTO token_realm (token_id, realm_id) SELECT id, (SELECT id FROM realm WHERE"
                  + " name = 'people') FROM token WHERE id BETWEEN "
                  + (100_000_000L + from)
                  + " AND "
                  + (100_000_000L + from + ROWS_IN_TRANSACTION - 1)
                  + " AND owner_id <> '' AND NOT EXISTS (SELECT 1 FROM token_realm e WHERE"
                  + " e.token_id = token.id)");
        }
      }
      statement.execute(environment.isEmpty() ? "ANALYZE" : "VACUUM ANALYZE");
    }
  }
}
