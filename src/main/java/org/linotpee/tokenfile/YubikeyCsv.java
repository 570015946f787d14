package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.Randoms;

/** The logs of YubiKey personalisation tools (spec 03 section 8.4). */
final class YubikeyCsv implements TokenFile {
  private static final String MODHEX = "cbdefghijklnrtuv";
  private static final int AES_OTP_LENGTH = 32;
  private static final int LENGTH_COLUMN = 11;

  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    Lines.each(
        file,
        (line, number) -> {
          List<String> columns = Arrays.stream(line.split(",", -1)).map(String::strip).toList();
          if (columns.size() < 6) {
            return;
          }
          String first = columns.get(0).toLowerCase(Locale.ROOT);
          if (first.matches("\\d+")) {
            numbered(columns, tokens);
          } else if (first.equals("yubico otp")) {
            tokens.accept(aes("UBAM" + device(columns, number), columns.get(3), columns.get(5)));
          } else if (first.equals("oath-hotp")) {
            String length = columns.size() > LENGTH_COLUMN ? columns.get(LENGTH_COLUMN) : "";
            tokens.accept(
                TokenRecord.of("UBOM" + device(columns, number), "hmac", columns.get(5))
                    .described(columns.get(3))
                    .length(length.isEmpty() ? 6 : length(length, number)));
          }
        });
  }

  /** {@code serial, public id, private id | 0 | empty, key, , timestamp,}; empty is a password. */
  private static void numbered(List<String> columns, Consumer<TokenRecord> tokens) {
    String serial = columns.get(0) + "_X";
    String key = columns.get(3);
    switch (columns.get(2)) {
      case "0" ->
          tokens.accept(
              TokenRecord.of("UBOM" + serial, "hmac", key).described(columns.get(1)).length(6));
      case "" -> {}
      default -> tokens.accept(aes("UBAM" + serial, columns.get(1), key));
    }
  }

  private static TokenRecord aes(String serial, String publicId, String key) {
    return TokenRecord.of(serial, "yubikey", key)
        .described(publicId)
        .length(AES_OTP_LENGTH + publicId.length());
  }

  /** The device's number from its public id, and the slot. */
  private static String device(List<String> columns, int line) {
    String publicId = columns.get(3).toLowerCase(Locale.ROOT);
    long number = 0;
    if (publicId.isEmpty()) {
      number = Long.parseLong(Randoms.hex(4), 16);
    }
    for (int i = 0; i < Math.min(8, publicId.length()); i++) {
      int digit = MODHEX.indexOf(publicId.charAt(i));
      if (digit < 0) {
        throw LinotpException.unclassified(
            "line " + line + ": the public id '" + columns.get(3) + "' is not modhex");
      }
      number = number * 16 + digit;
    }
    return String.format(Locale.ROOT, "%08d_%s", number, columns.get(2));
  }

  private static int length(String text, int line) {
    if (!text.matches("\\d{1,2}")) {
      throw LinotpException.unclassified(
          "line " + line + ": the length of a value must be a number, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }
}
