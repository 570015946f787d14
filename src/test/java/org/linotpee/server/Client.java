package org.linotpee.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.linotpee.crypto.Hotp;

/** Speaks the HTTP interface as any client does; knows nothing of the server's inside. */
public final class Client {
  public static final String SEED = "3132333435363738393031323334353637383930";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http;

  public Client(String url) {
    this.url = url;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** An answer. */
  public record Answer(int status, HttpResponse<String> response) {
    public String text() {
      return response.body();
    }

    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("no JSON: " + response.body(), e);
      }
    }

    public JsonNode value() {
      JsonNode result = json().path("result");
      if (!result.path("status").asBoolean()) {
        throw new IllegalStateException("an error: " + response.body());
      }
      return result.path("value");
    }

    public boolean accepted() {
      return json().path("result").path("value").asBoolean();
    }

    public int errorCode() {
      return json().path("result").path("error").path("code").asInt();
    }
  }

  /** The value of the RFC 4226 seed at a counter. */
  public static String hotp(long counter) {
    return new Hotp.Generator(HexFormat.of().parseHex(SEED), 6, Hotp.Algorithm.SHA1).value(counter);
  }

  public Answer login(String user, String password) {
    return post("/admin/login", "username", user, "password", password);
  }

  /** A cookie that the server has set. */
  public Optional<String> cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(c -> c.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  /** The same client with the session of another one, for reading. */
  Client withSession(String accessToken) {
    var cookie = new HttpCookie("access_token_cookie", accessToken);
    cookie.setPath("/");
    cookie.setVersion(0);
    cookies.getCookieStore().add(URI.create(url), cookie);
    return this;
  }

  public Answer get(String path, String... parameters) {
    String query = encoded(parameters);
    return send(
        HttpRequest.newBuilder(URI.create(url + path + (query.isEmpty() ? "" : "?" + query))));
  }

  public Answer post(String path, String... parameters) {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(parameters)));
    cookie("csrf_access_token").ifPresent(csrf -> request.header("X-CSRF-TOKEN", csrf));
    return send(request);
  }

  /** Uploads users as managed resolver {@code people} and makes its realm the default one. */
  public void people(String csv) {
    users("people", csv);
    post("/system/setDefaultRealm", "realm", "people").value();
  }

  /** Uploads users as managed resolver, which becomes the realm of the same name. */
  public void users(String realm, String csv) {
    String border = "border";
    String body =
        part(border, "resolver", realm)
            + part(border, "passwords_in_plaintext", "true")
            + "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"u.csv\"\r\n\r\n"
            + csv
            + "\r\n--border--\r\n";
    var request =
        HttpRequest.newBuilder(URI.create(url + "/tools/import_users"))
            .header("Content-Type", "multipart/form-data; boundary=" + border)
            .header("X-CSRF-TOKEN", cookie("csrf_access_token").orElseThrow())
            .POST(HttpRequest.BodyPublishers.ofString(body));
    send(request).value();
    post(
            "/system/setRealm",
            "realm",
            realm,
            "resolvers",
            "useridresolver.SQLIdResolver.IdResolver." + realm)
        .value();
  }

  /** Stores a policy for everybody in every realm. */
  public void policy(String name, String scope, String action) {
    policy(name, scope, action, "*");
  }

  /** Stores a policy for everybody in a realm. */
  public void policy(String name, String scope, String action, String realm) {
    post(
            "/system/setPolicy",
            "name",
            name,
            "scope",
            scope,
            "action",
            action,
            "realm",
            realm,
            "user",
            "*",
            "client",
            "*",
            "active",
            "True")
        .value();
  }

  /** Stores a provider; {@code more} are further parameters, such as {@code default}. */
  public void provider(String type, String name, String className, String config, String... more) {
    String[] parameters = {
      "type", type, "name", name, "class", className, "timeout", "10", "config", config
    };
    post(
            "/system/setProvider",
            Stream.concat(Stream.of(parameters), Stream.of(more)).toArray(String[]::new))
        .value();
  }

  /** Uploads a token file; the answer is XML. A large one may take minutes. */
  public String importTokens(String type, String realm, String file) {
    String body =
        part("border", "type", type)
            + part("border", "realm", realm)
            + "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t\"\r\n\r\n"
            + file
            + "\r\n--border--\r\n";
    return send(
            HttpRequest.newBuilder(URI.create(url + "/admin/loadtokens"))
                .header("Content-Type", "multipart/form-data; boundary=border")
                .header("X-CSRF-TOKEN", cookie("csrf_access_token").orElseThrow())
                .POST(HttpRequest.BodyPublishers.ofString(body)),
            Duration.ofMinutes(30))
        .text();
  }

  private static String part(String border, String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(border, name, value);
  }

  private Answer send(HttpRequest.Builder request) {
    return send(request, Duration.ofSeconds(60));
  }

  private Answer send(HttpRequest.Builder request, Duration atMost) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(atMost).build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String... parameters) {
    var joined = new StringJoiner("&");
    for (int i = 0; i < parameters.length; i += 2) {
      joined.add(
          URLEncoder.encode(parameters[i], StandardCharsets.UTF_8)
              + "="
              + URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return joined.toString();
  }
}
