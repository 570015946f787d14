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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.Occasion;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.LinotpException;
import org.linotpee.enrollment.Pairing;
import org.linotpee.identity.UserName;
import org.linotpee.token.Answer;

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
  @Inject private TransactionStatus transactionStatus;
  @Inject private Pairing pairing;

  // by user ---------------------------------------------------------------------------------------

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
    return silently(
        () -> {
          Outcome outcome = run(request.user(), options(), Occasion.CHECK);
          return pictured(outcome.detail())
              .orElseGet(
                  () -> Reply.value(outcome.accepted()).id(0).detail(outcome.detail()).build());
        });
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
    String body = ":-(";
    try {
      Outcome outcome = run(request.user(), options(), Occasion.CHECK);
      Map<String, Object> detail = outcome.detail();
      body =
          String.join(
              " ",
              Stream.of(
                      outcome.accepted() ? ":-)" : ":-(",
                      first(detail, "transactionid", "state"),
                      first(detail, "data", "message"))
                  .filter(part -> !part.isEmpty())
                  .toList());
    } catch (RuntimeException failure) {
      failed(failure);
    }
    return Response.ok(body).header("Content-Type", "text/html; charset=utf-8").build();
  }

  private static String first(Map<String, Object> detail, String name, String otherwise) {
    Object value = detail.getOrDefault(name, detail.get(otherwise));
    return value == null ? "" : value.toString().trim();
  }

  @GET
  @Path("samlcheck")
  public Response getSamlcheck() {
    return samlcheck();
  }

  @POST
  @Path("samlcheck")
  public Response postSamlcheck() {
    return samlcheck();
  }

  /** Tells attributes of the user, too (section 2.8). */
  private Response samlcheck() {
    return silently(
        () -> {
          Outcome outcome = run(request.user(), options(), Occasion.CHECK);
          if (outcome instanceof Outcome.Refused refused && refused.byPolicy()) {
            return Reply.value(false).id(0).detail(outcome.detail()).build();
          }
          var value = new LinkedHashMap<String, Object>();
          value.put("auth", outcome.accepted());
          value.put(
              "attributes",
              outcome.accepted()
                  ? authentication.samlAttributes(
                      new UserName(request.audit().login(), request.audit().realm()))
                  : Map.of());
          return Reply.value(value).id(0).detail(outcome.detail()).build();
        });
  }

  @GET
  @Path("smspin")
  public Response getSmspin() {
    return smspin();
  }

  @POST
  @Path("smspin")
  public Response postSmspin() {
    return smspin();
  }

  /** Sends an SMS, and is true if that was done; clients read {@code id} (section 2.9). */
  private Response smspin() {
    return silently(
        () -> {
          Outcome outcome = run(request.user(), options(), Occasion.SENDING);
          Optional<Map<String, Object>> sent =
              outcome instanceof Outcome.Challenged challenged
                  ? challenged.challenges().stream()
                      .filter(c -> c.tokenType().equalsIgnoreCase("sms"))
                      .map(Outcome.TokenChallenge::detail)
                      .findFirst()
                  : Optional.empty();
          return sent.map(detail -> Reply.value(true).id(detail).detail(detail).build())
              .orElseGet(() -> Reply.value(false).id(0).build());
        });
  }

  // by serial -------------------------------------------------------------------------------------

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
      Outcome outcome = run(UserName.NONE, options, Occasion.SERIAL);
      return pictured(outcome.detail())
          .orElseGet(() -> Reply.value(outcome.accepted()).id(0).detail(outcome.detail()).build());
    } catch (RuntimeException failure) {
      failed(failure);
      return Reply.failedSilently().id(0).build();
    }
  }

  @GET
  @Path("check_yubikey")
  public Response getCheckYubikey() {
    return checkYubikey();
  }

  @POST
  @Path("check_yubikey")
  public Response postCheckYubikey() {
    return checkYubikey();
  }

  /** The public id of the key tells the token (section 2.7). */
  private Response checkYubikey() {
    return silently(
        () -> {
          Optional<UserName> owner =
              authentication.checkYubikey(
                  attempt(UserName.NONE, options(), Occasion.CHECK), request.audit());
          var detail = new LinkedHashMap<String, Object>();
          owner.ifPresent(
              name -> {
                detail.put("user", name.login());
                detail.put("realm", name.realm());
              });
          return Reply.value(owner.isPresent()).id(0).detail(detail).build();
        });
  }

  // by transaction --------------------------------------------------------------------------------

  @GET
  @Path("check_t")
  public Response getCheckT() {
    return checkTransaction();
  }

  @POST
  @Path("check_t")
  public Response postCheckT() {
    return checkTransaction();
  }

  /** The answer to a transaction, from whoever knows its id (section 2.4). */
  private Response checkTransaction() {
    return silently(
        () -> {
          request.parameters().required("pass");
          var answer =
              authentication.answer(
                  attempt(UserName.NONE, options(), Occasion.TRANSACTION), request.audit());
          boolean accepted = answer.outcome().accepted();
          var value = new LinkedHashMap<String, Object>();
          value.put("value", accepted);
          value.put("failcount", answer.failCount());
          var detail = new LinkedHashMap<String, Object>(value);
          if (answer.failure().isPresent()) {
            detail.put("failure", answer.failure().get());
          } else {
            detail.put("token_type", answer.tokenType());
          }
          if (!answer.serial().isEmpty()) {
            detail.put("serial", answer.serial());
          }
          detail.putAll(answer.outcome().detail());
          return pictured(detail).orElseGet(() -> Reply.value(value).id(1).detail(detail).build());
        });
  }

  @GET
  @Path("accept_transaction")
  public Response getAccept() {
    return signed(true);
  }

  @POST
  @Path("accept_transaction")
  public Response postAccept() {
    return signed(true);
  }

  @GET
  @Path("reject_transaction")
  public Response getReject() {
    return signed(false);
  }

  @POST
  @Path("reject_transaction")
  public Response postReject() {
    return signed(false);
  }

  /** The signature of a phone; that of a refusal is an answer, too (section 2.6). */
  private Response signed(boolean accept) {
    return silently(
        () -> {
          String transaction = request.parameters().required("transactionid");
          String signature = request.parameters().required("signature");
          Attempt attempt =
              new Attempt(
                  UserName.NONE,
                  accept ? new Answer.Accept(signature) : new Answer.Reject(signature),
                  Map.of("transactionid", transaction),
                  request.controller(),
                  Occasion.TRANSACTION,
                  List.of());
          Outcome outcome = authentication.answer(attempt, request.audit()).outcome();
          return Reply.value(outcome.accepted()).build();
        });
  }

  @GET
  @Path("check_status")
  public Response getCheckStatus() {
    return checkStatus();
  }

  @POST
  @Path("check_status")
  public Response postCheckStatus() {
    return checkStatus();
  }

  /** How far a transaction has got; not whether somebody may log in (section 5). */
  private Response checkStatus() {
    return silently(
        () -> {
          Parameters parameters = request.parameters();
          String transaction =
              parameters
                  .text("state")
                  .or(() -> parameters.text("transactionid"))
                  .orElseThrow(() -> LinotpException.missing("transactionid"));
          var answer =
              transactionStatus.ask(
                  new TransactionStatus.Question(
                      transaction,
                      request.user(),
                      parameters.text("serial").filter(serial -> !serial.isEmpty()),
                      Optional.of(parameters.required("pass")),
                      parameters.has("use_offline")),
                  request.audit());
          var detail = new LinkedHashMap<String, Object>();
          if (!answer.transactions().isEmpty()) {
            detail.put("transactions", TransactionAnswers.of(answer.transactions()));
          }
          detail.putAll(answer.detail());
          return Reply.value(!answer.transactions().isEmpty()).id(0).detail(detail).build();
        });
  }

  // devices ---------------------------------------------------------------------------------------

  @GET
  @Path("pair")
  public Response getPair() {
    return pair();
  }

  @POST
  @Path("pair")
  public Response postPair() {
    return pair();
  }

  /** A device takes a token over; clients look at the status alone (section 2.11). */
  private Response pair() {
    try {
      pairing.pair(request.parameters().required("pairing_response"), request.audit());
      return Reply.value(false).build();
    } catch (RuntimeException failure) {
      failed(failure);
      return Reply.failedSilently().id(0).build();
    }
  }

  // constants -------------------------------------------------------------------------------------

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

  // common ----------------------------------------------------------------------------------------

  private Map<String, String> options() {
    var options = new LinkedHashMap<String, String>(request.parameters().map());
    options.remove("pass");
    options.remove("user");
    options.remove("init");
    return options;
  }

  private Attempt attempt(UserName user, Map<String, String> options, Occasion occasion) {
    return new Attempt(
        user,
        Answer.of(request.parameters().text("pass")),
        options,
        request.controller(),
        occasion,
        List.of());
  }

  private Outcome run(UserName user, Map<String, String> options, Occasion occasion) {
    return authentication.check(attempt(user, options, occasion), request.audit());
  }

  private Optional<Response> pictured(Map<String, Object> detail) {
    return ChallengePicture.of(request.parameters(), detail);
  }

  private Response silently(Supplier<Response> work) {
    try {
      return work.get();
    } catch (RuntimeException failure) {
      failed(failure);
      return Reply.value(false).id(0).build();
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
