package org.linotpee.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Set;

/**
 * A condition on a login: the login itself, or a pattern for the whole of it in which a {@code *}
 * alone is any text (spec 07 section 5.2.1). What has no special character but {@code .} and {@code
 * *} is compared without a regular expression, for there may be a thousand of them.
 */
final class LoginPattern {
  private static final Set<Character> PLAIN = Set.of('_', '-', ' ');
  private static final int ANY_ONE = -1;
  private static final int ANY_TEXT = -2;

  private final String text;

  /** Code points, {@link #ANY_ONE}, {@link #ANY_TEXT}; null if it takes a regular expression. */
  private final int[] simple;

  private final Pattern expression;

  /**
   * @throws PatternSyntaxException if the text is no pattern
   */
  LoginPattern(String text) {
    this.text = text;
    String rewritten = text.replace("*", ".*").replace("..*", ".*");
    boolean plain =
        text.chars()
            .allMatch(
                c ->
                    Character.isLetterOrDigit(c)
                        || PLAIN.contains((char) c)
                        || c == '.'
                        || c == '*');
    this.simple = plain ? compiled(rewritten) : null;
    this.expression = plain ? null : Pattern.compile(rewritten);
  }

  private static int[] compiled(String rewritten) {
    int[] points = rewritten.codePoints().toArray();
    int[] compiled = new int[points.length];
    int length = 0;
    for (int i = 0; i < points.length; i++) {
      if (points[i] == '.' && i + 1 < points.length && points[i + 1] == '*') {
        compiled[length++] = ANY_TEXT;
        i++;
      } else {
        compiled[length++] = points[i] == '.' ? ANY_ONE : points[i];
      }
    }
    return java.util.Arrays.copyOf(compiled, length);
  }

  /** True if only this very login can match, whatever case. */
  boolean literal() {
    return simple != null && text.indexOf('.') < 0 && text.indexOf('*') < 0;
  }

  boolean matches(String login) {
    if (login.equals(text)) {
      return true;
    }
    if (literal()) {
      return false;
    }
    return simple == null ? expression.matches(login) : matchesSimply(login.codePoints().toArray());
  }

  /** Back to the last {@link #ANY_TEXT} when it does not go on: never more than length times. */
  private boolean matchesSimply(int[] login) {
    int at = 0;
    int p = 0;
    int star = -1;
    int resume = 0;
    while (at < login.length) {
      if (p < simple.length && simple[p] == ANY_TEXT) {
        star = p++;
        resume = at;
      } else if (p < simple.length
          && (simple[p] == login[at] || (simple[p] == ANY_ONE && login[at] != '\n'))) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (p < simple.length && simple[p] == ANY_TEXT) {
      p++;
    }
    return p == simple.length;
  }
}
