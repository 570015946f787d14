package org.linotpee.api;

import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.GsmListener;
import org.linotpee.gsm.ReceivedMessage;

/**
 * Notes in the audit trail what modems receive. The texts of messages are not kept: anybody can
 * send anything. Called by a message-driven bean, or by the adapter inside the application.
 */
@Stateless
@Local(GsmListener.class)
public class GsmInbox implements GsmListener {
  private static final int SHOWN_DIGITS = 3;

  private AuditTrail auditTrail;
  private Clock clock;

  static GsmInbox of(AuditTrail auditTrail, Clock clock) {
    var inbox = new GsmInbox();
    inbox.use(auditTrail, clock);
    return inbox;
  }

  @Inject
  void use(AuditTrail auditTrail, Clock clock) {
    this.auditTrail = auditTrail;
    this.clock = clock;
  }

  @Override
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  public void onMessage(ReceivedMessage message) {
    store(
        "gsm/message",
        true,
        "message of %d characters from %s"
            .formatted(message.text().length(), message.sender().replaceAll("\\p{Cntrl}", "?")),
        message.device());
  }

  @Override
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  public void onReport(DeliveryReport report) {
    String number = report.recipient();
    store(
        "gsm/report",
        report.outcome() == DeliveryReport.Outcome.DELIVERED,
        "message %d to ...%s: %s (%d)"
            .formatted(
                report.reference(),
                number.substring(Math.max(0, number.length() - SHOWN_DIGITS)),
                switch (report.outcome()) {
                  case DELIVERED -> "delivered";
                  case PENDING -> "not yet delivered";
                  case FAILED -> "could not be delivered";
                },
                report.code()),
        report.device());
  }

  private void store(String action, boolean success, String info, String device) {
    auditTrail.store(
        new AuditRecord(clock.instant(), action, "")
            .success(success)
            .actionDetail(device)
            .info(info));
  }
}
