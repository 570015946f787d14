package org.linotpee.token;

import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Hotp;

/** Time-based one-time passwords: TOTP, RFC 6238 (spec 08 section 3). */
@Service
public class TotpTokenType implements TokenType {
  private static final int MAX_STEPS_BETWEEN = 3;

  private final TokenSecrets secrets;

  @Inject
  public TotpTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "totp";
  }

  @Override
  public String storedName() {
    return "TOTP";
  }

  @Override
  public String serialPrefix() {
    return "TOTP";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    Hotp.Algorithm algorithm = HmacTokenType.algorithm(parameters);
    Map<String, String> values = new LinkedHashMap<>(parameters.values());
    if (parameters.generateKey()) {
      values.remove("otpkey");
    }
    String seed = HmacTokenType.hexSeed(parameters.with(values).key(algorithm.seedBytes()));
    int length = HmacTokenType.otpLength(parameters);
    var configuration = parameters.configuration();
    String step =
        parameters
            .text("timeStep")
            .orElseGet(() -> configuration.text("totp.timeStep").orElse("30"));
    requireStep(step);
    secrets.replaceSeed(token, seed);
    token.otpLength(length);
    token.info(
        token
            .info()
            .with("hashlib", algorithm.hashlib())
            .with("timeWindow", stored(parameters, "timeWindow", "180"))
            .with("timeShift", stored(parameters, "timeShift", "0"))
            .with("timeStep", step.trim())
            .without("otp1c"));
    return new Enrolled(Optional.of(seed), Optional.of("totp"));
  }

  /**
   * The parameters have names of their own; the plain ones count where those, and the policies, are
   * silent.
   */
  @Override
  public Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    var completed = HmacTokenType.withKey(parameters);
    Optional<Integer> digits = context.setting().apply("totp_otplen");
    Optional<Integer> hash = context.setting().apply("totp_hashlib");
    Optional.ofNullable(parameters.get("totp_otplen"))
        .or(() -> digits.map(String::valueOf))
        .ifPresent(text -> completed.put("otplen", text));
    completed.putIfAbsent("otplen", "6");
    Optional.ofNullable(parameters.get("totp_hashlib"))
        .map(HmacTokenType::namedHash)
        .or(() -> hash.map(number -> HmacTokenType.hashlib(Optional.of(number))))
        .ifPresent(name -> completed.put("hashlib", name));
    completed.computeIfPresent("hashlib", (name, text) -> HmacTokenType.namedHash(text));
    completed.putIfAbsent("hashlib", "sha1");
    completed.putIfAbsent(
        "timeStep", context.setting().apply("totp_timestep").map(String::valueOf).orElse("30"));
    return completed;
  }

  private static String stored(EnrollmentParameters parameters, String name, String fallback) {
    parameters.number(name);
    return parameters
        .text(name)
        .orElseGet(() -> parameters.configuration().text("totp." + name).orElse(fallback));
  }

  private static void requireStep(String step) {
    if (!step.trim().equals("30") && !step.trim().equals("60")) {
      throw LinotpException.unclassified("timeStep must be 30 or 60");
    }
  }

  /** The time step in seconds. */
  public static long step(Token token) {
    long step = token.info().number("timeStep", 30);
    return step > 0 ? step : 30;
  }

  private static long shift(Token token) {
    return token.info().number("timeShift", 0);
  }

  private static long currentStep(Token token, CheckContext context) {
    return Math.floorDiv(context.now().getEpochSecond() + shift(token), step(token));
  }

  private Hotp.Generator generator(Token token) {
    return new Hotp.Generator(
        secrets.key(token),
        token.otpLength(),
        Hotp.Algorithm.of(token.info().get("hashlib").orElse("sha1")));
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    Hotp.Generator generator = generator(token);
    long now = currentStep(token, context);
    long hit = find(generator, otp, now - token.counterWindow(), now + token.counterWindow());
    if (hit >= 0 && hit < token.counter()) {
      return OptionalLong.empty();
    }
    if (hit < 0) {
      return context.configuration().flag("AutoResync", false)
          ? autoResync(token, generator, otp, context)
          : OptionalLong.empty();
    }
    adopt(token, hit, context);
    return OptionalLong.of(hit);
  }

  private static long find(Hotp.Generator generator, String otp, long from, long to) {
    return generator.find(otp, Math.max(0, from), Math.max(0, to));
  }

  /** The device's clock is as far off as the accepted step is from the current one. */
  private static void adopt(Token token, long hit, CheckContext context) {
    long step = step(token);
    long current = Math.floorDiv(context.now().getEpochSecond(), step);
    token.info(token.info().with("timeShift", (double) ((hit - current) * step)));
  }

  private static OptionalLong autoResync(
      Token token, Hotp.Generator generator, String otp, CheckContext context) {
    long now = currentStep(token, context);
    long hit = find(generator, otp, now - token.syncWindow(), now + token.syncWindow());
    if (hit < 0 || hit < token.counter()) {
      return OptionalLong.empty();
    }
    TokenInfo info = token.info();
    long first = info.number("otp1c", -1);
    if (first < 0) {
      token.info(info.with("otp1c", hit));
      return OptionalLong.empty();
    }
    if (hit <= first) {
      return OptionalLong.empty();
    }
    if (hit - first > MAX_STEPS_BETWEEN) {
      token.info(info.with("otp1c", hit));
      return OptionalLong.empty();
    }
    token.info(info.without("otp1c"));
    adopt(token, hit, context);
    return OptionalLong.of(hit);
  }

  @Override
  public boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    Hotp.Generator generator = generator(token);
    long now = currentStep(token, context);
    long window = token.syncWindow();
    long second = find(generator, otp2, now - window, now + window);
    long first = find(generator, otp1, now - 1 - window, now - 1 + window);
    if (first < 0 || second < 0 || first < token.counter() || first + 1 != second) {
      return false;
    }
    double shift = (second + 0.5) * step(token) - context.now().getEpochSecond();
    token.info(token.info().with("timeShift", shift));
    token.counter(second + 1);
    return true;
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    long now = currentStep(token, context);
    long hit = find(generator(token), otp, now - window, now + window);
    if (hit < 0 || hit < token.counter()) {
      return false;
    }
    adopt(token, hit, context);
    token.counter(hit + 1);
    return true;
  }

  @Override
  public Optional<String> readingLimit() {
    return Optional.of("max_count_totp");
  }

  /** The first is the value that the device shows now. */
  @Override
  public UpcomingValues upcoming(Token token, int count, CheckContext context) {
    Hotp.Generator generator = generator(token);
    long now = currentStep(token, context);
    var values = new ArrayList<UpcomingValues.Value>();
    for (long counter = now; counter < now + count; counter++) {
      values.add(
          new UpcomingValues.Value(
              String.valueOf(counter),
              generator.value(counter),
              Optional.of(Instant.ofEpochSecond(counter * step(token)))));
    }
    return new UpcomingValues(
        values, Optional.of(new UpcomingValues.DeviceClock(shift(token), step(token))));
  }

  @Override
  public void changeTimeStep(Token token, int seconds) {
    requireStep(String.valueOf(seconds));
    token.counter(token.counter() * step(token) / seconds);
    token.info(token.info().with("timeStep", seconds));
  }

  /**
   * The step in the past at which a value was right; values that are still to come are not told.
   *
   * @param seconds how far to look back
   */
  public OptionalLong past(Token token, String otp, long seconds, CheckContext context) {
    long now = currentStep(token, context);
    long hit = find(generator(token), otp, now - seconds / step(token), now);
    return hit < 0 ? OptionalLong.empty() : OptionalLong.of(hit);
  }

  /** The PIN alone asks for a challenge. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    return NewChallenge.shown(prompt(request.context().configuration(), HmacTokenType.PROMPT));
  }
}
