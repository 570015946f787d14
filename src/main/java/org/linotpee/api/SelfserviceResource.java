package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.User;
import org.linotpee.selfservice.OwnTokens;
import org.linotpee.selfservice.Portal;
import org.linotpee.selfservice.SelfserviceLogin;

/** {@code /userservice}: login, session and what clients show (spec 09 sections 4 to 7). */
@Path("/userservice")
@RequestScoped
public class SelfserviceResource {
  private static final String COPYRIGHT = "linotp-ee";

  @Inject private ApiRequest request;
  @Inject private SelfserviceGate gate;
  @Inject private SelfserviceLogin logins;
  @Inject private Portal portal;
  @Inject private OwnTokens tokens;
  @Inject private SessionCookies cookies;
  @Context private HttpServletRequest servletRequest;

  // login -----------------------------------------------------------------------------------------

  @GET
  @Path("login")
  public Response getLogin() {
    return login(true);
  }

  @POST
  @Path("login")
  public Response postLogin() {
    return login(
        servletRequest.getQueryString() != null
            && servletRequest.getQueryString().contains("password=")
            && !request.parameters().fromJson());
  }

  private Response login(boolean inAddress) {
    Parameters parameters = request.parameters();
    SelfserviceLogin.Result result =
        logins.login(
            new SelfserviceLogin.Request(
                parameters.text("login").or(() -> parameters.text("username")).orElse(""),
                parameters.textOrEmpty("realm"),
                parameters.text("password"),
                parameters.text("otp"),
                parameters.text("serial"),
                SelfserviceGate.cookie(servletRequest, SelfserviceGate.COOKIE),
                parameters.session(),
                inAddress,
                texts(parameters)),
            request.audit());
    return answered(result, SelfserviceGate.COOKIE);
  }

  private static Map<String, String> texts(Parameters parameters) {
    var texts = new LinkedHashMap<String, String>();
    for (String name : List.of("data", "content_type")) {
      parameters.text(name).ifPresent(text -> texts.put(name, text));
    }
    return texts;
  }

  private Response answered(SelfserviceLogin.Result result, String cookie) {
    var detail = new LinkedHashMap<String, Object>(result.detail());
    result
        .tokens()
        .ifPresent(
            list -> {
              detail.put("message", result.message());
              detail.put("tokenList", list.stream().map(TokenAnswers::own).toList());
            });
    var answer = Response.fromResponse(Reply.value(result.accepted()).id(0).detail(detail).build());
    result
        .session()
        .ifPresent(
            session ->
                answer.header("Set-Cookie", cookies.ofUser(cookie, session, servletRequest)));
    result.retryAfter().ifPresent(wait -> answer.header("Retry-After", seconds(wait)));
    return answer.build();
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  @GET
  @Path("auth")
  public Response getAuth() {
    return auth();
  }

  @POST
  @Path("auth")
  public Response postAuth() {
    return auth();
  }

  private Response auth() {
    request.errorId(0);
    Parameters parameters = request.parameters();
    return answered(
        logins.login(
            parameters.textOrEmpty("login"),
            parameters.textOrEmpty("realm"),
            parameters.text("password"),
            request.audit()),
        SelfserviceGate.OTHER_COOKIE);
  }

  @GET
  @Path("logout")
  public Response getLogout() {
    return logout();
  }

  @POST
  @Path("logout")
  public Response postLogout() {
    return logout();
  }

  private Response logout() {
    logins.logout(SelfserviceGate.cookies(servletRequest), request.audit());
    var answer = Response.fromResponse(Reply.value(true).id(0).build());
    for (String name : List.of(SelfserviceGate.COOKIE, SelfserviceGate.OTHER_COOKIE)) {
      answer.header("Set-Cookie", cookies.emptiedOfUser(name, servletRequest));
    }
    return answer.build();
  }

  // what clients show -----------------------------------------------------------------------------

  @GET
  @Path("pre_context")
  public Response getPreContext() {
    return preContext();
  }

  @POST
  @Path("pre_context")
  public Response postPreContext() {
    return preContext();
  }

  private Response preContext() {
    Portal.BeforeLogin known = portal.beforeLogin(request.client());
    return Reply.value(true).detail(common(known, known.settings())).build();
  }

  private static Map<String, Object> common(
      Portal.BeforeLogin known, Map<String, Object> settings) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("version", Reply.VERSION);
    detail.put("copyright", COPYRIGHT);
    var realms = new LinkedHashMap<String, Object>();
    known.realms().forEach(realm -> realms.put(realm.name(), shown(realm, known)));
    detail.put("realms", realms);
    detail.put("settings", settings);
    return detail;
  }

  private static Map<String, Object> shown(Realms.Realm realm, Portal.BeforeLogin known) {
    boolean isDefault = realm.name().equals(known.defaultRealm());
    var members = new LinkedHashMap<String, Object>();
    members.put("realmname", realm.name());
    if (known.withResolvers()) {
      members.put("entry", "linotp.useridresolver.group." + realm.name());
      members.put(
          "useridresolver", realm.resolvers().stream().map(ResolverDefinition::spec).toList());
      if (isDefault) {
        members.put("default", "true");
      }
      members.put("admin", false);
    } else {
      members.put("default", isDefault);
    }
    return members;
  }

  @GET
  @Path("context")
  public Response getContext() {
    return context();
  }

  @POST
  @Path("context")
  public Response postContext() {
    return context();
  }

  private Response context() {
    User user = gate.user(servletRequest);
    Portal.AfterLogin known = portal.afterLogin(user, request.client());
    Map<String, Object> detail = common(known.common(), known.settings());
    detail.put("user", Portal.described(user));
    detail.put("imprint", known.imprint());
    detail.put(
        "tokenArray",
        tokens.list(user, Optional.empty(), false).stream().map(TokenAnswers::own).toList());
    detail.put("actions", known.actions());
    return Reply.value(true).detail(detail).build();
  }

  @GET
  @Path("userinfo")
  public Response getUserinfo() {
    return userinfo();
  }

  @POST
  @Path("userinfo")
  public Response postUserinfo() {
    return userinfo();
  }

  private Response userinfo() {
    return Reply.value(Portal.described(gate.halfWay(servletRequest))).id(0).build();
  }

  @GET
  @Path("usertokenlist")
  public Response getTokens() {
    return tokens();
  }

  @POST
  @Path("usertokenlist")
  public Response postTokens() {
    return tokens();
  }

  private Response tokens() {
    User user = gate.halfWay(servletRequest);
    Optional<Boolean> active =
        switch (request.parameters().textOrEmpty("active")) {
          case "true" -> Optional.of(true);
          case "false" -> Optional.of(false);
          default -> Optional.empty();
        };
    request.audit().success(true);
    return Reply.value(tokens.list(user, active, true).stream().map(TokenAnswers::own).toList())
        .id(0)
        .build();
  }
}
