package org.linotpee.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.linotpee.administration.TokenList;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.OwnerKey;
import org.linotpee.selfservice.OwnTokens;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenType;
import org.linotpee.token.UpcomingValues;
import org.linotpee.token.Validity;

/** The forms in which tokens appear in answers (spec 03 sections 2.5, 3.5 and 3.6). */
final class TokenAnswers {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Set<String> SECRET_FIELDS = Set.of("password", "cryptpass");
  private static final int URL_WIDTH = 250;
  private static final int SEED_WIDTH = 200;

  private TokenAnswers() {}

  /**
   * A token as {@code /admin/show} lists it.
   *
   * @param infoAsObject instead of as JSON text
   * @param userFields more attributes of the owner
   */
  static Map<String, Object> listed(
      TokenList.Entry entry, boolean infoAsObject, Collection<String> userFields) {
    Token token = entry.token();
    Optional<OwnerKey> owner = token.owner();
    var row = new LinkedHashMap<String, Object>();
    row.put("LinOtp.TokenId", token.id());
    row.put("LinOtp.TokenDesc", token.description());
    row.put("LinOtp.TokenSerialnumber", token.serial());
    row.put("LinOtp.TokenType", token.type());
    row.put(
        "LinOtp.TokenInfo", infoAsObject ? infoWithIsoDates(token.info()) : token.info().text());
    row.put("LinOtp.IdResolver", entry.resolverId());
    row.put("LinOtp.IdResClass", owner.map(OwnerKey::resolverSpec).orElse(""));
    row.put("LinOtp.Userid", owner.map(OwnerKey::userId).orElse(""));
    row.put("LinOtp.OtpLen", token.otpLength());
    row.put("LinOtp.MaxFail", token.maxFail());
    row.put("LinOtp.Isactive", token.active());
    row.put("LinOtp.FailCount", token.failCount());
    row.put("LinOtp.Count", token.counter());
    row.put("LinOtp.CountWindow", token.counterWindow());
    row.put("LinOtp.SyncWindow", token.syncWindow());
    row.put("LinOtp.CreationDate", HTTP_DATE.format(token.createdAt()));
    row.put("LinOtp.LastAuthSuccess", token.lastSuccess().map(HTTP_DATE::format).orElse(""));
    row.put("LinOtp.LastAuthMatch", token.lastAccess().map(HTTP_DATE::format).orElse(""));
    row.put("LinOtp.RealmNames", List.copyOf(entry.realms()));
    Map<String, String> attributes = entry.owner().orElse(Map.of());
    String unknown = entry.orphaned() ? TokenList.NO_USER_INFO : "";
    row.put("User.description", attributes.getOrDefault("description", ""));
    row.put("User.userid", attributes.getOrDefault("userid", unknown));
    row.put("User.username", attributes.getOrDefault("username", unknown));
    for (String field : userFields) {
      if (!SECRET_FIELDS.contains(field)) {
        row.putIfAbsent("User." + field, attributes.getOrDefault(field, ""));
      }
    }
    return row;
  }

  /** A token as its owner sees it (spec 09 section 7): no secret, and nothing of his but the id. */
  static Map<String, Object> own(OwnTokens.Listed listed) {
    Token token = listed.token();
    var entry = new TokenList.Entry(token, listed.realms(), listed.resolverId(), Optional.empty());
    var row = new LinkedHashMap<String, Object>(listed(entry, false, List.of()));
    row.keySet().removeIf(name -> name.startsWith("User."));
    row.put("LinOtp.TokenInfo", token.info().isEmpty() ? "" : token.info().toJson());
    row.put("Enrollment", listed.enrollment());
    return row;
  }

  private static ObjectNode infoWithIsoDates(TokenInfo info) {
    ObjectNode members = info.toJson();
    for (String name : List.of("validity_period_start", "validity_period_end")) {
      info.get(name)
          .flatMap(Validity::parse)
          .ifPresent((Instant date) -> members.put(name, ISO.format(date)));
    }
    return members;
  }

  /** Rows as the CSV that clients know: quoted, {@code '; '} behind each field. */
  static void csv(Iterable<Map<String, Object>> rows, OutputStream target) throws IOException {
    var writer = new OutputStreamWriter(target, StandardCharsets.UTF_8);
    boolean first = true;
    for (Map<String, Object> row : rows) {
      var line = new StringBuilder();
      if (first) {
        row.keySet().forEach(name -> csvField(name, line));
        line.append('\n');
        first = false;
      }
      row.values().forEach(value -> csvField(csvText(value), line));
      writer.append(line.append('\n'));
    }
    writer.flush();
  }

  private static void csvField(String text, StringBuilder out) {
    out.append('\'').append(text.replace("\r", " ").replace("\n", " ")).append("'; ");
  }

  private static String csvText(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof List<?> list) {
      return "["
          + list.stream().map(item -> "'" + item + "'").collect(Collectors.joining(", "))
          + "]";
    }
    return value.toString().replace("'", "''");
  }

  /** What {@code /admin/init} tells about a new token. */
  static Map<String, Object> enrolled(Enrollment.Result result) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("serial", result.serial());
    result
        .otpauthUrl()
        .ifPresent(
            url -> {
              var shown = shown("0", "OTPAuth Url", url, url, URL_WIDTH);
              detail.put("googleurl", shown);
              detail.put("enrollment_url", shown);
            });
    result
        .oathUrl()
        .ifPresent(
            url -> detail.put("oathurl", shown("2", "URL for OATH Token", url, url, URL_WIDTH)));
    result
        .seed()
        .ifPresent(
            seed ->
                detail.put("otpkey", shown("1", "OTP seed", "seed://" + seed, seed, SEED_WIDTH)));
    result.more().forEach((name, value) -> detail.put(name, told(value)));
    return detail;
  }

  /** The next values of a token (spec 08 section 1.8). */
  static Map<String, Object> upcoming(String serial, String type, UpcomingValues upcoming) {
    var values = new LinkedHashMap<String, Object>();
    for (UpcomingValues.Value value : upcoming.values()) {
      values.put(
          value.position(),
          value
              .from()
              .<Object>map(from -> Map.of("otpval", value.otp(), "time", UTC.format(from)))
              .orElse(value.otp()));
    }
    var answer = new LinkedHashMap<String, Object>();
    answer.put("result", true);
    answer.put("serial", serial);
    answer.put("type", type);
    answer.put("otp", values);
    upcoming
        .clock()
        .ifPresent(
            clock -> {
              answer.put("shift", clock.shiftSeconds());
              answer.put("timeStepping", clock.stepSeconds());
            });
    return answer;
  }

  private static Object told(Object value) {
    return value instanceof TokenType.Scannable code
        ? shown(code.order(), code.description(), code.value(), code.value(), URL_WIDTH)
        : value;
  }

  private static Map<String, Object> shown(
      Object order, String description, String value, String encoded, int width) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("order", order);
    shown.put("description", description);
    shown.put("value", value);
    shown.put("img", QrCode.element(encoded, width));
    return shown;
  }

  /** The page of {@code qr=html}. */
  static String enrolledPage(Enrollment.Result result) {
    var data = new LinkedHashMap<String, String>();
    data.put("serial", result.serial());
    result.otpauthUrl().ifPresent(url -> data.put("googleurl", url));
    result
        .more()
        .forEach(
            (name, value) -> {
              if (value instanceof TokenType.Scannable code) {
                data.put(name, code.value());
              }
            });
    result.seed().ifPresent(seed -> data.put("otpkey", "seed://" + seed));
    String items =
        data.entrySet().stream()
            .map(
                e ->
                    "<li> %s: <span class=\"%s\">%s</span> </li>"
                        .formatted(e.getKey(), e.getKey(), Answers.escaped(e.getValue())))
            .collect(Collectors.joining());
    return "<html><body><div>"
        + result.url().map(url -> QrCode.element(url, URL_WIDTH)).orElse("")
        + "<ul id=\"challenge_data\">"
        + items
        + "</ul></div></body></html>";
  }
}
