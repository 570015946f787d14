package org.linotpee.delivery.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;
import java.util.function.Predicate;
import org.linotpee.delivery.ProviderSettings;

/**
 * How the answer of a gateway shows success: the first of four settings that is there decides (spec
 * 11 section 6). The HTTP status does not count.
 */
final class Expectation {
  private final Predicate<String> success;

  private Expectation(Predicate<String> success) {
    this.success = success;
  }

  static Expectation of(ProviderSettings settings) {
    Optional<String> text = settings.text("RETURN_SUCCESS_REGEX");
    if (text.isPresent()) {
      return new Expectation(regex("RETURN_SUCCESS_REGEX", text.get()));
    }
    text = settings.text("RETURN_FAIL_REGEX");
    if (text.isPresent()) {
      return new Expectation(regex("RETURN_FAIL_REGEX", text.get()).negate());
    }
    text = settings.text("RETURN_SUCCESS");
    if (text.isPresent()) {
      String beginning = text.get();
      return new Expectation(body -> body.startsWith(beginning));
    }
    text = settings.text("RETURN_FAIL");
    if (text.isPresent()) {
      String beginning = text.get();
      return new Expectation(body -> !body.startsWith(beginning));
    }
    return new Expectation(body -> true);
  }

  /** Matched in linear time where the expression allows it, else under a limit. */
  private static Predicate<String> regex(String key, String expression) {
    try {
      Pattern pattern = Pattern.compile(expression);
      return body -> pattern.matcher(body).find();
    } catch (PatternSyntaxException e) {
      return backtracking(key, expression);
    }
  }

  private static Predicate<String> backtracking(String key, String expression) {
    try {
      var pattern = java.util.regex.Pattern.compile(expression.replace("(?P<", "(?<"));
      return body -> pattern.matcher(new Limited(body, new Budget())).find();
    } catch (java.util.regex.PatternSyntaxException e) {
      throw ProviderSettings.unusable(key, "is no regular expression: " + e.getDescription());
    }
  }

  /** How many characters a match may look at. */
  private static final class Budget {
    private static final int CHARACTERS = 5_000_000;
    private int left = CHARACTERS;

    void spend() {
      if (--left < 0) {
        throw new TooLongException();
      }
    }
  }

  /** The expression takes too long on this answer. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record Limited(CharSequence text, Budget budget) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      budget.spend();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Limited(text.subSequence(start, end), budget);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  boolean met(String body) {
    try {
      return success.test(body);
    } catch (TooLongException e) {
      return false;
    }
  }
}
