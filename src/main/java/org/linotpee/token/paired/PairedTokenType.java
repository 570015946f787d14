package org.linotpee.token.paired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.token.Challenge;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.PairingResponse;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenRequest;
import org.linotpee.token.TokenType;

/**
 * What tokens have in common that live in an app: they wait inactive for the app's answer to their
 * pairing URL, then for the answer to a first challenge, and work by challenges alone. How far one
 * has got is the member {@code state} of its info (spec 08 sections 17.2 and 18.2).
 */
abstract class PairedTokenType implements TokenType {
  static final String AUTHENTICATION = "authentication";

  static final String STATE = "state";
  static final String PARTITION = "partition";
  static final String USER_TOKEN_ID = "user_token_id";

  /** The device has answered to the pairing URL. */
  static final String PAIRED = "pairing_response_received";

  /** The first challenge is made. */
  static final String ACTIVATING = "pairing_challenge_sent";

  private static final String ACTIVATION = "activation";
  private static final int UNFITTING = 905;
  private static final int MAX_CHALLENGES = 3;

  private final PartitionKeys keys;
  private final String scheme;

  PairedTokenType(PartitionKeys keys, Settings settings) {
    this.keys = keys;
    this.scheme = settings.text(Setting.MOBILE_APP_PROTOCOL_ID);
  }

  /** The state in which a pairing response is waited for. */
  abstract String waiting();

  /** The state in which the token can be used. */
  abstract String complete();

  /** The code of the type in messages of the protocol. */
  abstract int kind();

  /** The right of users to trigger the first challenge. */
  abstract String activationRight();

  /** The entry that limits the wrong answers to a challenge. */
  abstract String maxChallengesEntry();

  final String scheme() {
    return scheme;
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.CHALLENGE);
  }

  // states ----------------------------------------------------------------------------------------

  static String state(Token token) {
    return token.info().get(STATE).orElse("");
  }

  final boolean isComplete(Token token) {
    return state(token).equals(complete());
  }

  /** Between the device's answer and that to the first challenge the token is not yet active. */
  static boolean activating(Token token) {
    return state(token).equals(PAIRED) || state(token).equals(ACTIVATING);
  }

  static LinotpException unfitting(Token token) {
    return new LinotpException(
        UNFITTING, "unfitting request: the token is in state '" + state(token) + "'");
  }

  @Override
  public boolean usable(Token token) {
    return token.active() || activating(token);
  }

  @Override
  public Optional<Activation> activation(Token token) {
    return isComplete(token) ? Optional.empty() : Optional.of(new Activation(activationRight()));
  }

  @Override
  public Map<String, Object> enrollmentStatus(Token token) {
    return isComplete(token)
        ? Map.of("status", "completed")
        : Map.of("status", "not completed", "detail", state(token));
  }

  // enrollment ------------------------------------------------------------------------------------

  /**
   * Begins an enrollment.
   *
   * @param allowed the parameters that may be there
   * @return the key pair of the token's partition
   * @throws LinotpException -311 for others, and for a token that was enrolled already
   */
  final ServerKeys begin(Token token, EnrollmentParameters parameters, Set<String> allowed) {
    for (String name : parameters.values().keySet()) {
      if (!allowed.contains(name)) {
        throw LinotpException.unclassified(
            "the parameter '" + name + "' is not known for tokens of type " + storedName());
      }
    }
    if (!state(token).isEmpty()) {
      throw LinotpException.unclassified(
          "token '" + token.serial() + "' was initialized already and cannot be again");
    }
    return keys.of(partition(parameters.policy("enrollment", PARTITION)));
  }

  private static int partition(Optional<String> byPolicy) {
    try {
      return byPolicy.map(Integer::parseInt).orElse(0);
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("the policy enrollment/partition is no number");
    }
  }

  /** The token waits from now on, and what it shows. */
  final Enrolled waitFor(Token token, ServerKeys pair, PairingUrl content, String... pictures) {
    String url = content.text(scheme, pair);
    token.active(false);
    token.info(token.info().with(PARTITION, pair.partition()).with(STATE, waiting()));
    var more = new LinkedHashMap<String, Object>();
    more.put("pairing_url", url);
    for (int i = 0; i < pictures.length; i += 2) {
      more.put(pictures[i], new Scannable(i / 2, pictures[i + 1], url));
    }
    return new Enrolled(Optional.empty(), Optional.empty(), more);
  }

  // pairing ---------------------------------------------------------------------------------------

  /**
   * Requires that a response is one for this token.
   *
   * @throws LinotpException -311 if it is for another type, or was encrypted for another partition
   */
  final void requireFitting(Token token, PairingResponse response) {
    if (response.kind() != kind()) {
      throw LinotpException.unclassified("the pairing response is for another type of token");
    }
    if (response.partition() != token.info().number(PARTITION, 0)) {
      throw LinotpException.unclassified("the pairing response is for another partition");
    }
  }

  static byte[] bytes(TokenInfo info, String member) {
    try {
      return Base64.getDecoder().decode(info.get(member).orElse(""));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** The key pair that the token was enrolled with. */
  final ServerKeys serverKeys(Token token) {
    return keys.of((int) token.info().number(PARTITION, 0));
  }

  // challenges ------------------------------------------------------------------------------------

  @Override
  public Split split(Token token, String password, boolean pinFirst) {
    return new Split(password, "");
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    return OptionalLong.empty();
  }

  /** What the device shows: the text to confirm. */
  static Optional<String> text(TokenRequest request) {
    return request.option("data").or(() -> request.option("challenge"));
  }

  /**
   * The kind of content that the request wants.
   *
   * @throws LinotpException -311 if it is none of 0, 1 and 2
   */
  static int contentType(TokenRequest request) {
    return switch (request.option("content_type").orElse("0").trim()) {
      case "0" -> DeviceContent.TEXT;
      case "1" -> DeviceContent.PAIRING;
      case "2" -> DeviceContent.LOGIN;
      default -> throw LinotpException.unclassified("unknown content type");
    };
  }

  /** The first challenge is made now. */
  static void activate(Token token) {
    token.info(token.info().with(STATE, ACTIVATING));
  }

  /** Notes whether a challenge is a first one. */
  static void mark(ObjectNode data, boolean activation) {
    data.put(ACTIVATION, activation);
  }

  /** The text of an action of the scope authentication; empty if it is none. */
  static Optional<String> policy(TokenRequest request, String action) {
    return request.policyText(action).map(String::trim).filter(text -> !text.isEmpty());
  }

  /**
   * True if an answer to the challenge counts: while a token is activated, to its first challenges
   * alone, and only as long as there were not too many wrong ones.
   */
  final boolean answerable(TokenRequest request, Challenge challenge) {
    Token token = request.token();
    boolean fits =
        isComplete(token)
            || (state(token).equals(ACTIVATING)
                && challenge.data().path(ACTIVATION).asBoolean(false));
    return fits && challenge.receivedCount() <= maxChallenges(request.context().configuration());
  }

  private int maxChallenges(Configuration configuration) {
    return configuration.number(maxChallengesEntry(), MAX_CHALLENGES);
  }

  /** Each of several open transactions is confirmed for itself. */
  @Override
  public boolean closesOlder() {
    return false;
  }

  /** The token can be used from now on. */
  final void activated(Token token) {
    if (state(token).equals(ACTIVATING)) {
      token.info(token.info().with(STATE, complete()));
      token.active(true);
    }
  }
}
