package org.linotpee.gsm.pdu;

import java.io.ByteArrayOutputStream;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The default alphabet of 3GPP TS 23.038 with its extension table; a character is 1 or 2 septets.
 */
public final class GsmAlphabet {
  static final int ESCAPE = 0x1B;
  private static final String TABLE =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final Map<Character, Integer> EXTENSION =
      Map.of(
          '\f', 0x0A, '^', 0x14, '{', 0x28, '}', 0x29, '\\', 0x2F, '[', 0x3C, '~', 0x3D, ']', 0x3E,
          '|', 0x40, '€', 0x65);
  private static final Map<Integer, Character> EXTENSION_BACK = new HashMap<>();
  private static final Map<Character, Integer> CODES = new HashMap<>();

  /** Typographic characters and what an ASCII keyboard has for them. */
  private static final Map<Character, String> SIMILAR =
      Map.ofEntries(
          Map.entry('\u2018', "'"),
          Map.entry('\u2019', "'"),
          Map.entry('\u201A', "'"),
          Map.entry('\u201C', "\""),
          Map.entry('\u201D', "\""),
          Map.entry('\u201E', "\""),
          Map.entry('\u00AB', "\""),
          Map.entry('\u00BB', "\""),
          Map.entry('\u2010', "-"),
          Map.entry('\u2011', "-"),
          Map.entry('\u2012', "-"),
          Map.entry('\u2013', "-"),
          Map.entry('\u2014', "-"),
          Map.entry('\u2022', "*"),
          Map.entry('\u2026', "..."),
          Map.entry('\u00A0', " "),
          Map.entry('\u2009', " "),
          Map.entry('\u202F', " "),
          Map.entry('\t', " "),
          Map.entry('`', "'"),
          Map.entry('\u00B4', "'"));

  static {
    for (int code = 0; code < TABLE.length(); code++) {
      if (code != ESCAPE) {
        CODES.put(TABLE.charAt(code), code);
      }
    }
    EXTENSION.forEach((character, code) -> EXTENSION_BACK.put(code, character));
  }

  private GsmAlphabet() {}

  /** The septets of a text, one a byte; empty if a character is in neither table. */
  public static Optional<byte[]> encode(String text) {
    var septets = new ByteArrayOutputStream(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      Integer code = CODES.get(character);
      if (code != null) {
        septets.write(code);
        continue;
      }
      Integer extended = EXTENSION.get(character);
      if (extended == null) {
        return Optional.empty();
      }
      septets.write(ESCAPE);
      septets.write(extended);
    }
    return Optional.of(septets.toByteArray());
  }

  /** The text of septets; an unknown extension is shown as its code in the default table. */
  public static String decode(byte[] septets) {
    var text = new StringBuilder(septets.length);
    for (int i = 0; i < septets.length; i++) {
      int code = septets[i] & 0x7F;
      if (code != ESCAPE) {
        text.append(TABLE.charAt(code));
      } else if (i + 1 < septets.length) {
        int extended = septets[++i] & 0x7F;
        Character character = EXTENSION_BACK.get(extended);
        text.append(
            character != null ? character : extended == ESCAPE ? ' ' : TABLE.charAt(extended));
      }
    }
    return text.toString();
  }

  /** The text with similar characters of the alphabet for those that are not in it, where known. */
  public static String transliterate(String text) {
    var result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (contains(character)) {
        result.append(character);
      } else if (SIMILAR.containsKey(character)) {
        result.append(SIMILAR.get(character));
      } else {
        String bare =
            Normalizer.normalize(String.valueOf(character), Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "");
        result.append(
            !bare.isEmpty() && bare.chars().allMatch(c -> contains((char) c)) ? bare : character);
      }
    }
    return result.toString();
  }

  private static boolean contains(char character) {
    return CODES.containsKey(character) || EXTENSION.containsKey(character);
  }
}
