package org.linotpee.forwarding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;

/** Servers with the same HTTP interface, as a client asks them. */
@Service
public class LinotpServers {
  private static final Logger LOG = System.getLogger(LinotpServers.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Tls tls;
  private HttpClient verifying;
  private HttpClient trusting;

  @Inject
  public LinotpServers(Tls tls) {
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

  /**
   * What a server has said.
   *
   * @param status whether it could answer; a reply that cannot be read counts as one that says no
   * @param value whether it accepts
   */
  public record Reply(boolean status, boolean value, Map<String, Object> detail) {
    private static final Reply NO = new Reply(false, false, Map.of());

    public Reply {
      detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }

    public boolean accepted() {
      return status && value;
    }
  }

  /**
   * Asks a server.
   *
   * @param target whose query is not sent
   * @param verify whether its certificate has to be trusted
   * @throws Forwarder.Unreachable if it does not answer
   */
  public Reply post(URI target, boolean verify, Map<String, String> form)
      throws Forwarder.Unreachable {
    try {
      URI place = new URI(target.getScheme(), target.getAuthority(), target.getPath(), null, null);
      HttpRequest request =
          HttpRequest.newBuilder(place)
              .timeout(ANSWER)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
              .build();
      HttpResponse<InputStream> response =
          client(verify).send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = inTime(body);
        return response.statusCode() == 200 ? reply(JSON.readTree(bytes)) : Reply.NO;
      }
    } catch (JsonProcessingException e) {
      return Reply.NO;
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

  private static Reply reply(JsonNode document) {
    JsonNode result = document.path("result");
    Map<String, Object> detail =
        document.path("detail").isObject()
            ? JSON.convertValue(
                document.path("detail"), new TypeReference<Map<String, Object>>() {})
            : Map.of();
    return new Reply(
        result.path("status").booleanValue(), result.path("value").booleanValue(), detail);
  }
}
