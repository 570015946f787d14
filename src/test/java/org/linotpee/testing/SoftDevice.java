package org.linotpee.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A FIDO2 device together with the browser that speaks to it, written by the standard alone: it
 * shares no code with what is tested. Fields can be set to have it misbehave.
 */
public final class SoftDevice {
  /** Signature algorithms, by their COSE numbers. */
  public enum Algorithm {
    ES256(-7, "SHA256withECDSA"),
    EDDSA(-8, "Ed25519"),
    RS256(-257, "SHA256withRSA");

    private final int number;
    private final String signature;

    Algorithm(int number, String signature) {
      this.number = number;
      this.signature = signature;
    }
  }

  public static final int PRESENT = 0x01;
  public static final int VERIFIED = 0x04;
  public static final int BACKUP_ELIGIBLE = 0x08;
  private static final int ATTESTED = 0x40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Algorithm algorithm;
  private final KeyPair keys;

  public String origin;
  public UUID model = UUID.fromString("f1d0f1d0-f1d0-f1d0-f1d0-f1d0f1d0f1d0");
  public byte[] id;
  public int flags = PRESENT | VERIFIED;
  public long counter = 1;

  /** Signs the attestation by its own key, as the format packed has it; else there is none. */
  public boolean attests;

  /** What is told instead of the right thing. */
  public Optional<String> type = Optional.empty();

  public Optional<String> rpId = Optional.empty();
  public Optional<String> challenge = Optional.empty();
  public boolean crossOrigin;

  /** Changes what is signed, so that the signature is wrong. */
  public boolean wrongSignature;

  public SoftDevice(String origin) {
    this(origin, Algorithm.ES256);
  }

  public SoftDevice(String origin, Algorithm algorithm) {
    this.origin = origin;
    this.algorithm = algorithm;
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(
              switch (algorithm) {
                case ES256 -> "EC";
                case EDDSA -> "Ed25519";
                case RS256 -> "RSA";
              });
      switch (algorithm) {
        case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        case RS256 -> generator.initialize(2048);
        case EDDSA -> {}
      }
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    id = digest(keys.getPublic().getEncoded());
  }

  /** Answers to a {@code registerrequest}. */
  public String register(Object request) {
    JsonNode options = JSON.valueToTree(request);
    byte[] client = client("webauthn.create", options.path("challenge").asText());
    byte[] data =
        joined(
            head(options.path("rp").path("id").asText(), flags | ATTESTED),
            ByteBuffer.allocate(16)
                .putLong(model.getMostSignificantBits())
                .putLong(model.getLeastSignificantBits())
                .array(),
            new byte[] {(byte) (id.length >> 8), (byte) id.length},
            id,
            publicKey());
    byte[] statement =
        attests
            ? joined(
                new byte[] {(byte) 0xa2},
                text("alg"),
                number(algorithm.number),
                text("sig"),
                bytes(signature(data, client)))
            : new byte[] {(byte) 0xa0};
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", encoded(id)).put("rawId", encoded(id)).put("type", "public-key");
    answer
        .putObject("response")
        .put("clientDataJSON", encoded(client))
        .put(
            "attestationObject",
            encoded(
                joined(
                    new byte[] {(byte) 0xa3},
                    text("fmt"),
                    text(attests ? "packed" : "none"),
                    text("attStmt"),
                    statement,
                    text("authData"),
                    bytes(data))));
    answer.putArray("transports").add("usb").add("usb").add("smoke-signal");
    answer.putObject("clientExtensionResults").putObject("credProps").put("rk", true);
    return answer.toString();
  }

  /** Answers to a {@code signrequest}; counts. */
  public String sign(Object request) {
    JsonNode options = JSON.valueToTree(request);
    byte[] client = client("webauthn.get", options.path("challenge").asText());
    byte[] data = head(options.path("rpId").asText(), flags);
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", encoded(id)).put("rawId", encoded(id)).put("type", "public-key");
    answer
        .putObject("response")
        .put("clientDataJSON", encoded(client))
        .put("authenticatorData", encoded(data))
        .put("signature", encoded(signature(data, client)));
    return answer.toString();
  }

  private byte[] client(String kind, String asked) {
    try {
      return JSON.writeValueAsBytes(
          Map.of(
              "type",
              type.orElse(kind),
              "challenge",
              challenge.orElse(asked),
              "origin",
              origin,
              "crossOrigin",
              crossOrigin));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] head(String party, int shown) {
    return joined(
        digest(rpId.orElse(party).getBytes(StandardCharsets.UTF_8)),
        new byte[] {(byte) shown},
        ByteBuffer.allocate(4).putInt((int) counter++).array());
  }

  private byte[] signature(byte[] data, byte[] client) {
    try {
      Signature signature = Signature.getInstance(algorithm.signature);
      signature.initSign(keys.getPrivate());
      signature.update(data);
      signature.update(digest(client));
      if (wrongSignature) {
        signature.update((byte) 0);
      }
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] publicKey() {
    PublicKey key = keys.getPublic();
    if (key instanceof ECPublicKey ec) {
      return joined(
          HEX_EC,
          bytes(fixed(ec.getW().getAffineX(), 32)),
          number(-3),
          bytes(fixed(ec.getW().getAffineY(), 32)));
    } else if (key instanceof EdECPublicKey ed) {
      byte[] point = fixed(ed.getPoint().getY(), 32);
      for (int i = 0; i < point.length / 2; i++) {
        byte swapped = point[i];
        point[i] = point[point.length - 1 - i];
        point[point.length - 1 - i] = swapped;
      }
      if (ed.getPoint().isXOdd()) {
        point[31] |= (byte) 0x80;
      }
      return joined(
          new byte[] {(byte) 0xa4},
          number(1),
          number(1),
          number(3),
          number(-8),
          number(-1),
          number(6),
          number(-2),
          bytes(point));
    }
    var rsa = (RSAPublicKey) key;
    return joined(
        new byte[] {(byte) 0xa4},
        number(1),
        number(3),
        number(3),
        number(-257),
        number(-1),
        bytes(fixed(rsa.getModulus(), 256)),
        number(-2),
        bytes(fixed(rsa.getPublicExponent(), 3)));
  }

  /** A map of five: 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: ... */
  private static final byte[] HEX_EC = {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21};

  private static byte[] fixed(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[length];
    int count = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - count, fixed, length - count, count);
    return fixed;
  }

  // CBOR ------------------------------------------------------------------------------------------

  private static byte[] number(int value) {
    return value >= 0 ? started(0, value) : started(1, -1 - value);
  }

  private static byte[] text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return joined(started(3, bytes.length), bytes);
  }

  private static byte[] bytes(byte[] value) {
    return joined(started(2, value.length), value);
  }

  private static byte[] started(int major, int value) {
    int first = major << 5;
    if (value < 24) {
      return new byte[] {(byte) (first | value)};
    }
    return value < 256
        ? new byte[] {(byte) (first | 24), (byte) value}
        : new byte[] {(byte) (first | 25), (byte) (value >> 8), (byte) value};
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
