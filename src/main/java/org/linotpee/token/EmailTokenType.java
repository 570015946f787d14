package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Hotp;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.policy.PolicyEngine;

/** One-time passwords by e-mail (spec 08 section 9). Each challenge has a value of its own. */
@Service
public class EmailTokenType extends MessageTokenType {
  private static final String ADDRESS = "email_address";
  private static final String COUNTER = "counter_value";
  private static final int BLOCKING_SECONDS = 120;

  @Inject
  public EmailTokenType(TokenSecrets secrets, Delivery delivery, PolicyEngine policies) {
    super(secrets, delivery, policies);
  }

  @Override
  public String name() {
    return "email";
  }

  @Override
  public String storedName() {
    return "email";
  }

  @Override
  public String serialPrefix() {
    return "LSEM";
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String address = address(parameters, ADDRESS);
    String hashlib = HmacTokenType.algorithm(parameters).hashlib();
    int length = otpLength(parameters);
    secrets().replaceSeed(token, seed(parameters));
    token.otpLength(length);
    token.info(token.info().with(ADDRESS, address).with("hashlib", hashlib));
    return new Enrolled(Optional.empty(), Optional.empty());
  }

  @Override
  public Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    requireOwn(parameters, ADDRESS, context, "edit_email", List.of("email"));
    return parameters;
  }

  @Override
  Optional<Reaction.Right> match(TokenRequest request, Split split) {
    Hotp.Generator generator = generator(request.token());
    for (Challenge challenge : request.challenges()) {
      long counter = challenge.data().path(COUNTER).asLong(-1);
      if (counter >= 0 && equal(generator.value(counter), split.otp())) {
        return Optional.of(new Reaction.Right(counter, List.of(challenge), split));
      }
    }
    return Optional.empty();
  }

  static boolean equal(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Duration> blocking(Configuration configuration) {
    return Optional.of(
        Duration.ofSeconds(configuration.number("EmailBlockingTimeout", BLOCKING_SECONDS)));
  }

  @Override
  public String blockedMessage() {
    return "e-mail with otp already submitted";
  }

  /** The counter moves even if sending fails: the value may have arrived all the same. */
  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    Configuration configuration = request.context().configuration();
    long counter = token.counter() + 1;
    token.counter(counter + 1);
    String otp = generator(token).value(counter);
    var data = JsonNodeFactory.instance.objectNode();
    data.put(COUNTER, String.valueOf(counter));
    return new NewChallenge(
        prompt(configuration, "e-mail sent successfully"),
        data,
        state(transactionId),
        Optional.of(circumstances -> sendValue(token, otp, configuration, circumstances)));
  }

  private Sending.Result sendValue(
      Token token, String otp, Configuration configuration, Sending.Circumstances circumstances) {
    String address = recipient(token, ADDRESS, "dynamic_email_address", "email", circumstances);
    var values = new HashMap<String, String>(circumstances.attributes());
    values.keySet().removeAll(List.of("cryptpass", "password"));
    values.put(Message.OTP, otp);
    values.put(Message.SERIAL, token.serial());
    Message message =
        new Message(
            address,
            policy("emailtext", circumstances.policies()).orElse("<otp>"),
            policy("emailsubject", circumstances.policies()),
            values);
    Receipt receipt = send(ProviderType.EMAIL, message, circumstances);
    if (receipt instanceof Receipt.Sent sent) {
      return new Sending.Sent(
          Optional.of(prompt(configuration, sent.detail())),
          Optional.empty(),
          Map.of(),
          delivery().timeout(ProviderType.EMAIL, List.of(sent.provider())),
          remark(sent));
    }
    return new Sending.NotSent(((Receipt.NotSent) receipt).reason());
  }
}
