package org.linotpee.web;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.administration.AccessToken;
import org.linotpee.api.ContainerPath;
import org.linotpee.api.PageRequest;
import org.linotpee.api.Sessions;

/**
 * The way to a page (design.md section 1): forwards what people type to the views below {@code
 * /ui}, lets only administrators into the console and each only to the pages that he may use,
 * renews the session, and shows a page for what fails. Views that belong to no page are not served.
 */
public class PageFilter extends HttpFilter {
  /** Attribute of a request that could not be served: {@code forbidden}, {@code notFound}, ... */
  static final String ERROR = PageFilter.class.getName() + ".error";

  private static final Logger LOG = System.getLogger(PageFilter.class.getName());
  private static final long serialVersionUID = 1L;
  private static final String LOGIN = "/manage/login";
  private static final String LOGIN_VIEW = "/ui/manage/login.xhtml";
  private static final String ERROR_VIEW = "/ui/error.xhtml";
  private static final String RESOURCES = "/ui/jakarta.faces.resource/";
  private static final String HOME = "/ui/manage/dashboard/index.xhtml";
  private static final String SESSION = "/ui/manage/session";
  private static final String OWNER = PageFilter.class.getName() + ".owner";
  private static final Map<String, String> TEST_PAGES =
      Map.of(
          "/auth", "index",
          "/auth/", "index",
          "/auth/index", "index",
          "/auth/index3", "index3",
          "/auth/challenge-response", "challenge-response",
          "/auth/challenge_response", "challenge-response",
          "/auth/qrtoken", "qrtoken",
          "/auth/pushtoken", "pushtoken",
          "/auth/ocra2", "ocra2",
          "/auth/fido2", "fido2");
  private static final Set<String> FOREIGN = Set.of("cross-site", "same-site");

  @Inject private transient PageRequest pageRequest;
  @Inject private transient Sessions sessions;
  @Inject private transient ConsolePages pages;
  @Inject private transient Clock clock;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = pageRequest.known(ContainerPath.of(request));
    boolean detour = path.contains("..") || request.getRequestURI().contains("..");
    if (path.startsWith("/ui") && detour) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    if (path.startsWith(RESOURCES)) {
      chain.doFilter(request, response);
    } else if (path.startsWith("/ui/")) {
      shielded(request, response, () -> view(path, request, response, chain));
    } else if (path.equals("/manage") || path.equals("/manage/")) {
      shielded(request, response, () -> home(path, request, response, chain));
    } else if (path.equals(LOGIN) || path.equals(LOGIN + "/")) {
      shielded(request, response, () -> login(path, request, response, chain));
    } else if (TEST_PAGES.containsKey(path)) {
      shielded(request, response, () -> testPage(path, request, response, chain));
    } else {
      chain.doFilter(request, response);
    }
  }

  // what people type ----------------------------------------------------------------------------

  private void home(
      String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!pageRequest.served("manage")) {
      chain.doFilter(request, response);
    } else if (sessions.of(request).isPresent()) {
      forward(HOME, path, request, response);
    } else {
      login(path, request, response, chain);
    }
  }

  private void login(
      String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!pageRequest.served("manage")) {
      chain.doFilter(request, response);
    } else if (sessions.of(request).isPresent()) {
      response.sendRedirect("/manage/");
    } else {
      pageRequest.begin(request, path.substring(1), Optional.empty());
      request.getRequestDispatcher(LOGIN_VIEW).forward(request, response);
    }
  }

  private void testPage(
      String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (pageRequest.served("auth")) {
      request
          .getRequestDispatcher("/ui/auth/" + TEST_PAGES.get(path) + ".xhtml")
          .forward(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Sends an administrator to a view as if he had typed its address. */
  private void forward(
      String view, String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    AccessToken token = sessions.of(request).orElseThrow();
    pageRequest.begin(request, path.substring(1), Optional.of(token.administrator()));
    ownSession(request, token);
    renew(request, response);
    request.getRequestDispatcher(view).forward(request, response);
  }

  // views -----------------------------------------------------------------------------------------

  private void view(
      String path, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!path.startsWith(ConsolePages.ROOT) || !pageRequest.served("manage")) {
      boolean served = path.startsWith("/ui/auth/") && pageRequest.served("auth");
      if (served) {
        chain.doFilter(request, response);
      } else {
        fail(404, "notFound", request, response);
      }
      return;
    }
    if (request.getMethod().equals("POST") && foreign(request)) {
      fail(403, "foreign", request, response);
      return;
    }
    Optional<AccessToken> token = sessions.of(request);
    if (path.equals(LOGIN_VIEW)) {
      pageRequest.begin(request, "manage/login", Optional.empty());
      chain.doFilter(request, response);
      return;
    }
    if (token.isEmpty()) {
      askForLogin(request, response);
      return;
    }
    pageRequest.begin(request, path.substring(1), Optional.of(token.get().administrator()));
    ownSession(request, token.get());
    if (path.equals(SESSION)) {
      remaining(request, response, token.get());
      return;
    }
    Optional<ConsolePage> page = pages.of(path);
    if (page.isEmpty()) {
      fail(404, "notFound", request, response);
    } else if (!pages.allows(page.get())) {
      fail(403, "forbidden", request, response);
    } else {
      renew(request, response);
      chain.doFilter(request, response);
    }
  }

  /** Browsers tell where a request comes from; the unguessable view state protects from others. */
  private static boolean foreign(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site != null && FOREIGN.contains(site);
  }

  private static void askForLogin(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String query = request.getQueryString();
    String wanted =
        request.getRequestURI()
            + (query == null || !request.getMethod().equals("GET") ? "" : "?" + query);
    String login =
        LOGIN
            + "?from="
            + URLEncoder.encode(wanted, StandardCharsets.UTF_8)
            + (request.getMethod().equals("GET") ? "" : "&expired=1");
    if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
      response.setContentType("text/xml; charset=utf-8");
      response
          .getWriter()
          .write(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?><partial-response><redirect url=\""
                  + login.replace("&", "&amp;").replace("\"", "&quot;")
                  + "\"/></partial-response>");
    } else if (request.getRequestURI().equals(SESSION)) {
      response.setStatus(401);
    } else {
      response.sendRedirect(login);
    }
  }

  /** The state of views is never shared by two administrators who use one browser in turn. */
  private static void ownSession(HttpServletRequest request, AccessToken token) {
    String owner = token.administrator().toString();
    HttpSession session = request.getSession(false);
    if (session != null
        && session.getAttribute(OWNER) != null
        && !owner.equals(session.getAttribute(OWNER))) {
      session.invalidate();
      session = null;
    }
    if (session == null) {
      session = request.getSession(true);
    }
    if (session.getAttribute(OWNER) == null) {
      request.changeSessionId();
      session.setAttribute(OWNER, owner);
    }
  }

  private void renew(HttpServletRequest request, HttpServletResponse response) {
    sessions.renewal(request).forEach(cookie -> response.addHeader("Set-Cookie", cookie));
  }

  /** How many seconds are left; asked by the page's script. POST renews the session. */
  private void remaining(
      HttpServletRequest request, HttpServletResponse response, AccessToken token)
      throws IOException {
    if (request.getMethod().equals("POST")) {
      renew(request, response);
    }
    response.setContentType("application/json");
    response
        .getWriter()
        .write(
            "{\"seconds\": "
                + token
                    .expiresAt()
                    .map(end -> end.getEpochSecond() - clock.instant().getEpochSecond())
                    .orElse(0L)
                + "}");
  }

  // failures --------------------------------------------------------------------------------------

  private interface Way {
    void go() throws IOException, ServletException;
  }

  private void shielded(HttpServletRequest request, HttpServletResponse response, Way way)
      throws IOException, ServletException {
    try {
      way.go();
    } catch (IOException | ServletException | RuntimeException e) {
      if (e instanceof RuntimeException failure && PageRequest.unusableClient(failure)) {
        response.sendError(HttpServletResponse.SC_BAD_REQUEST, failure.getMessage());
        return;
      }
      LOG.log(Level.ERROR, "the page " + request.getRequestURI() + " failed", e);
      if (!response.isCommitted()) {
        fail(500, "failed", request, response);
      }
    }
  }

  private static void fail(
      int status, String what, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    response.setStatus(status);
    request.setAttribute(ERROR, what);
    request.getRequestDispatcher(ERROR_VIEW).forward(request, response);
  }
}
