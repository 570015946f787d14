package org.linotpee.token.fido;

/** What a device or a browser has sent is not accepted. The message holds nothing of it. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String reason) {
    super(reason);
  }

  Refused(String reason, Throwable cause) {
    super(reason, cause);
  }
}
