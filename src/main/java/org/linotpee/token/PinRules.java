package org.linotpee.token;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;

/**
 * What a PIN that a user chooses must be like (spec 07 section 11.3).
 *
 * @param minimum least number of characters, if there is one
 * @param maximum greatest number of characters, if there is one
 * @param contents the letters {@code c}, {@code n}, {@code s}, {@code o} for the classes that the
 *     PIN must contain; behind a {@code +} the only ones that it may contain, behind a {@code -}
 *     exactly those; {@code ""} for anything
 */
public record PinRules(
    Optional<Integer> minimum, Optional<Integer> maximum, String contents, Classes classes) {
  /** A PIN may be anything. */
  public static final PinRules NONE =
      new PinRules(Optional.empty(), Optional.empty(), "", Classes.STANDARD);

  /** A class of characters. */
  private enum Kind {
    LETTER,
    DIGIT,
    SPECIAL,
    OTHER
  }

  /** Which characters are letters, digits and special; all others are others. */
  public static final class Classes {
    /** Note what is not special: the hyphen, quotes, the backtick, braces and blanks. */
    static final Classes STANDARD =
        new Classes("[a-zA-Z]", "[0-9]", "[!#$%&()*+,./:;<=>?@\\[\\\\\\]^_~§]");

    private final Pattern letters;
    private final Pattern digits;
    private final Pattern special;

    private Classes(String letters, String digits, String special) {
      this.letters = Pattern.compile(letters);
      this.digits = Pattern.compile(digits);
      this.special = Pattern.compile(special);
    }

    /**
     * As the entries {@code linotpPolicy.pin_c}, {@code pin_n} and {@code pin_s} say.
     *
     * @throws LinotpException -311 if one of them is no pattern
     */
    static Classes of(Configuration configuration) {
      try {
        return new Classes(
            pattern(configuration, "pin_c").orElse(STANDARD.letters.pattern()),
            pattern(configuration, "pin_n").orElse(STANDARD.digits.pattern()),
            pattern(configuration, "pin_s").orElse(STANDARD.special.pattern()));
      } catch (PatternSyntaxException e) {
        throw LinotpException.unclassified(
            "a configuration entry linotpPolicy.pin_* is no pattern: " + e.getDescription());
      }
    }

    private static Optional<String> pattern(Configuration configuration, String name) {
      return configuration.text("linotpPolicy." + name).filter(text -> !text.isEmpty());
    }

    private Kind kind(String character) {
      if (letters.matcher(character).lookingAt()) {
        return Kind.LETTER;
      }
      if (digits.matcher(character).lookingAt()) {
        return Kind.DIGIT;
      }
      return special.matcher(character).lookingAt() ? Kind.SPECIAL : Kind.OTHER;
    }
  }

  /**
   * Requires that a PIN keeps the rules.
   *
   * @throws LinotpException -311 that says which rule it breaks
   */
  public void require(String pin) {
    problem(pin)
        .ifPresent(
            problem -> {
              throw LinotpException.unclassified("Error: " + problem);
            });
  }

  /** The rule that a PIN breaks, as a sentence; empty if it breaks none. */
  public Optional<String> problem(String pin) {
    int length = pin.codePointCount(0, pin.length());
    if (minimum.isPresent() && length < minimum.get()) {
      return Optional.of(
          "The PIN is too short: it needs at least " + minimum.get() + " characters");
    }
    if (maximum.isPresent() && length > maximum.get()) {
      return Optional.of("The PIN is too long: it has at most " + maximum.get() + " characters");
    }
    return contents.isEmpty() || hasContents(pin)
        ? Optional.empty()
        : Optional.of("The PIN does not contain what it must: otp_pin_contents is " + contents);
  }

  private boolean hasContents(String pin) {
    Set<Kind> wanted = EnumSet.noneOf(Kind.class);
    for (int i = 0; i < contents.length(); i++) {
      switch (contents.charAt(i)) {
        case 'c' -> wanted.add(Kind.LETTER);
        case 'n' -> wanted.add(Kind.DIGIT);
        case 's' -> wanted.add(Kind.SPECIAL);
        case 'o' -> wanted.add(Kind.OTHER);
        default -> {}
      }
    }
    Set<Kind> present = EnumSet.noneOf(Kind.class);
    pin.codePoints().mapToObj(Character::toString).map(classes::kind).forEach(present::add);
    return switch (contents.charAt(0)) {
      case '+' -> !present.isEmpty() && wanted.containsAll(present);
      case '-' -> wanted.equals(present);
      default -> present.containsAll(wanted);
    };
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "PinRules[%s-%s, %s]", minimum.orElse(null), maximum.orElse(null), contents);
  }
}
