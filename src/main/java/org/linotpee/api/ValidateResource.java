package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;

/**
 * {@code /validate} (spec 02 section 2). Never tells why a login failed: every failure is {@code
 * value: false}; the reason is in the audit trail.
 */
@Path("/validate")
@RequestScoped
public class ValidateResource {
  private static final Logger LOG = System.getLogger(ValidateResource.class.getName());

  @Inject private ApiRequest request;
  @Inject private Authentication authentication;

  @GET
  @Path("check")
  public Response getCheck() {
    return check();
  }

  @POST
  @Path("check")
  public Response postCheck() {
    return check();
  }

  private Response check() {
    Optional<Outcome> outcome = outcome(request.user(), options());
    return Reply.value(outcome.map(Outcome::accepted).orElse(false))
        .id(0)
        .detail(outcome.map(Outcome::detail).orElse(Map.of()))
        .build();
  }

  @GET
  @Path("check_s")
  public Response getCheckS() {
    return checkSerial();
  }

  @POST
  @Path("check_s")
  public Response postCheckS() {
    return checkSerial();
  }

  /** By serial; the user is then unknown to the check (section 2.3). */
  private Response checkSerial() {
    Map<String, String> options = options();
    boolean noSerial = !options.containsKey("serial") || options.get("serial").isEmpty();
    try {
      if (noSerial && request.user().given()) {
        options.put(
            "serial",
            authentication
                .onlyTokenOf(request.user())
                .orElseThrow(
                    () -> LinotpException.unclassified("the user has not exactly one token")));
      }
      Outcome outcome = run(UserName.NONE, options);
      return Reply.value(outcome.accepted()).id(0).detail(outcome.detail()).build();
    } catch (RuntimeException failure) {
      failed(failure);
      return Reply.failedSilently().id(0).build();
    }
  }

  @GET
  @Path("simplecheck")
  public Response getSimplecheck() {
    return simplecheck();
  }

  @POST
  @Path("simplecheck")
  public Response postSimplecheck() {
    return simplecheck();
  }

  /** Plain text, compared whole by the PAM module (section 2.2). */
  private Response simplecheck() {
    Optional<Outcome> outcome = outcome(request.user(), options());
    String face = outcome.map(Outcome::accepted).orElse(false) ? ":-)" : ":-(";
    Map<String, Object> detail = outcome.map(Outcome::detail).orElse(Map.of());
    String body =
        String.join(
            " ",
            Stream.of(
                    face, first(detail, "transactionid", "state"), first(detail, "data", "message"))
                .filter(part -> !part.isEmpty())
                .toList());
    return Response.ok(body, "text/html; charset=utf-8").build();
  }

  private static String first(Map<String, Object> detail, String name, String otherwise) {
    Object value = detail.getOrDefault(name, detail.get(otherwise));
    return value == null ? "" : value.toString();
  }

  @GET
  @Path("ok")
  public Response getOk() {
    return constant(true);
  }

  @POST
  @Path("ok")
  public Response postOk() {
    return constant(true);
  }

  @GET
  @Path("fail")
  public Response getFail() {
    return constant(false);
  }

  @POST
  @Path("fail")
  public Response postFail() {
    return constant(false);
  }

  private Response constant(boolean value) {
    request.audit().success(value);
    return Reply.value(value).id(0).build();
  }

  private Map<String, String> options() {
    var options = new LinkedHashMap<String, String>(request.parameters().map());
    options.remove("pass");
    options.remove("user");
    options.remove("init");
    return options;
  }

  private Outcome run(UserName user, Map<String, String> options) {
    return authentication.check(
        new Attempt(user, request.parameters().text("pass"), options, request.controller()),
        request.audit());
  }

  private Optional<Outcome> outcome(UserName user, Map<String, String> options) {
    try {
      return Optional.of(run(user, options));
    } catch (RuntimeException failure) {
      failed(failure);
      return Optional.empty();
    }
  }

  /** What went wrong goes to the audit trail or, if it was not foreseen, to the log. */
  private void failed(RuntimeException failure) {
    Optional<LinotpException> known = FailureMapper.find(failure);
    if (known.isEmpty()) {
      LOG.log(Level.ERROR, "authentication failed", failure);
    }
    request
        .audit()
        .success(false)
        .info(known.map(LinotpException::clientMessage).orElse("internal error"))
        .stored(false);
  }
}
