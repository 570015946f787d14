package org.linotpee.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.token.Challenge;

/** How answers show transactions (spec 02 section 5). */
final class TransactionAnswers {
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
}
