package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;

/**
 * {@code serial, seed, type, length or OCRA suite, time step, hash}; all but serial and seed may be
 * missing (spec 03 section 8.3).
 */
final class OathCsv implements TokenFile {
  private static final Set<String> HASHES = Set.of("sha1", "sha256", "sha512");

  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    Lines.each(
        file,
        (line, number) -> {
          if (!line.startsWith("#")) {
            token(line, number, tokens);
          }
        });
  }

  private static void token(String line, int number, Consumer<TokenRecord> tokens) {
    List<String> columns = Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    String serial = columns.get(0);
    String seed = column(columns, 1);
    if (serial.isEmpty() || seed.isEmpty()) {
      return;
    }
    String type = column(columns, 2).toLowerCase(Locale.ROOT);
    if (type.isEmpty() || type.equals("hotp")) {
      type = "hmac";
    }
    String length = column(columns, 3);
    TokenRecord token = TokenRecord.of(serial, type, seed);
    if (type.equals("ocra2")) {
      if (!length.isEmpty()) {
        tokens.accept(token.parameter("ocrasuite", length));
      }
      return;
    }
    token =
        token
            .length(length.isEmpty() ? 6 : number(length, number))
            .parameter("hashlib", hash(column(columns, 5), seed));
    tokens.accept(type.equals("totp") ? token.info("timeStep", step(column(columns, 4))) : token);
  }

  private static String column(List<String> columns, int index) {
    return index < columns.size() ? columns.get(index) : "";
  }

  private static int number(String text, int line) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified(
          "line " + line + ": the length of a value must be a number, not '" + text + "'");
    }
  }

  private static String step(String text) {
    return text.matches("[1-9]\\d{0,4}") ? text : "30";
  }

  private static String hash(String given, String seed) {
    String name = given.toLowerCase(Locale.ROOT);
    return HASHES.contains(name) ? name : hashByLength(seed);
  }

  /** A seed is as long as the digest of the hash that it is for. */
  static String hashByLength(String seed) {
    return switch (seed.length()) {
      case 128 -> "sha512";
      case 64 -> "sha256";
      default -> "sha1";
    };
  }
}
