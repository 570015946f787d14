package org.linotpee.token;

import java.util.Optional;

/** What a request brings to authenticate with. */
public sealed interface Answer {
  /** Nothing: the request has no password at all, which is not an empty one. */
  record None() implements Answer {}

  /** What was typed: PIN and one-time password, one of them, or a response. */
  record Text(String text) implements Answer {
    @Override
    public String toString() {
      return "text";
    }
  }

  /** The signature by which a phone accepts a transaction. */
  record Accept(String signature) implements Answer {}

  /** The signature by which a phone declines a transaction. */
  record Reject(String signature) implements Answer {}

  /** The answer of a parameter that may be absent. */
  static Answer of(Optional<String> password) {
    return password.<Answer>map(Text::new).orElseGet(None::new);
  }

  /** What was typed; empty if nothing was. */
  default Optional<String> typed() {
    return this instanceof Text text ? Optional.of(text.text()) : Optional.empty();
  }
}
