package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.linotpee.administration.AccessToken;
import org.linotpee.administration.AdministratorLogin;

/** {@code /admin/logout} (spec 01 section 10.7). */
@Path("/admin/logout")
@RequestScoped
public class AdminLogoutResource {
  @Inject private ApiRequest request;
  @Inject private AdministratorLogin administrators;
  @Inject private SessionCookies cookies;
  @Context private HttpServletRequest servletRequest;

  @GET
  public Response get() {
    return logout();
  }

  @POST
  public Response post() {
    return logout();
  }

  /** Revokes the access token and deletes the cookies. */
  private Response logout() {
    var token = (AccessToken) servletRequest.getAttribute(AccessTokenFilter.TOKEN);
    administrators.logout(token, request.audit());
    var answer =
        Response.fromResponse(
            Reply.value(true)
                .detail(Map.of("message", "Logout successful for " + token.administrator()))
                .build());
    cookies.emptied(servletRequest).forEach(cookie -> answer.header("Set-Cookie", cookie));
    return answer.build();
  }
}
