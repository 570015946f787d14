package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.OtpSearch;
import org.linotpee.administration.TokenChallenges;
import org.linotpee.administration.TokenList;
import org.linotpee.configuration.LinotpException;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.enrollment.LostToken;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.Validity;

/** {@code /admin}: tokens (spec 03). */
@Path("/admin")
@RequestScoped
public class AdminTokensResource {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,6})\\s*([dhms])\\s*");
  private static final Duration LONGEST_LOOK_BACK = Duration.ofDays(31);
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int FALLBACK_PAGE_SIZE = 20;
  private static final int USAGE = 77;

  @Inject private ApiRequest request;
  @Inject private Enrollment enrollment;
  @Inject private ManagedTokens tokens;
  @Inject private TokenList list;
  @Inject private OtpSearch otpSearch;
  @Inject private Users users;
  @Inject private LostToken lostToken;
  @Inject private TokenChallenges challenges;

  // enrollment ------------------------------------------------------------------------------------

  @POST
  @Path("init")
  public Response init() {
    Parameters parameters = request.parameters();
    Enrollment.Result result = enrollment.enroll(parameters.map(), request.user(), request.audit());
    return parameters.has("qr")
        ? picture(result, parameters.textOrEmpty("qr"))
        : Reply.value(true).detail(TokenAnswers.enrolled(result)).build();
  }

  static Response picture(Enrollment.Result result, String form) {
    return switch (form) {
      case "png" ->
          Response.ok(QrCode.png(result.url().orElse(result.serial())), "image/png").build();
      case "img", "embed" -> html(QrCode.element(result.url().orElse(result.serial()), 250));
      default -> html(TokenAnswers.enrolledPage(result));
    };
  }

  private static Response html(String body) {
    return Response.ok(body, "text/html; charset=utf-8").build();
  }

  // challenges ------------------------------------------------------------------------------------

  @GET
  @Path("checkstatus")
  public Response getCheckstatus() {
    return checkstatus();
  }

  @POST
  @Path("checkstatus")
  public Response postCheckstatus() {
    return checkstatus();
  }

  private Response checkstatus() {
    Parameters parameters = request.parameters();
    var question =
        new TokenChallenges.Question(
            parameters
                .text("transactionid")
                .or(() -> parameters.text("state"))
                .filter(id -> !id.isEmpty()),
            parameters.text("serial").filter(serial -> !serial.isEmpty()),
            request.user(),
            parameters.textOrEmpty("open").equalsIgnoreCase("true"));
    var values = TransactionAnswers.listed(challenges.find(question));
    request.audit().success(true);
    return Reply.value(Map.of("values", values)).build();
  }

  // listing ---------------------------------------------------------------------------------------

  @GET
  @Path("show")
  public Response getShow() {
    return show();
  }

  @POST
  @Path("show")
  public Response postShow() {
    return show();
  }

  private Response show() {
    Parameters parameters = request.parameters();
    Optional<TokenList.Page> page = parameters.text("page").map(number -> page(parameters, number));
    Optional<String> realm = parameters.text("viewrealm").or(() -> parameters.text("realm"));
    var query =
        new TokenList.Query(
            parameters.text("serial"),
            parameters.text("user"),
            request.user(),
            realm,
            parameters.text("filter"),
            Optional.empty(),
            Optional.empty(),
            parameters.textOrEmpty("sortby"),
            parameters.textOrEmpty("sortdir").equals("desc"),
            page);
    boolean infoAsObject = parameters.textOrEmpty("tokeninfo_format").equals("json");
    List<String> fields =
        Arrays.stream(parameters.textOrEmpty("user_fields").split(","))
            .map(String::trim)
            .filter(f -> !f.isEmpty())
            .toList();
    long total;
    Iterable<TokenList.Entry> entries;
    if (page.isPresent()) {
      TokenList.Result result = list.find(query);
      total = result.total();
      entries = result.entries();
    } else {
      TokenList.Everything everything = list.everything(query);
      total = everything.total();
      entries = everything.entries();
    }
    Iterable<Map<String, Object>> rows =
        () ->
            StreamSupport.stream(entries.spliterator(), false)
                .map(entry -> TokenAnswers.listed(entry, infoAsObject, fields))
                .iterator();
    request
        .audit()
        .success(true)
        .info(
            "realm: ['%s'], filter: %s"
                .formatted(realm.orElse("*"), parameters.text("filter").orElse("None")));
    if (parameters.textOrEmpty("outform").equals("csv")) {
      StreamingOutput body = out -> TokenAnswers.csv(rows, out);
      return Response.ok(body, "application/force-download; charset=utf-8")
          .header("Content-Disposition", "attachment; filename=linotp-tokendata.csv")
          .build();
    }
    var answer = new LinkedHashMap<String, Object>();
    answer.put("data", rows);
    answer.put("resultset", resultSet(total, page));
    return Reply.value(answer).stream();
  }

  private TokenList.Page page(Parameters parameters, String number) {
    int configured = request.snapshot().configuration().number("pagesize", DEFAULT_PAGE_SIZE);
    int size =
        parameters
            .text("pagesize")
            .map(text -> number(text, FALLBACK_PAGE_SIZE))
            .orElse(configured);
    return new TokenList.Page(Math.max(1, number(number, 1)), Math.max(0, size));
  }

  private static int number(String text, int otherwise) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static Map<String, Object> resultSet(long total, Optional<TokenList.Page> page) {
    var set = new LinkedHashMap<String, Object>();
    long size = page.map(p -> (long) p.size()).orElse(total);
    set.put("pages", page.isEmpty() ? 1 : size == 0 ? 0 : (total + size - 1) / size);
    set.put("pagesize", size);
    set.put("tokens", total);
    set.put("page", page.map(TokenList.Page::number).orElse(1));
    return set;
  }

  // look-ups --------------------------------------------------------------------------------------

  @GET
  @Path("getTokenOwner")
  public Response getTokenOwner() {
    return Reply.value(tokens.owner(request.parameters().required("serial"), request.audit()))
        .build();
  }

  @POST
  @Path("getTokenOwner")
  public Response postTokenOwner() {
    return getTokenOwner();
  }

  @GET
  @Path("check_serial")
  public Response checkSerial() {
    String serial = request.parameters().required("serial");
    String free = tokens.freeSerial(serial);
    boolean unique = free.equals(serial);
    request
        .audit()
        .success(true)
        .serial(serial)
        .actionDetail((unique ? "True" : "False") + " - '" + free + "'");
    var answer = new LinkedHashMap<String, Object>();
    answer.put("unique", unique);
    answer.put("new_serial", free);
    return Reply.value(answer).build();
  }

  @POST
  @Path("check_serial")
  public Response postCheckSerial() {
    return checkSerial();
  }

  @GET
  @Path("getSerialByOtp")
  public Response serialByOtp() {
    Parameters parameters = request.parameters();
    Optional<Boolean> assigned =
        switch (parameters.textOrEmpty("assigned")) {
          case "1" -> Optional.of(true);
          case "0" -> Optional.of(false);
          default -> Optional.empty();
        };
    Optional<OtpSearch.Hit> hit =
        otpSearch.serialOf(
            parameters.required("otp"),
            new OtpSearch.Restriction(
                parameters.text("type").filter(t -> !t.isEmpty()),
                parameters.text("realm").filter(r -> !r.isEmpty()),
                assigned),
            request.audit());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", true);
    answer.put("serial", hit.map(OtpSearch.Hit::serial).orElse(""));
    answer.put("user_login", hit.map(OtpSearch.Hit::login).orElse(""));
    answer.put("user_resolver", hit.map(OtpSearch.Hit::resolverSpec).orElse(""));
    return Reply.value(answer).build();
  }

  @POST
  @Path("getSerialByOtp")
  public Response postSerialByOtp() {
    return serialByOtp();
  }

  @GET
  @Path("totp_lookup")
  public Response totpLookup() {
    Parameters parameters = request.parameters();
    String serial = parameters.required("serial");
    String otp = parameters.required("otp");
    request.audit().serial(serial);
    Optional<OtpSearch.Past> past =
        otpSearch.past(serial, otp, duration(parameters.text("window").orElse("24h")));
    request.audit().success(past.isPresent());
    if (past.isEmpty()) {
      request.audit().info("no such value in the window");
      return Reply.value(false).build();
    }
    long seconds = past.get().counter() * past.get().stepSeconds();
    var detail = new LinkedHashMap<String, Object>();
    detail.put("serial", serial);
    detail.put("otp", otp);
    detail.put("counter", past.get().counter());
    detail.put("time", ISO.format(Instant.ofEpochSecond(seconds)));
    detail.put("seconds", seconds);
    detail.put("span", past.get().stepSeconds());
    return Reply.value(true).detail(detail).build();
  }

  @POST
  @Path("totp_lookup")
  public Response postTotpLookup() {
    return totpLookup();
  }

  /** {@code 2h}, {@code 1d 3h} or ISO 8601 {@code PT2H}. */
  private static Duration duration(String text) {
    Duration total = Duration.ZERO;
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    try {
      if (trimmed.startsWith("p")) {
        total = Duration.parse(trimmed);
      } else {
        Matcher part = DURATION_PART.matcher(trimmed);
        int end = 0;
        while (part.lookingAt()) {
          total =
              total.plus(
                  Duration.parse(
                      (part.group(2).equals("d") ? "P" : "PT") + part.group(1) + part.group(2)));
          end = part.end();
          part.region(end, trimmed.length());
        }
        if (end == 0 || end != trimmed.length()) {
          throw LinotpException.unclassified("'" + text + "' is no duration");
        }
      }
    } catch (DateTimeParseException e) {
      throw LinotpException.unclassified("'" + text + "' is no duration");
    }
    if (total.isNegative() || total.compareTo(LONGEST_LOOK_BACK) > 0) {
      throw LinotpException.unclassified("a window is at most 31 days");
    }
    return total;
  }

  // owner and realms ------------------------------------------------------------------------------

  @POST
  @Path("assign")
  public Response assign() {
    Parameters parameters = request.parameters();
    request.errorId(0);
    List<String> serials = serials(parameters);
    if (serials.isEmpty()) {
      throw LinotpException.missing("serial");
    }
    if (!request.user().given()) {
      throw LinotpException.missing("user");
    }
    tokens.assign(
        serials,
        request.user(),
        parameters.text("pin"),
        parameters.textOrEmpty("encryptpin").equalsIgnoreCase("true"),
        request.audit());
    return Reply.value(true).id(serials.size()).build();
  }

  private static List<String> serials(Parameters parameters) {
    return parameters.list("serial").stream().filter(s -> !s.isEmpty()).distinct().toList();
  }

  @POST
  @Path("unassign")
  public Response unassign() {
    tokens.unassign(request.parameters().required("serial"), request.audit());
    return Reply.value(true).build();
  }

  @POST
  @Path("tokenrealm")
  public Response tokenrealm() {
    Parameters parameters = request.parameters();
    String serial = parameters.required("serial");
    List<String> realms = Arrays.asList(parameters.required("realms").split(","));
    return Reply.value(tokens.moveToRealms(serial, realms, request.audit())).build();
  }

  @POST
  @Path("copyTokenPin")
  public Response copyTokenPin() {
    Parameters parameters = request.parameters();
    tokens.copyPin(parameters.required("from"), parameters.required("to"), request.audit());
    return Reply.value(true).build();
  }

  @POST
  @Path("copyTokenUser")
  public Response copyTokenUser() {
    Parameters parameters = request.parameters();
    tokens.copyOwner(parameters.required("from"), parameters.required("to"), request.audit());
    return Reply.value(true).build();
  }

  // state -----------------------------------------------------------------------------------------

  private ManagedTokens.Selection selection(Parameters parameters) {
    return new ManagedTokens.Selection(request.user(), parameters.text("serial"));
  }

  private Response counted(int number) {
    String message =
        request
            .parameters()
            .text("serial")
            .filter(s -> !s.isEmpty())
            .map(serial -> "No token with serial " + serial)
            .orElse("No tokens for this user");
    return Reply.value(number).detail(number == 0 ? Map.of("message", message) : null).build();
  }

  @POST
  @Path("enable")
  public Response enable() {
    return counted(tokens.enable(selection(request.parameters()), request.audit()));
  }

  @POST
  @Path("disable")
  public Response disable() {
    return counted(tokens.disable(selection(request.parameters()), request.audit()));
  }

  @POST
  @Path("reset")
  public Response reset() {
    return counted(tokens.resetFailCounter(selection(request.parameters()), request.audit()));
  }

  @POST
  @Path("remove")
  public Response remove() {
    List<String> serials = serials(request.parameters());
    if (serials.isEmpty() && !request.user().given()) {
      throw LinotpException.missing("serial");
    }
    return counted(tokens.remove(serials, request.user(), request.audit()));
  }

  /** The name that the manual gives to {@code remove}. */
  @POST
  @Path("delete")
  public Response delete() {
    return remove();
  }

  @POST
  @Path("resync")
  public Response resync() {
    Parameters parameters = request.parameters();
    String otp1 = parameters.required("otp1");
    String otp2 = parameters.required("otp2");
    return Reply.value(tokens.resync(selection(parameters), otp1, otp2, request.audit())).build();
  }

  /** Whatever goes wrong, only the audit trail tells (section 5.12). */
  @POST
  @Path("unpair")
  public Response unpair() {
    try {
      tokens.unpair(selection(request.parameters()), request.audit());
      return Reply.value(true).build();
    } catch (LinotpException e) {
      request.audit().success(false).info(e.clientMessage()).stored(false);
      return Reply.failedSilently().id(0).build();
    }
  }

  /** Issues a temporary token for a lost one. */
  @POST
  @Path("losttoken")
  public Response lostToken() {
    Parameters parameters = request.parameters();
    LostToken.Replacement replacement =
        lostToken.replace(
            parameters.required("serial"),
            new LostToken.Wish(
                parameters.textOrEmpty("type"),
                parameters.text("email").filter(t -> !t.isBlank()),
                parameters.text("mobile").filter(t -> !t.isBlank())),
            request.audit());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("serial", replacement.serial());
    answer.put("init", true);
    answer.put("user", 1);
    if (replacement.pinCopied()) {
      answer.put("pin", 1);
    }
    answer.put("valid_to", "xxxx");
    answer.put("password", replacement.password());
    answer.put("end_date", replacement.endDate());
    answer.put("token_typ", replacement.type());
    answer.put("disable", 1);
    return Reply.value(answer).build();
  }

  // particulars -----------------------------------------------------------------------------------

  @POST
  @Path("set")
  public Response set() {
    Parameters parameters = request.parameters().ignoringCase();
    var selection = new ManagedTokens.Selection(user(parameters), parameters.text("serial"));
    return Reply.value(tokens.set(selection, parameters.map(), request.audit())).build();
  }

  /** The request's user, whose parameters this endpoint takes in any case. */
  private UserName user(Parameters parameters) {
    return request.user().given()
        ? request.user()
        : users.requested(
            parameters.text("user").orElse(null),
            parameters.text("realm").orElse(null),
            parameters.text("resconf").orElse(null));
  }

  @POST
  @Path("setPin")
  public Response setPin() {
    Parameters parameters = request.parameters().ignoringCase();
    request.errorId(0);
    String serial = parameters.required("serial");
    Optional<String> userPin = parameters.text("userpin");
    Optional<String> soPin = parameters.text("sopin");
    var answer = new LinkedHashMap<String, Object>();
    userPin.ifPresent(pin -> answer.put("set userpin", 1));
    soPin.ifPresent(pin -> answer.put("set sopin", 1));
    if (answer.isEmpty()) {
      request.errorId(1);
      throw new LinotpException(USAGE, "Usage: give 'userpin' or 'sopin'");
    }
    tokens.setDevicePins(serial, userPin, soPin, request.audit());
    return Reply.value(answer).build();
  }

  @POST
  @Path("setValidity")
  public Response setValidity() {
    Parameters parameters = request.parameters().ignoringCase();
    request.errorId(0);
    if (!parameters.has("tokens")) {
      throw LinotpException.missing("tokens");
    }
    List<String> serials = parameters.list("tokens");
    var changes = new ArrayList<UnaryOperator<TokenInfo>>();
    limit(parameters, "countAuthMax", "count_auth_max", changes);
    limit(parameters, "countAuthSuccessMax", "count_auth_success_max", changes);
    period(parameters, "validityPeriodStart", "validity_period_start", changes);
    period(parameters, "validityPeriodEnd", "validity_period_end", changes);
    tokens.limit(
        serials,
        info -> {
          TokenInfo changed = info;
          for (UnaryOperator<TokenInfo> change : changes) {
            changed = change.apply(changed);
          }
          return changed;
        },
        request.audit());
    return Reply.value(serials).build();
  }

  private static void limit(
      Parameters parameters, String name, String member, List<UnaryOperator<TokenInfo>> changes) {
    validity(parameters, name)
        .ifPresent(
            number ->
                changes.add(
                    number < 0 ? info -> info.without(member) : info -> info.with(member, number)));
  }

  private static void period(
      Parameters parameters, String name, String member, List<UnaryOperator<TokenInfo>> changes) {
    validity(parameters, name)
        .ifPresent(
            seconds -> {
              if (seconds < 0) {
                changes.add(info -> info.without(member));
              } else {
                String date = Validity.ofEpochSeconds(seconds);
                changes.add(info -> info.with(member, date));
              }
            });
  }

  /** The number, or -1 for {@code unlimited}. */
  private static Optional<Long> validity(Parameters parameters, String name) {
    return parameters
        .text(name.toLowerCase(Locale.ROOT))
        .map(
            text -> {
              if (text.trim().equalsIgnoreCase("unlimited")) {
                return -1L;
              }
              try {
                return Math.max(0, Long.parseLong(text.trim()));
              } catch (NumberFormatException e) {
                throw LinotpException.unclassified(
                    "invalid literal for int() with base 10: '" + text + "'");
              }
            });
  }
}
