package org.linotpee.selfservice;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.User;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/** The challenges of a user's own tokens, and how clients of the self-service are told of them. */
@Service
public class OwnChallenges {
  private final Challenges challenges;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Snapshots snapshots;
  private final Transactions transactions;
  private final Clock clock;

  @Inject
  public OwnChallenges(
      Challenges challenges,
      Tokens tokens,
      TokenTypes types,
      Snapshots snapshots,
      Transactions transactions,
      Clock clock) {
    this.challenges = challenges;
    this.tokens = tokens;
    this.types = types;
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** A challenge with its token. */
  record Asked(Challenge challenge, Token token, boolean expired) {}

  /** All challenges of a transaction, the newest first, whoever has the tokens. */
  List<Asked> ofTransaction(String transaction) {
    return transactions.required(
        em -> {
          List<Challenge> found = challenges.ofTransaction(em, transaction);
          Map<Long, Token> byId = new LinkedHashMap<>();
          tokens
              .withIds(em, found.stream().map(Challenge::tokenId).distinct().toList())
              .forEach(token -> byId.put(token.id(), token));
          return found.stream()
              .filter(c -> byId.containsKey(c.tokenId()))
              .map(c -> asked(c, byId.get(c.tokenId())))
              .toList();
        });
  }

  private Asked asked(Challenge challenge, Token token) {
    return new Asked(
        challenge,
        token,
        Challenges.expired(
            challenge,
            token,
            types.of(token).map(TokenType::name).orElse("x"),
            snapshots.current().configuration(),
            clock.instant()));
  }

  private List<Asked> own(User user, String transaction) {
    return ofTransaction(transaction).stream()
        .filter(asked -> OwnTokens.owns(user, asked.token()) && !asked.expired())
        .toList();
  }

  /** The user's tokens that a transaction asks. */
  List<String> serials(User user, String transaction) {
    return own(user, transaction).stream().map(asked -> asked.token().serial()).distinct().toList();
  }

  /** The newest open transaction of a token; empty if it is not asked anything. */
  Optional<String> newestOpen(Token token) {
    return transactions.required(em -> newestOpen(em, token));
  }

  private Optional<String> newestOpen(EntityManager em, Token token) {
    return challenges.ofTokens(em, List.of(token)).stream()
        .filter(Challenge::open)
        .filter(c -> !asked(c, token).expired())
        .map(Challenge::transactionId)
        .findFirst();
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
    List<Asked> asked = own(user, transaction);
    return asked.isEmpty() ? Optional.empty() : Optional.of(state(asked));
  }

  private State state(List<Asked> asked) {
    List<Challenge> all = asked.stream().map(Asked::challenge).toList();
    boolean valid = all.stream().anyMatch(Challenge::valid);
    boolean online =
        asked.stream()
            .filter(a -> a.challenge().valid())
            .flatMap(a -> types.of(a.token()).stream())
            .anyMatch(type -> type.replyModes().contains("online"));
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
