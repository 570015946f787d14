package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;

/** One-time passwords by SMS (spec 08 section 8). */
@Service
public class SmsTokenType extends MessageTokenType {
  private static final String PHONE = "phone";
  private static final String UNTIL = "until";
  private static final int BLOCKING_SECONDS = 60;
  private static final int VALID_SECONDS = 300;
  private static final Pattern VARIABLE = Pattern.compile("<(otp|serial|transactionid)>");

  private final HmacTokenType hotp;

  @Inject
  public SmsTokenType(TokenSecrets secrets, Delivery delivery, PolicyEngine policies) {
    super(secrets, delivery, policies);
    this.hotp = new HmacTokenType(secrets);
  }

  @Override
  public String name() {
    return "sms";
  }

  @Override
  public String storedName() {
    return "sms";
  }

  @Override
  public String serialPrefix() {
    return "LSSM";
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String phone = address(parameters, PHONE);
    String hashlib = HmacTokenType.algorithm(parameters).hashlib();
    int length = otpLength(parameters);
    secrets().replaceSeed(token, seed(parameters));
    token.otpLength(length);
    token.info(
        token
            .info()
            .with(PHONE, phone)
            .with("hashlib", hashlib)
            .without(UNTIL)
            .without("otp1c")
            .without("dueDate"));
    return new Enrolled(Optional.empty(), Optional.empty());
  }

  /** The number of a user is his mobile one or, without it, the other. */
  @Override
  public Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    requireOwn(parameters, PHONE, context, "edit_sms", List.of("mobile", "phone"));
    return parameters;
  }

  // answers ---------------------------------------------------------------------------------------

  /** A policy lets requests that name the token alone send without PIN. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone()
        || (request.bySerialAlone()
            && request.has("challenge")
            && request.policyFlag("trigger_sms"));
  }

  @Override
  Optional<Reaction.Right> match(TokenRequest request, Split split) {
    OptionalLong hit = check(request.token(), split.otp(), request.context());
    return hit.isPresent()
        ? Optional.of(new Reaction.Right(hit.getAsLong(), request.challenges(), split))
        : Optional.empty();
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    boolean over =
        token.info().get(UNTIL).isPresent()
            && context.now().getEpochSecond() > token.info().number(UNTIL, 0);
    return over ? OptionalLong.empty() : hotp.check(token, otp, context);
  }

  @Override
  public boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    return hotp.resync(token, otp1, otp2, context);
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    return hotp.spend(token, otp, window, context);
  }

  // sending ---------------------------------------------------------------------------------------

  @Override
  public Optional<Duration> blocking(Configuration configuration) {
    return Optional.of(
        Duration.ofSeconds(configuration.number("SMSBlockingTimeout", BLOCKING_SECONDS)));
  }

  /** The counter moves even if sending fails: the value may have arrived all the same. */
  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    Configuration configuration = request.context().configuration();
    token.counter(token.counter() + 1);
    String otp = generator(token).value(token.counter());
    var data = JsonNodeFactory.instance.objectNode();
    data.put("valid_until", until(request.context()));
    return new NewChallenge(
        prompt(configuration, "sms submitted"),
        data,
        state(transactionId),
        Optional.of(circumstances -> sendValue(token, otp, circumstances)));
  }

  private Sending.Result sendValue(Token token, String otp, Sending.Circumstances circumstances) {
    String number = recipient(token, PHONE, "sms_dynamic_mobile_number", "mobile", circumstances);
    var values =
        Map.of(
            "otp", otp, "serial", token.serial(), "transactionid", circumstances.transactionId());
    Message message = Message.sms(number, filled(text(circumstances), values));
    Receipt receipt = send(ProviderType.SMS, message, circumstances);
    if (receipt instanceof Receipt.Sent sent) {
      return new Sending.Sent(
          Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), remark(sent));
    }
    return new Sending.NotSent(((Receipt.NotSent) receipt).reason());
  }

  /** The text with the place of the value in it. */
  private String text(Sending.Circumstances circumstances) {
    PolicyContext context = circumstances.policies();
    Optional<String> byPolicy = policy("smstext", context);
    Optional<String> byRequest =
        flag("enforce_smstext", context)
            ? Optional.empty()
            : circumstances.option("data").or(() -> circumstances.option("message"));
    String text =
        byRequest.or(() -> byPolicy).or(() -> circumstances.option("challenge")).orElse("<otp>");
    return text.contains("<otp>") ? text : "<otp> " + text;
  }

  /** In one pass: what a value brings along is not replaced again. */
  private static String filled(String text, Map<String, String> values) {
    return VARIABLE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(values.get(m.group(1))));
  }

  private static long until(CheckContext context) {
    return context
        .now()
        .plusSeconds(context.configuration().number("SMSProviderTimeout", VALID_SECONDS))
        .getEpochSecond();
  }

  @Override
  public void sent(Token token, CheckContext context) {
    token.info(token.info().with(UNTIL, until(context)));
  }

  @Override
  public boolean challengesAgain(Token token, PolicyContext policies) {
    return flag("autosms", policies);
  }
}
