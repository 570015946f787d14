package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.linotpee.identity.User;
import org.linotpee.selfservice.Sessions;

/** Who is behind a request to {@code /userservice} (spec 09 section 3.2). */
@RequestScoped
public class SelfserviceGate {
  /** Set by the login. */
  static final String COOKIE = "user_selfservice";

  /** Set by the login of other portals. */
  static final String OTHER_COOKIE = "userauthcookie";

  @Inject private ApiRequest request;
  @Inject private Sessions sessions;

  /** The value of a cookie. */
  static Optional<String> cookie(HttpServletRequest servletRequest, String name) {
    Cookie[] cookies = servletRequest.getCookies();
    return cookies == null
        ? Optional.empty()
        : Stream.of(cookies)
            .filter(c -> c.getName().equals(name) && c.getValue() != null)
            .map(Cookie::getValue)
            .findFirst();
  }

  /** The values of both cookies, as far as there are any. */
  static List<String> cookies(HttpServletRequest servletRequest) {
    return Stream.of(COOKIE, OTHER_COOKIE)
        .flatMap(name -> cookie(servletRequest, name).stream())
        .toList();
  }

  /** The user who is logged in; anybody else gets HTTP 401. */
  User user(HttpServletRequest servletRequest) {
    return require(servletRequest, false);
  }

  /** The user whose password at least was right. */
  User halfWay(HttpServletRequest servletRequest) {
    return require(servletRequest, true);
  }

  private User require(HttpServletRequest servletRequest, boolean halfWay) {
    request.forceErrorStatus(401);
    User user =
        sessions.require(
            cookie(servletRequest, COOKIE).or(() -> cookie(servletRequest, OTHER_COOKIE)),
            request.parameters().session(),
            request.client(),
            halfWay);
    request.forceErrorStatus(null);
    request.audit().user(user.name().login(), user.name().realm());
    return user;
  }
}
