package org.linotpee.token.paired;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.linotpee.crypto.Curve25519;
import org.linotpee.crypto.DeviceCipher;

/** The app side of qr and push tokens. */
public final class Phone {
  private static final int TEXTS_OF_CHALLENGE = 17;

  private final byte[] seed;
  private final byte[] serverKey;
  private final int partition;
  private final String serial;
  long id = 7;
  String gda = "gda-0815";

  /** Reads the pairing URL. */
  public Phone(String pairingUrl, int seedByte) {
    seed = new byte[32];
    Arrays.fill(seed, (byte) seedByte);
    byte[] data =
        Base64.getUrlDecoder().decode(pairingUrl.substring(pairingUrl.lastIndexOf('/') + 1));
    partition = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getInt(6);
    serverKey = Arrays.copyOfRange(data, 10, 42);
    int end = 42;
    while (data[end] != 0) {
      end++;
    }
    serial = new String(data, 42, end - 42, StandardCharsets.UTF_8);
  }

  /** What a qr app answers. */
  public String qrResponse() {
    return qrResponse(Curve25519.agreementPublic(seed), serial);
  }

  String qrResponse(byte[] publicKey, String named) {
    return sealed(
        partition, body(2, publicKey).text("", named, 100).text("", "alice", 100).toBytes());
  }

  /** What a push app answers. */
  public String pushResponse() {
    return pushResponse(seed);
  }

  String pushResponse(byte[] signer) {
    return pushResponse(signer, Curve25519.signingPublic(seed));
  }

  String pushResponse(byte[] signer, byte[] publicKey) {
    byte[] body =
        body(4, publicKey)
            .text("", serial, 100)
            .text("", "alice", 100)
            .text("", gda, 100)
            .toBytes();
    byte[] signature = Curve25519.sign(signer, body);
    return sealed(partition, new Packing().bytes(body).bytes(signature).toBytes());
  }

  private Packing body(int kind, byte[] publicKey) {
    return new Packing().octet(kind).number(id).bytes(publicKey);
  }

  String sealed(int forPartition, byte[] clear) {
    byte[] ephemeral = DeviceCipher.sha256(clear);
    byte[] header = new Packing().octet(1).number(forPartition).toBytes();
    byte[] agreed =
        DeviceCipher.sha256(
            Curve25519.agree(ephemeral, Curve25519.agreementPublicOfSigning(serverKey)));
    return Packing.base64url(
        new Packing()
            .bytes(header)
            .bytes(Curve25519.agreementPublic(ephemeral))
            .bytes(
                DeviceCipher.sealEax(
                    Arrays.copyOf(agreed, 16), Arrays.copyOfRange(agreed, 16, 32), header, clear))
            .toBytes());
  }

  // challenges ------------------------------------------------------------------------------------

  /** A challenge that was read from a QR code. */
  public record Read(int type, int flags, String text, byte[] signature) {
    public String answer() {
      return Packing.base64url(signature);
    }

    String tan(int digits) {
      return QrChallenge.tan(signature, digits);
    }
  }

  public Read read(String url) {
    byte[] raw = Base64.getUrlDecoder().decode(url.substring(url.lastIndexOf('/') + 1));
    byte[] header = Arrays.copyOf(raw, 5);
    byte[] one = DeviceCipher.sha256(Curve25519.agree(seed, Arrays.copyOfRange(raw, 5, 37)));
    byte[] two = DeviceCipher.sha256(one);
    byte[] nonce = Arrays.copyOfRange(two, 16, 32);
    byte[] clear =
        DeviceCipher.openEax(
                Arrays.copyOf(one, 16), nonce, header, Arrays.copyOfRange(raw, 37, raw.length))
            .orElseThrow();
    int from = (clear[1] & 8) != 0 ? 42 : 10;
    if (from == 42) {
      byte[] shared = Curve25519.agree(seed, Curve25519.agreementPublicOfSigning(serverKey));
      byte[] expected =
          DeviceCipher.hmac(
              shared,
              nonce,
              Arrays.copyOf(clear, 10),
              Arrays.copyOfRange(clear, from, clear.length));
      if (!Arrays.equals(expected, Arrays.copyOfRange(clear, 10, 42))) {
        throw new AssertionError("the server's signature is wrong");
      }
    }
    int end = from;
    while (clear[end] != 0) {
      end++;
    }
    return new Read(
        clear[0],
        clear[1],
        new String(clear, from, end - from, StandardCharsets.UTF_8),
        DeviceCipher.hmac(Arrays.copyOf(two, 16), nonce, clear));
  }

  /** A challenge that was pushed. */
  public record Pushed(int type, List<String> texts, byte[] base, byte[] seed) {
    public String signed(boolean accept) {
      return Packing.base64url(Curve25519.sign(seed, PushChallenge.signed(accept, base)));
    }
  }

  public Pushed pushed(String url) {
    byte[] raw = Base64.getUrlDecoder().decode(url.substring(url.lastIndexOf('/') + 1));
    byte[] signature = Arrays.copyOfRange(raw, raw.length - 64, raw.length);
    byte[] unsigned = Arrays.copyOf(raw, raw.length - 64);
    if (!Curve25519.verify(serverKey, unsigned, signature)) {
      throw new AssertionError("the server's signature is wrong");
    }
    byte[] agreed =
        DeviceCipher.sha256(
            Curve25519.agree(
                Curve25519.agreementSecret(seed), Arrays.copyOfRange(unsigned, 5, 37)));
    byte[] clear =
        DeviceCipher.ctr(
            Arrays.copyOf(agreed, 16),
            Arrays.copyOfRange(agreed, 16, 32),
            Arrays.copyOfRange(unsigned, 37, unsigned.length));
    var texts = new ArrayList<String>();
    int from = TEXTS_OF_CHALLENGE;
    for (int at = from; at < clear.length; at++) {
      if (clear[at] == 0) {
        texts.add(new String(clear, from, at - from, StandardCharsets.UTF_8));
        from = at + 1;
      }
    }
    return new Pushed(clear[0], texts, new Packing().bytes(signature).bytes(clear).toBytes(), seed);
  }
}
