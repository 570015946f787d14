package org.linotpee.gsm.pdu;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A received message or a part of one (SMS-DELIVER, 3GPP TS 23.040 section 9.2.2.1).
 *
 * @param reference which message the part belongs to
 * @param parts 1 if it is a whole message
 * @param part from 1
 */
public record DeliverPdu(
    String sender, Instant sentAt, String text, int reference, int parts, int part) {
  private static final int TYPE = 0x03;
  private static final int HEADER = 0x40;
  private static final int CONCATENATED_8 = 0x00;
  private static final int CONCATENATED_16 = 0x08;

  /**
   * Reads a PDU as {@code +CMGR} and {@code +CMT} tell it.
   *
   * @throws PduException if it is none
   */
  public static DeliverPdu decode(String hex) {
    var reader = new PduReader(hex);
    int first = reader.octet();
    if ((first & TYPE) != 0) {
      throw new PduException("not a received message");
    }
    String sender = reader.address();
    reader.octet(); // protocol
    int coding = reader.octet();
    Instant sentAt = reader.timestamp();
    int length = reader.octet();
    byte[] data = reader.rest();
    int header = (first & HEADER) != 0 && data.length > 0 ? 1 + (data[0] & 0xFF) : 0;
    if (header > data.length) {
      throw new PduException("the header is longer than the text");
    }
    int[] concatenation = concatenation(Arrays.copyOf(data, header));
    return new DeliverPdu(
        sender,
        sentAt,
        text(coding, length, data, header),
        concatenation[0],
        concatenation[1],
        concatenation[2]);
  }

  private static String text(int coding, int length, byte[] data, int header) {
    if (!isUcs2(coding) && !isData(coding)) {
      int headerSeptets = (header * 8 + 6) / 7;
      int fillBits = headerSeptets * 7 - header * 8;
      return GsmAlphabet.decode(
          Septets.unpack(
              Arrays.copyOfRange(data, header, data.length), fillBits, length - headerSeptets));
    }
    int end = Math.min(length, data.length);
    if (end < header) {
      throw new PduException("the text is shorter than its header");
    }
    byte[] body = Arrays.copyOfRange(data, header, end);
    return isData(coding)
        ? java.util.HexFormat.of().formatHex(body)
        : new String(body, StandardCharsets.UTF_16BE);
  }

  private static boolean isUcs2(int coding) {
    return (coding & 0xC0) == 0 ? (coding & 0x0C) == 0x08 : (coding & 0xF0) == 0xE0;
  }

  private static boolean isData(int coding) {
    return (coding & 0xC0) == 0 ? (coding & 0x0C) == 0x04 : (coding & 0xF4) == 0xF4;
  }

  /** Reference, number of parts and part from the user data header. */
  private static int[] concatenation(byte[] header) {
    for (int i = 1; i + 1 < header.length; ) {
      int element = header[i] & 0xFF;
      int length = header[i + 1] & 0xFF;
      if (i + 2 + length > header.length) {
        break;
      }
      int reference = -1;
      if (element == CONCATENATED_8 && length == 3) {
        reference = header[i + 2] & 0xFF;
      } else if (element == CONCATENATED_16 && length == 4) {
        reference = ((header[i + 2] & 0xFF) << 8) | (header[i + 3] & 0xFF);
      }
      int parts = header[i + length] & 0xFF;
      int part = header[i + 1 + length] & 0xFF;
      if (reference >= 0 && part >= 1 && part <= parts) {
        return new int[] {reference, parts, part};
      }
      i += 2 + length;
    }
    return new int[] {0, 1, 1};
  }

  /** Without the text. */
  @Override
  public String toString() {
    return "part " + part + " of " + parts + " from " + sender;
  }
}
