package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.User;
import org.linotpee.policy.AllowList;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.NewChallenge;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenRequest;
import org.linotpee.token.TokenSecrets;

/**
 * FIDO2 devices and passkeys (spec 08 section 21): the PIN brings a challenge that the device signs
 * in the browser.
 */
@Service
public class Fido2TokenType extends DeviceTokenType {
  private static final String NAME = "fido2";
  private static final String RESPONSE = "attestationResponse";
  private static final String RP_ID = "rp_id";
  private static final String RP_NAME = "rp_name";
  private static final String STATE = "registration_challenge";
  private static final String RESIDENT = "resident_key_requirement";
  private static final String CREDENTIAL = "fido2_credential";
  private static final String ALLOWED = "fido2_allowed_authenticators";
  private static final String VERIFICATION = "user_verification";
  private static final int PARAMETER = 905;
  private static final int NO_RELYING_PARTY = 1901;
  private static final String ISSUER = "LinOTP";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PolicyEngine policies;
  private final TokenPolicies tokenPolicies;
  private final Clock clock;
  private final Ceremonies ceremonies = new Ceremonies();

  @Inject
  public Fido2TokenType(
      TokenSecrets secrets, PolicyEngine policies, TokenPolicies tokenPolicies, Clock clock) {
    super(NAME, "enrollFIDO2", secrets);
    this.policies = policies;
    this.tokenPolicies = tokenPolicies;
    this.clock = clock;
  }

  @Override
  public String serialPrefix() {
    return "FIDO2";
  }

  @Override
  public Map<String, Object> enrollmentStatus(Token token) {
    return registered(token)
        ? Map.of("status", "completed")
        : Map.of("status", "not completed", "detail", "unpaired");
  }

  // enrollment ------------------------------------------------------------------------------------

  /** The response of the device, or {@code phase=registration} for another challenge. */
  @Override
  public boolean continues(Map<String, String> parameters) {
    return parameters.containsKey(RESPONSE) || REGISTRATION.equals(parameters.get(PHASE));
  }

  /**
   * The first step tells the browser what to ask the device for, the second takes its response.
   *
   * @throws LinotpException 905 if there is no user, the token is not being registered or the
   *     response is refused, 1901 if policies name no relying party
   */
  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    User user =
        parameters.circumstances().owner().orElseThrow(() -> LinotpException.missing("user"));
    if (!continues(parameters.values())) {
      begin(token, parameters);
    } else if (!beingRegistered(token)) {
      throw new LinotpException(PARAMETER, "the token is not being registered");
    } else if (!token.belongsTo(user)) {
      throw new LinotpException(PARAMETER, "the token is registered by somebody else");
    }
    Optional<String> response = parameters.text(RESPONSE);
    if (response.isPresent()) {
      finish(token, response.get(), parameters);
      return new Enrolled(Optional.empty(), Optional.empty());
    }
    return new Enrolled(
        Optional.empty(),
        Optional.empty(),
        Map.of("registerrequest", ask(token, user, parameters)));
  }

  /** The relying party is decided once; what the token was before is forgotten. */
  private void begin(Token token, EnrollmentParameters parameters) {
    PolicyContext context = parameters.circumstances().policies();
    String id =
        policies
            .text(RegistrationOptions.SCOPE, "fido2_rp_id", context)
            .map(text -> text.trim().toLowerCase(Locale.ROOT))
            .filter(text -> !text.isEmpty())
            .orElseThrow(
                () ->
                    new LinotpException(
                        NO_RELYING_PARTY, "no policy sets the relying party (fido2_rp_id)"));
    if (!RelyingParty.usable(id)) {
      throw new LinotpException(
          NO_RELYING_PARTY, "the relying party (fido2_rp_id) is not the name of a domain");
    }
    parameters.text("description").filter(d -> !d.isEmpty()).ifPresent(token::describe);
    token.info(
        begun(token)
            .with(RP_ID, id)
            .with(RP_NAME, partyName(token, parameters))
            .without(CREDENTIAL)
            .without("last_auth_at")
            .without("last_auth_uv"));
  }

  private String partyName(Token token, EnrollmentParameters parameters) {
    PolicyContext context = parameters.circumstances().policies();
    User user = parameters.circumstances().owner().orElseThrow();
    return policies
        .text(RegistrationOptions.SCOPE, "fido2_rp_name", context)
        .filter(text -> !text.isBlank())
        .or(
            () ->
                tokenPolicies
                    .label("tokenissuer", token, user.name().login(), user.name().realm(), context)
                    .filter(text -> !text.isBlank()))
        .orElse(ISSUER);
  }

  private Map<String, Object> ask(Token token, User user, EnrollmentParameters parameters) {
    RelyingParty party = party(token);
    RegistrationOptions options =
        RegistrationOptions.of(
            party, token, user, parameters.circumstances().policies(), policies, tokenPolicies);
    byte[] challenge = Randoms.bytes(CHALLENGE_BYTES);
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put(CHALLENGE, Bytes.encoded(challenge));
    state.put(VERIFICATION, options.userVerification());
    state.put("user_handle", Bytes.encoded(options.userHandle()));
    state.put("asked_at", clock.instant().getEpochSecond());
    token.info(
        token
            .info()
            .with("attestation_conveyance", options.attestation())
            .with(RESIDENT, options.residentKey())
            .with(STATE, state.toString()));
    return options.toMap(
        challenge,
        Challenges.validity(token, NAME, parameters.configuration()),
        existing(token, party, parameters.circumstances()));
  }

  private static RelyingParty party(Token token) {
    return new RelyingParty(
        token.info().get(RP_ID).orElse(""), token.info().get(RP_NAME).orElse(""));
  }

  /** The credentials that the user has made for the relying party with other tokens. */
  private List<Credential> existing(
      Token token, RelyingParty party, EnrollmentParameters.Circumstances circumstances) {
    return circumstances.siblings().get().stream()
        .filter(other -> other.id() != token.id() && other.type().equals(NAME))
        .filter(DeviceTokenType::registered)
        .map(this::credential)
        .filter(credential -> credential.rpId().equals(party.id()))
        .toList();
  }

  /** A credential as browsers are told of it. */
  static Map<String, Object> named(Credential credential) {
    Map<String, Object> named =
        RegistrationOptions.ordered("type", "public-key", "id", Bytes.encoded(credential.id()));
    if (!credential.transports().isEmpty()) {
      named.put("transports", credential.transports());
    }
    return named;
  }

  private void finish(Token token, String response, EnrollmentParameters parameters) {
    try {
      store(token, registered(token, response, parameters));
    } catch (Refused refused) {
      throw new LinotpException(PARAMETER, refused.getMessage(), refused);
    }
  }

  private Credential registered(Token token, String response, EnrollmentParameters parameters) {
    ObjectNode state =
        Bytes.object(token.info().get(STATE).orElse(""))
            .orElseThrow(() -> new Refused("the device was not asked to register"));
    Instant now = clock.instant();
    Instant asked = Instant.ofEpochSecond(state.path("asked_at").asLong());
    if (now.isAfter(asked.plus(Challenges.validity(token, NAME, parameters.configuration())))) {
      throw new Refused("the registration took too long; start it again");
    }
    RelyingParty party = party(token);
    boolean resident = token.info().get(RESIDENT).orElse("").equals(RegistrationOptions.REQUIRED);
    Credential credential =
        ceremonies.register(
            AttestationResponse.parse(response, resident),
            new Ceremonies.Expected(
                party,
                Bytes.decoded(state, CHALLENGE),
                state.path(VERIFICATION).asText().equals(RegistrationOptions.REQUIRED)),
            now);
    AllowList allowed =
        policies.allowed(RegistrationOptions.SCOPE, ALLOWED, parameters.circumstances().policies());
    if (!allowed.allows(credential.aaguid())) {
      throw new Refused(forbidden(credential, allowed));
    }
    boolean known =
        existing(token, party, parameters.circumstances()).stream()
            .anyMatch(other -> Arrays.equals(other.id(), credential.id()));
    if (known) {
      throw new Refused("the device is registered already");
    }
    return credential.of(Bytes.decoded(state, "user_handle"));
  }

  private static String forbidden(Credential credential, AllowList allowed) {
    return "devices of the model %s are not allowed (policy %s)"
        .formatted(credential.aaguid(), allowed.policies());
  }

  /** What people see is in the info; what decides is sealed. */
  private void store(Token token, Credential credential) {
    String text = credential.toJson().toString();
    token.info(
        completed(token, text)
            .with(CREDENTIAL, text)
            .with(COUNTER, String.valueOf(credential.signCount()))
            .without(STATE)
            .without(RESIDENT));
  }

  private Credential credential(Token token) {
    try {
      return Credential.parse(secrets.seed(token));
    } catch (Refused damaged) {
      throw new LinotpException(
          LinotpException.UNCLASSIFIED, "the credential of the token cannot be read", damaged);
    }
  }

  // login -----------------------------------------------------------------------------------------

  @Override
  public Split split(Token token, String password, boolean pinFirst) {
    return AssertionResponse.split(password);
  }

  @Override
  public boolean responds(TokenRequest request) {
    return request.namesTransaction() && !request.challenges().isEmpty();
  }

  /** The PIN; what a device has signed is none, whatever policies take for a PIN. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request
            .answer()
            .typed()
            .map(text -> AssertionResponse.split(text).otp())
            .orElse("")
            .isEmpty()
        && request.pinAlone();
  }

  @Override
  public NewChallenge challenge(TokenRequest request, String transactionId) {
    Token token = request.token();
    Credential credential = credential(token);
    requireAllowed(request, credential);
    Configuration configuration = request.context().configuration();
    String verification =
        RegistrationOptions.requirement(
            request.policyText(RegistrationOptions.USER_VERIFICATION).orElse(""));
    String challenge = Bytes.encoded(Randoms.bytes(CHALLENGE_BYTES));
    Duration validity = Challenges.validity(token, NAME, configuration);
    Map<String, Object> signRequest =
        RegistrationOptions.ordered(
            CHALLENGE,
            challenge,
            "timeout",
            validity.toMillis(),
            "rpId",
            credential.rpId(),
            "allowCredentials",
            List.of(named(credential)),
            "userVerification",
            verification);
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.set("signrequest", JSON.valueToTree(signRequest));
    data.putObject(CHALLENGE).put(CHALLENGE, challenge).put(VERIFICATION, verification);
    return new NewChallenge(
        "FIDO2 authentication challenge",
        data,
        Map.of("signrequest", signRequest),
        Optional.empty());
  }

  private static void requireAllowed(TokenRequest request, Credential credential) {
    AllowList allowed = request.allowed("authorization", ALLOWED);
    if (!allowed.allows(credential.aaguid())) {
      throw LinotpException.unclassified(forbidden(credential, allowed));
    }
  }

  /** The response of the device, alone or behind the PIN. */
  @Override
  public Optional<Reaction.Right> answer(TokenRequest request) {
    if (request.challenges().isEmpty()) {
      return Optional.empty();
    }
    Split split = AssertionResponse.split(request.text());
    Credential credential = credential(request.token());
    requireAllowed(request, credential);
    return behindPin(request, split, () -> match(request, split, credential));
  }

  private Optional<Reaction.Right> match(TokenRequest request, Split split, Credential credential) {
    Token token = request.token();
    try {
      AssertionResponse response = AssertionResponse.parse(split.otp());
      Challenge asked = request.challenges().get(0);
      Ceremonies.Asserted asserted =
          ceremonies.login(
              response,
              credential,
              token.info().number(COUNTER, credential.signCount()),
              expected(credential, asked));
      remember(token, asserted, request.context().now());
      return Optional.of(new Reaction.Right(0, List.of(asked), split));
    } catch (Refused refused) {
      request.remark(refused.getMessage());
    } catch (Ceremonies.Cloned cloned) {
      token.active(false);
      request.remark(cloned.getMessage() + "; the token is disabled");
    }
    return Optional.empty();
  }

  private static Ceremonies.Expected expected(Credential credential, Challenge asked) {
    ObjectNode data = asked.data();
    return new Ceremonies.Expected(
        new RelyingParty(credential.rpId(), ""),
        Bytes.decoded(data.path(CHALLENGE), CHALLENGE),
        data.path(CHALLENGE).path(VERIFICATION).asText().equals(RegistrationOptions.REQUIRED));
  }

  private static void remember(Token token, Ceremonies.Asserted asserted, Instant now) {
    TokenInfo info = token.info();
    Optional<ObjectNode> shown = Bytes.object(info.get(CREDENTIAL).orElse(""));
    if (shown.isPresent()) {
      shown.get().put("sign_count", asserted.signCount()).put("backed_up", asserted.backedUp());
      info = info.with(CREDENTIAL, shown.get().toString());
    }
    token.info(
        info.with(COUNTER, String.valueOf(asserted.signCount()))
            .with("last_auth_at", now.toString())
            .with("last_auth_uv", asserted.userVerified() ? "True" : "False"));
  }

  @Override
  public Optional<Map<String, Object>> offline(Token token) {
    Credential credential = credential(token);
    return Optional.of(
        RegistrationOptions.ordered(
            "public_key", Bytes.encoded(credential.publicKey()),
            "credential_id", Bytes.encoded(credential.id())));
  }
}
