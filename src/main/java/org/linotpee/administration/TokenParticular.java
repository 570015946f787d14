package org.linotpee.administration;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.linotpee.configuration.LinotpException;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Validity;

/** What {@code /admin/set} can change, in the order in which it does (spec 03 section 5.7). */
enum TokenParticular {
  PIN("pin"),
  MAX_FAIL_COUNT("MaxFailCount"),
  SYNC_WINDOW("SyncWindow"),
  DESCRIPTION("description"),
  COUNTER_WINDOW("CounterWindow"),
  OTP_LENGTH("OtpLen"),
  HASHLIB("hashlib"),
  TIME_WINDOW("timeWindow"),
  TIME_STEP("timeStep"),
  TIME_SHIFT("timeShift"),
  COUNT_AUTH("countAuth"),
  COUNT_AUTH_MAX("countAuthMax"),
  COUNT_AUTH_SUCCESS("countAuthSuccess"),
  COUNT_AUTH_SUCCESS_MAX("countAuthSuccessMax"),
  VALIDITY_PERIOD_START("validityPeriodStart"),
  VALIDITY_PERIOD_END("validityPeriodEnd"),
  PHONE("phone");

  /** What a change needs besides the token. */
  record Tools(TokenSecrets secrets, TokenTypes types, boolean reversiblePin) {}

  /** Each value of a window costs an HMAC at a wrong password. */
  private static final int MAX_WINDOW = 100_000;

  private static final int MAX_OTP_LENGTH = 255;

  private final String shownName;

  TokenParticular(String shownName) {
    this.shownName = shownName;
  }

  /** The name in the answer. */
  String shownName() {
    return shownName;
  }

  /** The name in the request, in lower case. */
  String parameter() {
    return shownName.toLowerCase(Locale.ROOT);
  }

  /** True if the parameter does not count as given when no token was found. */
  boolean ignoredWithoutToken() {
    return compareTo(COUNT_AUTH) >= 0;
  }

  /** True for those that needed the right {@code set} in LinOTP 3, too. */
  boolean alwaysNeedsRight() {
    return switch (this) {
      case MAX_FAIL_COUNT, SYNC_WINDOW, COUNTER_WINDOW, OTP_LENGTH -> true;
      default -> false;
    };
  }

  /** For the audit trail, which never shows a PIN. */
  String forAudit(String value) {
    return switch (this) {
      case PIN -> "pin";
      case MAX_FAIL_COUNT -> "maxFailCount=" + value;
      case DESCRIPTION, PHONE, HASHLIB -> shownName + "='" + value + "'";
      default -> shownName + "=" + value;
    };
  }

  /**
   * Makes the change.
   *
   * @throws LinotpException -311 with the name of the parameter if the value is wrong
   */
  void change(List<Token> tokens, String value, Tools tools) {
    try {
      if (tokens.isEmpty() && (this == PIN || this == TIME_STEP)) {
        throw LinotpException.unclassified("no token found");
      }
      BiConsumer<Token, String> setter = setter(tools);
      for (Token token : tokens) {
        setter.accept(token, value);
      }
      if (tokens.isEmpty() && this != DESCRIPTION && this != HASHLIB) {
        number(value);
      }
    } catch (LinotpException e) {
      throw LinotpException.unclassified(
          "[set] setting " + shownName + " failed: " + harmless(e.getMessage()));
    }
  }

  /** The characters that the answers of this endpoint never have. */
  private static String harmless(String text) {
    return text.replace('"', '|')
        .replace('\'', ':')
        .replace('&', '+')
        .replace('<', '[')
        .replace('>', ']');
  }

  private BiConsumer<Token, String> setter(Tools tools) {
    return switch (this) {
      case PIN -> (token, v) -> tools.secrets().changePin(token, v, tools.reversiblePin());
      case MAX_FAIL_COUNT -> (token, v) -> token.maxFail(within(0, Integer.MAX_VALUE, v));
      case SYNC_WINDOW -> (token, v) -> token.syncWindow(within(0, MAX_WINDOW, v));
      case DESCRIPTION -> Token::describe;
      case COUNTER_WINDOW -> (token, v) -> token.counterWindow(within(0, MAX_WINDOW, v));
      case OTP_LENGTH -> (token, v) -> token.otpLength(within(1, MAX_OTP_LENGTH, v));
      case HASHLIB -> (token, v) -> token.info(token.info().with("hashlib", hashlib(v)));
      case TIME_WINDOW -> (token, v) -> token.info(token.info().with("timeWindow", number(v)));
      case TIME_STEP -> (token, v) -> changeTimeStep(token, number(v), tools.types());
      case TIME_SHIFT -> (token, v) -> token.info(token.info().with("timeShift", number(v)));
      case COUNT_AUTH -> count("count_auth");
      case COUNT_AUTH_MAX -> count("count_auth_max");
      case COUNT_AUTH_SUCCESS -> count("count_auth_success");
      case COUNT_AUTH_SUCCESS_MAX -> count("count_auth_success_max");
      case VALIDITY_PERIOD_START -> date("validity_period_start");
      case VALIDITY_PERIOD_END -> date("validity_period_end");
      case PHONE -> (token, v) -> token.info(token.info().with("phone", v));
    };
  }

  private static void changeTimeStep(Token token, int seconds, TokenTypes types) {
    TokenType type =
        types
            .of(token)
            .orElseThrow(() -> LinotpException.unclassified("the type of the token is unknown"));
    type.changeTimeStep(token, seconds);
  }

  private static BiConsumer<Token, String> count(String member) {
    return (token, v) -> token.info(token.info().with(member, number(v)));
  }

  private static BiConsumer<Token, String> date(String member) {
    return (token, v) -> token.info(token.info().with(member, Validity.checked(v)));
  }

  private static String hashlib(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT);
    if (!List.of("sha1", "sha256", "sha512").contains(name)) {
      throw LinotpException.unclassified("hashlib must be sha1, sha256 or sha512");
    }
    return name;
  }

  private static int within(int least, int most, String text) {
    int number = number(text);
    if (number < least || number > most) {
      throw LinotpException.unclassified("the number must be from " + least + " to " + most);
    }
    return number;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("invalid literal for int() with base 10: '" + text + "'");
    }
  }
}
