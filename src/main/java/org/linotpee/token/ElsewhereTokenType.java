package org.linotpee.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.forwarding.Forwarder;

/**
 * What tokens have in common whose values another server checks. The PIN is checked there, too, or
 * here: then nothing leaves this server unless it is right. What the other server asks back becomes
 * a challenge with a transaction of our own.
 */
abstract class ElsewhereTokenType implements TokenType {
  private static final Logger LOG = System.getLogger(ElsewhereTokenType.class.getName());
  private static final String PROMPT = "Remote Otp: ";
  private static final String REPLY = "remote_reply";
  private static final String MESSAGE = "message";
  private static final int OTP_LENGTH = 6;
  private static final int MAX_OTP_LENGTH = 64;

  /**
   * What the other server has said.
   *
   * @param challenge what it asks back: what its answer needs, and a {@code message} for the user
   */
  record Said(boolean accepted, Optional<ObjectNode> challenge) {
    static final Said NO = new Said(false, Optional.empty());
    static final Said YES = new Said(true, Optional.empty());

    static Said asks(ObjectNode challenge, String message) {
      return new Said(false, Optional.of(challenge.put(MESSAGE, message)));
    }
  }

  /**
   * Asks the other server. Runs outside of transactions.
   *
   * @param answered what it had asked back, if the password is the answer to that
   * @throws Forwarder.Unreachable if it does not answer
   */
  abstract Said ask(TokenRequest request, String password, Optional<ObjectNode> answered)
      throws Forwarder.Unreachable;

  /** True if the PIN is checked here. */
  abstract boolean pinHere(Token token);

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public boolean pinElsewhere(Token token) {
    return !pinHere(token);
  }

  // enrollment ------------------------------------------------------------------------------------

  static String required(EnrollmentParameters parameters, String name) {
    return parameters
        .text(name)
        .map(String::trim)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> LinotpException.missing(name));
  }

  /** How many characters at the end of a password are not the PIN. */
  static int otpLength(EnrollmentParameters parameters) {
    int length = parameters.number("otplen").orElse(OTP_LENGTH);
    if (length < 1 || length > MAX_OTP_LENGTH) {
      throw LinotpException.unclassified("otplen must be from 1 to " + MAX_OTP_LENGTH);
    }
    return length;
  }

  /**
   * Reads a switch as requests and imported tokens have it.
   *
   * @throws LinotpException -311 if it is none
   */
  static boolean flag(String name, String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes", "on" -> true;
      case "", "0", "false", "no", "off" -> false;
      default -> throw LinotpException.unclassified("the parameter '" + name + "' must be 0 or 1");
    };
  }

  // checking --------------------------------------------------------------------------------------

  @Override
  public Split split(Token token, String password, boolean pinFirst) {
    return pinHere(token)
        ? TokenType.divided(password, token.otpLength(), pinFirst)
        : new Split("", password);
  }

  /** Without a request nobody can be asked. */
  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong verify(TokenRequest request, Split split) {
    return said(request, split.otp(), Optional.empty()).accepted()
        ? OptionalLong.of(0)
        : OptionalLong.empty();
  }

  private Said said(TokenRequest request, String password, Optional<ObjectNode> answered) {
    return request.outside(
        "asked elsewhere\0" + password + "\0" + answered.map(Object::toString).orElse(""),
        () -> {
          try {
            return ask(request, password, answered);
          } catch (Forwarder.Unreachable e) {
            LOG.log(
                Level.WARNING,
                "the server that checks token {0} does not answer: {1}",
                request.token().serial(),
                e.getMessage());
            return Said.NO;
          }
        });
  }

  // challenges ------------------------------------------------------------------------------------

  /** The PIN, if it is checked here; else whatever the other server answers by asking back. */
  @Override
  public boolean triggers(TokenRequest request) {
    return pinHere(request.token())
        ? request.pinAlone()
        : request.answer() instanceof Answer.Text typed
            && said(request, typed.text(), Optional.empty()).challenge().isPresent();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("serial", request.token().serial());
    Optional<ObjectNode> asked =
        pinHere(request.token())
            ? Optional.empty()
            : said(request, request.text(), Optional.empty()).challenge();
    asked.ifPresent(challenge -> data.set(REPLY, challenge));
    Map<String, Object> detail =
        asked
            .map(challenge -> challenge.path(MESSAGE).asText())
            .filter(message -> !message.isBlank())
            .map(message -> Map.<String, Object>of("remote_message", message))
            .orElse(Map.of());
    return new NewChallenge(PROMPT, data, detail, Optional.empty());
  }

  /** Answers the newest of the transaction's challenges; what was asked there goes along. */
  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    Optional<Challenge> asked = request.challenges().stream().findFirst();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    String text = request.text();
    Optional<ObjectNode> reply =
        asked.get().data().path(REPLY) instanceof ObjectNode object
            ? Optional.of(object)
            : Optional.empty();
    return said(request, text, reply).accepted()
        ? Optional.of(new Reaction.Right(0, List.of(asked.get()), new Split("", text)))
        : Optional.empty();
  }
}
