package org.linotpee.token.paired;

import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Curve25519;
import org.linotpee.crypto.DeviceCipher;
import org.linotpee.token.PairingResponse;

/** Opens what devices answer to a pairing URL (spec 08 section 16.3). */
@Service
public class PairingResponses {
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 5;
  private static final int LEAST_BYTES =
      HEADER_BYTES + Curve25519.KEY_BYTES + DeviceCipher.TAG_BYTES;
  private static final int MOST_CHARACTERS = 4096;
  private static final int HALF = 16;
  private static final int MALFORMED = 10;

  private final PartitionKeys keys;

  @Inject
  public PairingResponses(PartitionKeys keys) {
    this.keys = keys;
  }

  /**
   * Decrypts a response; everybody can make one, what it says is not proven.
   *
   * @throws LinotpException 10 if it is malformed, was changed or made for another server
   */
  public PairingResponse open(String text) {
    byte[] raw = decoded(text);
    if (raw.length < LEAST_BYTES || raw[0] != VERSION) {
      throw malformed();
    }
    byte[] header = Arrays.copyOf(raw, HEADER_BYTES);
    int partition = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
    int sealedFrom = HEADER_BYTES + Curve25519.KEY_BYTES;
    byte[] ephemeral = Arrays.copyOfRange(raw, HEADER_BYTES, sealedFrom);
    byte[] agreed;
    try {
      agreed =
          DeviceCipher.sha256(Curve25519.agree(keys.of(partition).agreementSecret(), ephemeral));
    } catch (IllegalArgumentException e) {
      throw new LinotpException(MALFORMED, "malformed pairing response", e);
    }
    byte[] content =
        DeviceCipher.openEax(
                Arrays.copyOf(agreed, HALF),
                Arrays.copyOfRange(agreed, HALF, agreed.length),
                header,
                Arrays.copyOfRange(raw, sealedFrom, raw.length))
            .orElseThrow(PairingResponses::malformed);
    return PairingResponse.parse(partition, content).orElseThrow(PairingResponses::malformed);
  }

  private static byte[] decoded(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw malformed();
    }
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new LinotpException(MALFORMED, "malformed pairing response", e);
    }
  }

  private static LinotpException malformed() {
    return new LinotpException(MALFORMED, "malformed pairing response");
  }
}
