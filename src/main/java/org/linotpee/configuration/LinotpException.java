package org.linotpee.configuration;

import jakarta.ejb.ApplicationException;

/**
 * A failure that the client is told: a numeric code of spec 01 section 8.4 and a sentence that
 * helps. It rolls the running transaction back. Never put a secret into the message.
 */
@ApplicationException(rollback = true)
public class LinotpException extends RuntimeException {
  /** The code of every failure that has no code of its own. */
  public static final int UNCLASSIFIED = -311;

  private static final long serialVersionUID = 1L;

  private final int code;

  public LinotpException(int code, String message) {
    super(message);
    this.code = code;
  }

  public LinotpException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A failure without a code of its own (-311). */
  public static LinotpException unclassified(String message) {
    return new LinotpException(UNCLASSIFIED, message);
  }

  /** A required parameter is missing (905). */
  public static LinotpException missing(String parameter) {
    return new LinotpException(905, "Missing parameter: '" + parameter + "'");
  }

  /** The code of spec 01 section 8.4. */
  public int code() {
    return code;
  }

  /** The text as clients see it: {@code ERR<code>: <text>}, or the bare text for code -311. */
  public String clientMessage() {
    return code == UNCLASSIFIED ? getMessage() : "ERR" + code + ": " + getMessage();
  }
}
