package org.linotpee.forwarding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.linotpee.configuration.Tls;

/** A server with the same HTTP interface. */
final class HttpForward {
  private static final Logger LOG = System.getLogger(HttpForward.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tls tls;
  private HttpClient verifying;
  private HttpClient trusting;

  HttpForward(Tls tls) {
    this.tls = tls;
  }

  private synchronized HttpClient client(boolean verify) {
    if (verify && verifying == null) {
      verifying =
          HttpClient.newBuilder().connectTimeout(CONNECT).sslContext(tls.verifying()).build();
    } else if (!verify && trusting == null) {
      trusting = HttpClient.newBuilder().connectTimeout(CONNECT).sslContext(tls.trusting()).build();
    }
    return verify ? verifying : trusting;
  }

  Forwarder.Answer ask(URI url, Forwarder.Login login) throws Forwarder.Unreachable {
    boolean verify =
        url.getRawQuery() == null
            || !url.getRawQuery().matches("(?i)(.*&)?verify_ssl_certificate=false(&.*)?");
    var form = new LinkedHashMap<>(login.options());
    form.put("user", login.user());
    if (!login.realm().isEmpty()) {
      form.put("realm", login.realm());
    }
    login.password().ifPresent(password -> form.put("pass", password));
    try {
      URI target = new URI(url.getScheme(), url.getAuthority(), url.getPath(), null, null);
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .timeout(ANSWER)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
              .build();
      HttpResponse<InputStream> response =
          client(verify).send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = inTime(body);
        return response.statusCode() == 200
            ? answer(JSON.readTree(bytes))
            : new Forwarder.Answer(false, Map.of());
      }
    } catch (JsonProcessingException e) {
      return new Forwarder.Answer(false, Map.of());
    } catch (IOException | URISyntaxException e) {
      throw new Forwarder.Unreachable(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Forwarder.Unreachable("interrupted");
    }
  }

  /** The time-out of the request ends with the headers of its answer; the body has its own. */
  private static byte[] inTime(InputStream body) throws IOException {
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> close(body),
            CompletableFuture.delayedExecutor(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return body.readNBytes(MAX_ANSWER);
    } finally {
      late.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the answer was closed before", e);
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            e ->
                URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Forwarder.Answer answer(JsonNode document) {
    JsonNode result = document.path("result");
    Map<String, Object> detail =
        document.path("detail").isObject()
            ? JSON.convertValue(
                document.path("detail"), new TypeReference<Map<String, Object>>() {})
            : Map.of();
    return new Forwarder.Answer(
        result.path("status").asBoolean(false) && result.path("value").asBoolean(false), detail);
  }
}
