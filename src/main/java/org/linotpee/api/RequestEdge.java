package org.linotpee.api;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.linotpee.administration.AccessToken;
import org.linotpee.administration.ControllerRights;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshot;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;

/**
 * The life cycle of a request (spec 01 section 21): reads the parameters, finds out client,
 * administrator and user, begins the audit row; afterwards stores the row, unless the use case has
 * done it with its change, and renews the session.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class RequestEdge implements ContainerRequestFilter, ContainerResponseFilter {
  private static final Logger LOG = System.getLogger(RequestEdge.class.getName());

  private static final Set<String> PUBLIC =
      Set.of(
          "validate",
          "auth",
          "healthcheck",
          "userservice",
          "static",
          "u2f",
          "selfservice-legacy",
          "");
  private static final Set<String> PUBLIC_PATHS = Set.of("admin/login", "manage", "manage/login");
  private static final Set<String> NOT_AUDITED =
      Set.of("auth", "healthcheck", "maintenance", "static", "u2f", "selfservice-legacy", "");
  private static final Set<String> NOT_AUDITED_PATHS =
      Set.of("userservice/context", "userservice/pre_context", "userservice/userinfo");

  /** JAX-RS looks over what stands behind a semicolon; rights are found by the path as it is. */
  private static final Pattern AMBIGUOUS = Pattern.compile(";|//");

  private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");

  @Inject private ApiRequest request;
  @Inject private Snapshots snapshots;
  @Inject private Users users;
  @Inject private AuditTrail auditTrail;
  @Inject private ClientAddress clientAddress;
  @Inject private Sessions sessions;
  @Inject private Settings settings;
  @Inject private Metrics metrics;
  @Inject private Controllers controllers;
  @Inject private ControllerRights rights;
  @Inject private Clock clock;
  @Context private HttpServletRequest servletRequest;

  @Override
  public void filter(ContainerRequestContext context) throws IOException {
    String path = trimmed(context.getUriInfo().getPath());
    var snapshot = current();
    var now = clock.instant();
    request.begin(
        path,
        servletRequest.getRemoteAddr(),
        snapshot,
        new AuditRecord(now, auditedPath(context), servletRequest.getRemoteAddr()));
    boolean ambiguous = AMBIGUOUS.matcher(context.getUriInfo().getPath(false)).find();
    if (ambiguous || !controllers.served(request.controller())) {
      context.abortWith(Answers.plainPage(404, "Not Found"));
      return;
    }
    boolean body = CHANGING.contains(context.getMethod());
    Parameters parameters =
        ParameterReader.read(
            servletRequest.getQueryString(),
            context.getHeaderString("Content-Type"),
            body || context.hasEntity() ? context.getEntityStream() : null,
            servletRequest.getAttribute(AccessTokenFilter.TOKEN) != null);
    request.read(parameters, UserName.NONE);
    Optional<String> claimed =
        path.startsWith("system/") ? Optional.empty() : parameters.text("client");
    String client = clientAddress.of(servletRequest, snapshot.configuration(), claimed);
    request.begin(path, client, snapshot, new AuditRecord(now, auditedPath(context), client));
    if (needsAdministrator(path)) {
      Optional<AccessToken> token = token(context, parameters);
      if (token.isEmpty()) {
        context.abortWith(notAuthenticated(parameters));
        return;
      }
      request.authenticated(token.get().administrator());
      request.audit().administrator(token.get().administrator().toString());
    }
    if (request.controller().equals("userservice")) {
      return;
    }
    UserName user =
        users.requested(
            parameters.text("user").orElse(null),
            parameters.text("realm").orElse(null),
            parameters.text("resConf").orElse(null));
    request.read(parameters, user);
    request.audit().user(user.login(), user.realm());
    if (request.administrator().isPresent()) {
      if (path.startsWith("api/")) {
        request.forceErrorStatus(403);
      }
      rights.require(path);
      request.forceErrorStatus(null);
    }
  }

  /** With {@code enableReplication} each request sees what any node has changed before it. */
  private Snapshot current() {
    if (snapshots.current().configuration().flag("enableReplication", false)) {
      snapshots.refresh();
    }
    return snapshots.current();
  }

  /** The index of a controller keeps its slash, an action that was called with one does not. */
  private static String auditedPath(ContainerRequestContext context) {
    String path = context.getUriInfo().getPath();
    String bare = path.startsWith("/") ? path.substring(1) : path;
    return bare.startsWith("api/") || bare.indexOf('/') == bare.length() - 1 ? bare : trimmed(bare);
  }

  private static String trimmed(String path) {
    String bare = path.startsWith("/") ? path.substring(1) : path;
    return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private boolean needsAdministrator(String path) {
    return !PUBLIC.contains(request.controller()) && !PUBLIC_PATHS.contains(path);
  }

  /** The verified token, if the request may use it (spec 01 section 10.4). */
  private Optional<AccessToken> token(ContainerRequestContext context, Parameters parameters) {
    if (!(servletRequest.getAttribute(AccessTokenFilter.TOKEN) instanceof AccessToken token)) {
      return Optional.empty();
    }
    boolean bearer = Boolean.TRUE.equals(servletRequest.getAttribute(AccessTokenFilter.BEARER));
    if (!bearer
        && CHANGING.contains(context.getMethod())
        && !csrfHolds(context, parameters, token)) {
      return Optional.empty();
    }
    return Optional.of(token);
  }

  private boolean csrfHolds(
      ContainerRequestContext context, Parameters parameters, AccessToken token) {
    String value = context.getHeaderString("X-CSRF-TOKEN");
    if (value == null && settings.flag(Setting.JWT_CSRF_CHECK_FORM) && !parameters.fromJson()) {
      value = parameters.text("csrf_token").orElse(null);
    }
    return value != null
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), token.csrf().getBytes(StandardCharsets.UTF_8));
  }

  private jakarta.ws.rs.core.Response notAuthenticated(Parameters parameters) {
    request.audit().info("Not authenticated");
    return Answers.error(
        LinotpException.unclassified("Not authenticated"),
        1,
        parameters.text("httperror"),
        Optional.of(401),
        request.snapshot().configuration());
  }

  @Override
  public void filter(ContainerRequestContext context, ContainerResponseContext response) {
    if (!request.begun()) {
      return;
    }
    renewSession(response);
    metrics.request(
        measuredAction(),
        response.getStatus(),
        request.audit().success(),
        Duration.between(request.audit().occurredAt(), clock.instant()));
    if (audited() && !request.audit().stored()) {
      try {
        auditTrail.store(request.audit());
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the audit row could not be stored", e);
        var failure =
            Reply.error(LinotpException.unclassified("the audit row could not be stored"));
        response.setStatus(200);
        response.setEntity(
            failure.text(), null, jakarta.ws.rs.core.MediaType.APPLICATION_JSON_TYPE);
      }
    }
  }

  /** Two segments at most: what follows is data. */
  private String measuredAction() {
    String[] segments = request.path().split("/", 4);
    return segments[0].equals("api")
        ? String.join("/", java.util.Arrays.copyOf(segments, Math.min(3, segments.length)))
        : String.join("/", java.util.Arrays.copyOf(segments, Math.min(2, segments.length)));
  }

  private boolean audited() {
    String controller = request.controller();
    if (controller.equals("manage")) {
      return request.path().endsWith("_flexi");
    }
    return !NOT_AUDITED.contains(controller) && !NOT_AUDITED_PATHS.contains(request.path());
  }

  /** A new token shortly before the old one ends, but not when the endpoint has set cookies. */
  private void renewSession(ContainerResponseContext response) {
    if (request.administratorIfAny().isPresent()
        && !request.path().equals("admin/logout")
        && !response.getHeaders().containsKey("Set-Cookie")) {
      sessions
          .renewal(servletRequest)
          .forEach(cookie -> response.getHeaders().add("Set-Cookie", cookie));
    }
  }
}
