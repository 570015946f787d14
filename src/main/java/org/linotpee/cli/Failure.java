package org.linotpee.cli;

/** A command cannot do what it was asked; the message is for the user, the exit status is 1. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
