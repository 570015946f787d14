package org.linotpee.delivery.smpp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.linotpee.gsm.pdu.GsmAlphabet;

/**
 * A text as octets of one or more short messages. It goes in the default alphabet of GSM if it can,
 * else in Latin-1, else in UCS-2.
 *
 * @param coding the field data_coding
 * @param pieces never split within a character
 */
record SmppText(int coding, List<byte[]> pieces) {
  static final int GSM = 0;
  static final int LATIN_1 = 3;
  static final int UCS_2 = 8;
  private static final int SINGLE = 160;
  private static final int PIECE = 153;
  private static final int SINGLE_UCS_2 = 140;
  private static final int PIECE_UCS_2 = 134;
  private static final int ESCAPE = 0x1B;
  private static final Charset ISO_8859_1 = StandardCharsets.ISO_8859_1;

  /**
   * Chooses the coding by the text.
   *
   * @param charset if it is there, the text is encoded in it, and what it lacks is dropped
   * @param coding if it is there, this is said about the octets, whatever they are
   */
  static SmppText of(String text, Optional<Charset> charset, Optional<Integer> coding) {
    if (charset.isPresent()) {
      byte[] octets = encoded(text, charset.get());
      boolean wide = charset.get().name().startsWith("UTF-16");
      int standard = wide ? UCS_2 : LATIN_1;
      return new SmppText(coding.orElse(standard), wide ? wide(octets) : narrow(octets, false));
    }
    Optional<byte[]> septets = GsmAlphabet.encode(text);
    if (septets.isPresent() && coding.orElse(GSM) == GSM) {
      return new SmppText(GSM, narrow(septets.get(), true));
    }
    if (ISO_8859_1.newEncoder().canEncode(text) && coding.orElse(LATIN_1) != UCS_2) {
      return new SmppText(coding.orElse(LATIN_1), narrow(text.getBytes(ISO_8859_1), false));
    }
    return new SmppText(coding.orElse(UCS_2), wide(text.getBytes(StandardCharsets.UTF_16BE)));
  }

  private static byte[] encoded(String text, Charset charset) {
    CharsetEncoder encoder = charset.newEncoder();
    var octets = new ByteArrayOutputStream();
    text.codePoints()
        .mapToObj(Character::toString)
        .filter(encoder::canEncode)
        .forEach(c -> octets.writeBytes(c.getBytes(charset)));
    return octets.toByteArray();
  }

  private static List<byte[]> narrow(byte[] octets, boolean escapes) {
    if (octets.length <= SINGLE) {
      return List.of(octets);
    }
    var pieces = new ArrayList<byte[]>();
    int start = 0;
    while (start < octets.length) {
      int end = Math.min(octets.length, start + PIECE);
      if (escapes && end < octets.length && octets[end - 1] == ESCAPE) {
        end--;
      }
      pieces.add(Arrays.copyOfRange(octets, start, end));
      start = end;
    }
    return pieces;
  }

  private static List<byte[]> wide(byte[] octets) {
    if (octets.length <= SINGLE_UCS_2) {
      return List.of(octets);
    }
    var pieces = new ArrayList<byte[]>();
    int start = 0;
    while (start < octets.length) {
      int end = Math.min(octets.length, start + PIECE_UCS_2);
      boolean insidePair = end < octets.length && (octets[end - 2] & 0xFC) == 0xD8;
      end -= insidePair ? 2 : 0;
      pieces.add(Arrays.copyOfRange(octets, start, end));
      start = end;
    }
    return pieces;
  }
}
