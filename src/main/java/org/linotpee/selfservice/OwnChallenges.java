package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.Service;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.User;
import org.linotpee.token.Challenge;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;

/** The challenges of a user's own tokens, and how clients of the self-service are told of them. */
@Service
public class OwnChallenges {
  private final TransactionStatus status;
  private final TokenTypes types;

  @Inject
  public OwnChallenges(TransactionStatus status, TokenTypes types) {
    this.status = status;
    this.types = types;
  }

  /** All challenges of a transaction, the newest first, whoever has the tokens. */
  List<TransactionStatus.Asked> ofTransaction(String transaction) {
    return status.ofTransaction(transaction);
  }

  /** The newest open transaction of a token; empty if it is not asked anything. */
  Optional<String> newestOpen(Token token) {
    return status.newestOpen(token);
  }

  /** The user's tokens that a transaction asks. */
  List<String> serials(User user, String transaction) {
    return status.answerableBy(user, transaction).stream()
        .map(asked -> asked.token().serial())
        .distinct()
        .toList();
  }

  /**
   * How far a transaction has got.
   *
   * @param valid it was answered rightly
   * @param online it was answered rightly by the device of a token, without a value that is typed
   * @param detail in the form of section 4.5
   */
  record State(boolean valid, boolean online, String status, Map<String, Object> detail) {}

  /** The state of a transaction of the user; empty if there is none any more. */
  Optional<State> state(User user, String transaction) {
    List<TransactionStatus.Asked> asked = status.answerableBy(user, transaction);
    return asked.isEmpty() ? Optional.empty() : Optional.of(state(asked));
  }

  private static State state(List<TransactionStatus.Asked> asked) {
    List<Challenge> all = asked.stream().map(TransactionStatus.Asked::challenge).toList();
    boolean valid = all.stream().anyMatch(Challenge::valid);
    boolean online =
        asked.stream()
            .filter(a -> a.challenge().valid())
            .anyMatch(a -> a.type().replyModes().contains("online"));
    String status = all.stream().anyMatch(Challenge::open) ? "open" : "closed";
    var detail = new LinkedHashMap<String, Object>();
    detail.put("received_count", all.stream().mapToInt(Challenge::receivedCount).sum());
    detail.put("received_tan", all.stream().anyMatch(Challenge::received));
    detail.put("valid_tan", valid);
    detail.put("message", all.get(0).message());
    detail.put("status", status);
    detail.put("accept", all.stream().anyMatch(c -> c.accepted().orElse(false)));
    detail.put("reject", all.stream().anyMatch(c -> c.rejected().orElse(false)));
    return new State(valid, online, status, detail);
  }

  // telling ---------------------------------------------------------------------------------------

  /** What clients are told of challenges (section 4.4). */
  Map<String, Object> presented(Outcome.Challenged challenged) {
    var modes = new LinkedHashSet<String>();
    challenged.challenges().forEach(one -> modes.addAll(replyModes(one.tokenType(), one.detail())));
    var detail = new LinkedHashMap<String, Object>(challenged.detail());
    if (challenged.challenges().size() == 1) {
      Outcome.TokenChallenge only = challenged.challenges().get(0);
      detail.putAll(
          types.named(only.tokenType()).map(t -> t.presented(only.detail())).orElse(detail));
      if (only.message().contains("://chal/")) {
        detail.put(
            "img_src",
            "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(QrCode.png(only.message())));
      }
    }
    detail.remove("transactionid");
    detail.put("transactionId", challenged.transactionId());
    detail.put("replyMode", new ArrayList<>(modes));
    return detail;
  }

  /** A token that stands for another one is answered as that is. */
  private List<String> replyModes(String tokenType, Map<String, Object> detail) {
    Object target = detail.get("linotp_forward_tokentype");
    return types
        .named(target == null ? tokenType : target.toString())
        .map(TokenType::replyModes)
        .orElse(List.of("offline"));
  }
}
