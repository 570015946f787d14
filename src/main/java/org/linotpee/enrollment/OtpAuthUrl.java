package org.linotpee.enrollment;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.codec.binary.Base32;
import org.linotpee.configuration.LinotpException;

/** Builds the URL by which authenticator apps take a token over (spec 03 section 2.5.2). */
final class OtpAuthUrl {
  private static final int MAX_LENGTH = 400;
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

  private OtpAuthUrl() {}

  /**
   * What the URL tells.
   *
   * @param kind {@code hotp} or {@code totp}
   * @param label the account, shown by the app
   * @param issuer the service, shown by the app
   * @param seed hexadecimal
   * @param algorithm {@code sha1}, {@code sha256} or {@code sha512}
   * @param period the time step in seconds; of no meaning for hotp
   */
  record Content(
      String kind,
      String label,
      String issuer,
      String seed,
      int digits,
      String algorithm,
      long period) {
    /** Without the seed. */
    @Override
    public String toString() {
      return kind + " of " + label;
    }
  }

  /**
   * The URL, of at most 400 characters: a label that is too long is cut.
   *
   * @throws LinotpException -311 if it is too long even without a label
   */
  static String of(Content content) {
    var query = new StringBuilder();
    byte[] key = HexFormat.of().parseHex(content.seed());
    query.append("?secret=").append(new Base32().encodeToString(key).replace("=", ""));
    if (content.digits() != 6) {
      query.append("&digits=").append(content.digits());
    }
    String algorithm = content.algorithm().toUpperCase(Locale.ROOT);
    if (algorithm.equals("SHA256") || algorithm.equals("SHA512")) {
      query.append("&algorithm=").append(algorithm);
    }
    if (content.kind().equals("hotp")) {
      query.append("&counter=0");
    } else if (content.period() != 30) {
      query.append("&period=").append(content.period());
    }
    query.append("&issuer=").append(encoded(content.issuer(), false));
    String start = "otpauth://" + content.kind() + "/";
    int room = MAX_LENGTH - start.length() - query.length();
    if (room < 0) {
      throw LinotpException.unclassified("the seed is too long for an otpauth URL");
    }
    String label = encoded(content.issuer(), true) + ":" + encoded(content.label(), true);
    return start + cut(label, room) + query;
  }

  /** Percent-encoded UTF-8; in paths a slash stays. */
  static String encoded(String text, boolean path) {
    var out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (UNRESERVED.indexOf(c) >= 0 || (path && c == '/')) {
        out.append(c);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static String cut(String label, int length) {
    if (label.length() <= length) {
      return label;
    }
    int end = length;
    int percent = label.lastIndexOf('%', end - 1);
    if (percent >= 0 && percent > end - 3) {
      end = percent;
    }
    return label.substring(0, end);
  }
}
