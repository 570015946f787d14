package org.linotpee.token.paired;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.Curve25519;
import org.linotpee.token.Challenge;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.NewChallenge;
import org.linotpee.token.PairingResponse;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenRequest;

/**
 * Tokens in an app that reads a QR code, shows what is to be confirmed, and answers by itself or
 * with a value that is typed (spec 08 section 17).
 */
@Service
public class QrTokenType extends PairedTokenType {
  private static final Set<String> PARAMETERS =
      Set.of(
          "type",
          "hashlib",
          "serial",
          "key_size",
          "otplen",
          "description",
          "pin",
          "user",
          "realm",
          "resConf",
          "qr",
          "session");
  private static final int KIND = 2;
  private static final String PUBLIC_KEY = "user_public_key";
  private static final String MESSAGE = "message";
  private static final String ANSWER = "user_sig";
  private static final String DEVICE = "device";
  private static final String PROMPT = "Please scan the QR code";
  private static final int DEFAULT_DIGITS = 8;
  private static final int MIN_DIGITS = 6;
  private static final int MAX_DIGITS = 12;
  private static final int MAX_LOGIN = 255;
  private static final int TEXTS = 2;

  @Inject
  public QrTokenType(PartitionKeys keys, Settings settings) {
    super(keys, settings);
  }

  @Override
  public String name() {
    return "qr";
  }

  @Override
  public String storedName() {
    return "qr";
  }

  @Override
  public String serialPrefix() {
    return "LSQR";
  }

  @Override
  String waiting() {
    return "pairing_url_sent";
  }

  @Override
  String complete() {
    return "pairing_complete";
  }

  @Override
  int kind() {
    return KIND;
  }

  @Override
  String activationRight() {
    return "activate_QRToken";
  }

  @Override
  String maxChallengesEntry() {
    return "QRMaxChallenges";
  }

  // enrollment ------------------------------------------------------------------------------------

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    ServerKeys pair = begin(token, parameters, PARAMETERS);
    int digits =
        parameters
            .number("otplen")
            .orElseGet(() -> parameters.configuration().number("QRTokenOtpLen", DEFAULT_DIGITS));
    if (digits < MIN_DIGITS || digits > MAX_DIGITS) {
      throw LinotpException.unclassified("'otplen' must be 6 to 12");
    }
    Optional<String> url = parameters.policy(AUTHENTICATION, "qrtoken_pairing_callback_url");
    Optional<String> sms = parameters.policy(AUTHENTICATION, "qrtoken_pairing_callback_sms");
    requireOne("pairing", url, sms);
    requireOne(
        "challenge",
        parameters.policy(AUTHENTICATION, "qrtoken_challenge_callback_url"),
        parameters.policy(AUTHENTICATION, "qrtoken_challenge_callback_sms"));
    token.otpLength(digits);
    return waitFor(
        token,
        pair,
        new PairingUrl(KIND, token.serial(), url, sms, OptionalInt.of(digits)),
        "lse_qr_url",
        "QRToken Pairing Url",
        "lse_qr_cert",
        "QRToken Certificate");
  }

  private static void requireOne(String what, Optional<String> url, Optional<String> sms) {
    if (url.isEmpty() && sms.isEmpty()) {
      throw LinotpException.unclassified(
          "the policy qrtoken_%s_callback_url or qrtoken_%s_callback_sms must be set"
              .formatted(what, what));
    }
  }

  @Override
  public void pair(Token token, PairingResponse response) {
    requireFitting(token, response);
    if (!state(token).equals(waiting())) {
      throw unfitting(token);
    }
    boolean complete =
        response
            .texts(0)
            .filter(texts -> texts.size() == TEXTS)
            .map(texts -> texts.get(1).getBytes(StandardCharsets.UTF_8).length <= MAX_LOGIN)
            .orElse(false);
    if (!complete) {
      throw LinotpException.unclassified("malformed pairing response");
    }
    requireUsable(token, response.publicKey());
    token.info(
        token
            .info()
            .with(USER_TOKEN_ID, response.userTokenId())
            .with(PUBLIC_KEY, Base64.getEncoder().encodeToString(response.publicKey()))
            .with(STATE, PAIRED));
  }

  /** With some keys everybody would know what both sides agree upon. */
  private void requireUsable(Token token, byte[] publicKey) {
    try {
      Curve25519.agree(serverKeys(token).agreementSecret(), publicKey);
    } catch (IllegalArgumentException e) {
      throw new LinotpException(
          LinotpException.UNCLASSIFIED, "the key of the device cannot be used", e);
    }
  }

  @Override
  public boolean canBeUnpaired(Token token) {
    return token.info().get(PUBLIC_KEY).isPresent();
  }

  @Override
  public void unpair(Token token) {
    if (state(token).isEmpty()) {
      throw unfitting(token);
    }
    token.info(token.info().without(USER_TOKEN_ID).without(PUBLIC_KEY).with(STATE, waiting()));
  }

  // challenges ------------------------------------------------------------------------------------

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    TokenInfo info = token.info();
    boolean activation = activating(token);
    if (!activation && !isComplete(token)) {
      throw unfitting(token);
    }
    String text = text(request).orElse("");
    int type = activation ? DeviceContent.PAIRING : contentType(request);
    requireContent(type, text, token.serial());
    Optional<String> url = policy(request, "qrtoken_challenge_callback_url");
    Optional<String> sms = policy(request, "qrtoken_challenge_callback_sms");
    requireOne("challenge", url, sms);
    byte[] device = bytes(info, PUBLIC_KEY);
    var made =
        QrChallenge.of(
            new QrChallenge.Content(type, activation, transactionId, text, url, sms),
            serverKeys(token),
            info.number(USER_TOKEN_ID, 0),
            device);
    if (activation) {
      activate(token);
    }
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put(MESSAGE, text);
    data.put(ANSWER, Packing.base64url(made.answer()));
    data.put(DEVICE, Base64.getEncoder().encodeToString(device));
    mark(data, activation);
    return new NewChallenge(made.url(scheme()), data, Map.of(), Optional.empty());
  }

  private static void requireContent(int type, String text, String serial) {
    boolean fits =
        switch (type) {
          case DeviceContent.PAIRING -> text.equals(serial);
          case DeviceContent.LOGIN -> text.contains("@");
          default -> !text.isEmpty();
        };
    if (!fits) {
      throw LinotpException.unclassified("the text to confirm does not fit its content type");
    }
  }

  // answers ---------------------------------------------------------------------------------------

  /** The app's signature, or the digits that the app makes of it. */
  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    String given = request.text();
    return request.challenges().stream()
        .filter(challenge -> answerable(request, challenge))
        .filter(challenge -> right(request.token(), challenge, given))
        .findFirst()
        .map(challenge -> new Reaction.Right(1, List.of(challenge), new Split("", given)));
  }

  /** Only the device that was asked can answer, not one that the token is paired with since. */
  private static boolean right(Token token, Challenge challenge, String given) {
    ObjectNode data = challenge.data();
    String expected = data.path(ANSWER).asText();
    String device = token.info().get(PUBLIC_KEY).orElse("");
    if (expected.isEmpty() || device.isEmpty() || !device.equals(data.path(DEVICE).asText())) {
      return false;
    }
    if (same(expected, given)) {
      return true;
    }
    int digits = token.otpLength();
    return digits >= MIN_DIGITS
        && digits <= MAX_DIGITS
        && same(QrChallenge.tan(Base64.getUrlDecoder().decode(expected), digits), given);
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void succeeded(TokenRequest request) {
    activated(request.token());
  }

  // telling ---------------------------------------------------------------------------------------

  @Override
  public List<String> replyModes() {
    return List.of("offline", "online");
  }

  @Override
  public Map<String, Object> presented(Map<String, Object> detail) {
    var shown = new LinkedHashMap<>(detail);
    shown.put("transactionData", detail.getOrDefault(MESSAGE, ""));
    shown.put(MESSAGE, PROMPT);
    return shown;
  }

  @Override
  public Optional<Map<String, Object>> offline(Token token) {
    Optional<String> device = token.info().get(PUBLIC_KEY);
    return isComplete(token) && device.isPresent()
        ? Optional.of(
            Map.of(
                "public_key", device.get(), USER_TOKEN_ID, token.info().number(USER_TOKEN_ID, 0)))
        : Optional.empty();
  }
}
