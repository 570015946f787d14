package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.ReceivedMessage;
import org.linotpee.testing.TestClock;

class GsmInboxTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Instant SENT = Instant.parse("2026-11-25T11:59:00Z");

  private final List<AuditRecord> rows = new ArrayList<>();
  private final GsmInbox inbox = GsmInbox.of(new Rows(), new TestClock(NOW));

  private final class Rows implements AuditTrail {
    @Override
    public void store(EntityManager entityManager, AuditRecord row) {
      throw new AssertionError("there is no transaction");
    }

    @Override
    public void store(AuditRecord row) {
      rows.add(row);
    }
  }

  @Test
  void aMessageIsNotedWithoutItsText() {
    inbox.onMessage(new ReceivedMessage("/dev/ttyUSB0", "+491719876543", SENT, "secret words"));
    assertThat(rows).hasSize(1);
    AuditRecord row = rows.get(0);
    assertThat(row.occurredAt()).isEqualTo(NOW);
    assertThat(row.action()).isEqualTo("gsm/message");
    assertThat(row.success()).isTrue();
    assertThat(row.actionDetail()).isEqualTo("/dev/ttyUSB0");
    assertThat(row.info()).isEqualTo("message of 12 characters from +491719876543");
  }

  @Test
  void aSenderCannotBreakTheRow() {
    inbox.onMessage(new ReceivedMessage("/dev/ttyUSB0", "Bank\n2\r\u001B", SENT, ""));
    assertThat(rows.get(0).info()).isEqualTo("message of 0 characters from Bank?2??");
  }

  @ParameterizedTest
  @CsvSource({
    "DELIVERED,0,true,message 42 to ...567: delivered (0)",
    "PENDING,48,false,message 42 to ...567: not yet delivered (48)",
    "FAILED,70,false,message 42 to ...567: could not be delivered (70)"
  })
  void aReportIsNotedWithTheEndOfTheNumber(
      DeliveryReport.Outcome outcome, int code, boolean success, String info) {
    inbox.onReport(new DeliveryReport("/dev/ttyUSB0", 42, "+491711234567", outcome, code, SENT));
    AuditRecord row = rows.get(0);
    assertThat(row.action()).isEqualTo("gsm/report");
    assertThat(row.success()).isEqualTo(success);
    assertThat(row.info()).isEqualTo(info);
    assertThat(row.actionDetail()).isEqualTo("/dev/ttyUSB0");
  }

  @Test
  void aShortNumberIsShownAsFarAsItGoes() {
    inbox.onReport(
        new DeliveryReport("/dev/ttyUSB0", 1, "12", DeliveryReport.Outcome.DELIVERED, 0, SENT));
    assertThat(rows.get(0).info()).isEqualTo("message 1 to ...12: delivered (0)");
  }

  @Test
  void whatCannotBeNotedIsOfferedAgain() {
    var failing =
        GsmInbox.of(
            new AuditTrail() {
              @Override
              public void store(EntityManager entityManager, AuditRecord row) {
                throw new IllegalStateException("the database is away");
              }

              @Override
              public void store(AuditRecord row) {
                throw new IllegalStateException("the database is away");
              }
            },
            new TestClock(NOW));
    var message = new ReceivedMessage("/dev/ttyUSB0", "+491719876543", SENT, "x");
    assertThatThrownBy(() -> failing.onMessage(message)).isInstanceOf(IllegalStateException.class);
  }
}
