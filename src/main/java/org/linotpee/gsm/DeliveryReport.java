package org.linotpee.gsm;

import java.io.Serializable;
import java.time.Instant;

/**
 * What became of a part of a sent message.
 *
 * @param device the port of the modem
 * @param reference the message reference that the modem told when it was sent
 * @param code TP-Status of 3GPP TS 23.040 section 9.2.3.15
 * @param at when that happened
 */
public record DeliveryReport(
    String device, int reference, String recipient, Outcome outcome, int code, Instant at)
    implements Serializable {

  /** The three ranges of the status. */
  public enum Outcome {
    DELIVERED,
    /** The service centre still tries. */
    PENDING,
    /** It has given up. */
    FAILED;

    /** The outcome that a TP-Status means. */
    public static Outcome of(int code) {
      return code < 0x20 ? DELIVERED : code < 0x40 ? PENDING : FAILED;
    }
  }
}
