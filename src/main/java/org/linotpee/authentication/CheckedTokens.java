package org.linotpee.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.linotpee.token.Reaction;
import org.linotpee.token.Token;

/** The sets into which checking divides a user's tokens (spec 02 section 3.3). */
final class CheckedTokens {
  /** A token that was right, and how. */
  record Valid(Exchange exchange, Reaction.Right match) {
    Token token() {
      return exchange.token();
    }
  }

  private final List<Valid> valid = new ArrayList<>();
  private final List<Exchange> challenged = new ArrayList<>();
  private final List<Exchange> pinMatching = new ArrayList<>();
  private final List<Exchange> invalid = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  void valid(Exchange exchange, Reaction.Right match) {
    valid.add(new Valid(exchange, match));
  }

  void challenged(Exchange exchange) {
    challenged.add(exchange);
  }

  void pinMatching(Exchange exchange) {
    pinMatching.add(exchange);
  }

  void invalid(Exchange exchange) {
    invalid.add(exchange);
  }

  /** Why a token was left out, for the audit trail. */
  void skipped(Token token, String reason) {
    remark(token, reason);
  }

  /** Something about a token for the audit trail. */
  void remark(Token token, String reason) {
    remarks.add(token.serial() + ": " + reason);
  }

  List<Valid> valid() {
    return valid;
  }

  /** Tokens that are to be asked a challenge; they may be in another set, too. */
  List<Exchange> challenged() {
    return challenged;
  }

  List<Exchange> pinMatching() {
    return pinMatching;
  }

  List<Exchange> invalid() {
    return invalid;
  }

  /** All tokens that were examined. */
  Stream<Token> examined() {
    return Stream.of(
            valid.stream().map(Valid::exchange),
            challenged.stream(),
            pinMatching.stream(),
            invalid.stream())
        .flatMap(s -> s)
        .map(Exchange::token)
        .distinct();
  }

  String remarks() {
    return String.join("; ", remarks);
  }
}
