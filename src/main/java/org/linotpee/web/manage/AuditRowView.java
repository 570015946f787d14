package org.linotpee.web.manage;

import java.io.Serializable;
import org.linotpee.audit.AuditRow;

/**
 * A row of the audit trail as lists show it.
 *
 * @param intact nobody has changed it: its signature fits
 */
public record AuditRowView(
    long number,
    String date,
    boolean intact,
    String action,
    boolean success,
    String serial,
    String tokenType,
    String user,
    String realm,
    String administrator,
    String actionDetail,
    String info,
    String server,
    String client,
    String logLevel,
    int clearanceLevel)
    implements Serializable {
  static AuditRowView of(AuditRow row, boolean intact) {
    return new AuditRowView(
        row.number(),
        row.occurredAt(),
        intact,
        row.action(),
        row.success(),
        row.serial(),
        row.tokenType(),
        row.login(),
        row.realm(),
        row.administrator(),
        row.actionDetail(),
        row.info(),
        row.server(),
        row.client(),
        row.logLevel(),
        row.clearanceLevel());
  }

  /** A cell as text. */
  String cell(String column) {
    return switch (column) {
      case "number" -> String.valueOf(number);
      case "date" -> date;
      case "signature" -> intact ? "OK" : "FAIL";
      case "action" -> action;
      case "success" -> success ? "1" : "0";
      case "serial" -> serial;
      case "tokenType" -> tokenType;
      case "user" -> user;
      case "realm" -> realm;
      case "administrator" -> administrator;
      case "actionDetail" -> actionDetail;
      case "info" -> info;
      case "server" -> server;
      case "client" -> client;
      case "logLevel" -> logLevel;
      case "clearanceLevel" -> String.valueOf(clearanceLevel);
      default -> throw new IllegalArgumentException("unknown column " + column);
    };
  }
}
