package org.linotpee.crypto;

/** The key file cannot be used as it is; the message tells the administrator what to do. */
public class KeyFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeyFileException(String message) {
    super(message);
  }

  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
