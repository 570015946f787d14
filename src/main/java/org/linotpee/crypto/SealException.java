package org.linotpee.crypto;

/**
 * A sealed value does not open: it is damaged, was moved to another place, or its master key is not
 * in the key file. The message never quotes the value.
 */
public class SealException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SealException(String message) {
    super(message);
  }

  public SealException(String message, Throwable cause) {
    super(message, cause);
  }
}
