package org.linotpee.web.manage;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.linotpee.administration.TokenList;
import org.linotpee.token.Token;
import org.linotpee.token.Validity;
import org.linotpee.web.Texts;

/**
 * A token as lists show it; none of its secrets.
 *
 * @param owner login of the owner; empty if there is none or he cannot be found
 * @param state see {@link #state(TokenList.Entry, Instant)}
 */
public record TokenRow(
    String serial,
    String type,
    String state,
    String owner,
    String ownerRealm,
    String userId,
    String resolver,
    boolean orphaned,
    List<String> realms,
    String description,
    int failCount,
    int maxFail,
    int otpLength,
    int counterWindow,
    int syncWindow,
    String created,
    String lastSuccess,
    String lastAccess)
    implements Serializable {

  static TokenRow of(TokenList.Entry entry, Instant now) {
    Token token = entry.token();
    List<String> in = List.copyOf(entry.realms());
    return new TokenRow(
        token.serial(),
        token.type(),
        state(entry, now),
        entry.owner().map(o -> o.getOrDefault("username", "")).orElse(""),
        in.isEmpty() ? "" : in.get(0),
        token.owner().map(o -> o.userId()).orElse(""),
        token.owner().map(o -> o.resolverName()).orElse(""),
        entry.orphaned(),
        in,
        token.description(),
        token.failCount(),
        token.maxFail(),
        token.otpLength(),
        token.counterWindow(),
        token.syncWindow(),
        token.createdAt().toString(),
        text(token.lastSuccess()),
        text(token.lastAccess()));
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse("");
  }

  /**
   * What keeps a token from being used, the weightiest reason: {@code disabled}, {@code locked},
   * {@code expired}, {@code notYet}, {@code exhausted}, else {@code active}.
   */
  static String state(TokenList.Entry entry, Instant now) {
    Token token = entry.token();
    if (!token.active()) {
      return "disabled";
    }
    if (token.locked()) {
      return "locked";
    }
    return Validity.obstacle(token.info(), now)
        .map(
            obstacle ->
                switch (obstacle) {
                  case EXPIRED -> "expired";
                  case NOT_YET_VALID -> "notYet";
                  case USES_EXHAUSTED, SUCCESSES_EXHAUSTED -> "exhausted";
                })
        .orElse("active");
  }

  /** An icon, so that the state is told by more than a colour. */
  public String stateIcon() {
    return switch (state) {
      case "active" -> "pi-check-circle";
      case "disabled" -> "pi-ban";
      case "locked" -> "pi-lock";
      default -> "pi-clock";
    };
  }

  /** A cell as text. */
  String cell(String column, Texts texts) {
    return switch (column) {
      case "serial" -> serial;
      case "type" -> type;
      case "state" -> texts.of("token.state." + state);
      case "owner" -> orphaned ? texts.of("tokens.orphaned") : owner;
      case "realms" -> String.join(" ", realms);
      case "description" -> description;
      case "failCount" -> String.valueOf(failCount);
      case "maxFail" -> String.valueOf(maxFail);
      case "otpLength" -> String.valueOf(otpLength);
      case "counterWindow" -> String.valueOf(counterWindow);
      case "syncWindow" -> String.valueOf(syncWindow);
      case "userId" -> userId;
      case "resolver" -> resolver;
      case "created" -> created;
      case "lastSuccess" -> lastSuccess;
      case "lastAccess" -> lastAccess;
      default -> throw new IllegalArgumentException("unknown column " + column);
    };
  }
}
