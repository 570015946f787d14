package org.linotpee.token.fido;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.util.ECUtil;
import java.io.ByteArrayInputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.bouncycastle.jce.ECNamedCurveTable;

/**
 * The messages of FIDO U2F 1.2 ("Raw Message Formats") in the JSON of its JavaScript API. No trust
 * chain of a registration is checked: any manufacturer's device will do.
 */
final class U2fMessages {
  private static final String REGISTERED = "navigator.id.finishEnrollment";
  private static final Set<String> SIGNED = Set.of("navigator.id.getAssertion", "webauthn.get");
  private static final byte REGISTRATION = 0x05;
  private static final int POINT_BYTES = 65;
  private static final byte UNCOMPRESSED = 0x04;
  private static final int PRESENT = 1;
  private static final long COUNTER_MASK = 0xffffffffL;
  private static final String SIGNATURE = "SHA256withECDSA";

  private U2fMessages() {}

  /**
   * What is expected of a message.
   *
   * @param challenge base64url, with or without padding
   * @param origins of the pages that may speak to the device
   */
  record Expected(String appId, String challenge, Collection<String> origins) {}

  /**
   * Reads the answer of a device to a registration.
   *
   * @throws Refused if it is not right
   */
  static U2fKey registered(String message, Expected expected) {
    ObjectNode json = json(message);
    byte[] client = Bytes.decoded(json, "clientData");
    requireClient(client, Set.of(REGISTERED), expected);
    byte[] data = Bytes.decoded(json, "registrationData");
    try {
      ByteBuffer in = ByteBuffer.wrap(data);
      if (in.get() != REGISTRATION) {
        throw new Refused("the registration data cannot be read");
      }
      byte[] publicKey = take(in, POINT_BYTES);
      byte[] handle = take(in, in.get() & 0xff);
      var rest = new ByteArrayInputStream(take(in, in.remaining()));
      PublicKey attestation =
          CertificateFactory.getInstance("X.509").generateCertificate(rest).getPublicKey();
      point(publicKey);
      requireSignature(
          attestation,
          rest.readAllBytes(),
          new byte[] {0},
          digest(expected.appId().getBytes(StandardCharsets.UTF_8)),
          digest(client),
          handle,
          publicKey);
      return new U2fKey(handle, publicKey, expected.appId());
    } catch (BufferUnderflowException | GeneralSecurityException e) {
      throw new Refused("the registration data cannot be read", e);
    }
  }

  /**
   * Reads the answer of a device to a login.
   *
   * @return the counter of the device
   * @throws Refused if it is not right
   */
  static long signed(String message, U2fKey key, Expected expected) {
    ObjectNode json = json(message);
    if (!Arrays.equals(Bytes.decoded(json, "keyHandle"), key.handle())) {
      throw new Refused("the answer is from another device");
    }
    byte[] client = Bytes.decoded(json, "clientData");
    requireClient(client, SIGNED, expected);
    try {
      ByteBuffer in = ByteBuffer.wrap(Bytes.decoded(json, "signatureData"));
      byte[] head = take(in, 1 + Integer.BYTES);
      if ((head[0] & PRESENT) == 0) {
        throw new Refused("nobody has confirmed at the device");
      }
      requireSignature(
          point(key.publicKey()),
          take(in, in.remaining()),
          digest(key.appId().getBytes(StandardCharsets.UTF_8)),
          head,
          digest(client));
      return ByteBuffer.wrap(head, 1, Integer.BYTES).getInt() & COUNTER_MASK;
    } catch (BufferUnderflowException e) {
      throw new Refused("the answer of the device cannot be read", e);
    }
  }

  private static ObjectNode json(String message) {
    ObjectNode json =
        Bytes.object(message).orElseThrow(() -> new Refused("the answer is no JSON object"));
    if (json.path("errorCode").asInt() != 0) {
      throw new Refused("the device tells the error " + json.path("errorCode").asInt());
    }
    return json;
  }

  private static void requireClient(byte[] client, Set<String> kinds, Expected expected) {
    JsonNode data =
        Bytes.object(new String(client, StandardCharsets.UTF_8))
            .orElseThrow(() -> new Refused("the client data cannot be read"));
    String kind = data.path(data.has("typ") ? "typ" : "type").asText();
    if (!kinds.contains(kind)) {
      throw new Refused("the answer is of the wrong kind");
    }
    byte[] challenge = unpadded(data.path("challenge").asText());
    if (!MessageDigest.isEqual(challenge, unpadded(expected.challenge()))) {
      throw new Refused("the answer belongs to another challenge");
    }
    if (!expected.origins().contains(data.path("origin").asText())) {
      throw new Refused("the answer comes from a page that may not use the device");
    }
  }

  private static byte[] unpadded(String text) {
    return text.replace("=", "").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  /** The key that an uncompressed point of the curve P-256 is; points beside it are none. */
  private static PublicKey point(byte[] bytes) {
    try {
      if (bytes.length != POINT_BYTES || bytes[0] != UNCOMPRESSED) {
        throw new Refused("the public key cannot be read");
      }
      var point = ECNamedCurveTable.getParameterSpec("P-256").getCurve().decodePoint(bytes);
      return KeyFactory.getInstance("EC")
          .generatePublic(
              new ECPublicKeySpec(
                  new ECPoint(
                      point.getAffineXCoord().toBigInteger(),
                      point.getAffineYCoord().toBigInteger()),
                  ECUtil.P_256_SPEC));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new Refused("the public key cannot be read", e);
    }
  }

  private static void requireSignature(PublicKey key, byte[] signature, byte[]... parts) {
    if (!(key instanceof ECPublicKey)) {
      throw new Refused("the device uses an algorithm that is not accepted");
    }
    try {
      Signature check = Signature.getInstance(SIGNATURE);
      check.initVerify(key);
      for (byte[] part : parts) {
        check.update(part);
      }
      if (check.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new Refused("the signature is wrong", e);
    }
    throw new Refused("the signature is wrong");
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
