package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.Administrator;
import org.linotpee.administration.AdministratorLogin;
import org.linotpee.administration.AdministratorLogin.Result;

/** {@code POST /admin/login} (spec 01 section 10.2). */
@Path("/admin/login")
@RequestScoped
public class AdminLoginResource {
  private static final Map<AdministratorLogin.Notice, String> MESSAGES =
      Map.of(
          AdministratorLogin.Notice.NONE, "A second factor is required",
          AdministratorLogin.Notice.UNCONFIRMED, "No device has confirmed the login yet",
          AdministratorLogin.Notice.ENDED, "The challenge has ended; a second factor is required",
          AdministratorLogin.Notice.NOT_ASKED, "The token could not be asked");

  @Inject private ApiRequest request;
  @Inject private AdministratorLogin administrators;
  @Inject private Sessions sessions;
  @Context private HttpServletRequest servletRequest;

  /**
   * Checks name and password; success sets the session's cookies, failure is HTTP 401. Where a
   * policy {@code authentication/admin_mfa_login} wants a second factor, {@code otp} may come with
   * them. Otherwise the answer has a {@code ticket}, which stands for name and password of the next
   * request: with {@code otp}, or with the {@code serial} of a token that is to be asked for a
   * challenge.
   */
  @POST
  public Response login() {
    Parameters parameters = request.parameters();
    var step =
        new AdministratorLogin.Step(
            parameters.textOrEmpty("otp"), parameters.text("serial"), false);
    String user = parameters.textOrEmpty("username");
    Result result =
        user.isEmpty() && parameters.has("ticket")
            ? administrators.proceed(parameters.textOrEmpty("ticket"), step, request.audit())
            : administrators.login(user, parameters.textOrEmpty("password"), step, request.audit());
    if (result instanceof Result.LoggedIn in) {
      return accepted(in.administrator());
    }
    return refused(
        result instanceof Result.Unfinished unfinished
            ? wanted(unfinished)
            : Map.of("message", "Bad user name or password"));
  }

  private Response accepted(Administrator administrator) {
    var answer =
        Response.fromResponse(
            Reply.value(true)
                .detail(Map.of("message", "Login successful for " + administrator.login()))
                .build());
    sessions
        .begin(administrator, servletRequest)
        .forEach(cookie -> answer.header("Set-Cookie", cookie));
    return answer.build();
  }

  private static Response refused(Map<String, Object> detail) {
    return Reply.value(false).http(401).detail(detail).build();
  }

  private static Map<String, Object> wanted(Result.Unfinished unfinished) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("message", MESSAGES.get(unfinished.notice()));
    unfinished.challenge().ifPresent(challenge -> detail.putAll(challenge.detail()));
    detail.put("ticket", unfinished.ticket());
    List<Map<String, String>> tokens =
        unfinished.choices().stream()
            .map(
                choice ->
                    Map.of(
                        "serial",
                        choice.serial(),
                        "type",
                        choice.type(),
                        "description",
                        choice.description()))
            .toList();
    detail.put("tokens", tokens);
    return detail;
  }
}
