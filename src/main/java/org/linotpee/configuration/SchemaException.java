package org.linotpee.configuration;

/** The database cannot be used; the message is one line that tells why. */
public class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
