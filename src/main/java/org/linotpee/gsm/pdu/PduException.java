package org.linotpee.gsm.pdu;

/** Octets are no short message, or a message cannot be written as one. */
public class PduException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PduException(String message) {
    super(message);
  }
}
