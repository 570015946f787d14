package org.linotpee.api;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.administration.AccessToken;
import org.linotpee.administration.AccessTokens;

/**
 * Runs in front of everything: sets the security headers of spec 01 section 11 and, where a request
 * carries an administrator's access token in its cookie or as bearer token, makes it the principal.
 * The container never reads the cookie, so a bad one cannot break public paths. Declared in
 * web.xml, which puts it in front of the pages' filter.
 */
public class AccessTokenFilter extends HttpFilter {
  static final String COOKIE = "access_token_cookie";
  static final String TOKEN = AccessTokenFilter.class.getName() + ".token";
  static final String BEARER = AccessTokenFilter.class.getName() + ".bearer";
  private static final String PAGES = "/ui/";
  private static final String PAGE_FILES = "/ui/jakarta.faces.resource/";
  private static final long serialVersionUID = 1L;

  @Inject private transient AccessTokens tokens;
  @Inject private transient ClientAddress clientAddress;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    headers(request, response);
    String path = ContainerPath.of(request);
    if (path.startsWith("/validate/")
        || path.startsWith("/healthcheck/")
        || path.startsWith("/static/")) {
      chain.doFilter(request, response);
      return;
    }
    Optional<String> bearer = bearer(request);
    Optional<AccessToken> token = bearer.or(() -> cookie(request)).flatMap(tokens::verify);
    if (token.isEmpty()) {
      chain.doFilter(request, response);
    } else {
      request.setAttribute(TOKEN, token.get());
      request.setAttribute(BEARER, bearer.isPresent());
      chain.doFilter(new Authenticated(request, token.get()), response);
    }
  }

  private void headers(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("X-XSS-Protection", "1; mode=block");
    response.setHeader("X-Permitted-Cross-Domain-Policies", "none");
    response.setHeader("Referrer-Policy", "no-referrer");
    String path = ContainerPath.of(request);
    response.setHeader("Content-Security-Policy", contentSecurityPolicy(path));
    if (!path.startsWith("/static/") && !path.startsWith(PAGE_FILES)) {
      response.setHeader("Cache-Control", "no-store");
    }
    if (overTls(request, clientAddress)) {
      response.setHeader("Strict-Transport-Security", "max-age=315360000; includeSubDomains");
    }
  }

  /**
   * Pages name their own sources of scripts, with a nonce for each answer, in a second header; both
   * hold. Widgets of pages carry style attributes.
   */
  private static String contentSecurityPolicy(String path) {
    boolean page =
        path.startsWith(PAGES)
            || path.startsWith("/auth/")
            || path.equals("/manage")
            || path.equals("/manage/")
            || path.startsWith("/manage/login");
    return page
        ? "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
            + " connect-src 'self'; object-src 'none'; frame-src 'none'; worker-src 'none';"
            + " media-src 'none'; manifest-src 'none'; frame-ancestors 'none'; base-uri 'none';"
            + " form-action 'self'"
        : "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none';"
            + " base-uri 'none'; form-action 'self'";
  }

  /** True if the client spoke TLS to us or to a trusted proxy. */
  static boolean overTls(HttpServletRequest request, ClientAddress clientAddress) {
    return request.isSecure()
        || (clientAddress.trusted(request.getRemoteAddr())
            && "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")));
  }

  private static Optional<String> bearer(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    return header != null && header.toLowerCase(Locale.ROOT).startsWith("bearer ")
        ? Optional.of(header.substring("bearer ".length()).trim())
        : Optional.empty();
  }

  private static Optional<String> cookie(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(COOKIE) && cookie.getValue() != null) {
          return Optional.of(cookie.getValue());
        }
      }
    }
    return Optional.empty();
  }

  private static final class Authenticated extends HttpServletRequestWrapper {
    private final AccessToken token;

    Authenticated(HttpServletRequest request, AccessToken token) {
      super(request);
      this.token = token;
    }

    @Override
    public Principal getUserPrincipal() {
      return token;
    }

    @Override
    public String getRemoteUser() {
      return token.getName();
    }

    @Override
    public boolean isUserInRole(String role) {
      return token.getGroups().contains(role);
    }
  }
}
