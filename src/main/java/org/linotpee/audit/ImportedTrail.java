package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.AuditKeys;

/**
 * Audit rows that were taken over from a LinOTP installation (spec 06 section 11.2). They are
 * protected and chained like our own from then on, as rows of a node of their own, and keep the
 * signatures that LinOTP gave them. Their ids are LinOTP's, moved below ours: they are the oldest.
 */
@Service
public class ImportedTrail {
  /** No host can have this name. */
  public static final String NODE = "LinOTP (imported)";

  /** An imported row's id is its number in LinOTP less this. */
  public static final long OFFSET = 10_000_000_000L;

  /** As many rows as the forwarder moves at once; each block has a seal. */
  public static final int BLOCK = 500;

  private static final int MAX_SIGNATURE = 1100;

  private final Transactions transactions;
  private final AuditStore store;
  private final AuditKeys keys;
  private final Clock clock;

  @Inject
  public ImportedTrail(Transactions transactions, AuditStore store, AuditKeys keys, Clock clock) {
    this.transactions = transactions;
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  /** The columns of a row in the order in which LinOTP signs them, but for the number. */
  public enum Column {
    DATE(0, 32, "date="),
    ACTION(1, 128, "action="),
    SUCCESS(2, 30, ""),
    SERIAL(3, 255, "serial="),
    TOKEN_TYPE(4, 40, ""),
    USER(5, 255, "user="),
    REALM(6, 255, ""),
    ADMINISTRATOR(7, 255, "admin="),
    ACTION_DETAIL(8, 512, ""),
    INFO(9, 512, ""),
    SERVER(10, 80, "server="),
    LOG_LEVEL(11, 20, ""),
    CLEARANCE_LEVEL(12, 11, ""),
    CLIENT(13, 80, "client=");

    private final int nullMask;
    private final int length;
    private final String label;

    Column(int bit, int length, String label) {
      this.nullMask = 1 << bit;
      this.length = length;
      this.label = label;
    }
  }

  /**
   * A row as LinOTP has it.
   *
   * @param number LinOTP's id
   * @param texts by column; absent where LinOTP has NULL
   * @param signature hexadecimal
   */
  public record Row(long number, Map<Column, String> texts, String signature) {
    public Row {
      texts = Map.copyOf(texts);
      if (number <= 0 || number >= OFFSET) {
        throw new IllegalArgumentException("an audit row has the number " + number);
      }
    }

    /** As it was, but for what is wider than any column of LinOTP. */
    private AuditRow kept() {
      String clearance = kept(Column.CLEARANCE_LEVEL);
      return new AuditRow(
          number - OFFSET,
          kept(Column.DATE),
          kept(Column.ACTION),
          kept(Column.SUCCESS).equals("1"),
          kept(Column.SERIAL),
          kept(Column.TOKEN_TYPE),
          kept(Column.USER),
          kept(Column.REALM),
          kept(Column.ADMINISTRATOR),
          kept(Column.ACTION_DETAIL),
          kept(Column.INFO),
          kept(Column.SERVER),
          kept(Column.CLIENT),
          kept(Column.LOG_LEVEL),
          clearance.matches("-?[0-9]{1,9}") ? Integer.parseInt(clearance) : 0,
          "");
    }

    private String kept(Column column) {
      String text = texts.getOrDefault(column, "");
      return text.length() > column.length ? AuditRow.cut(text, column.length) : text;
    }

    private int nullColumns() {
      int nulls = 0;
      for (Column column : Column.values()) {
        nulls |= texts.containsKey(column) ? 0 : column.nullMask;
      }
      return nulls;
    }
  }

  // taking over -----------------------------------------------------------------------------------

  /** The number in LinOTP of the newest row that is here; 0 if there is none. */
  public long newestNumber() {
    return transactions.required(
        em -> {
          Object newest =
              em.createNativeQuery("SELECT MAX(audit_id) FROM imported_audit_row")
                  .getSingleResult();
          return newest == null ? 0L : ((Number) newest).longValue() + OFFSET;
        });
  }

  /**
   * Stores the next rows, in the order of their numbers, with a seal: all or none.
   *
   * @param rows at most {@link #BLOCK}
   */
  public void take(List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    transactions.separate(
        em -> {
          AuditSeal previous = AuditSeal.newest(em, NODE).orElse(AuditSeal.none(NODE));
          var chain = new AuditChain(previous.lastHash());
          long sequence = previous.lastSequence();
          for (Row row : rows) {
            AuditRow kept = row.kept().protectedBy(keys);
            kept.insertImported(em, NODE, ++sequence);
            chain.add(sequence, kept);
            em.createNativeQuery(
                    "INSERT INTO imported_audit_row (audit_id, null_columns, signature)"
                        + " VALUES (?1, ?2, ?3)")
                .setParameter(1, kept.number())
                .setParameter(2, row.nullColumns())
                .setParameter(3, row.signature().length() > MAX_SIGNATURE ? "" : row.signature())
                .executeUpdate();
          }
          AuditSeal.signed(
                  keys,
                  new AuditSeal.Content(
                      NODE,
                      previous.lastSequence() + 1,
                      sequence,
                      chain.hash(),
                      previous.lastHash(),
                      DatabaseAuditTrail.time(clock.instant()),
                      false))
              .insert(em);
          return null;
        });
  }

  /**
   * Removes the signatures of rows that were cleaned up, up to this one; that of the newest row
   * stays, so that another import does not bring the rows back.
   */
  static void forget(EntityManager em, Object[] lastRemoved) {
    Object newest =
        em.createNativeQuery("SELECT MAX(audit_id) FROM imported_audit_row").getSingleResult();
    if (newest != null) {
      em.createNativeQuery("DELETE FROM imported_audit_row WHERE audit_id <= ?1 AND audit_id < ?2")
          .setParameter(1, ((Number) lastRemoved[0]).longValue())
          .setParameter(2, ((Number) newest).longValue())
          .executeUpdate();
    }
  }

  // verifying -------------------------------------------------------------------------------------

  /** How many rows have been checked, and how many of them have a wrong signature. */
  public record Result(long rows, long wrong) {}

  /**
   * Checks the signatures that LinOTP gave.
   *
   * @param key LinOTP's, RSA
   * @param report is told the numbers of rows with a wrong signature
   */
  public Result verify(PublicKey key, Consumer<Long> report) {
    long rows = 0;
    long wrong = 0;
    long last = -OFFSET;
    List<AuditRow> block;
    do {
      long after = last;
      block = store.transactions().required(em -> block(em, after));
      Map<Long, Object[]> signatures = signatures(block);
      for (AuditRow row : block) {
        rows++;
        last = row.number();
        Object[] known = signatures.get(row.number());
        if (known == null
            || !verified(row, ((Number) known[1]).intValue(), (String) known[2], key)) {
          wrong++;
          report.accept(row.number() + OFFSET);
        }
      }
    } while (block.size() == BLOCK);
    return new Result(rows, wrong);
  }

  private static List<AuditRow> block(EntityManager em, long after) {
    var rows = new ArrayList<AuditRow>();
    for (Object row :
        em.createNativeQuery(AuditRow.SELECT + " WHERE id > ?1 AND id < 0 ORDER BY id")
            .setParameter(1, after)
            .setMaxResults(BLOCK)
            .getResultList()) {
      rows.add(AuditRow.of((Object[]) row));
    }
    return rows;
  }

  private Map<Long, Object[]> signatures(List<AuditRow> rows) {
    var signatures = new HashMap<Long, Object[]>();
    if (!rows.isEmpty()) {
      List<?> found =
          transactions.required(
              em ->
                  em.createNativeQuery(
                          "SELECT audit_id, null_columns, signature FROM imported_audit_row"
                              + " WHERE audit_id >= ?1 AND audit_id <= ?2")
                      .setParameter(1, rows.get(0).number())
                      .setParameter(2, rows.get(rows.size() - 1).number())
                      .getResultList());
      found.forEach(
          columns ->
              signatures.put(((Number) ((Object[]) columns)[0]).longValue(), (Object[]) columns));
    }
    return signatures;
  }

  /** What LinOTP read as NULL is signed as the empty text or, by old versions, as None. */
  private static boolean verified(AuditRow row, int nulls, String signature, PublicKey key) {
    return verified(signedText(row, 0), signature, key)
        || (nulls != 0 && verified(signedText(row, nulls), signature, key));
  }

  private static boolean verified(String text, String signature, PublicKey key) {
    try {
      var verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(HexFormat.of().parseHex(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Spec 06 section 9.2. */
  private static String signedText(AuditRow row, int nulls) {
    var text = new StringBuilder("number=").append(row.number() + OFFSET);
    for (Column column : Column.values()) {
      boolean none = (nulls & column.nullMask) != 0;
      text.append(", ").append(column.label).append(none ? "None" : shown(row, column));
    }
    return text.toString();
  }

  private static String shown(AuditRow row, Column column) {
    return switch (column) {
      case DATE -> row.occurredAt();
      case ACTION -> row.action();
      case SUCCESS -> row.success() ? "1" : "0";
      case SERIAL -> row.serial();
      case TOKEN_TYPE -> row.tokenType();
      case USER -> row.login();
      case REALM -> row.realm();
      case ADMINISTRATOR -> literal(row.administrator());
      case ACTION_DETAIL -> row.actionDetail();
      case INFO -> row.info();
      case SERVER -> row.server();
      case LOG_LEVEL -> row.logLevel();
      case CLEARANCE_LEVEL -> String.valueOf(row.clearanceLevel());
      case CLIENT -> row.client();
    };
  }

  /** A text as Python writes it. */
  static String literal(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    var literal = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\\' || c == quote) {
                literal.append('\\').appendCodePoint(c);
              } else if (c == '\n') {
                literal.append("\\n");
              } else if (c == '\r') {
                literal.append("\\r");
              } else if (c == '\t') {
                literal.append("\\t");
              } else if (c < ' ' || (c >= 0x7f && c < 0xa1)) {
                literal.append(String.format(java.util.Locale.ROOT, "\\x%02x", c));
              } else {
                literal.appendCodePoint(c);
              }
            });
    return literal.append(quote).toString();
  }
}
