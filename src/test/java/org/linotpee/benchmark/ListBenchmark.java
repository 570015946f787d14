package org.linotpee.benchmark;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.server.Client;
import org.linotpee.server.Databases;
import org.linotpee.server.ServerUnderTest;

/**
 * Measures what administrators do in a large installation: listing, searching and importing, over
 * real HTTP, with few and with very many tokens. Writes {@code target/benchmark-lists.md}. Run it
 * with {@code mvn verify -P benchmark -Dit.test=ListBenchmark}; {@code -Dbenchmark.lists.tokens},
 * {@code -Dbenchmark.lists.users}, {@code -Dbenchmark.lists.databases} (embedded, PostgreSQL) and
 * {@code -Dbenchmark.lists.only} (a regular expression) and {@code -Dbenchmark.seconds} steer it.
 */
class ListBenchmark {
  private static final int SECONDS = Integer.getInteger("benchmark.seconds", 5);
  private static final int USERS = Integer.getInteger("benchmark.lists.users", 100_000);
  private static final int IMPORTED = Integer.getInteger("benchmark.lists.imported", 100_000);
  private static final List<Integer> TOKENS =
      Arrays.stream(System.getProperty("benchmark.lists.tokens", "1000,1000000").split(","))
          .map(Integer::valueOf)
          .toList();
  private static final List<String> DATABASES =
      List.of(System.getProperty("benchmark.lists.databases", "embedded,PostgreSQL").split(","));
  private static final int WARM_UP_CALLS = 30;

  /** The embedded database becomes slow in transactions of a million rows. */
  private static final int ROWS_IN_TRANSACTION = 20_000;

  private final StringBuilder table =
      new StringBuilder(
          "| database | tokens | request | first ms | p50 ms | p95 ms |\n"
              + "|---|---|---|---|---|---|\n");

  @Test
  void measure(@TempDir Path folder) throws Exception {
    for (String database : DATABASES) {
      Path home = Files.createDirectories(folder.resolve(database));
      Map<String, String> environment = Map.of();
      if (database.equals("PostgreSQL")) {
        environment = Databases.postgresEnvironment();
        ServerUnderTest.run(environment, "", "init", "enc-key", "--home", home.toString());
      }
      run(database, home, environment);
    }
    Files.writeString(Path.of("target", "benchmark-lists.md"), table);
    System.out.println(table);
  }

  private void run(String database, Path home, Map<String, String> environment) throws Exception {
    try (var server = ServerUnderTest.start(home, environment)) {
      Client admin = server.administrator();
      admin.people("first,first,,,,,,pw\n");
      fillUsers(home, environment);
      for (int tokens : TOKENS) {
        fillTokens(home, environment, tokens);
        for (var request : requests(tokens).entrySet()) {
          String row = "| %s | %d | %s".formatted(database, tokens, request.getKey());
          measure(row, server.url(), server.administrator(), request.getValue());
        }
      }
      long begun = System.nanoTime();
      String imported = server.administrator().importTokens("oathcsv", "", tokenFile(IMPORTED));
      if (!imported.contains("<imported>" + IMPORTED + "</imported>")) {
        throw new IllegalStateException(imported);
      }
      report(
          "| %s | %d | import of %d tokens"
              .formatted(database, TOKENS.get(TOKENS.size() - 1), IMPORTED),
          new long[] {System.nanoTime() - begun});
    }
  }

  /** What is asked for, by what the table calls it. */
  private static Map<String, String> requests(int tokens) {
    var requests = new LinkedHashMap<String, String>();
    String show = "/admin/show?pagesize=15&page=";
    requests.put("show, page 1", show + 1);
    requests.put("show, a page in the middle", show + tokens / 30);
    requests.put("show, the last page", show + (tokens + 14) / 15);
    requests.put("show, sorted by serial number", show + "1&sortby=TokenSerialnumber");
    requests.put("show, serial BULK00001*", show + "1&serial=BULK00001*");
    requests.put("show, serial *0123*", show + "1&serial=*0123*");
    requests.put("show, one serial", show + "1&serial=BULK0000500");
    requests.put("show, tokens of a user", show + "1&user=user5");
    requests.put("show, user user12*", show + "1&user=user12*");
    requests.put("show, unassigned", show + "1&user=/:no%20user:/");
    requests.put("show, orphaned", show + "1&user=/:no%20user%20info:/");
    requests.put("show, inactive", show + "1&filter=/:inactive:/");
    requests.put("show, a realm", show + "1&viewrealm=people");
    requests.put("show, no realm", show + "1&viewrealm=/:no%20realm:/");
    requests.put("show, filter 'ring 17'", show + "1&filter=ring%2017");
    requests.put("userlist, page 0", "/admin/userlist?realm=people&username=*&page=0&rp=50");
    requests.put(
        "userlist, username=user12*", "/admin/userlist?realm=people&username=user12*&page=0&rp=50");
    requests.put("userlist, all users", "/admin/userlist?realm=people&username=*");
    String only = System.getProperty("benchmark.lists.only", "");
    requests.keySet().removeIf(name -> !Pattern.compile(only).matcher(name).find());
    return requests;
  }

  private void measure(String row, String url, Client admin, String path) throws Exception {
    String session =
        "Cookie: access_token_cookie=" + admin.cookie("access_token_cookie").orElseThrow() + "\r\n";
    var latencies = new ArrayList<Long>();
    try (var connection = new org.linotpee.benchmark.Connection(URI.create(url))) {
      long first = once(connection, path, session);
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      for (int i = 0; i < WARM_UP_CALLS && System.nanoTime() < end; i++) {
        once(connection, path, session);
      }
      end = System.nanoTime() + SECONDS * 1_000_000_000L;
      while (latencies.isEmpty() || System.nanoTime() < end) {
        latencies.add(once(connection, path, session));
      }
      latencies.add(0, first);
    }
    report(row, latencies.stream().mapToLong(Long::longValue).toArray());
  }

  private static long once(
      org.linotpee.benchmark.Connection connection, String path, String session) throws Exception {
    long begun = System.nanoTime();
    String body = connection.get(path, session);
    long taken = System.nanoTime() - begun;
    if (!body.contains("\"status\": true")) {
      throw new IllegalStateException(path + ": " + body);
    }
    return taken;
  }

  /** The first latency is that of the very first call, when nothing is known yet. */
  private void report(String row, long[] latencies) {
    long[] later =
        latencies.length == 1 ? latencies : Arrays.copyOfRange(latencies, 1, latencies.length);
    Arrays.sort(later);
    String line =
        String.format(
            Locale.ROOT,
            "%s | %.1f | %.1f | %.1f |%n",
            row,
            latencies[0] / 1e6,
            later[later.length / 2] / 1e6,
            later[Math.min(later.length - 1, later.length * 95 / 100)] / 1e6);
    table.append(line);
    System.out.print(line);
  }

  // data
  // --------------------------------------------------------------------------------------------

  static Connection connect(Path home, Map<String, String> environment) throws SQLException {
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

  static void fillUsers(Path home, Map<String, String> environment) throws SQLException {
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
  static void fillTokens(Path home, Map<String, String> environment, int tokens)
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

  private static String tokenFile(int tokens) {
    var lines = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      lines
          .append("IMP")
          .append(i)
          .append(", ")
          .append(String.format(Locale.ROOT, "%040x", i + 0x3132333435363738L))
          .append('\n');
    }
    return lines.toString();
  }
}
