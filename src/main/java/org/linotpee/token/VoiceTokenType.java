package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Hotp;
import org.linotpee.crypto.Randoms;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.policy.PolicyEngine;

/** One-time passwords that a service speaks on the telephone (spec 08 section 10). */
@Service
public class VoiceTokenType extends MessageTokenType {
  private static final String PHONE = "phone";
  private static final String COUNTER = "counter";
  private static final int BLOCKING_SECONDS = 60;
  private static final int KEYS_GIVEN = 344;
  private static final String ALREADY = "voice call with otp already submitted";

  @Inject
  public VoiceTokenType(TokenSecrets secrets, Delivery delivery, PolicyEngine policies) {
    super(secrets, delivery, policies);
  }

  @Override
  public String name() {
    return "voice";
  }

  @Override
  public String storedName() {
    return "voice";
  }

  @Override
  public String serialPrefix() {
    return "KIVO";
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String phone = address(parameters, PHONE);
    if (parameters.text("otpkey").isPresent()) {
      throw new LinotpException(KEYS_GIVEN, "'genkey' and 'otpkey' cannot be used together");
    }
    int length = otpLength(parameters);
    Hotp.Algorithm algorithm = Hotp.Algorithm.SHA256;
    secrets().replaceSeed(token, Randoms.hex(algorithm.seedBytes()));
    token.otpLength(length);
    token.info(token.info().with(PHONE, phone).with("hashlib", algorithm.hashlib()));
    return new Enrolled(Optional.empty(), Optional.empty());
  }

  @Override
  Optional<Reaction.Right> match(TokenRequest request, Split split) {
    Hotp.Generator generator = generator(request.token());
    for (Challenge challenge : request.challenges()) {
      String counter = challenge.data().path(COUNTER).asText();
      if (!counter.isEmpty()
          && EmailTokenType.equal(generator.value(Long.parseUnsignedLong(counter)), split.otp())) {
        return Optional.of(new Reaction.Right(1, List.of(challenge), split));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Duration> blocking(Configuration configuration) {
    return Optional.of(
        Duration.ofSeconds(configuration.number("VoiceBlockingTimeout", BLOCKING_SECONDS)));
  }

  @Override
  public String blockedMessage() {
    return ALREADY;
  }

  /** The counter is random, so that values of different calls tell nothing of each other. */
  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    long counter = ByteBuffer.wrap(Randoms.bytes(Long.BYTES)).getLong();
    String otp = generator(token).value(counter);
    var data = JsonNodeFactory.instance.objectNode();
    data.put(COUNTER, Long.toUnsignedString(counter));
    return new NewChallenge(
        "voice call triggered",
        data,
        state(transactionId),
        Optional.of(circumstances -> call(token, otp, circumstances)));
  }

  private Sending.Result call(Token token, String otp, Sending.Circumstances circumstances) {
    String number = recipient(token, PHONE, "voice_dynamic_mobile_number", "mobile", circumstances);
    Message message =
        new Message(
            number,
            policy("voice_message", circumstances.policies()).orElse("{otp}"),
            Optional.empty(),
            Map.of(
                Message.OTP,
                otp,
                Message.LOCALE,
                policy("voice_language", circumstances.policies()).orElse("en")));
    Receipt receipt = send(ProviderType.VOICE, message, circumstances);
    if (receipt instanceof Receipt.Sent sent) {
      return new Sending.Sent(
          Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), remark(sent));
    }
    return new Sending.NotSent(((Receipt.NotSent) receipt).reason());
  }
}
