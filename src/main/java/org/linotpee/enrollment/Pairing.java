package org.linotpee.enrollment;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.Users;
import org.linotpee.token.PairingResponse;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.paired.PairingResponses;

/**
 * Takes what devices answer to the pairing URLs of their tokens (spec 02 section 2.11). Nobody is
 * authenticated by it: it says only which device is going to be asked.
 */
@Service
public class Pairing {
  private static final int NO_TOKEN = 1102;

  private final PairingResponses responses;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Users users;
  private final Snapshots snapshots;
  private final Transactions transactions;
  private final AuditTrail auditTrail;

  @Inject
  public Pairing(
      PairingResponses responses,
      Tokens tokens,
      TokenTypes types,
      Users users,
      Snapshots snapshots,
      Transactions transactions,
      AuditTrail auditTrail) {
    this.responses = responses;
    this.tokens = tokens;
    this.types = types;
    this.users = users;
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
  }

  /**
   * Pairs a token with the device that has answered.
   *
   * @param text the response as it was sent
   * @throws LinotpException 10 if it cannot be read, 1102 if there is no such token, 905 if the
   *     token does not wait for a device, -311 if it is not one for this token; nothing changes
   *     then
   */
  public void pair(String text, AuditRecord audit) {
    PairingResponse response = responses.open(text);
    String serial = response.serial();
    Token known =
        transactions.required(
            em -> {
              Token found = tokens.bySerial(em, serial).orElseThrow(this::none);
              em.clear();
              return found;
            });
    audit.serial(known.serial()).tokenType(known.type());
    // on a copy: what does not fit asks no user store
    type(known).pair(known, response);
    String login =
        known
            .owner()
            .flatMap(users::attributes)
            .map(a -> a.getOrDefault("username", ""))
            .orElse("");
    transactions.required(
        em -> {
          pair(em, response, login, audit);
          return null;
        });
  }

  private void pair(EntityManager em, PairingResponse response, String login, AuditRecord audit) {
    Token token =
        tokens.lockBySerials(em, Set.of(response.serial())).stream()
            .findFirst()
            .orElseThrow(this::none);
    type(token).pair(token, response);
    Set<String> in = tokens.realmsOf(em, token, snapshots.current().part(Realms.class));
    audit.user(login, in.stream().findFirst().orElse("")).success(true);
    auditTrail.store(em, audit);
  }

  private TokenType type(Token token) {
    return types
        .of(token)
        .orElseThrow(() -> LinotpException.unclassified("unknown type " + token.type()));
  }

  private LinotpException none() {
    return new LinotpException(NO_TOKEN, "there is no token of the serial number");
  }
}
