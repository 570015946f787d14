package org.linotpee.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.server.Client;
import org.linotpee.server.ServerUnderTest;

/**
 * Measures how long pages of the console take in a large installation, over real HTTP with the
 * session of an administrator: pages of tokens and users, and the overview with the parts that it
 * loads afterwards. Writes {@code target/benchmark-console.md}. Run it with {@code mvn verify -P
 * benchmark -Dit.test=ConsoleBenchmark}; the properties of {@link LargeInstallation} steer it.
 */
class ConsoleBenchmark {
  private static final int WARM_UP_CALLS = 10;
  private static final Pattern VIEW_STATE =
      Pattern.compile("name=\"jakarta\\.faces\\.ViewState\"[^>]* value=\"([^\"]+)\"");

  private final LargeInstallation installation = new LargeInstallation("page");
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void measure(@TempDir Path folder) throws Exception {
    installation.measure(folder, "benchmark-console.md", this::measure);
  }

  private void measure(String row, ServerUnderTest server, int tokens) throws Exception {
    var browser = new Browser(server.url(), server.administrator());
    for (var page : pages().entrySet()) {
      time(row + " | " + page.getKey(), () -> browser.open(page.getValue()));
    }
    for (String part : List.of("figures", "orphans", "charts")) {
      time(row + " | overview, its " + part, () -> browser.load("dashboard:" + part));
    }
  }

  private void time(String row, LargeInstallation.Call call) throws Exception {
    installation.time(row, WARM_UP_CALLS, call);
  }

  private static Map<String, String> pages() {
    var pages = new LinkedHashMap<String, String>();
    String tokens = "/ui/manage/tokens/index.xhtml";
    pages.put("tokens", tokens);
    pages.put("tokens, 100 on a page", tokens + "?size=100");
    pages.put("tokens, page 1000", tokens + "?page=1000");
    pages.put("tokens, backwards", tokens + "?sort=-serial");
    pages.put("tokens, by description", tokens + "?sort=description");
    pages.put("tokens, newest first", tokens + "?sort=-created");
    pages.put("tokens, active", tokens + "?state=active");
    pages.put("tokens, disabled", tokens + "?state=disabled");
    pages.put("tokens, locked", tokens + "?state=locked");
    pages.put("tokens, expiring", tokens + "?state=expiring");
    pages.put("tokens, of a type", tokens + "?type=HMAC");
    pages.put("tokens, of a rare type", tokens + "?type=totp");
    pages.put("tokens, of a user", tokens + "?user=user5");
    pages.put("tokens, assigned", tokens + "?owners=assigned");
    pages.put("tokens, unassigned", tokens + "?owners=unassigned");
    pages.put("tokens, of a realm", tokens + "?realm=people");
    pages.put("tokens, text 'ring 17'", tokens + "?q=ring+17");
    pages.put("one token", "/ui/manage/tokens/token.xhtml?serial=BULK0000500");
    pages.put("users", "/ui/manage/users/index.xhtml?realm=people");
    pages.put("overview", "/manage/");
    return pages;
  }

  /** As much of a browser as it takes: cookies, and the state of the overview. */
  private final class Browser {
    private final String url;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String viewState = "";

    Browser(String url, Client administrator) {
      this.url = url;
      cookies.put("access_token_cookie", administrator.cookie("access_token_cookie").orElseThrow());
    }

    void open(String path) throws Exception {
      String page = send(request(path).GET().build());
      if (!page.contains("</html>")) {
        throw new IllegalStateException(path + " is no page:\n" + page);
      }
      Matcher state = VIEW_STATE.matcher(page);
      if (state.find()) {
        viewState = state.group(1);
      }
    }

    /** What the page asks for a part that it loads later. */
    void load(String panel) throws Exception {
      var form = new LinkedHashMap<String, String>();
      form.put("jakarta.faces.partial.ajax", "true");
      form.put("jakarta.faces.source", panel);
      form.put("jakarta.faces.partial.execute", panel);
      form.put("jakarta.faces.partial.render", panel);
      form.put(panel + "_load", "true");
      form.put("dashboard", "dashboard");
      form.put("jakarta.faces.ViewState", viewState);
      var body = new StringBuilder();
      form.forEach(
          (name, value) ->
              body.append(body.isEmpty() ? "" : "&")
                  .append(URLEncoder.encode(name, UTF_8))
                  .append('=')
                  .append(URLEncoder.encode(value, UTF_8)));
      String answer =
          send(
              request("/ui/manage/dashboard/index.xhtml")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Faces-Request", "partial/ajax")
                  .POST(BodyPublishers.ofString(body.toString()))
                  .build());
      if (!answer.contains("<update id=\"" + panel)) {
        throw new IllegalStateException(panel + " was not loaded:\n" + answer);
      }
    }

    private HttpRequest.Builder request(String path) {
      var cookie = new StringBuilder();
      cookies.forEach((name, value) -> cookie.append(name).append('=').append(value).append("; "));
      return HttpRequest.newBuilder(URI.create(url + path))
          .timeout(Duration.ofMinutes(2))
          .header("Cookie", cookie.toString());
    }

    private String send(HttpRequest request) throws Exception {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      for (String cookie : response.headers().allValues("set-cookie")) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        cookies.put(pair[0], pair[1]);
      }
      if (response.statusCode() != 200) {
        throw new IllegalStateException(request.uri() + ": " + response.statusCode());
      }
      return response.body();
    }
  }
}
