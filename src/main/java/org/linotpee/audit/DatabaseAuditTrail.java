package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.AuditKeys;

/** Stores audit rows in table {@code audit_row}, each with its MAC. */
@Service
public class DatabaseAuditTrail implements AuditTrail {
  private static final Logger LOG = System.getLogger(DatabaseAuditTrail.class.getName());
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private final Transactions transactions;
  private final AuditKeys keys;
  private final boolean off;
  private final boolean errorOnTruncation;
  private final String server;

  @Inject
  public DatabaseAuditTrail(Transactions transactions, AuditKeys keys, Settings settings) {
    this(
        transactions,
        keys,
        settings.text(Setting.AUDIT_DATABASE_URI).equalsIgnoreCase("OFF"),
        settings.flag(Setting.AUDIT_ERROR_ON_TRUNCATION));
  }

  DatabaseAuditTrail(
      Transactions transactions, AuditKeys keys, boolean off, boolean errorOnTruncation) {
    this.errorOnTruncation = errorOnTruncation;
    this.transactions = transactions;
    this.keys = keys;
    this.off = off;
    this.server = hostName();
    if (off) {
      LOG.log(Level.WARNING, "the audit trail is switched off");
    }
  }

  /** The name under which this node's rows are chained: the host's, at most 40 characters. */
  static String nodeName() {
    return AuditRow.cut(hostName(), 40);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** A time as the trail writes it: ISO 8601, UTC, milliseconds, {@code +00:00}. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  @Override
  public void store(EntityManager em, AuditRecord row) {
    if (!off) {
      for (String serial : row.serial().isEmpty() ? new String[] {""} : row.serial().split(",")) {
        insert(em, columns(row, serial.trim()));
      }
    }
    row.stored(true);
  }

  @Override
  public void store(AuditRecord row) {
    transactions.separate(
        em -> {
          store(em, row);
          return null;
        });
  }

  /**
   * The column's text.
   *
   * @throws LinotpException -311 if it is too long and the settings want that to be an error
   */
  private String cut(String text, int length) {
    if (errorOnTruncation && text.length() > length) {
      throw LinotpException.unclassified("a value is too long for the audit trail");
    }
    return AuditRow.cut(text, length);
  }

  private AuditRow columns(AuditRecord row, String serial) {
    return new AuditRow(
        0,
        time(row.occurredAt()),
        cut(row.action(), 128),
        row.success(),
        cut(serial, 255),
        cut(row.tokenType(), 40),
        cut(row.login(), 255),
        cut(row.realm(), 255),
        cut(row.administrator(), 255),
        cut(row.actionDetail(), 512),
        cut(row.info(), 512),
        cut(server, 80),
        cut(row.client(), 80),
        "INFO",
        0,
        "");
  }

  private void insert(EntityManager em, AuditRow row) {
    row.protectedBy(keys).insert(em, AuditRow.cut(server, 40));
  }
}
