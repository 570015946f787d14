package org.linotpee.administration;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/**
 * The text of a support licence (spec 05 section 15): lines of {@code key=value}, and a signature
 * over them. It says what somebody has bought; nothing depends on it.
 *
 * @param fields in the order of the text
 * @param signature Base64
 */
public record SupportLicence(Map<String, String> fields, String signedText, String signature) {
  private static final Pattern TEXT =
      Pattern.compile(
          "-----BEGIN LICENSE-----\\n(.*?)-----END LICENSE-----\\s*"
              + "-----BEGIN LICENSE SIGNATURE-----\\n(.*?)-----END LICENSE SIGNATURE-----",
          Pattern.DOTALL);
  private static final Pattern DAYS = Pattern.compile("(\\d{1,5})\\s+days?");
  private static final int LEAST_LINES = 10;
  private static final int MAX_LENGTH = 20_000;
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.ofPattern("dd.MM.uuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("MM/dd/uuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT));

  /**
   * Reads a licence.
   *
   * @throws LinotpException -311 if the text is none
   */
  public static SupportLicence parse(String text) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    Matcher parts = TEXT.matcher(lines);
    if (text.length() > MAX_LENGTH || !parts.find()) {
      throw LinotpException.unclassified("this is no licence");
    }
    var fields = new LinkedHashMap<String, String>();
    var signed = new StringBuilder();
    List<String> content = parts.group(1).lines().toList();
    for (String line : content) {
      signed.append(line).append('\n');
      int equals = line.indexOf('=');
      if (equals > 0) {
        fields.put(line.substring(0, equals).trim(), line.substring(equals + 1).trim());
      }
    }
    if (content.size() < LEAST_LINES || fields.isEmpty()) {
      throw LinotpException.unclassified("this is no complete licence");
    }
    return new SupportLicence(fields, signed.toString(), parts.group(2).replaceAll("\\s", ""));
  }

  /** True if one of the keys has signed it. */
  boolean signedBy(List<PublicKey> keys) {
    for (PublicKey key : keys) {
      try {
        var verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(key);
        verifier.update(signedText.getBytes(StandardCharsets.UTF_8));
        if (verifier.verify(Base64.getDecoder().decode(signature))) {
          return true;
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        // not by this one
      }
    }
    return false;
  }

  /** For how many days from its installation it is valid, if that is how it tells. */
  OptionalInt days() {
    Matcher days = DAYS.matcher(fields.getOrDefault("expire", ""));
    return days.matches() ? OptionalInt.of(Integer.parseInt(days.group(1))) : OptionalInt.empty();
  }

  /** The last day of its validity; empty if it has none. */
  Optional<LocalDate> lastDay() {
    String expire = fields.getOrDefault("expire", "");
    return date(expire.isEmpty() || expire.equals("never") ? fields.get("subscription") : expire);
  }

  private static Optional<LocalDate> date(String text) {
    for (DateTimeFormatter format : DATES) {
      try {
        return Optional.of(LocalDate.parse(text == null ? "" : text, format));
      } catch (DateTimeException e) {
        // in another form
      }
    }
    return Optional.empty();
  }

  /** How many of these it is for; empty if it tells no number. */
  OptionalInt number(String field) {
    String text = fields.getOrDefault(field, "");
    return text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
