package org.linotpee.benchmark;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.server.Client;
import org.linotpee.server.ServerUnderTest;

/**
 * Measures what administrators do in a large installation: listing, searching and importing, over
 * real HTTP, with few and with very many tokens. Writes {@code target/benchmark-lists.md}. Run it
 * with {@code mvn verify -P benchmark -Dit.test=ListBenchmark}; {@code -Dbenchmark.lists.only} (a
 * regular expression), {@code -Dbenchmark.lists.imported} and the properties of {@link
 * LargeInstallation} steer it.
 */
class ListBenchmark {
  private static final int IMPORTED = Integer.getInteger("benchmark.lists.imported", 100_000);
  private static final int WARM_UP_CALLS = 30;

  private final LargeInstallation installation = new LargeInstallation("request");

  @Test
  void measure(@TempDir Path folder) throws Exception {
    installation.measure(folder, "benchmark-lists.md", this::measure);
  }

  private void measure(String row, ServerUnderTest server, int tokens) throws Exception {
    for (var request : requests(tokens).entrySet()) {
      measure(row + " | " + request.getKey(), server, request.getValue());
    }
    if (tokens != LargeInstallation.most()) {
      return;
    }
    Client admin = server.administrator();
    installation.timeOnce(
        row + " | import of " + IMPORTED + " tokens",
        () -> {
          String imported = admin.importTokens("oathcsv", "", tokenFile(IMPORTED));
          if (!imported.contains("<imported>" + IMPORTED + "</imported>")) {
            throw new IllegalStateException(imported);
          }
        });
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

  private void measure(String row, ServerUnderTest server, String path) throws Exception {
    String token = server.administrator().cookie("access_token_cookie").orElseThrow();
    String session = "Cookie: access_token_cookie=" + token + "\r\n";
    try (var connection = new Connection(URI.create(server.url()))) {
      installation.time(
          row,
          WARM_UP_CALLS,
          () -> {
            String body = connection.get(path, session);
            if (!body.contains("\"status\": true")) {
              throw new IllegalStateException(path + ": " + body);
            }
          });
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
