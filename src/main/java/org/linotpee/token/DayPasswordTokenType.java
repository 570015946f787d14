package org.linotpee.token;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.DayPassword;

/** Passwords that are valid for a day of the server's calendar (spec 08 section 5). */
@Service
public class DayPasswordTokenType implements TokenType {
  private static final int MAX_LENGTH = 15;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uu-MM-dd", Locale.ROOT);

  private final TokenSecrets secrets;

  @Inject
  public DayPasswordTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "dpw";
  }

  @Override
  public String storedName() {
    return "DPW";
  }

  @Override
  public String serialPrefix() {
    return "DOTP";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    if (parameters.generateKey() && parameters.text("otpkey").isPresent()) {
      throw new LinotpException(344, "'genkey' and 'otpkey' cannot be used together");
    }
    String seed =
        parameters
            .text("otpkey")
            .filter(key -> !key.isEmpty())
            .orElseThrow(() -> LinotpException.missing("otpkey"));
    parameters
        .number("otplen")
        .ifPresent(
            length -> {
              if (length < 4 || length > MAX_LENGTH) {
                throw LinotpException.unclassified("otplen must be 4 to " + MAX_LENGTH);
              }
              token.otpLength(length);
            });
    secrets.replaceSeed(token, seed);
    return new Enrolled(Optional.of(seed), Optional.empty());
  }

  /** Today's value may be used all day. */
  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    String today =
        DayPassword.value(
            secrets.seed(token),
            LocalDate.ofInstant(context.now(), ZoneId.systemDefault()),
            token.otpLength());
    boolean right =
        MessageDigest.isEqual(
            today.getBytes(StandardCharsets.UTF_8), otp.getBytes(StandardCharsets.UTF_8));
    return right ? OptionalLong.of(1) : OptionalLong.empty();
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    return check(token, otp, context).isPresent();
  }

  @Override
  public Optional<String> readingLimit() {
    return Optional.of("max_count_dpw");
  }

  @Override
  public UpcomingValues upcoming(Token token, int count, CheckContext context) {
    String seed = secrets.seed(token);
    LocalDate today = LocalDate.ofInstant(context.now(), ZoneId.systemDefault());
    var values = new ArrayList<UpcomingValues.Value>();
    for (int day = 0; day < count; day++) {
      LocalDate date = today.plusDays(day);
      values.add(
          new UpcomingValues.Value(
              DAY.format(date),
              DayPassword.value(seed, date, token.otpLength()),
              Optional.empty()));
    }
    return new UpcomingValues(values, Optional.empty());
  }
}
