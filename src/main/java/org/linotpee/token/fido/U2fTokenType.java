package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Randoms;
import org.linotpee.token.Challenge;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.NewChallenge;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;
import org.linotpee.token.TokenRequest;
import org.linotpee.token.TokenSecrets;

/** Devices of FIDO U2F (spec 08 section 20): the PIN brings a challenge that the device signs. */
@Service
public class U2fTokenType extends DeviceTokenType {
  private static final String VERSION = "U2F_V2";
  private static final String ENROLLMENT = "enrollment";
  private static final String FACETS = "u2f_valid_facets";
  private static final String FIRST = "registration1";
  private static final String SECOND = "registration2";
  private static final String APP_ID = "appId";
  private static final String KEY_HANDLE = "keyHandle";
  private static final String PUBLIC_KEY = "publicKey";

  /** A counter of 32 bits that is as near to its end may begin again. */
  private static final long NEAR = 1000;

  private static final long COUNTERS = 1L << 32;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject
  public U2fTokenType(TokenSecrets secrets) {
    super("u2f", "enrollU2F", secrets);
  }

  @Override
  public String serialPrefix() {
    return "U2F";
  }

  // enrollment ------------------------------------------------------------------------------------

  @Override
  public boolean continues(Map<String, String> parameters) {
    return SECOND.equals(parameters.get(PHASE));
  }

  /**
   * {@code phase=registration1} tells the browser what to ask the device for, {@code registration2}
   * takes its response.
   *
   * @throws LinotpException 905 without phase or response, -311 if no policy names the application,
   *     the token is not being registered or the response is refused
   */
  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    return switch (parameters.text(PHASE).orElseThrow(() -> LinotpException.missing(PHASE))) {
      case FIRST -> begin(token, parameters);
      case SECOND -> finish(token, parameters);
      default -> throw LinotpException.unclassified("'phase' must be " + FIRST + " or " + SECOND);
    };
  }

  private Enrolled begin(Token token, EnrollmentParameters parameters) {
    String appId =
        parameters
            .text("appid")
            .map(String::trim)
            .filter(text -> !text.isEmpty())
            .or(() -> parameters.policy(ENROLLMENT, "u2f_app_id"))
            .orElseThrow(
                () -> LinotpException.unclassified("no policy sets the application (u2f_app_id)"));
    String challenge = U2fKey.padded(Randoms.bytes(CHALLENGE_BYTES));
    token.info(
        begun(token)
            .with(CHALLENGE, challenge)
            .with(APP_ID, appId)
            .without(KEY_HANDLE)
            .without(PUBLIC_KEY));
    return new Enrolled(
        Optional.empty(),
        Optional.empty(),
        Map.of(
            "registerrequest",
            RegistrationOptions.ordered(CHALLENGE, challenge, "version", VERSION, APP_ID, appId)));
  }

  private Enrolled finish(Token token, EnrollmentParameters parameters) {
    if (!beingRegistered(token)) {
      throw LinotpException.unclassified("the token is not being registered");
    }
    if (parameters.circumstances().owner().filter(user -> !token.belongsTo(user)).isPresent()) {
      throw LinotpException.unclassified("the token is registered by somebody else");
    }
    if (!secrets.pinMatches(token, parameters.text("pin").orElse(""))) {
      throw LinotpException.unclassified("the PIN is not that of the first step");
    }
    String response =
        parameters.text("otpkey").orElseThrow(() -> LinotpException.missing("otpkey"));
    String appId = token.info().get(APP_ID).orElse("");
    try {
      U2fKey key =
          U2fMessages.registered(
              response,
              new U2fMessages.Expected(
                  appId,
                  token.info().get(CHALLENGE).orElse(""),
                  origins(parameters.policy(ENROLLMENT, FACETS), appId)));
      token.info(
          completed(token, key.text())
              .with(KEY_HANDLE, U2fKey.padded(key.handle()))
              .with(PUBLIC_KEY, U2fKey.padded(key.publicKey()))
              .with(COUNTER, "0")
              .without(CHALLENGE));
      return new Enrolled(Optional.empty(), Optional.empty());
    } catch (Refused refused) {
      throw new LinotpException(LinotpException.UNCLASSIFIED, refused.getMessage(), refused);
    }
  }

  /**
   * The pages that may speak to the device: those of the policy or, without one, that of the id.
   */
  private static List<String> origins(Optional<String> facets, String appId) {
    List<String> allowed =
        facets.stream()
            .flatMap(text -> Arrays.stream(text.split(";")))
            .map(String::trim)
            .filter(facet -> !facet.isEmpty())
            .toList();
    return allowed.isEmpty() ? List.of(appId) : allowed;
  }

  private U2fKey key(Token token) {
    try {
      return U2fKey.parse(secrets.seed(token));
    } catch (Refused damaged) {
      throw new LinotpException(
          LinotpException.UNCLASSIFIED, "the device of the token cannot be read", damaged);
    }
  }

  // login -----------------------------------------------------------------------------------------

  /** The response begins at the last brace. */
  @Override
  public Split split(Token token, String password, boolean pinFirst) {
    return split(password);
  }

  private static Split split(String text) {
    int brace = text.lastIndexOf('{');
    return brace < 0
        ? new Split(text, "")
        : new Split(text.substring(0, brace), text.substring(brace));
  }

  /** The PIN; what a device has signed is none, whatever policies take for a PIN. */
  @Override
  public boolean triggers(TokenRequest request) {
    boolean response =
        request
            .answer()
            .typed()
            .map(text -> Bytes.object(split(text).otp()).isPresent())
            .orElse(false);
    return !response && request.pinAlone();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    U2fKey key = key(request.token());
    Map<String, Object> signRequest =
        RegistrationOptions.ordered(
            CHALLENGE,
            U2fKey.padded(Randoms.bytes(CHALLENGE_BYTES)),
            "version",
            VERSION,
            KEY_HANDLE,
            Bytes.encoded(key.handle()),
            APP_ID,
            key.appId());
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.set("signrequest", JSON.valueToTree(signRequest));
    return new NewChallenge(
        "U2F challenge", data, Map.of("signrequest", signRequest), Optional.empty());
  }

  /** The response of the device, alone or behind the PIN; each challenge has one try. */
  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    Optional<Challenge> asked =
        request.challenges().stream().filter(challenge -> !challenge.received()).findFirst();
    if (asked.isEmpty()) {
      request.remark("no challenge that was not answered yet");
      return Optional.empty();
    }
    Split split = split(request.text());
    return behindPin(request, split, () -> match(request, split, asked.get()));
  }

  private Optional<Reaction.Right> match(TokenRequest request, Split split, Challenge asked) {
    Token token = request.token();
    U2fKey key = key(token);
    try {
      long counter =
          U2fMessages.signed(
              split.otp(),
              key,
              new U2fMessages.Expected(
                  key.appId(),
                  asked.data().path("signrequest").path(CHALLENGE).asText(),
                  origins(request.policyText(ENROLLMENT, FACETS), key.appId())));
      if (grown(token.info().number(COUNTER, 0), counter)) {
        token.info(token.info().with(COUNTER, String.valueOf(counter)));
        return Optional.of(new Reaction.Right(0, List.of(asked), split));
      }
      token.active(false);
      request.remark("the counter of the device did not grow; the token is disabled");
    } catch (Refused refused) {
      request.remark(refused.getMessage());
    }
    return Optional.empty();
  }

  private static boolean grown(long before, long now) {
    return now > before || (before >= COUNTERS - NEAR && now <= NEAR);
  }

  @Override
  public Optional<Map<String, Object>> offline(Token token) {
    U2fKey key = key(token);
    return Optional.of(
        RegistrationOptions.ordered(
            "public_key",
            U2fKey.padded(key.publicKey()),
            "key_handle",
            Bytes.encoded(key.handle()),
            COUNTER,
            token.info().get(COUNTER).orElse("0"),
            "app_id",
            key.appId()));
  }
}
