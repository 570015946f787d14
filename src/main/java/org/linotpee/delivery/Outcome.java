package org.linotpee.delivery;

/** What became of one try with one provider (spec 11 section 3.2). Reasons hold no secret. */
public sealed interface Outcome {
  /** The gateway has taken the message. */
  record Accepted(String detail) implements Outcome {}

  /** The gateway was reached and says no. */
  record Refused(String reason) implements Outcome {}

  /** The settings cannot be used; nobody was contacted, or not in the way that they ask for. */
  record Misconfigured(String reason) implements Outcome {}

  /** The gateway cannot be reached or does not answer in time. */
  record Unavailable(String reason) implements Outcome {}

  /** The word by which logs and the audit trail classify it. */
  default String category() {
    if (this instanceof Refused) {
      return "refused";
    }
    if (this instanceof Misconfigured) {
      return "config";
    }
    return this instanceof Unavailable ? "unavailable" : "sent";
  }

  /** What there is to say about it. */
  default String reason() {
    if (this instanceof Refused refused) {
      return refused.reason();
    }
    if (this instanceof Misconfigured misconfigured) {
      return misconfigured.reason();
    }
    return this instanceof Unavailable unavailable
        ? unavailable.reason()
        : ((Accepted) this).detail();
  }
}
