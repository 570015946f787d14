package org.linotpee.token.fido;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.AttestationCertificatePath;
import com.webauthn4j.data.attestation.statement.AttestationStatement;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.CertificateBaseAttestationStatement;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.attestation.statement.androidkey.NullAndroidKeyAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.androidsafetynet.NullAndroidSafetyNetAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.apple.NullAppleAnonymousAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.none.NoneAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.packed.PackedAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.tpm.NullTPMAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.u2f.FIDOU2FAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.NullCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.NullSelfAttestationTrustworthinessVerifier;
import com.webauthn4j.verifier.exception.BadChallengeException;
import com.webauthn4j.verifier.exception.BadOriginException;
import com.webauthn4j.verifier.exception.BadRpIdException;
import com.webauthn4j.verifier.exception.BadSignatureException;
import com.webauthn4j.verifier.exception.CrossOriginException;
import com.webauthn4j.verifier.exception.InconsistentClientDataTypeException;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import com.webauthn4j.verifier.exception.NotAllowedAlgorithmException;
import com.webauthn4j.verifier.exception.NotAllowedCredentialIdException;
import com.webauthn4j.verifier.exception.UserNotPresentException;
import com.webauthn4j.verifier.exception.UserNotVerifiedException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The two ceremonies of Web Authentication (level 3, sections 7.1 and 7.2), checked by WebAuthn4J.
 * Attestation statements of the formats packed, fido-u2f and none are verified; that their
 * certificates come from a manufacturer is not, so the model of a device is what it says of itself.
 */
final class Ceremonies {
  /** The signature algorithms that are asked for, in the order of preference; COSE numbers. */
  static final List<Integer> ALGORITHMS = List.of(-7, -8, -257);

  /** In front of a public key in attested credential data: model, length of the id. */
  private static final int MODEL_BYTES = 16;

  private static final int LENGTH_BYTES = 2;
  private static final int MAX_ID = 1023;

  /** Certificates of devices have less than a tenth. */
  private static final int MAX_CERTIFICATE = 10_000;

  private static final String FOREIGN_PAGE =
      "the response comes from a page that may not use the credential";

  /** The counter of a device did not grow: there may be a copy of it. */
  static final class Cloned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cloned(Throwable cause) {
      super("the counter of the device did not grow", cause);
    }
  }

  /**
   * What a right answer tells besides.
   *
   * @param userVerified the device has verified its user
   * @param backedUp the credential is in a backup now
   */
  record Asserted(long signCount, boolean userVerified, boolean backedUp) {}

  /**
   * What is expected of a message.
   *
   * @param userVerification the device must have verified its user
   */
  record Expected(RelyingParty party, byte[] challenge, boolean userVerification) {
    private ServerProperty server() {
      return ServerProperty.builder()
          .originPredicate(origin -> party.admits(origin.toString()))
          .rpId(party.id())
          .challenge(new DefaultChallenge(challenge))
          .build();
    }
  }

  private final ObjectConverter converter = new ObjectConverter();
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(converter);
  private final WebAuthnManager manager =
      new WebAuthnManager(
          List.of(
              new NoneAttestationStatementVerifier(),
              new PackedAttestationStatementVerifier(),
              new FIDOU2FAttestationStatementVerifier(),
              new NullTPMAttestationStatementVerifier(),
              new NullAndroidKeyAttestationStatementVerifier(),
              new NullAndroidSafetyNetAttestationStatementVerifier(),
              new NullAppleAnonymousAttestationStatementVerifier()),
          new NullCertPathTrustworthinessVerifier(),
          new NullSelfAttestationTrustworthinessVerifier(),
          converter);

  /**
   * A new credential.
   *
   * @throws Refused if the response of the device is not right
   */
  Credential register(AttestationResponse response, Expected expected, Instant now) {
    RegistrationData data =
        checked(
            () ->
                manager.verify(
                    new RegistrationRequest(response.attestationObject(), response.clientData()),
                    new RegistrationParameters(
                        expected.server(), parameters(), expected.userVerification(), true)));
    if (Boolean.TRUE.equals(data.getCollectedClientData().getCrossOrigin())) {
      // a page of somebody else had ours in a frame
      throw new Refused(FOREIGN_PAGE);
    }
    AuthenticatorData<?> authenticator = data.getAttestationObject().getAuthenticatorData();
    AttestedCredentialData attested = authenticator.getAttestedCredentialData();
    if (!Arrays.equals(attested.getCredentialId(), response.id())) {
      throw new Refused("the response names another credential than the device");
    }
    return new Credential(
        attested.getCredentialId(),
        publicKey(attested),
        expected.party().id(),
        model(attested),
        data.getAttestationObject().getFormat(),
        attested.getCOSEKey().getAlgorithm().getValue(),
        authenticator.getFlags() & 0xff,
        authenticator.getSignCount(),
        authenticator.isFlagBE(),
        authenticator.isFlagBS(),
        authenticator.isFlagUV(),
        certificate(data.getAttestationObject().getAttestationStatement()),
        now,
        Credential.known(response.transports()),
        response.residentKey(),
        Optional.empty());
  }

  private static List<PublicKeyCredentialParameters> parameters() {
    return ALGORITHMS.stream()
        .map(
            number ->
                new PublicKeyCredentialParameters(
                    PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.create(number)))
        .toList();
  }

  private byte[] publicKey(AttestedCredentialData attested) {
    byte[] all = credentials.convert(attested);
    int before = MODEL_BYTES + LENGTH_BYTES + attested.getCredentialId().length;
    return Arrays.copyOfRange(all, before, all.length);
  }

  private static String model(AttestedCredentialData attested) {
    UUID model = attested.getAaguid().getValue();
    return (model == null ? new UUID(0, 0) : model).toString();
  }

  private static Optional<byte[]> certificate(AttestationStatement statement) {
    if (!(statement instanceof CertificateBaseAttestationStatement based)) {
      return Optional.empty();
    }
    AttestationCertificatePath path = based.getX5c();
    try {
      if (path == null || path.isEmpty()) {
        return Optional.empty();
      }
      byte[] first = path.get(0).getEncoded();
      if (first.length > MAX_CERTIFICATE) {
        throw new Refused("the certificate of the device is too long");
      }
      return Optional.of(first);
    } catch (CertificateEncodingException e) {
      throw new Refused("the certificate of the device cannot be read", e);
    }
  }

  /**
   * A login with a credential.
   *
   * @param counter that the device had the last time
   * @throws Refused if the response of the device is not right
   * @throws Cloned if it is, but the device has not counted
   */
  Asserted login(
      AssertionResponse response, Credential credential, long counter, Expected expected) {
    boolean foreign =
        response.userHandle().isPresent()
            && credential.userHandle().isPresent()
            && !Arrays.equals(response.userHandle().get(), credential.userHandle().get());
    if (foreign) {
      throw new Refused("the credential belongs to another user");
    }
    AuthenticationData data =
        checked(
            () ->
                manager.verify(
                    new AuthenticationRequest(
                        response.id(),
                        response.authenticatorData(),
                        response.clientData(),
                        response.signature()),
                    new AuthenticationParameters(
                        expected.server(),
                        stored(credential, counter),
                        List.of(credential.id()),
                        expected.userVerification(),
                        true)));
    AuthenticatorData<?> authenticator = data.getAuthenticatorData();
    return new Asserted(
        authenticator.getSignCount(), authenticator.isFlagUV(), authenticator.isFlagBS());
  }

  private CredentialRecordImpl stored(Credential credential, long counter) {
    byte[] id = credential.id();
    if (id.length > MAX_ID) {
      throw new Refused("the stored credential cannot be used");
    }
    ByteBuffer attested =
        ByteBuffer.allocate(MODEL_BYTES + LENGTH_BYTES + id.length + credential.publicKey().length)
            .put(new byte[MODEL_BYTES])
            .putShort((short) id.length)
            .put(id)
            .put(credential.publicKey());
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        credential.userVerified(),
        credential.backupEligible(),
        credential.backedUp(),
        counter,
        credentials.convert(attested.array()),
        null,
        null,
        null,
        null);
  }

  private interface Check<T> {
    T run();
  }

  /** Whatever the check throws, a hostile message has caused it. */
  private static <T> T checked(Check<T> check) {
    try {
      return check.run();
    } catch (MaliciousCounterValueException e) {
      throw new Cloned(e);
    } catch (Refused e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Refused(reason(e), e);
    }
  }

  private static String reason(RuntimeException failure) {
    if (failure instanceof BadChallengeException) {
      return "the response belongs to another challenge";
    } else if (failure instanceof BadOriginException || failure instanceof CrossOriginException) {
      return FOREIGN_PAGE;
    } else if (failure instanceof BadRpIdException) {
      return "the response is meant for another relying party";
    } else if (failure instanceof UserNotPresentException) {
      return "nobody has confirmed at the device";
    } else if (failure instanceof UserNotVerifiedException) {
      return "the device has not verified its user";
    } else if (failure instanceof BadSignatureException) {
      return "the signature is wrong";
    } else if (failure instanceof InconsistentClientDataTypeException) {
      return "the response is of the wrong kind";
    } else if (failure instanceof NotAllowedCredentialIdException) {
      return "the response is from another credential";
    } else if (failure instanceof NotAllowedAlgorithmException) {
      return "the device uses an algorithm that is not accepted";
    } else if (failure instanceof DataConversionException) {
      return "the response of the device cannot be read";
    }
    return "the response of the device is not accepted";
  }
}
