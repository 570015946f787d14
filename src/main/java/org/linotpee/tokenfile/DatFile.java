package org.linotpee.tokenfile;

import java.io.Reader;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/** Records of {@code key: value} lines for eToken and SafeWord devices (spec 03 section 8.8). */
final class DatFile implements TokenFile {
  private static final Pattern DATE =
      Pattern.compile(
          "(?:(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})|(\\d{4})-(\\d{1,2})-(\\d{1,2}))"
              + "(?:[ +](\\d{1,2}):(\\d{2})(?::(\\d{2}))?)?");
  private static final LocalDateTime DEFAULT_START = LocalDate.of(2000, 1, 1).atStartOfDay();

  private final long start;

  /**
   * @param startDate where the vendor's time begins, UTC; what cannot be read is 1 January 2000
   */
  DatFile(String startDate) {
    start = parsed(startDate.strip()).toEpochSecond(ZoneOffset.UTC);
  }

  private static LocalDateTime parsed(String text) {
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      return DEFAULT_START;
    }
    boolean german = date.group(1) != null;
    try {
      return LocalDateTime.parse(
          "%s-%02d-%02dT%02d:%02d:%02d"
              .formatted(
                  german ? date.group(3) : date.group(4),
                  number(german ? date.group(2) : date.group(5)),
                  number(german ? date.group(1) : date.group(6)),
                  number(date.group(7)),
                  number(date.group(8)),
                  number(date.group(9))));
    } catch (DateTimeParseException e) {
      return DEFAULT_START;
    }
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    var record = new HashMap<String, String>();
    Lines.each(
        file,
        (line, number) -> {
          String text = line.strip();
          if (text.isEmpty()) {
            token(record, tokens);
            record.clear();
          } else if (!text.startsWith("#") && text.indexOf(':') > 0) {
            int colon = text.indexOf(':');
            record.put(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
          }
        });
    token(record, tokens);
  }

  private void token(Map<String, String> record, Consumer<TokenRecord> tokens) {
    String serial = record.get("sccAuthenticatorId");
    String data = record.get("sccTokenData");
    if (serial == null || data == null) {
      return;
    }
    Map<String, String> values = values(data);
    String mode = required(values, "sccMode", serial);
    String description = record.getOrDefault("sccTokenType", "");
    boolean timed = mode.equals("T");
    TokenRecord token =
        TokenRecord.of(serial, timed ? "totp" : "hmac", required(values, "sccKey", serial));
    if (values.containsKey("sccPwLen")) {
      token = token.length(length(values.get("sccPwLen"), serial));
    }
    if ("HmacSHA256".equals(values.get("crypto"))) {
      token = token.parameter("hashlib", "sha256");
    }
    if (timed) {
      token = token.info("timeStep", values.getOrDefault("sccTick", "30"));
    }
    if (values.containsKey("sccPrTime")) {
      token = token.info("timeShift", String.valueOf(-start));
      description = (description + " " + values.get("sccPrTime")).strip();
    }
    tokens.accept(token.described(description));
  }

  private static Map<String, String> values(String data) {
    var values = new HashMap<String, String>();
    for (String part : data.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return values;
  }

  private static String required(Map<String, String> values, String name, String serial) {
    String value = values.get(name);
    if (value == null) {
      throw LinotpException.unclassified("the token '" + serial + "' has no " + name);
    }
    return value;
  }

  private static int length(String text, String serial) {
    if (!text.matches("\\d{1,2}")) {
      throw LinotpException.unclassified(
          "the token '" + serial + "' has the length '" + text + "', which is no number");
    }
    return Integer.parseInt(text);
  }
}
