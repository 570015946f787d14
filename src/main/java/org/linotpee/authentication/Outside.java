package org.linotpee.authentication;

import jakarta.ejb.ApplicationException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.linotpee.configuration.LinotpException;

/**
 * What other systems have said during one authentication. The transaction that holds the tokens
 * asks nobody: its first question ends it, the check is rehearsed outside on copies of the tokens,
 * where every question is asked and remembered, and then runs again with the answers.
 */
final class Outside {
  /** The running transaction needs an answer that nobody has given yet. */
  @ApplicationException(rollback = true)
  static final class Needed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Needed() {
      super("another system has to be asked first", null, false, false);
    }
  }

  private enum Phase {
    UNASKED,
    ASKING,
    ASKED
  }

  private final Map<String, Object> answers = new HashMap<>();
  private Phase phase = Phase.UNASKED;
  private boolean passwordFound;

  boolean rehearsing() {
    return phase == Phase.ASKING;
  }

  boolean rehearsed() {
    return phase == Phase.ASKED;
  }

  /** Asks while the work runs, and only remembers afterwards. */
  void rehearse(Runnable work) {
    phase = Phase.ASKING;
    try {
      work.run();
    } finally {
      phase = Phase.ASKED;
    }
  }

  /**
   * The answer to a question.
   *
   * @throws Needed if nothing was asked yet
   * @throws LinotpException if it was, but there was no answer to this
   */
  <T> T ask(String question, Supplier<T> call) {
    if (!answers.containsKey(question)) {
      switch (phase) {
        case UNASKED -> throw new Needed();
        case ASKING -> answers.put(question, call.get());
        case ASKED -> throw LinotpException.unclassified("another system gave no answer");
      }
    }
    @SuppressWarnings("unchecked") // a question is asked in one place, with one type
    T answer = (T) answers.get(question);
    return answer;
  }

  /** Whether a text is the user's password; after one was, no other is asked for. */
  boolean password(String text, Supplier<Boolean> call) {
    String question = "password\0" + text;
    if (phase == Phase.ASKED || passwordFound) {
      return Boolean.TRUE.equals(answers.get(question));
    }
    boolean right = ask(question, call);
    passwordFound |= right;
    return right;
  }
}
