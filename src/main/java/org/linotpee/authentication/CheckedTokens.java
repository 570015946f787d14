package org.linotpee.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.linotpee.token.Token;

/** The sets into which checking divides a user's tokens (spec 02 section 3.3). */
final class CheckedTokens {
  /** A token that was right, at this counter. */
  record Valid(Token token, long counter, int pinLength, int otpLength) {}

  private final List<Valid> valid = new ArrayList<>();
  private final List<Token> pinMatching = new ArrayList<>();
  private final List<Token> invalid = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  void valid(Valid match) {
    valid.add(match);
  }

  void pinMatching(Token token) {
    pinMatching.add(token);
  }

  void invalid(Token token) {
    invalid.add(token);
  }

  /** Why a token was left out, for the audit trail. */
  void skipped(Token token, String reason) {
    remarks.add(token.serial() + ": " + reason);
  }

  List<Valid> valid() {
    return valid;
  }

  List<Token> pinMatching() {
    return pinMatching;
  }

  List<Token> invalid() {
    return invalid;
  }

  /** All tokens that were examined. */
  Stream<Token> examined() {
    return Stream.of(valid.stream().map(Valid::token), pinMatching.stream(), invalid.stream())
        .flatMap(s -> s);
  }

  String remarks() {
    return String.join("; ", remarks);
  }
}
