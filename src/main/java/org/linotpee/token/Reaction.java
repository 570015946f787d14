package org.linotpee.token;

import java.util.List;

/** What an answer, or a request without one, is for a token that works by challenges. */
public sealed interface Reaction {
  Reaction WRONG = new Wrong();
  Reaction TRIGGER = new Trigger();

  /**
   * The answer is right.
   *
   * @param counter at which; the token's counter moves behind it
   * @param challenges that it answers, as they are to be stored but for the count of answers; may
   *     be empty
   * @param split how the password was divided
   */
  record Right(long counter, List<Challenge> challenges, TokenType.Split split)
      implements Reaction {
    public Right {
      challenges = List.copyOf(challenges);
    }
  }

  /** It is not. */
  record Wrong() implements Reaction {}

  /** It is the request for a challenge. */
  record Trigger() implements Reaction {}
}
