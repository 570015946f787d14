package org.linotpee.authentication;

import java.util.Map;

/** The answer to an authentication request. */
public sealed interface Outcome {
  /** What the answer tells besides yes or no; usually empty. */
  Map<String, Object> detail();

  /** The user is who he says he is. */
  record Accepted(Map<String, Object> detail) implements Outcome {}

  /** He is not, or it cannot be known; the reason is in the audit trail alone. */
  record Refused(Map<String, Object> detail) implements Outcome {}

  default boolean accepted() {
    return this instanceof Accepted;
  }
}
