package org.linotpee.gsm.pdu;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A part of a message as {@code AT+CMGS} takes it (SMS-SUBMIT, 3GPP TS 23.040 section 9.2.2.2).
 *
 * @param hex the service centre's field and the TPDU
 * @param length octets of the TPDU alone, which is what {@code AT+CMGS} is told
 */
public record SubmitPdu(String hex, int length) {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int SUBMIT = 0x01;
  private static final int RELATIVE_VALIDITY = 0x10;
  private static final int STATUS_REPORT = 0x20;
  private static final int HEADER = 0x40;
  private static final int UCS2 = 0x08;
  private static final int CLASS_0 = 0x10;
  private static final int SEPTETS = 160;
  private static final int SEPTETS_OF_PART = 153;
  private static final int OCTETS = 140;
  private static final int OCTETS_OF_PART = 134;
  private static final int HEADER_SEPTETS = 7;
  private static final int HEADER_FILL_BITS = 1;

  /**
   * What is to be sent.
   *
   * @param serviceCentre empty: the SIM card's
   * @param validity empty: none is told
   */
  public record Options(
      Optional<PhoneNumber> serviceCentre,
      Optional<Duration> validity,
      boolean statusReport,
      boolean flash) {
    /** No wishes. */
    public static final Options NONE =
        new Options(Optional.empty(), Optional.empty(), false, false);
  }

  /**
   * The parts of a text: one if it fits, else several with a header that tells phones to put them
   * together.
   *
   * @param reference 0 to 255, the same in all parts, different in the next message
   * @param maxParts a longer text is refused
   * @throws PduException if the text needs more parts
   */
  public static List<SubmitPdu> encode(
      PhoneNumber number, String text, Options options, int reference, int maxParts) {
    Optional<byte[]> septets = GsmAlphabet.encode(text);
    List<byte[]> bodies =
        septets.isPresent()
            ? split(septets.get(), SEPTETS, SEPTETS_OF_PART, SubmitPdu::cutSeptets)
            : split(
                text.getBytes(StandardCharsets.UTF_16BE),
                OCTETS,
                OCTETS_OF_PART,
                SubmitPdu::cutUtf16);
    if (bodies.size() > maxParts) {
      throw new PduException(
          "the text needs %d short messages, at most %d are allowed"
              .formatted(bodies.size(), maxParts));
    }
    var parts = new ArrayList<SubmitPdu>(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      byte[] header =
          bodies.size() == 1
              ? new byte[0]
              : new byte[] {5, 0, 3, (byte) reference, (byte) bodies.size(), (byte) (i + 1)};
      parts.add(part(number, bodies.get(i), septets.isPresent(), header, options));
    }
    return parts;
  }

  private interface Cut {
    /** Where a part that begins here ends, at most {@code limit} further. */
    int after(byte[] body, int begin, int limit);
  }

  private static List<byte[]> split(byte[] body, int alone, int ofPart, Cut cut) {
    if (body.length <= alone) {
      return List.of(body);
    }
    var parts = new ArrayList<byte[]>();
    for (int begin = 0; begin < body.length; ) {
      int end = begin + ofPart >= body.length ? body.length : cut.after(body, begin, ofPart);
      parts.add(Arrays.copyOfRange(body, begin, end));
      begin = end;
    }
    return parts;
  }

  /** Never between an escape and what it escapes. */
  private static int cutSeptets(byte[] body, int begin, int limit) {
    int end = begin + limit;
    int escapes = 0;
    while (end - 1 - escapes >= begin && body[end - 1 - escapes] == GsmAlphabet.ESCAPE) {
      escapes++;
    }
    return escapes % 2 == 1 ? end - 1 : end;
  }

  /** Never between the two halves of a character. */
  private static int cutUtf16(byte[] body, int begin, int limit) {
    int end = begin + limit;
    boolean highSurrogate = (body[end - 2] & 0xFC) == 0xD8;
    return highSurrogate ? end - 2 : end;
  }

  private static SubmitPdu part(
      PhoneNumber number, byte[] body, boolean gsm, byte[] header, Options options) {
    var tpdu = new ByteArrayOutputStream(180);
    tpdu.write(
        SUBMIT
            | (options.validity().isPresent() ? RELATIVE_VALIDITY : 0)
            | (options.statusReport() ? STATUS_REPORT : 0)
            | (header.length > 0 ? HEADER : 0));
    tpdu.write(0); // the modem counts the messages
    tpdu.write(number.digits().length());
    tpdu.write(number.type());
    tpdu.writeBytes(number.semiOctets());
    tpdu.write(0);
    tpdu.write((gsm ? 0 : UCS2) | (options.flash() ? CLASS_0 : 0));
    options.validity().ifPresent(v -> tpdu.write(ValidityPeriod.octet(v)));
    if (gsm) {
      boolean first = header.length == 0;
      tpdu.write(body.length + (first ? 0 : HEADER_SEPTETS));
      tpdu.writeBytes(header);
      tpdu.writeBytes(Septets.pack(body, first ? 0 : HEADER_FILL_BITS));
    } else {
      tpdu.write(body.length + header.length);
      tpdu.writeBytes(header);
      tpdu.writeBytes(body);
    }
    return new SubmitPdu(
        serviceCentre(options.serviceCentre()) + HEX.formatHex(tpdu.toByteArray()), tpdu.size());
  }

  private static String serviceCentre(Optional<PhoneNumber> number) {
    if (number.isEmpty()) {
      return "00";
    }
    byte[] digits = number.get().semiOctets();
    return HEX.toHexDigits((byte) (digits.length + 1))
        + HEX.toHexDigits((byte) number.get().type())
        + HEX.formatHex(digits);
  }

  /** The PDU as logs may have it: without what is written in it. */
  public String withoutText() {
    return hex.substring(0, Math.min(hex.length(), 24)) + "... (" + length + " octets)";
  }

  @Override
  public String toString() {
    return withoutText();
  }
}
