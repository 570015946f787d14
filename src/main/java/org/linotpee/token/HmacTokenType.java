package org.linotpee.token;

import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Hotp;

/** Event-based one-time passwords: HOTP, RFC 4226 (spec 08 section 2). */
@Service
public class HmacTokenType implements TokenType {
  /** What tokens ask for whose device makes a value without being told anything. */
  static final String PROMPT = "Please enter your otp value: ";

  private static final int DEFAULT_RESYNC_SECONDS = 300;
  private static final int MAX_SEED_DIGITS = 256;

  private final TokenSecrets secrets;

  @Inject
  public HmacTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "hmac";
  }

  @Override
  public String storedName() {
    return "HMAC";
  }

  @Override
  public String serialPrefix() {
    return "OATH";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    Hotp.Algorithm algorithm = algorithm(parameters);
    int bytes =
        parameters.number("keysize").filter(b -> b >= 16 && b <= 128).orElse(algorithm.seedBytes());
    String seed = hexSeed(parameters.key(bytes));
    int length = otpLength(parameters);
    secrets.replaceSeed(token, seed);
    token.otpLength(length);
    token.info(
        token.info().with("hashlib", algorithm.hashlib()).without("otp1c").without("dueDate"));
    return new Enrolled(Optional.of(seed), Optional.of("hotp"));
  }

  @Override
  public Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    var completed = withKey(parameters);
    context
        .setting()
        .apply("hmac_otplen")
        .ifPresent(digits -> completed.putIfAbsent("otplen", String.valueOf(digits)));
    completed.putIfAbsent("otplen", "6");
    completed.computeIfPresent("hashlib", (name, text) -> namedHash(text));
    completed.putIfAbsent("hashlib", hashlib(context.setting().apply("hmac_hashlib")));
    return completed;
  }

  /** Who brings no key gets one. */
  static Map<String, String> withKey(Map<String, String> parameters) {
    var completed = new LinkedHashMap<>(parameters);
    if (!parameters.containsKey("otpkey")) {
      completed.put("genkey", "1");
    }
    return completed;
  }

  /** An algorithm by its name, or by the number that policies use. */
  static String namedHash(String text) {
    return text.matches("[123]") ? hashlib(Optional.of(Integer.valueOf(text))) : text;
  }

  /** The algorithm that a number of a policy stands for. */
  static String hashlib(Optional<Integer> number) {
    return switch (number.orElse(1)) {
      case 2 -> "sha256";
      case 3 -> "sha512";
      default -> "sha1";
    };
  }

  static Hotp.Algorithm algorithm(EnrollmentParameters parameters) {
    String name = parameters.text("hashlib").orElse("sha1").toLowerCase(Locale.ROOT);
    if (!Set.of("", "sha1", "sha256", "sha512").contains(name)) {
      throw LinotpException.unclassified("hashlib must be sha1, sha256 or sha512");
    }
    return Hotp.Algorithm.of(name.isEmpty() ? "sha1" : name);
  }

  /** Only 6 and 8 can be told by an otpauth URL (spec 03 section 2.2). */
  static int otpLength(EnrollmentParameters parameters) {
    int length =
        parameters
            .number("otplen")
            .orElseGet(() -> parameters.configuration().number("DefaultOtpLen", 6));
    if (length != 6 && length != 8) {
      throw LinotpException.unclassified("otplen must be 6 or 8");
    }
    return length;
  }

  /** Blanks and hyphens are for people; what is left must be whole bytes in hexadecimal. */
  static String hexSeed(String given) {
    String seed = given.replace(" ", "").replace("-", "");
    if (!seed.matches("[0-9a-fA-F]+")) {
      throw LinotpException.unclassified(
          "The provided token seed contains non-hexadecimal characters");
    }
    if (seed.length() % 2 != 0 || seed.length() > MAX_SEED_DIGITS) {
      throw LinotpException.unclassified(
          "a seed has two hexadecimal digits for each byte, at most " + MAX_SEED_DIGITS);
    }
    return seed;
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
    long from = token.counter();
    long hit = generator.find(otp, from, from + token.counterWindow());
    if (hit >= 0) {
      return OptionalLong.of(hit);
    }
    return context.configuration().flag("AutoResync", false)
        ? autoResync(token, generator, otp, context)
        : OptionalLong.empty();
  }

  /** Two consecutive values beyond the window, one after the other, bring the token back. */
  private static OptionalLong autoResync(
      Token token, Hotp.Generator generator, String otp, CheckContext context) {
    long hit = generator.find(otp, token.counter(), token.counter() + token.syncWindow());
    if (hit < 0) {
      return OptionalLong.empty();
    }
    TokenInfo info = token.info();
    Instant now = context.now();
    if (info.get("otp1c").isEmpty()) {
      int seconds = context.configuration().number("AutoResyncTimeout", DEFAULT_RESYNC_SECONDS);
      token.info(
          info.with("otp1c", hit).with("dueDate", now.plusSeconds(seconds).getEpochSecond()));
      return OptionalLong.empty();
    }
    boolean follows =
        hit == info.number("otp1c", -1) + 1 && now.getEpochSecond() < info.number("dueDate", 0);
    token.info(info.without("otp1c").without("dueDate"));
    return follows ? OptionalLong.of(hit) : OptionalLong.empty();
  }

  @Override
  public boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    Hotp.Generator generator = generator(token);
    long first = generator.find(otp1, token.counter(), token.counter() + token.syncWindow());
    if (first < 0 || generator.find(otp2, first + 1, first + 2) < 0) {
      return false;
    }
    token.counter(first + 2);
    resetAfterMove(token, context);
    return true;
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    long hit = generator(token).find(otp, token.counter(), token.counter() + window);
    if (hit < 0) {
      return false;
    }
    token.counter(hit + 1);
    resetAfterMove(token, context);
    return true;
  }

  @Override
  public Optional<String> readingLimit() {
    return Optional.of("max_count_hotp");
  }

  @Override
  public UpcomingValues upcoming(Token token, int count, CheckContext context) {
    Hotp.Generator generator = generator(token);
    var values = new ArrayList<UpcomingValues.Value>();
    for (long counter = token.counter(); counter < token.counter() + count; counter++) {
      values.add(
          new UpcomingValues.Value(
              String.valueOf(counter), generator.value(counter), Optional.empty()));
    }
    return new UpcomingValues(values, Optional.empty());
  }

  private static void resetAfterMove(Token token, CheckContext context) {
    boolean wanted =
        context.configuration().text("DefaultResetFailCount").map("True"::equals).orElse(false);
    if (wanted && token.active() && !token.locked()) {
      token.resetFailCount();
    }
  }

  /** The PIN alone asks for a challenge. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    return NewChallenge.shown(prompt(request.context().configuration(), PROMPT));
  }
}
