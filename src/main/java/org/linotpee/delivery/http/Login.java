package org.linotpee.delivery.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A name and a password for a server or proxy. */
record Login(String user, String password) {
  /** The login in a URL's authority, percent-decoded. */
  static Optional<Login> in(URI url) {
    String info = url.getRawUserInfo();
    if (info == null || info.isEmpty()) {
      return Optional.empty();
    }
    int colon = info.indexOf(':');
    return Optional.of(
        new Login(
            decoded(colon < 0 ? info : info.substring(0, colon)),
            colon < 0 ? "" : decoded(info.substring(colon + 1))));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "login of " + user;
  }
}
