package org.linotpee.authentication;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answer to an authentication request. */
public sealed interface Outcome {
  /** What the answer tells besides yes or no; usually empty. */
  Map<String, Object> detail();

  /** The user is who he says he is. */
  record Accepted(Map<String, Object> detail) implements Outcome {}

  /**
   * He is not, or it cannot be known; the reason is in the audit trail alone.
   *
   * @param byPolicy an authorization policy forbids it
   */
  record Refused(Map<String, Object> detail, boolean byPolicy) implements Outcome {
    Refused(Map<String, Object> detail) {
      this(detail, false);
    }
  }

  /**
   * He has given the PIN and shall answer now. For callers that know only yes and no it is a no.
   *
   * @param transactionId to be sent with the answer; the parent's id of several challenges
   * @param message what the user is to be shown
   * @param challenges one for each token
   * @param detail what clients are told (spec 02 sections 4.3 and 4.4)
   */
  record Challenged(
      String transactionId,
      String message,
      List<TokenChallenge> challenges,
      Map<String, Object> detail)
      implements Outcome {
    /** The message above several challenges. */
    static final String SEVERAL = "Multiple challenges submitted.";

    public Challenged {
      challenges = List.copyOf(challenges);
    }

    /** One challenge, or several under the id of their parent. */
    static Challenged of(List<TokenChallenge> challenges, String parentId) {
      if (challenges.size() == 1) {
        TokenChallenge only = challenges.get(0);
        return new Challenged(only.transactionId(), only.message(), challenges, only.detail());
      }
      var bySerial = new LinkedHashMap<String, Object>();
      challenges.forEach(c -> bySerial.put(c.serial(), c.detail()));
      var detail = new LinkedHashMap<String, Object>();
      detail.put("transactionid", parentId);
      detail.put("message", SEVERAL);
      detail.put("challenges", bySerial);
      return new Challenged(parentId, SEVERAL, challenges, detail);
    }
  }

  /**
   * The challenge of one token.
   *
   * @param tokenType as stored, for example {@code HMAC}
   * @param more what the type of the token tells besides
   */
  record TokenChallenge(
      String transactionId,
      String message,
      String serial,
      String tokenType,
      String description,
      Map<String, Object> more) {
    /** What clients are told of it. */
    public Map<String, Object> detail() {
      var detail = new LinkedHashMap<String, Object>();
      detail.put("transactionid", transactionId);
      detail.put("message", message);
      detail.putAll(more);
      detail.put("linotp_tokenserial", serial);
      detail.put("linotp_tokentype", tokenType);
      detail.put("linotp_tokendescription", description);
      return detail;
    }
  }

  default boolean accepted() {
    return this instanceof Accepted;
  }

  /** The same with more details. */
  default Outcome with(Map<String, Object> more) {
    var detail = new LinkedHashMap<String, Object>(detail());
    detail.putAll(more);
    if (this instanceof Challenged c) {
      return new Challenged(c.transactionId(), c.message(), c.challenges(), detail);
    }
    return this instanceof Refused refused
        ? new Refused(detail, refused.byPolicy())
        : new Accepted(detail);
  }
}
