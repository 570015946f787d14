package org.linotpee.audit;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.linotpee.crypto.AuditKeys;

/**
 * A stored audit row.
 *
 * @param occurredAt ISO 8601, UTC, with milliseconds
 * @param mac key id and HMAC-SHA-256 of all other columns but the number
 */
public record AuditRow(
    long number,
    String occurredAt,
    String action,
    boolean success,
    String serial,
    String tokenType,
    String login,
    String realm,
    String administrator,
    String actionDetail,
    String info,
    String server,
    String client,
    String logLevel,
    int clearanceLevel,
    String mac) {

  private static final String COLUMNS =
      "id, occurred_at, action, success, serial, token_type, login, realm, administrator,"
          + " action_detail, info, server, client, log_level, clearance_level, row_mac";

  /** Selects what {@link #of} reads. */
  static final String SELECT = "SELECT " + COLUMNS + " FROM audit_row";

  /** The same with the node's number behind it. */
  static final String SELECT_NUMBERED = "SELECT " + COLUMNS + ", node_sequence FROM audit_row";

  /** A row from the columns of {@link #SELECT}. */
  static AuditRow of(Object[] c) {
    return new AuditRow(
        ((Number) c[0]).longValue(),
        (String) c[1],
        (String) c[2],
        flag(c[3]),
        (String) c[4],
        (String) c[5],
        (String) c[6],
        (String) c[7],
        (String) c[8],
        (String) c[9],
        (String) c[10],
        (String) c[11],
        (String) c[12],
        (String) c[13],
        ((Number) c[14]).intValue(),
        (String) c[15]);
  }

  private static final String INSERT =
      "INSERT INTO audit_row (occurred_at, action, success, serial, token_type, login, realm,"
          + " administrator, action_detail, info, server, client, log_level, clearance_level,"
          + " row_mac, node%s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
          + " ?15, ?16%s)";
  private static final String INSERT_NEW = INSERT.formatted("", "");
  private static final String INSERT_NUMBERED = INSERT.formatted(", node_sequence", ", ?17");
  private static final String INSERT_IMPORTED =
      INSERT.formatted(", node_sequence, id", ", ?17, ?18");

  /** Inserts a row that the sealer is to number. */
  void insert(EntityManager em, String node) {
    filled(em.createNativeQuery(INSERT_NEW), node).executeUpdate();
  }

  /** Inserts a row that has its number. */
  void insert(EntityManager em, String node, long sequence) {
    filled(em.createNativeQuery(INSERT_NUMBERED), node).setParameter(17, sequence).executeUpdate();
  }

  /** Inserts a row that keeps its id, which is below those of our own. */
  void insertImported(EntityManager em, String node, long sequence) {
    filled(em.createNativeQuery(INSERT_IMPORTED), node)
        .setParameter(17, sequence)
        .setParameter(18, number)
        .executeUpdate();
  }

  private Query filled(Query insert, String node) {
    return insert
        .setParameter(1, occurredAt)
        .setParameter(2, action)
        .setParameter(3, success)
        .setParameter(4, serial)
        .setParameter(5, tokenType)
        .setParameter(6, login)
        .setParameter(7, realm)
        .setParameter(8, administrator)
        .setParameter(9, actionDetail)
        .setParameter(10, info)
        .setParameter(11, server)
        .setParameter(12, client)
        .setParameter(13, logLevel)
        .setParameter(14, clearanceLevel)
        .setParameter(15, mac)
        .setParameter(16, node);
  }

  /** The same row with its MAC. */
  AuditRow protectedBy(AuditKeys keys) {
    return new AuditRow(
        number,
        occurredAt,
        action,
        success,
        serial,
        tokenType,
        login,
        realm,
        administrator,
        actionDetail,
        info,
        server,
        client,
        logLevel,
        clearanceLevel,
        mac(keys, keys.activeId()));
  }

  /** A boolean column, which MariaDB tells as a number. */
  static boolean flag(Object column) {
    return column instanceof Boolean flag
        ? flag
        : column instanceof Number number && number.intValue() != 0;
  }

  /** A text for a column of this width: control characters become blanks, the rest is cut. */
  static String cut(String text, int length) {
    var clean = new StringBuilder(Math.min(text.length(), length));
    for (int i = 0; i < text.length() && clean.length() <= length; i++) {
      char c = text.charAt(i);
      clean.append(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c);
    }
    if (clean.length() <= length) {
      return clean.toString();
    }
    int end = length - 1;
    if (Character.isHighSurrogate(clean.charAt(end - 1))) {
      end--;
    }
    return clean.substring(0, end) + "\u2026";
  }

  /** The MAC of this row under a key: {@code <key id>:<Base64>}. */
  String mac(AuditKeys keys, String keyId) {
    return keyId + ":" + Base64.getEncoder().encodeToString(keys.hmac(keyId, canonical()));
  }

  /** True if the row is as it was stored. */
  boolean intact(AuditKeys keys) {
    int colon = mac.indexOf(':');
    if (colon < 0 || !keys.ids().contains(mac.substring(0, colon))) {
      return false;
    }
    return MessageDigest.isEqual(
        mac(keys, mac.substring(0, colon)).getBytes(StandardCharsets.US_ASCII),
        mac.getBytes(StandardCharsets.US_ASCII));
  }

  /** Each column with its length in front, so that no two rows have the same form. */
  byte[] canonical() {
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      for (String column :
          new String[] {
            occurredAt,
            action,
            serial,
            tokenType,
            login,
            realm,
            administrator,
            actionDetail,
            info,
            server,
            client,
            logLevel
          }) {
        byte[] text = column.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
      out.writeBoolean(success);
      out.writeInt(clearanceLevel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
