package org.linotpee.enrollment;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.Reader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.policy.AdminRights;
import org.linotpee.reporting.Reports;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.tokenfile.TokenFile;
import org.linotpee.tokenfile.TokenRecord;

/**
 * Enrolls all tokens of a vendor's file, or none (spec 03 section 8). The file is read while it is
 * stored, a batch at a time, so that its length costs no memory but that of its serial numbers.
 */
@Service
public class TokenImport {
  private static final Logger LOG = System.getLogger(TokenImport.class.getName());
  private static final int BATCH = 500;
  private static final int PROGRESS = 10_000;
  private static final int SERIALS_IN_AUDIT_ROW = 255;
  private static final int MIN_DIGITS = 4;
  private static final int MAX_DIGITS = 10;

  private final Snapshots snapshots;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final AdminRights rights;
  private final TokenPolicies policies;
  private final TokenSecrets secrets;
  private final Reports reports;

  @Inject
  public TokenImport(
      Snapshots snapshots,
      Tokens tokens,
      TokenTypes types,
      Transactions transactions,
      AuditTrail auditTrail,
      AdminRights rights,
      TokenPolicies policies,
      TokenSecrets secrets,
      Reports reports) {
    this.snapshots = snapshots;
    this.tokens = tokens;
    this.types = types;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.rights = rights;
    this.policies = policies;
    this.reports = reports;
    this.secrets = secrets;
  }

  /**
   * How the tokens are to be enrolled.
   *
   * @param label type and name of the file, for the audit trail
   * @param realm where they are put; empty for no realm
   * @param active whether they can be used at once
   */
  public record Target(String label, Optional<String> realm, boolean active) {}

  /**
   * Imports a file; tells the number of tokens.
   *
   * @throws LinotpException if the file or anything in it cannot be used; nothing is stored then
   */
  public int load(TokenFile file, Reader content, Target target, AuditRecord audit) {
    Realms realms = snapshots.current().part(Realms.class);
    Optional<Realms.Realm> realm = realm(target, realms);
    String client = audit.client();
    return transactions.required(
        em -> {
          realm.ifPresent(r -> policies.awaitTurn(em, List.of(r.name())));
          var run = new Run(em, realms, realm, target, client);
          file.read(content, run::add);
          run.store();
          realm.ifPresent(
              r ->
                  policies.requireRoomInRealms(
                      em, List.of(r.name()), 0, TokenPolicies.Occasion.IMPORT));
          reports.record(
              em,
              "loadtokens",
              Reports.realms(List.of(realm.map(Realms.Realm::name).stream().toList())));
          audit
              .success(true)
              .serial(auditedSerials(run.serials))
              .tokenType(String.join(", ", run.typeNames))
              .realm(realm.map(Realms.Realm::name).orElse(""))
              .info(target.label() + " (imported: " + run.serials.size() + ")")
              .actionDetail("tokennum = " + tokens.countActive(em));
          auditTrail.store(em, audit);
          return run.serials.size();
        });
  }

  /**
   * The realm that the tokens go into: the wanted one, or the first of an administrator who has not
   * all of them.
   */
  private Optional<Realms.Realm> realm(Target target, Realms realms) {
    AdminRights.Scope right = rights.of("import");
    if (right.nowhere()) {
      throw AdminRights.denied("import tokens");
    }
    if (target.realm().isEmpty()) {
      return right.everywhere()
          ? Optional.empty()
          : Optional.of(
              right.existing().stream()
                  .findFirst()
                  .flatMap(realms::named)
                  .orElseThrow(() -> AdminRights.denied("import tokens")));
    }
    String name = target.realm().get();
    Optional<Realms.Realm> realm = realms.named(name).filter(r -> right.inRealm(r.name()));
    if (realm.isEmpty()) {
      throw LinotpException.unclassified(
          "target realm could not be assigned: there is no realm '"
              + name
              + "', or you do not have the administrative right to import tokens into it");
    }
    return realm;
  }

  /** As many rows as are needed to name all of them. */
  private static String auditedSerials(Set<String> serials) {
    var rows = new ArrayList<String>();
    var row = new StringBuilder();
    for (String serial : serials) {
      if (!row.isEmpty() && row.length() + 1 + serial.length() > SERIALS_IN_AUDIT_ROW) {
        rows.add(row.toString());
        row.setLength(0);
      }
      row.append(row.isEmpty() ? "" : " ").append(serial);
    }
    rows.add(row.toString());
    return String.join(",", rows);
  }

  /** One import, within its transaction. */
  private final class Run {
    private final EntityManager em;
    private final Realms realms;
    private final Optional<Realms.Realm> realm;
    private final Target target;
    private final Configuration configuration = snapshots.current().configuration();
    private final Map<String, TokenRecord> batch = new LinkedHashMap<>();
    private final Set<String> serials = new LinkedHashSet<>();
    private final Set<String> typeNames = new LinkedHashSet<>();
    private final List<String> realmNames;
    private final boolean reversible;
    private final String client;
    private int read;

    Run(
        EntityManager em,
        Realms realms,
        Optional<Realms.Realm> realm,
        Target target,
        String client) {
      this.em = em;
      this.realms = realms;
      this.realm = realm;
      this.target = target;
      this.client = client;
      this.realmNames = realm.map(Realms.Realm::name).stream().toList();
      this.reversible = policies.reversiblePins(Optional.empty(), realmNames, client);
    }

    /** The last record of a serial wins. */
    void add(TokenRecord record) {
      Enrollment.requireUsable(record.serial());
      batch.put(record.serial(), record);
      if (++read % PROGRESS == 0) {
        LOG.log(Level.INFO, "import of {0}: {1} tokens so far", target.label(), read);
      }
      if (batch.size() >= BATCH) {
        store();
      }
    }

    void store() {
      Map<String, Token> existing = new HashMap<>();
      tokens
          .lockBySerials(em, batch.keySet())
          .forEach(token -> existing.put(token.serial(), token));
      for (TokenRecord record : batch.values()) {
        store(record, existing.get(record.serial()));
      }
      serials.addAll(batch.keySet());
      batch.clear();
      em.flush();
      em.clear();
    }

    private void store(TokenRecord record, Token existing) {
      TokenType type =
          types
              .named(record.type())
              .orElseThrow(
                  () ->
                      LinotpException.unclassified(
                          "the token '"
                              + record.serial()
                              + "' has the unknown type '"
                              + record.type()
                              + "' (1610)"));
      Enrollment.requireType(existing, type);
      Token token =
          existing == null ? tokens.create(em, record.serial(), type, configuration) : existing;
      enroll(token, type, record);
      typeNames.add(token.type());
      if (existing == null) {
        realm.ifPresent(r -> tokens.putIntoRealm(em, token, r));
      } else if (realm.isPresent()) {
        tokens.setRealms(em, token, List.of(realm.get().name()), realms);
      }
    }

    private void enroll(Token token, TokenType type, TokenRecord record) {
      var parameters = new HashMap<>(record.parameters());
      parameters.put("otpkey", record.seed());
      type.enroll(token, new EnrollmentParameters(parameters, configuration));
      record.otpLength().ifPresent(length -> token.otpLength(checked(length, record)));
      record.counter().ifPresent(token::counter);
      TokenInfo info = token.info();
      for (var member : record.info().entrySet()) {
        info = info.with(member.getKey(), member.getValue());
      }
      token.info(info);
      token.describe(record.description());
      token.active(target.active());
      policies
          .randomPin(Optional.empty(), realmNames, client)
          .ifPresent(pin -> secrets.changePin(token, pin, reversible));
    }

    private int checked(int length, TokenRecord record) {
      boolean digits = record.type().equals("hmac") || record.type().equals("totp");
      if (digits && (length < MIN_DIGITS || length > MAX_DIGITS)) {
        throw LinotpException.unclassified(
            "the token '" + record.serial() + "' has values of " + length + " digits");
      }
      return length;
    }
  }
}
