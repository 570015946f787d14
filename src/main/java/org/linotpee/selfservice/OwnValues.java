package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.linotpee.administration.TokenValues;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.User;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/** Users read the next values of their own tokens (spec 09 section 9.5); off unless configured. */
@Service
public class OwnValues {
  private static final int MOST = 10_000;

  private final TokenValues values;
  private final SelfserviceRights rights;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Snapshots snapshots;
  private final Transactions transactions;
  private final Clock clock;

  @Inject
  public OwnValues(
      TokenValues values,
      SelfserviceRights rights,
      Tokens tokens,
      TokenTypes types,
      Snapshots snapshots,
      Transactions transactions,
      Clock clock) {
    this.values = values;
    this.rights = rights;
    this.tokens = tokens;
    this.types = types;
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * The next values of an own token, at most as many as a policy allows; none is used up.
   *
   * @param at the moment for which time-based values are asked, now if empty
   * @throws LinotpException -311 if values are not told at all or the token is somebody else's, 905
   *     if something is missing, 410 if no policy allows it
   */
  public TokenValues.Several next(
      User user,
      Optional<String> serial,
      Optional<Integer> count,
      Optional<Instant> at,
      AuditRecord audit) {
    values.requireActive();
    String wanted = serial.orElseThrow(() -> LinotpException.missing("serial"));
    int number = count.orElseThrow(() -> LinotpException.missing("count"));
    Token token =
        transactions
            .required(em -> tokens.bySerial(em, wanted))
            .filter(t -> t.belongsTo(user))
            .orElseThrow(() -> LinotpException.unclassified("User is not the owner of the token"));
    audit.serial(token.serial()).tokenType(token.type());
    TokenType type = types.of(token).orElseThrow(SelfserviceRights::denied);
    int most =
        type.readingLimit()
            .flatMap(action -> rights.number(user, audit.client(), action))
            .orElse(0);
    if (most <= 0) {
      throw SelfserviceRights.denied();
    }
    var context =
        new TokenType.CheckContext(
            snapshots.current().configuration(), at.orElseGet(clock::instant));
    audit.success(true);
    return new TokenValues.Several(
        token.serial(),
        token.type(),
        type.upcoming(token, Math.max(0, Math.min(MOST, Math.min(number, most))), context));
  }
}
