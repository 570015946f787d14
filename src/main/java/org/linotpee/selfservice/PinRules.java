package org.linotpee.selfservice;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.User;

/** Which OTP PINs users may choose (spec 07 section 11.3). */
@Service
public class PinRules {
  private enum Kind {
    LETTER,
    DIGIT,
    SPECIAL,
    OTHER
  }

  private final SelfserviceRights rights;
  private final Snapshots snapshots;

  @Inject
  public PinRules(SelfserviceRights rights, Snapshots snapshots) {
    this.rights = rights;
    this.snapshots = snapshots;
  }

  /** Why the user may not choose this PIN; empty if he may. */
  Optional<LinotpException> objection(User user, String client, String pin) {
    return objection(
            pin,
            rights.number(user, client, "otp_pin_minlength"),
            rights.number(user, client, "otp_pin_maxlength"),
            rights.text(user, client, "otp_pin_contents").orElse(""),
            snapshots.current().configuration())
        .map(reason -> LinotpException.unclassified("Error: " + reason));
  }

  static Optional<String> objection(
      String pin,
      Optional<Integer> least,
      Optional<Integer> most,
      String contents,
      Configuration configuration) {
    int length = pin.codePointCount(0, pin.length());
    if (least.isPresent() && length < least.get()) {
      return Optional.of(
          "The provided PIN is too short. It should be at least "
              + least.get()
              + " characters long.");
    }
    if (most.isPresent() && length > most.get()) {
      return Optional.of(
          "The provided PIN is too long. It should be at most " + most.get() + " characters long.");
    }
    return contents.isEmpty() || holds(contents, kinds(pin, configuration))
        ? Optional.empty()
        : Optional.of(
            "The provided PIN does not contain the required characters: " + told(contents) + ".");
  }

  private static boolean holds(String contents, Set<Kind> present) {
    Set<Kind> named = named(contents);
    return switch (contents.charAt(0)) {
      case '+' -> !present.isEmpty() && named.containsAll(present);
      case '-' -> present.equals(named);
      default -> present.containsAll(named);
    };
  }

  private static Set<Kind> named(String contents) {
    var named = EnumSet.noneOf(Kind.class);
    for (int i = 0; i < contents.length(); i++) {
      switch (contents.charAt(i)) {
        case 'c' -> named.add(Kind.LETTER);
        case 'n' -> named.add(Kind.DIGIT);
        case 's' -> named.add(Kind.SPECIAL);
        case 'o' -> named.add(Kind.OTHER);
        default -> {}
      }
    }
    return named;
  }

  private static String told(String contents) {
    var words =
        named(contents).stream()
            .map(
                kind ->
                    switch (kind) {
                      case LETTER -> "letters";
                      case DIGIT -> "digits";
                      case SPECIAL -> "special characters";
                      case OTHER -> "other characters";
                    })
            .toList();
    return switch (contents.charAt(0)) {
      case '+' -> "only " + String.join(" or ", words);
      case '-' -> String.join(" and ", words) + ", nothing else";
      default -> String.join(" and ", words);
    };
  }

  private static Set<Kind> kinds(String pin, Configuration configuration) {
    Pattern letter = pattern(configuration, "c", "[a-zA-Z]");
    Pattern digit = pattern(configuration, "n", "[0-9]");
    Pattern special = pattern(configuration, "s", "[!#$%&()*+,./:;<=>?@\\[\\\\\\]^_~§]");
    var kinds = EnumSet.noneOf(Kind.class);
    pin.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            c ->
                kinds.add(
                    letter.matcher(c).find()
                        ? Kind.LETTER
                        : digit.matcher(c).find()
                            ? Kind.DIGIT
                            : special.matcher(c).find() ? Kind.SPECIAL : Kind.OTHER));
    return kinds;
  }

  /** An expression of the configuration; one that cannot be read does not count. */
  private static Pattern pattern(Configuration configuration, String kind, String standard) {
    String wanted = configuration.text("linotpPolicy.pin_" + kind).orElse(standard);
    try {
      return Pattern.compile(wanted);
    } catch (PatternSyntaxException e) {
      return Pattern.compile(standard);
    }
  }
}
