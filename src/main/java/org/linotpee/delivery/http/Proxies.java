package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.delivery.ProviderSettings;

/**
 * The proxies to the gateway (spec 11 section 5.3).
 *
 * @param byScheme for {@code http} and {@code https} targets
 */
record Proxies(Map<String, Proxy> byScheme) {
  private static final String HTTP = "http";
  private static final String HTTPS = "https";

  /**
   * A proxy.
   *
   * @param scheme {@code http}, {@code https}, {@code socks5} or {@code socks5h}, where the proxy
   *     resolves host names
   */
  record Proxy(String scheme, String host, int port, Optional<Login> login) {
    boolean socks() {
      return scheme.startsWith("socks");
    }
  }

  static Proxies none() {
    return new Proxies(Map.of());
  }

  /** Key {@code PROXY}: one URL, or an object with one for each scheme. */
  static Proxies of(ProviderSettings settings) {
    JsonNode value = settings.value("PROXY");
    var proxies = new LinkedHashMap<String, Proxy>();
    if (value.isTextual() && !value.asText().isBlank()) {
      Proxy proxy = parse("PROXY", value.asText());
      proxies.put(HTTP, proxy);
      proxies.put(HTTPS, proxy);
    } else if (value.isObject()) {
      for (String scheme : new String[] {HTTP, HTTPS}) {
        if (!value.path(scheme).asText("").isBlank()) {
          proxies.put(scheme, parse("PROXY", value.path(scheme).asText()));
        }
      }
    } else if (!value.isTextual() && !value.isMissingNode() && !value.isNull()) {
      throw ProviderSettings.unusable("PROXY", "has to be a URL, or an object of URLs");
    }
    return new Proxies(proxies);
  }

  /** Key {@code proxy} of push and voice: for targets of the proxy's own scheme. */
  static Proxies ofOwnScheme(ProviderSettings settings) {
    Optional<String> text = settings.text("proxy");
    if (text.isEmpty()) {
      return none();
    }
    Proxy proxy = parse("proxy", text.get());
    String path = URI.create(text.get().trim()).getPath();
    if (proxy.socks() || !(path.isEmpty() || path.equals("/"))) {
      throw ProviderSettings.unusable("proxy", "has to be an http or https URL without a path");
    }
    return new Proxies(Map.of(proxy.scheme(), proxy));
  }

  private static Proxy parse(String key, String text) {
    try {
      String trimmed = text.trim();
      URI url = new URI(trimmed.contains("://") ? trimmed : "http://" + trimmed);
      String scheme = url.getScheme().toLowerCase(Locale.ROOT);
      int standard =
          switch (scheme) {
            case HTTP -> 80;
            case HTTPS -> 443;
            case "socks5", "socks5h" -> 1080;
            default ->
                throw ProviderSettings.unusable(
                    key, "has to begin with http://, https://, socks5:// or socks5h://");
          };
      if (url.getHost() == null) {
        throw ProviderSettings.unusable(key, "names no host");
      }
      return new Proxy(
          scheme, url.getHost(), url.getPort() < 0 ? standard : url.getPort(), Login.in(url));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw ProviderSettings.unusable(key, "is no URL");
    }
  }

  /** The HTTP proxy to a target of the scheme. */
  Optional<Proxy> http(String scheme) {
    return Optional.ofNullable(byScheme.get(scheme)).filter(p -> !p.socks());
  }

  /** The SOCKS proxy to a target of the scheme. */
  Optional<Proxy> socks(String scheme) {
    return Optional.ofNullable(byScheme.get(scheme)).filter(Proxy::socks);
  }
}
