package org.linotpee.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.crypto.Hotp;
import org.linotpee.server.Client;
import org.linotpee.server.Databases;
import org.linotpee.server.ServerUnderTest;

/**
 * Measures the packaged server over real HTTP: requests per second and latency of the main
 * requests, on each database, at several numbers of connections and tokens. Writes {@code
 * target/benchmark.md}. Run it with {@code mvn verify -P benchmark}; {@code -Dbenchmark.seconds},
 * {@code -Dbenchmark.tokens} and {@code -Dbenchmark.connections} steer it.
 */
class LoadBenchmark {
  private static final int USERS = 400;
  private static final int WARM_UP_SECONDS = 20;
  private static final int SECONDS = Integer.getInteger("benchmark.seconds", 5);
  private static final List<Integer> CONNECTIONS = numbers("benchmark.connections", "1,4,16,64");
  private static final List<Integer> TOKENS = numbers("benchmark.tokens", "100,100000");

  private final StringBuilder table =
      new StringBuilder(
          "| database | tokens | request | connections | requests/s | p50 ms | p95 ms | p99 ms |\n"
              + "|---|---|---|---|---|---|---|---|\n");

  private static List<Integer> numbers(String name, String defaults) {
    return Arrays.stream(System.getProperty(name, defaults).split(","))
        .map(Integer::valueOf)
        .toList();
  }

  /** Makes the next request of a connection. */
  private interface Work {
    String path(int connection, long number);
  }

  @Test
  void measure(@TempDir Path folder) throws Exception {
    run("embedded", folder.resolve("embedded"), Map.of());
    Map<String, String> postgres = Databases.postgresEnvironment();
    Path home = Files.createDirectories(folder.resolve("postgres"));
    ServerUnderTest.run(postgres, "", "init", "enc-key", "--home", home.toString());
    run("PostgreSQL", home, postgres);
    Files.writeString(Path.of("target", "benchmark.md"), table);
    System.out.println(table);
  }

  private void run(String database, Path home, Map<String, String> environment) throws Exception {
    try (var server = ServerUnderTest.start(home, environment)) {
      Client admin = server.administrator();
      var users = new StringBuilder();
      for (int i = 0; i < USERS; i++) {
        users.append("user").append(i).append(',').append(i).append(",,,,,,pw\n");
      }
      admin.people(users.toString());
      for (int i = 0; i < USERS; i++) {
        enroll(admin, i, "hmac");
        enroll(admin, i, "totp");
      }
      URI url = URI.create(server.url());
      String session =
          "Cookie: access_token_cookie="
              + admin.cookie("access_token_cookie").orElseThrow()
              + "\r\n";
      var counters = new AtomicLong[USERS];
      Arrays.setAll(counters, i -> new AtomicLong());
      Work right =
          (connection, number) ->
              check(connection, "h" + hotp(counters[connection].getAndIncrement()));
      load(url, 16, WARM_UP_SECONDS, "", right);
      for (int tokens : TOKENS) {
        fill(home, environment, tokens);
        for (int connections : CONNECTIONS) {
          String row = "| %s | %d | ".formatted(database, tokens + 2 * USERS);
          report(row + "right HOTP", connections, load(url, connections, SECONDS, "", right));
          report(
              row + "wrong HOTP",
              connections,
              load(url, connections, SECONDS, "", (c, n) -> check(100 + c, "h000000")));
          report(
              row + "PIN only",
              connections,
              load(url, connections, SECONDS, "", (c, n) -> check(100 + c, "h")));
          report(
              row + "unknown user",
              connections,
              load(url, connections, SECONDS, "", (c, n) -> "/validate/check?user=x&pass=y" + n));
          report(
              row + "/admin/show, page 1",
              connections,
              load(url, connections, SECONDS, session, (c, n) -> "/admin/show?page=1&pagesize=15"));
        }
        long step = System.currentTimeMillis() / 30_000;
        report(
            "| %s | %d | right TOTP".formatted(database, tokens + 2 * USERS),
            16,
            times(
                url,
                16,
                USERS / 16 * 8,
                (c, n) -> check((int) (c * (USERS / 16L) + n / 8), "t" + hotp(step - 6 + n % 8))));
      }
    }
  }

  private static void enroll(Client admin, int user, String type) {
    String serial = type + user;
    admin
        .post(
            "/admin/init",
            "type",
            type,
            "user",
            "user" + user,
            "otpkey",
            Client.SEED,
            "pin",
            type.substring(0, 1),
            "serial",
            serial)
        .value();
    admin.post("/admin/set", "serial", serial, "MaxFailCount", "1000000000").value();
  }

  private static String hotp(long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(Client.SEED), 6, Hotp.Algorithm.SHA1)
        .value(counter);
  }

  private static String check(int user, String password) {
    return "/validate/check?user=user"
        + user
        + "&pass="
        + URLEncoder.encode(password, StandardCharsets.UTF_8);
  }

  /** Adds tokens of other owners until there are so many. */
  private static void fill(Path home, Map<String, String> environment, int tokens)
      throws Exception {
    String uri = environment.get("LINOTP_DATABASE_URI");
    String series =
        uri == null ? "SYSTEM_RANGE(1, " + tokens + ")" : "generate_series(1, " + tokens + ")";
    String number = uri == null ? "X" : "generate_series";
    try (var connection =
            uri == null
                ? DriverManager.getConnection(
                    "jdbc:h2:file:" + home.resolve("db").resolve("linotp") + ";AUTO_SERVER=TRUE",
                    "sa",
                    "")
                : DriverManager.getConnection(
                    "jdbc:postgresql://" + uri.substring(uri.indexOf('@') + 1),
                    "postgres",
                    "postgres");
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO token (id, serial, type, description, info, owner_id, owner_resolver, seed,"
              + " pin, user_pin, so_pin, otp_length, counter, counter_window, sync_window,"
              + " max_fail, fail_count, active, created_at) SELECT 100000000 + "
              + number
              + ", CONCAT('BULK', "
              + number
              + "), 'HMAC', '', '', CONCAT('other', "
              + number
              + "), 'useridresolver.SQLIdResolver.IdResolver.people', '', '', '', '', 6, 0, 10,"
              + " 1000, 10, 0, TRUE, 0 FROM "
              + series
              + " WHERE NOT EXISTS (SELECT 1 FROM token t WHERE t.id = 100000000 + "
              + number
              + ")");
    }
  }

  /** Latencies in nanoseconds, sorted, and how long it took. */
  private record Measured(long[] sorted, double seconds, long errors) {}

  private static Measured load(URI url, int connections, int seconds, String headers, Work work)
      throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    return parallel(url, connections, headers, work, number -> System.nanoTime() < end);
  }

  private static Measured times(URI url, int connections, int each, Work work) throws Exception {
    return parallel(url, connections, "", work, number -> number < each);
  }

  private static Measured parallel(
      URI url, int connections, String headers, Work work, java.util.function.LongPredicate more)
      throws Exception {
    var pool = Executors.newFixedThreadPool(connections);
    var errors = new AtomicLong();
    long begun = System.nanoTime();
    try {
      var parts = new ArrayList<Future<List<Long>>>();
      for (int c = 0; c < connections; c++) {
        int connection = c;
        parts.add(pool.submit(() -> one(url, connection, headers, work, more, errors)));
      }
      var all = new ArrayList<Long>();
      for (var part : parts) {
        all.addAll(part.get());
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      return new Measured(
          all.stream().mapToLong(Long::longValue).sorted().toArray(), seconds, errors.get());
    } finally {
      pool.shutdown();
    }
  }

  private static List<Long> one(
      URI url,
      int number,
      String headers,
      Work work,
      java.util.function.LongPredicate more,
      AtomicLong errors) {
    var latencies = new ArrayList<Long>();
    try (var connection = new Connection(url)) {
      for (long n = 0; more.test(n); n++) {
        String path = work.path(number, n);
        long begun = System.nanoTime();
        String body = connection.get(path, headers);
        latencies.add(System.nanoTime() - begun);
        if (!body.contains("\"status\": true")) {
          errors.incrementAndGet();
        }
      }
      return latencies;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void report(String row, int connections, Measured measured) {
    long[] sorted = measured.sorted();
    String line =
        String.format(
            Locale.ROOT,
            "%s | %d | %.0f | %.1f | %.1f | %.1f |%s%n",
            row,
            connections,
            sorted.length / measured.seconds(),
            percentile(sorted, 50),
            percentile(sorted, 95),
            percentile(sorted, 99),
            measured.errors() == 0 ? "" : " " + measured.errors() + " errors |");
    table.append(line);
    System.out.print(line);
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
