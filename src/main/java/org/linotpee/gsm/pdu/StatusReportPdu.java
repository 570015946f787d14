package org.linotpee.gsm.pdu;

import java.time.Instant;

/**
 * A delivery report (SMS-STATUS-REPORT, 3GPP TS 23.040 section 9.2.2.3).
 *
 * @param reference of the message, as {@code +CMGS} told it
 * @param status TP-Status
 */
public record StatusReportPdu(int reference, String recipient, Instant at, int status) {
  private static final int TYPE = 0x03;
  private static final int STATUS_REPORT = 0x02;

  /**
   * Reads a PDU as {@code +CDS} tells it.
   *
   * @throws PduException if it is none
   */
  public static StatusReportPdu decode(String hex) {
    var reader = new PduReader(hex);
    if ((reader.octet() & TYPE) != STATUS_REPORT) {
      throw new PduException("not a delivery report");
    }
    int reference = reader.octet();
    String recipient = reader.address();
    reader.timestamp(); // when the service centre took the message
    Instant at = reader.timestamp();
    return new StatusReportPdu(reference, recipient, at, reader.octet());
  }
}
