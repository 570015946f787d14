package org.linotpee.delivery.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.linotpee.delivery.ProviderSettings;

/**
 * The address of a gateway, as an administrator has written it.
 *
 * @param uri without login and fragment
 */
record Url(URI uri, Optional<Login> login) {
  /**
   * Reads an http or https URL.
   *
   * @param key the setting that holds it, for messages; they do not show the URL, which may hold
   *     passwords
   */
  static Url parse(String key, String text) {
    try {
      URI given = new URI(text.trim().replace(" ", "%20"));
      String scheme = given.getScheme() == null ? "" : given.getScheme();
      if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
        throw ProviderSettings.unusable(key, "has to begin with http:// or https://");
      }
      if (given.getHost() == null || given.getPort() > 65_535) {
        throw ProviderSettings.unusable(key, "names no host");
      }
      var plain = new StringBuilder(scheme.toLowerCase(java.util.Locale.ROOT)).append("://");
      plain.append(given.getHost());
      if (given.getPort() >= 0) {
        plain.append(':').append(given.getPort());
      }
      plain.append(given.getRawPath().isEmpty() ? "/" : given.getRawPath());
      if (given.getRawQuery() != null) {
        plain.append('?').append(given.getRawQuery());
      }
      return new Url(new URI(plain.toString()), Login.in(given));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw ProviderSettings.unusable(key, "is no URL");
    }
  }

  /** The URL with more parameters behind those that it has. */
  URI with(String parameters) {
    String text = uri.toString();
    String glue = text.endsWith("?") || text.endsWith("&") ? "" : text.contains("?") ? "&" : "?";
    return URI.create(text + glue + parameters);
  }

  /** Scheme, host and port, for logs. */
  String server() {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  /** Without what may hold passwords. */
  @Override
  public String toString() {
    return server();
  }
}
