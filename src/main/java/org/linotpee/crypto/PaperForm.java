package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A key as lines that people can type from paper (spec 06 section 13.2): 16 hexadecimal digits and
 * their CRC-32, and at the end a digest of all of them, so that a wrong line is named.
 */
public final class PaperForm {
  private static final int CHUNK = 16;
  private static final int SUM = 8;

  private PaperForm() {}

  /** The lines of a key; the last one is the digest behind 17 blanks. */
  public static List<String> print(byte[] key) {
    String hex = HexFormat.of().formatHex(key);
    var lines = new ArrayList<String>();
    for (int start = 0; start < hex.length(); start += CHUNK) {
      String chunk = hex.substring(start, Math.min(hex.length(), start + CHUNK));
      lines.add(chunk + " " + sum(chunk));
    }
    lines.add(" ".repeat(CHUNK + 1) + digest(hex));
    return List.copyOf(lines);
  }

  /**
   * The key of such lines; blank lines are skipped and the case of digits does not matter.
   *
   * @throws KeyFileException naming the first line that is wrong
   */
  public static byte[] parse(List<String> lines) {
    List<String> filled = lines.stream().filter(line -> !line.isBlank()).toList();
    var hex = new StringBuilder();
    for (int i = 0; i < filled.size() - 1; i++) {
      String[] fields = fields(filled.get(i));
      if (fields.length != 2
          || !fields[0].matches("(?:[0-9a-f]{2}){1,8}")
          || !fields[1].equals(sum(fields[0]))) {
        throw new KeyFileException("Line " + (i + 1) + " of the key is mistyped.");
      }
      hex.append(fields[0]);
    }
    if (filled.size() < 2
        || !String.join("", fields(filled.get(filled.size() - 1))).equals(digest(hex))) {
      throw new KeyFileException(
          "The last line of the key does not fit the others: a line is missing or out of order.");
    }
    return HexFormat.of().parseHex(hex);
  }

  private static String[] fields(String line) {
    return line.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
  }

  private static String sum(String chunk) {
    var crc = new CRC32();
    crc.update(chunk.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits(crc.getValue(), SUM);
  }

  private static String digest(CharSequence hex) {
    byte[] sha1 = Digests.digest("SHA-1", hex.toString().getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(sha1).substring(0, SUM);
  }
}
