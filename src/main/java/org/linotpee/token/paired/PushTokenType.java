package org.linotpee.token.paired;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.Curve25519;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenge;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.NewChallenge;
import org.linotpee.token.PairingResponse;
import org.linotpee.token.Reaction;
import org.linotpee.token.Sending;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenRequest;

/**
 * Tokens in an app that is sent what is to be confirmed, and answers with a signature (spec 08
 * section 18).
 */
@Service
public class PushTokenType extends PairedTokenType {
  private static final Set<String> PARAMETERS =
      Set.of(
          "type",
          "serial",
          "key_size",
          "description",
          "pin",
          "user",
          "realm",
          "resConf",
          "session");
  private static final int KIND = 4;
  private static final String PUBLIC_KEY = "user_dsa_public_key";
  private static final String LOGIN = "user_login";
  private static final String ADDRESS = "gda";
  private static final String BASE = "sig_base";
  private static final int MAX_LOGIN = 255;
  private static final int MAX_ADDRESS = 1024;
  private static final int TEXTS = 3;

  private final Delivery delivery;

  @Inject
  public PushTokenType(PartitionKeys keys, Settings settings, Delivery delivery) {
    super(keys, settings);
    this.delivery = delivery;
  }

  @Override
  public String name() {
    return "push";
  }

  @Override
  public String storedName() {
    return "push";
  }

  @Override
  public String serialPrefix() {
    return "KIPT";
  }

  @Override
  String waiting() {
    return "unpaired";
  }

  @Override
  String complete() {
    return "active";
  }

  @Override
  int kind() {
    return KIND;
  }

  @Override
  String activationRight() {
    return "activate_PushToken";
  }

  @Override
  String maxChallengesEntry() {
    return "PushMaxChallenges";
  }

  // enrollment ------------------------------------------------------------------------------------

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    ServerKeys pair = begin(token, parameters, PARAMETERS);
    String url =
        parameters
            .policy(AUTHENTICATION, "pushtoken_pairing_callback_url")
            .orElseThrow(
                () ->
                    LinotpException.unclassified(
                        "the policy pushtoken_pairing_callback_url must be set"));
    return waitFor(
        token,
        pair,
        new PairingUrl(
            KIND, token.serial(), Optional.of(url), Optional.empty(), OptionalInt.empty()),
        "lse_qr_url",
        "PushToken Pairing Url");
  }

  /**
   * A device may answer again until it is activated, but with the same address; afterwards the same
   * device may change its address.
   */
  @Override
  public void pair(Token token, PairingResponse response) {
    requireFitting(token, response);
    List<String> texts = signedTexts(response);
    String address = texts.get(2);
    TokenInfo info = token.info();
    String key = Base64.getEncoder().encodeToString(response.publicKey());
    if (isComplete(token)) {
      if (!key.equals(info.get(PUBLIC_KEY).orElse(""))) {
        throw LinotpException.unclassified("the token is paired with another device");
      }
      token.info(info.with(ADDRESS, address));
      return;
    }
    if (!state(token).equals(waiting()) && !activating(token)) {
      throw unfitting(token);
    }
    if (info.get(ADDRESS).map(known -> !known.equals(address)).orElse(false)) {
      throw LinotpException.unclassified("the pairing response is of another device");
    }
    token.info(
        info.with(USER_TOKEN_ID, response.userTokenId())
            .with(PUBLIC_KEY, key)
            .with(LOGIN, texts.get(1))
            .with(ADDRESS, address)
            .with(STATE, PAIRED));
  }

  /**
   * Serial number, login and address of the device.
   *
   * @throws LinotpException -311 if the device has not signed them
   */
  private static List<String> signedTexts(PairingResponse response) {
    Optional<List<String>> texts = response.texts(Curve25519.SIGNATURE_BYTES);
    boolean whole =
        texts
            .filter(found -> found.size() == TEXTS)
            .map(
                found ->
                    length(found.get(1)) <= MAX_LOGIN
                        && length(found.get(2)) <= MAX_ADDRESS
                        && !found.get(2).isBlank())
            .orElse(false);
    if (!whole) {
      throw LinotpException.unclassified("malformed pairing response");
    }
    boolean signed =
        Curve25519.isSigningPublic(response.publicKey())
            && Curve25519.verify(
                response.publicKey(),
                response.before(Curve25519.SIGNATURE_BYTES),
                response.last(Curve25519.SIGNATURE_BYTES));
    if (!signed) {
      throw LinotpException.unclassified("the signature of the pairing response is wrong");
    }
    return texts.get();
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  // challenges ------------------------------------------------------------------------------------

  /** Made under the lock, so that the device cannot answer before it is stored; sent after it. */
  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    TokenInfo info = token.info();
    boolean activation = activating(token);
    if (!activation && !isComplete(token)) {
      throw unfitting(token);
    }
    int type = activation ? DeviceContent.PAIRING : contentType(request);
    String text = activation ? token.serial() : text(request).orElse("");
    requireContent(type, text, activation);
    String url =
        policy(request, "pushtoken_challenge_callback_url")
            .orElseThrow(
                () ->
                    LinotpException.unclassified(
                        "the policy pushtoken_challenge_callback_url must be set"));
    var made =
        PushChallenge.of(
            new PushChallenge.Content(type, transactionId, request.context().now(), text, url),
            serverKeys(token),
            info.number(USER_TOKEN_ID, 0),
            bytes(info, PUBLIC_KEY));
    if (activation) {
      activate(token);
    }
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put(BASE, Base64.getEncoder().encodeToString(made.base()));
    mark(data, activation);
    String address = info.get(ADDRESS).orElse("");
    String challenge = made.url(scheme());
    return new NewChallenge(
        "", data, Map.of(), Optional.of(circumstances -> send(address, challenge, circumstances)));
  }

  private static void requireContent(int type, String text, boolean activation) {
    boolean fits =
        switch (type) {
          case DeviceContent.TEXT -> !text.isEmpty();
          case DeviceContent.LOGIN -> text.contains("@");
          default -> activation;
        };
    if (!fits) {
      throw LinotpException.unclassified("the text to confirm does not fit its content type");
    }
  }

  private Sending.Result send(
      String address, String challenge, Sending.Circumstances circumstances) {
    var message =
        new Message(
            address,
            challenge,
            Optional.empty(),
            Map.of(Message.TRANSACTION, circumstances.transactionId()));
    Receipt receipt =
        delivery.send(
            ProviderType.PUSH,
            delivery.choice(ProviderType.PUSH, circumstances.policies()),
            message);
    if (receipt instanceof Receipt.Sent sent) {
      return new Sending.Sent(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          "provider=" + sent.provider());
    }
    return new Sending.NotSent(((Receipt.NotSent) receipt).reason());
  }

  // answers ---------------------------------------------------------------------------------------

  /** The device's signature; nothing that is typed answers. */
  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    byte[] signature = signature(request.answer());
    byte[] device = bytes(request.token().info(), PUBLIC_KEY);
    if (signature.length != Curve25519.SIGNATURE_BYTES || device.length != Curve25519.KEY_BYTES) {
      return Optional.empty();
    }
    boolean accept = request.answer() instanceof Answer.Accept;
    return request.challenges().stream()
        .filter(challenge -> answerable(request, challenge))
        .filter(challenge -> Curve25519.verify(device, signed(accept, challenge), signature))
        .findFirst()
        .map(challenge -> new Reaction.Right(1, List.of(challenge), new Split("", "")));
  }

  private static byte[] signed(boolean accept, Challenge challenge) {
    return PushChallenge.signed(
        accept, Base64.getDecoder().decode(challenge.data().path(BASE).asText()));
  }

  private static byte[] signature(Answer answer) {
    String text =
        answer instanceof Answer.Accept accept
            ? accept.signature()
            : answer instanceof Answer.Reject reject ? reject.signature() : "";
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  @Override
  public Challenge refused(Challenge challenge, Answer answer) {
    Challenge answered = challenge.answered(false);
    if (answer instanceof Answer.Accept) {
      return answered.accepted(false);
    }
    return answer instanceof Answer.Reject ? answered.rejected(false) : answered;
  }

  /** Who declines has answered rightly, but nobody is let in. */
  @Override
  public Challenge confirmed(Challenge challenge, Answer answer) {
    return answer instanceof Answer.Accept
        ? challenge.answered(true).accepted(true)
        : challenge.answered(false).rejected(true).closed();
  }

  @Override
  public void succeeded(TokenRequest request) {
    if (request.answer() instanceof Answer.Accept) {
      activated(request.token());
    }
  }

  @Override
  public List<String> replyModes() {
    return List.of("online");
  }
}
