package org.linotpee.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;

/**
 * Everything special about a kind of token (spec 08): the extension point of the product. Nothing
 * outside an implementation asks which type a token has. CDI finds the implementations.
 */
public interface TokenType {
  /** How a token can be used. */
  enum Mode {
    /** PIN and one-time password in one request. */
    AUTHENTICATE,
    /** A challenge first, then its response. */
    CHALLENGE
  }

  /** A password as it was divided. */
  record Split(String pin, String otp) {
    /** Without its content, which is secret. */
    @Override
    public String toString() {
      return "PIN of " + pin.length() + ", OTP of " + otp.length() + " characters";
    }
  }

  /**
   * What a check may look at besides the token.
   *
   * @param now the moment of the request
   */
  record CheckContext(Configuration configuration, Instant now) {}

  /**
   * What the answer to an enrollment shows.
   *
   * @param seed the key as it was stored, to be shown once; empty if the type does not disclose it
   * @param otpauth the type of the otpauth URL ({@code hotp}, {@code totp}); empty if there is none
   * @param more what else is told, by name: texts, and {@link Scannable} ones as QR codes
   */
  record Enrolled(Optional<String> seed, Optional<String> otpauth, Map<String, Object> more) {
    public Enrolled(Optional<String> seed, Optional<String> otpauth) {
      this(seed, otpauth, Map.of());
    }

    /** Without the seed. */
    @Override
    public String toString() {
      return "Enrolled[otpauth=" + otpauth + "]";
    }
  }

  /**
   * What is known when a user enrolls a token himself (spec 09 section 9.1).
   *
   * @param attributes of the user, as his user store has them
   * @param setting the number that a policy of the scope selfservice sets for him, by its action
   */
  record OwnEnrollment(
      Map<String, String> attributes, Function<String, Optional<Integer>> setting) {}

  /**
   * A text that a device takes over from a QR code.
   *
   * @param order where it stands among others: a text or, as clients know it of devices that are
   *     paired, a number
   */
  record Scannable(Object order, String description, String value) {
    /** Without the text, which may hold a secret. */
    @Override
    public String toString() {
      return description;
    }
  }

  /** The name in requests and policies, in lower case: {@code hmac}. */
  String name();

  /** The spelling that is stored and shown: {@code HMAC}. */
  String storedName();

  /** The prefix of generated serial numbers: {@code OATH}. */
  String serialPrefix();

  Set<Mode> modes();

  /** How one token can be used; differs from {@link #modes()} where another token stands behind. */
  default Set<Mode> modes(Token token) {
    return modes();
  }

  /** True if tokens of the type have no one-time password: their PIN is compared in any case. */
  default boolean pinOnly() {
    return false;
  }

  /** True if the token takes part in logins; types that are paired do so while they are. */
  default boolean usable(Token token) {
    return token.active();
  }

  /**
   * Sets the token up from the parameters of a request: seed, info, length. The caller has handled
   * what all types share.
   *
   * @throws LinotpException if a parameter is missing or cannot be used
   */
  Enrolled enroll(Token token, EnrollmentParameters parameters);

  /**
   * True if the request takes the enrollment of a token that exists a step further: the token is
   * not counted again and gets no other PIN.
   */
  default boolean continues(Map<String, String> parameters) {
    return false;
  }

  /**
   * Completes the parameters of a user who enrolls a token himself: policies give defaults and
   * limit what he may choose.
   *
   * @throws LinotpException -311 if he may not choose what he has chosen
   */
  default Map<String, String> ownEnrollment(Map<String, String> parameters, OwnEnrollment context) {
    return parameters;
  }

  /** True if a user who enrolls a token himself is shown its seed, because a device needs it. */
  default boolean seedIsShownToOwner() {
    return true;
  }

  /**
   * What its owner has to do before a token can be used.
   *
   * @param right the action of the scope selfservice that lets him
   */
  record Activation(String right) {}

  /** The activation that a token of this type waits for; empty if for none. */
  default Optional<Activation> activation(Token token) {
    return Optional.empty();
  }

  /** How a challenge is answered: {@code offline} by typing, {@code online} by the device. */
  default List<String> replyModes() {
    return List.of("offline");
  }

  /** What a page shows of a challenge, from what {@code /validate} tells of it. */
  default Map<String, Object> presented(Map<String, Object> detail) {
    return detail;
  }

  /** What people fill in to enroll a token, besides owner, description and PIN. */
  default EnrollmentForm form() {
    return EnrollmentForm.described(name());
  }

  /** Divides a password into PIN and OTP: the last characters are the OTP, or the first. */
  default Split split(Token token, String password, boolean pinFirst) {
    return divided(password, token.otpLength(), pinFirst);
  }

  /** The usual division, for an OTP of so many characters. */
  static Split divided(String password, int otpLength, boolean pinFirst) {
    int characters = password.codePointCount(0, password.length());
    if (characters <= otpLength) {
      return new Split("", password);
    }
    int border = password.offsetByCodePoints(0, pinFirst ? characters - otpLength : otpLength);
    String front = password.substring(0, border);
    String back = password.substring(border);
    return pinFirst ? new Split(front, back) : new Split(back, front);
  }

  /**
   * The counter at which the OTP is right, empty if it is wrong or was used. May change the token's
   * info (time shift, automatic resync); the caller moves the counter behind the match.
   */
  OptionalLong check(Token token, String otp, CheckContext context);

  /**
   * The same for a request, whose PIN is right or is going to be checked: types that have to ask
   * other systems do so by {@link TokenRequest#outside}.
   */
  default OptionalLong verify(TokenRequest request, Split split) {
    return check(request.token(), split.otp(), request.context());
  }

  /** True if another system checks the PIN, too: here any is right. */
  default boolean pinElsewhere(Token token) {
    return false;
  }

  /**
   * How another server tells whether a token that nobody has is for somebody who logs in.
   *
   * @param place the same for tokens about which the same would be asked
   * @param asks with his login and what he has typed; runs outside of transactions
   */
  record Trial(String place, BiPredicate<String, String> asks) {}

  /** Such a server, for types whose values are checked elsewhere. */
  default Optional<Trial> trial(Token token, Configuration configuration) {
    return Optional.empty();
  }

  /** Moves the token to two consecutive values; false if they are not. */
  default boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    return false;
  }

  /** True if the OTP is one of the token's next ones; it is spent then. */
  default boolean spend(Token token, String otp, int window, CheckContext context) {
    return false;
  }

  /**
   * The policy action that limits how many values may be read ({@code max_count_hotp}); empty if
   * values of this type cannot be read.
   */
  default Optional<String> readingLimit() {
    return Optional.empty();
  }

  /** The next values, without using them up. Only of a type with a {@link #readingLimit}. */
  default UpcomingValues upcoming(Token token, int count, CheckContext context) {
    throw LinotpException.unclassified("values of type " + storedName() + " cannot be read");
  }

  /**
   * Changes the time step.
   *
   * @throws LinotpException -311 if the type cannot have this one
   */
  default void changeTimeStep(Token token, int seconds) {
    token.info(token.info().with("timeStep", seconds));
  }

  /**
   * Pairs a token with the device that has answered to its pairing URL.
   *
   * @throws LinotpException if the answer is not one for the token as it is
   */
  default void pair(Token token, PairingResponse response) {
    throw LinotpException.unclassified("tokens of type " + storedName() + " cannot be paired");
  }

  /** True if the device that a token is paired with can be taken away. */
  default boolean canBeUnpaired(Token token) {
    return false;
  }

  /**
   * Forgets the device that a token is paired with, so that another can be.
   *
   * @throws LinotpException -311 if tokens of this type are not paired with devices
   */
  default void unpair(Token token) {
    throw LinotpException.unclassified("tokens of type " + storedName() + " cannot be unpaired");
  }

  // challenges ------------------------------------------------------------------------------------

  /** True if the request is an answer rather than a PIN with or without one-time password. */
  default boolean responds(TokenRequest request) {
    return request.namesTransaction();
  }

  /** True if the request asks for a challenge: by default, the PIN and a text to confirm. */
  default boolean triggers(TokenRequest request) {
    return (request.has("data") || request.has("challenge")) && request.pinAlone();
  }

  /**
   * Checks an answer: by default the one-time password alone, to an open challenge.
   *
   * @return the match; empty if it is wrong
   */
  default Optional<Reaction.Right> answer(TokenRequest request) {
    if (request.challenges().isEmpty()) {
      return Optional.empty();
    }
    String otp = request.text();
    OptionalLong hit = check(request.token(), otp, request.context());
    return hit.isPresent()
        ? Optional.of(new Reaction.Right(hit.getAsLong(), request.challenges(), new Split("", otp)))
        : Optional.empty();
  }

  /** What the request is for a token that works by challenges alone. */
  default Reaction react(TokenRequest request) {
    if (responds(request)) {
      return answer(request).map(right -> (Reaction) right).orElse(Reaction.WRONG);
    }
    return triggers(request) ? Reaction.TRIGGER : Reaction.WRONG;
  }

  /**
   * Makes a challenge. May change the token, also if sending fails later.
   *
   * @param transactionId that the challenge is going to have
   * @throws LinotpException if there can be none; the reason goes to the audit trail
   */
  default NewChallenge challenge(TokenRequest request, String transactionId) {
    return NewChallenge.shown(prompt(request.context().configuration(), "Otp:"));
  }

  /** The configured prompt of the type, or another text. */
  default String prompt(Configuration configuration, String otherwise) {
    return configuration
        .text(name().toUpperCase(Locale.ROOT) + "_CHALLENGE_PROMPT")
        .filter(text -> !text.isEmpty())
        .orElse(otherwise);
  }

  /**
   * How long after a challenge no other one is sent to the same user; the existing one is told
   * again. Empty if there may be any number.
   */
  default Optional<Duration> blocking(Configuration configuration) {
    return Optional.empty();
  }

  /** What the reply tells, besides the existing challenge, when no further one is sent. */
  default Map<String, Object> blocked(Challenge existing) {
    return Map.of("info", "challenge already submitted", "state", existing.transactionId());
  }

  /** The message of such a reply. */
  default String blockedMessage() {
    return storedName() + " challenge already submitted";
  }

  /** The message of a challenge has been sent; runs under the lock of the token. */
  default void sent(Token token, CheckContext context) {}

  /** True if a right answer is followed by the next challenge at once. */
  default boolean challengesAgain(Token token, org.linotpee.policy.PolicyContext policies) {
    return false;
  }

  /**
   * What is stored of an open challenge whose answer was wrong.
   *
   * @param answer that was wrong
   */
  default Challenge refused(Challenge challenge, Answer answer) {
    return challenge.answered(false);
  }

  /** What is stored of a challenge that was answered rightly. */
  default Challenge confirmed(Challenge challenge, Answer answer) {
    return challenge.answered(true);
  }

  /** True if a right answer also closes older challenges of the token. */
  default boolean closesOlder() {
    return true;
  }

  /** The token has authenticated; runs after its counter was moved. */
  default void succeeded(TokenRequest request) {}

  /** The token was tried in vain. */
  default void failed(TokenRequest request) {}

  /** What a client needs to check this token while the server cannot be reached. */
  default Optional<Map<String, Object>> offline(Token token) {
    return Optional.empty();
  }

  /** How far the enrollment has got, for the owner: {@code status} and perhaps {@code detail}. */
  default Map<String, Object> enrollmentStatus(Token token) {
    return Map.of("status", "completed");
  }
}
