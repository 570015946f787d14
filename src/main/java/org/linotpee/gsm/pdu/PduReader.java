package org.linotpee.gsm.pdu;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads a PDU field by field. */
final class PduReader {
  private static final int MAX_OCTETS = 300;
  private static final int ALPHANUMERIC = 0x50;
  private static final int TYPE_OF_NUMBER = 0x70;
  private final byte[] octets;
  private int position;

  /** Reads hexadecimal digits; skips the service centre's field in front. */
  PduReader(String hex) {
    if (hex.length() > 2 * MAX_OCTETS) {
      throw new PduException("a PDU is not that long");
    }
    try {
      octets = HexFormat.of().parseHex(hex.strip());
    } catch (IllegalArgumentException e) {
      throw new PduException("a PDU is hexadecimal digits");
    }
    take(octet());
  }

  int octet() {
    if (position >= octets.length) {
      throw new PduException("the PDU ends early");
    }
    return octets[position++] & 0xFF;
  }

  byte[] take(int count) {
    if (count > octets.length - position) {
      throw new PduException("the PDU ends early");
    }
    position += count;
    return Arrays.copyOfRange(octets, position - count, position);
  }

  byte[] rest() {
    return take(octets.length - position);
  }

  /** A number, or a name in the GSM alphabet. */
  String address() {
    int digits = octet();
    int type = octet();
    byte[] value = take((digits + 1) / 2);
    if ((type & TYPE_OF_NUMBER) == ALPHANUMERIC) {
      return GsmAlphabet.decode(Septets.unpack(value, 0, digits * 4 / 7));
    }
    String number = PhoneNumber.fromSemiOctets(value, digits);
    return (type & TYPE_OF_NUMBER) == 0x10 ? "+" + number : number;
  }

  /** A time stamp with its zone, in quarters of an hour; what makes no sense is the epoch. */
  Instant timestamp() {
    byte[] stamp = take(7);
    int[] field = new int[6];
    for (int i = 0; i < field.length; i++) {
      field[i] = (stamp[i] & 0x0F) * 10 + ((stamp[i] >> 4) & 0x0F);
    }
    int zone = (stamp[6] & 0x07) * 10 + ((stamp[6] >> 4) & 0x0F);
    boolean west = (stamp[6] & 0x08) != 0;
    try {
      return LocalDateTime.of(2000 + field[0], field[1], field[2], field[3], field[4], field[5])
          .toInstant(ZoneOffset.ofTotalSeconds((west ? -zone : zone) * 900));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
