package org.linotpee.api;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.linotpee.administration.TokenChallenges;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.token.Challenge;
import org.linotpee.token.Token;

/** How answers show transactions (spec 02 section 5). */
final class TransactionAnswers {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TransactionAnswers() {}

  /** By id. */
  static Map<String, Object> of(List<TransactionStatus.Status> transactions) {
    var shown = new LinkedHashMap<String, Object>();
    transactions.forEach(t -> shown.put(t.challenge().transactionId(), of(t)));
    return shown;
  }

  private static Map<String, Object> of(TransactionStatus.Status transaction) {
    Challenge challenge = transaction.challenge();
    var shown = new LinkedHashMap<String, Object>();
    shown.put("received_count", challenge.receivedCount());
    shown.put("received_tan", challenge.received());
    shown.put("valid_tan", challenge.valid());
    shown.put("message", challenge.message());
    shown.put("status", challenge.open() ? "open" : "closed");
    challenge.accepted().ifPresent(right -> shown.put("accept", right));
    challenge.rejected().ifPresent(right -> shown.put("reject", right));
    var token = new LinkedHashMap<String, Object>();
    token.put("serial", transaction.serial());
    token.put("type", transaction.tokenType());
    transaction.offline().ifPresent(info -> token.put("offline_info", info));
    shown.put("token", token);
    return shown;
  }

  /** For administrators, by token; what the answer is checked with is not shown. */
  static Map<String, Object> listed(List<TokenChallenges.Asked> asked) {
    var shown = new LinkedHashMap<String, Object>();
    for (TokenChallenges.Asked one : asked) {
      Token token = one.token().token();
      var byId = new LinkedHashMap<String, Object>();
      one.challenges().forEach(c -> byId.put(c.transactionId(), listed(c, token)));
      var row = new LinkedHashMap<>(TokenAnswers.listed(one.token(), false, List.of()));
      row.keySet().removeIf(name -> name.startsWith("User."));
      var info = new LinkedHashMap<String, Object>();
      info.put("type", token.type());
      info.put("token", row);
      info.put("info", token.info().toJson());
      info.put(
          "mode",
          one.type().modes(token).stream()
              .sorted()
              .map(mode -> mode.name().toLowerCase(Locale.ROOT))
              .toList());
      info.put("hashlibStr", token.info().get("hashlib").orElse("sha1"));
      info.put("supports_offline_mode", one.type().offline(token).isPresent());
      var entry = new LinkedHashMap<String, Object>();
      entry.put("challenges", byId);
      entry.put("tokeninfo", info);
      shown.put(token.serial(), entry);
    }
    return shown;
  }

  private static Map<String, Object> listed(Challenge challenge, Token token) {
    var session = new LinkedHashMap<String, Object>();
    session.put("status", challenge.open() ? "open" : "closed");
    challenge.accepted().ifPresent(right -> session.put("accept", right));
    challenge.rejected().ifPresent(right -> session.put("reject", right));
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", challenge.id());
    shown.put("transid", challenge.transactionId());
    shown.put("challenge", challenge.message());
    shown.put("tokenserial", token.serial());
    shown.put("data", Map.of());
    shown.put("timestamp", UTC.format(challenge.createdAt()));
    shown.put("received_count", challenge.receivedCount());
    shown.put("received_tan", challenge.received());
    shown.put("valid_tan", challenge.valid());
    shown.put("session", session);
    return shown;
  }
}
