package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.linotpee.administration.AccessTokens;
import org.linotpee.administration.AdministratorLogin;

/** {@code POST /admin/login} (spec 01 section 10.2). */
@Path("/admin/login")
@RequestScoped
public class AdminLoginResource {
  @Inject private ApiRequest request;
  @Inject private AdministratorLogin administrators;
  @Inject private AccessTokens tokens;
  @Inject private SessionCookies cookies;
  @Context private HttpServletRequest servletRequest;

  /** Checks name and password; success sets the session's cookies, failure is HTTP 401. */
  @POST
  public Response login() {
    Parameters parameters = request.parameters();
    var administrator =
        administrators.login(
            parameters.textOrEmpty("username"),
            parameters.textOrEmpty("password"),
            request.audit());
    if (administrator.isEmpty()) {
      return Reply.value(false)
          .http(401)
          .detail(Map.of("message", "Bad user name or password"))
          .build();
    }
    var answer =
        Response.fromResponse(
            Reply.value(true)
                .detail(Map.of("message", "Login successful for " + administrator.get().login()))
                .build());
    cookies
        .of(tokens.issue(administrator.get()), servletRequest)
        .forEach(cookie -> answer.header("Set-Cookie", cookie));
    return answer.build();
  }
}
