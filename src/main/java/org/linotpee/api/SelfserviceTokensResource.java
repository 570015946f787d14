package org.linotpee.api;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.TokenValues;
import org.linotpee.audit.AuditRow;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.User;
import org.linotpee.selfservice.History;
import org.linotpee.selfservice.OwnEnrollment;
import org.linotpee.selfservice.OwnTokens;
import org.linotpee.selfservice.OwnValues;
import org.linotpee.selfservice.TokenTest;
import org.linotpee.token.TokenType;

/** {@code /userservice}: what users do with their own tokens (spec 09 sections 8 to 10). */
@Path("/userservice")
@RequestScoped
public class SelfserviceTokensResource {
  private static final int QR_WIDTH = 250;

  /** The endpoints of these types are named after them. */
  private static final String OCRA = "ocra2";

  private static final String FIDO2 = "fido2";

  @Inject private ApiRequest request;
  @Inject private SelfserviceGate gate;
  @Inject private OwnTokens tokens;
  @Inject private OwnEnrollment enrollment;
  @Inject private History history;
  @Inject private TokenTest test;
  @Inject private OwnValues values;
  @Context private HttpServletRequest servletRequest;

  private User user() {
    return gate.user(servletRequest);
  }

  private Optional<String> text(String name) {
    return request.parameters().text(name);
  }

  /** One member, or none if the token is somebody else's. */
  private static Response done(String name, boolean done) {
    return Reply.value(done ? Map.of(name, 1) : Map.of()).build();
  }

  // state -----------------------------------------------------------------------------------------

  @POST
  @Path("enable")
  public Response enable() {
    return done("enable token", tokens.enable(user(), text("serial"), request.audit()));
  }

  @POST
  @Path("disable")
  public Response disable() {
    return done("disable token", tokens.disable(user(), text("serial"), request.audit()));
  }

  @POST
  @Path("delete")
  public Response delete() {
    return done("delete token", tokens.delete(user(), text("serial"), request.audit()));
  }

  @POST
  @Path("reset")
  public Response reset() {
    return done("reset Failcounter", tokens.reset(user(), text("serial"), request.audit()));
  }

  @POST
  @Path("unassign")
  public Response unassign() {
    boolean done = tokens.unassign(user(), text("serial"), text("pin"), request.audit());
    return Reply.value(done ? Map.of("unassign token", true) : Map.of()).build();
  }

  // particulars -----------------------------------------------------------------------------------

  @POST
  @Path("setpin")
  public Response setPin() {
    return done(
        "set userpin", tokens.setPin(user(), text("serial"), text("userpin"), request.audit()));
  }

  @POST
  @Path("setmpin")
  public Response setDevicePin() {
    return done(
        "set userpin", tokens.setDevicePin(user(), text("serial"), text("pin"), request.audit()));
  }

  @POST
  @Path("resync")
  public Response resync() {
    Optional<Boolean> moved =
        tokens.resync(user(), text("serial"), text("otp1"), text("otp2"), request.audit());
    return Reply.value(moved.map(m -> Map.of("resync Token", m)).orElse(Map.of())).build();
  }

  @POST
  @Path("setdescription")
  public Response setDescription() {
    tokens.describeAs(user(), text("serial"), text("description"), request.audit());
    return done("set description", true);
  }

  // new tokens ------------------------------------------------------------------------------------

  @POST
  @Path("assign")
  public Response assign() {
    tokens.assign(user(), text("serial"), text("pin"), text("description"), request.audit());
    return Reply.value(Map.of("assign token", true)).build();
  }

  @GET
  @Path("getSerialByOtp")
  public Response getSerialByOtp() {
    return serialByOtp();
  }

  @POST
  @Path("getSerialByOtp")
  public Response postSerialByOtp() {
    return serialByOtp();
  }

  private Response serialByOtp() {
    String serial = tokens.serialByOtp(user(), text("otp"), text("type"), request.audit());
    return Reply.value(Map.of("serial", serial)).build();
  }

  @POST
  @Path("enroll")
  public Response enroll() {
    Enrollment.Result result =
        enrollment.enroll(user(), request.parameters().map(), request.audit());
    Optional<String> form = text("qr").filter(f -> !f.isEmpty());
    return form.isPresent()
        ? AdminTokensResource.picture(result, form.get())
        : Reply.value(true).detail(TokenAnswers.enrolled(result)).build();
  }

  @POST
  @Path("webprovision")
  public Response provision() {
    OwnEnrollment.Provisioned result =
        enrollment.provision(user(), request.parameters().map(), request.audit());
    var token = new LinkedHashMap<String, Object>();
    token.put("url", result.url());
    token.put("img", QrCode.element(result.url(), QR_WIDTH));
    token.put("key", result.key());
    token.put(result.lockedDown() ? "name" : "label", result.label());
    token.put("serial", result.serial());
    if (result.lockedDown()) {
      token.put("timeBased", result.timeBased());
    }
    token.put("counter", 0);
    token.put(result.lockedDown() ? "numDigits" : "digits", OwnEnrollment.APP_DIGITS);
    if (result.lockedDown()) {
      token.put("lockdown", true);
    }
    var value = new LinkedHashMap<String, Object>();
    value.put("init", true);
    value.put("setpin", false);
    value.put("oathtoken", token);
    return Reply.value(value).build();
  }

  @POST
  @Path("activateocratoken")
  public Response activateOcra() {
    User user = user();
    Enrollment.Result result =
        enrollment.activate(
            user,
            OCRA,
            List.of("activate_OCRA2", "activateQR2"),
            request.parameters().map(),
            request.audit());
    String url =
        result.more().get("ocraurl") instanceof TokenType.Scannable code ? code.value() : "";
    var token = new LinkedHashMap<String, Object>();
    token.put("url", url);
    token.put("img", url.isEmpty() ? "" : QrCode.element(url, QR_WIDTH));
    token.put("label", user.name().login() + "@" + user.name().realm());
    token.put("serial", result.serial());
    token.put("transaction", result.more().getOrDefault("transactionid", ""));
    var value = new LinkedHashMap<String, Object>();
    value.put("activate", true);
    value.put("ocratoken", token);
    return Reply.value(value).build();
  }

  @POST
  @Path("finishocra2token")
  public Response finishOcra() {
    User user = user();
    request.parameters().required("type");
    TokenTest.Answered answered =
        test.finish(
            user,
            "enrollOCRA2",
            text("transactionid").or(() -> text("state")),
            text("pass"),
            request.audit());
    var value = new LinkedHashMap<String, Object>();
    value.put("value", answered.right());
    value.put("failcount", answered.failCount());
    return Reply.value(value).build();
  }

  @POST
  @Path("fido2_activate_begin")
  public Response beginFido2() {
    return fido2(Map.of("phase", Optional.of("registration")));
  }

  @POST
  @Path("fido2_activate_finish")
  public Response finishFido2() {
    return fido2(Map.of("attestationResponse", text("attestationResponse")));
  }

  private Response fido2(Map<String, Optional<String>> step) {
    Enrollment.Result result =
        enrollment.proceed(user(), FIDO2, text("serial"), step, request.audit());
    return Reply.value(true).detail(TokenAnswers.enrolled(result)).build();
  }

  // trying and reading ----------------------------------------------------------------------------

  @GET
  @Path("verify")
  public Response getVerify() {
    return verify();
  }

  @POST
  @Path("verify")
  public Response postVerify() {
    return verify();
  }

  private Response verify() {
    TokenTest.Result result = test.verify(user(), request.parameters().map(), request.audit());
    return result.failure().isPresent()
        ? Answers.error(
            result.failure().get(),
            1,
            text("httperror"),
            Optional.empty(),
            request.snapshot().configuration())
        : Reply.value(result.value()).detail(result.detail()).build();
  }

  @POST
  @Path("activate_init")
  public Response activate() {
    TokenTest.Result result = test.activate(user(), text("serial"), request.audit());
    return Reply.value(result.value()).detail(result.detail()).build();
  }

  @POST
  @Path("activate_check_status")
  public Response activated() {
    TokenTest.Result result = test.activated(user(), text("transactionid"), request.audit());
    return Reply.value(result.value()).detail(result.detail()).build();
  }

  @GET
  @Path("getmultiotp")
  public Response getValues() {
    return values();
  }

  @POST
  @Path("getmultiotp")
  public Response postValues() {
    return values();
  }

  private Response values() {
    request.errorId(0);
    TokenValues.Several several =
        values.next(
            user(),
            text("serial"),
            text("count").map(GetTokenResource::number),
            GetTokenResource.moment(request.parameters()),
            request.audit());
    return Reply.value(TokenAnswers.upcoming(several.serial(), several.type(), several.values()))
        .id(0)
        .build();
  }

  // history ---------------------------------------------------------------------------------------

  @GET
  @Path("history")
  public Response getHistory() {
    return history();
  }

  @POST
  @Path("history")
  public Response postHistory() {
    return history();
  }

  /** Not the envelope (section 10.4). */
  private Response history() {
    User user = user();
    Parameters parameters = request.parameters();
    History.Found found =
        history.find(
            user,
            new History.Query(
                AuditResource.filters(parameters),
                parameters.text("sortname").orElse("number"),
                parameters.textOrEmpty("sortorder").equals("desc"),
                positive("page"),
                positive("rp")),
            request.audit());
    var answer = new LinkedHashMap<String, Object>();
    answer.put(
        "page",
        parameters
            .json("page")
            .filter(JsonNode::isNumber)
            .<Object>map(node -> node)
            .or(() -> parameters.text("page"))
            .orElse(1));
    answer.put("total", found.total());
    answer.put("rows", found.rows().stream().map(SelfserviceTokensResource::row).toList());
    return Response.ok(Json.pretty(answer), "application/json").build();
  }

  private Optional<Integer> positive(String name) {
    return text(name).map(t -> AuditResource.positive(t, name.equals("page") ? 1 : 15));
  }

  private static Map<String, Object> row(AuditRow row) {
    var members = new LinkedHashMap<String, Object>();
    members.put("id", row.number());
    members.put(
        "cell",
        List.of(
            row.occurredAt(),
            row.action(),
            row.success() ? "1" : "0",
            row.serial(),
            row.tokenType(),
            row.administrator(),
            row.actionDetail(),
            row.info()));
    return members;
  }
}
