package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.TotpTokenType;

/**
 * Finds the token, or the moment, that a one-time password belongs to (spec 03 sections 4.3 and
 * 4.4). Trying a value costs time for each candidate token; the tokens are read in blocks.
 */
@Service
public class OtpSearch {
  private static final int WINDOW = 10;
  private static final int BLOCK = 500;
  private static final int SEVERAL = 1200;

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TotpTokenType totp;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final AdminRights rights;
  private final Clock clock;

  @Inject
  public OtpSearch(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TotpTokenType totp,
      Transactions transactions,
      AuditTrail auditTrail,
      AdminRights rights,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.totp = totp;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.rights = rights;
    this.clock = clock;
  }

  /**
   * Which tokens are tried.
   *
   * @param type only of this type, in any case
   * @param realm only in this realm
   * @param assigned only with an owner, or only without
   */
  public record Restriction(
      Optional<String> type, Optional<String> realm, Optional<Boolean> assigned) {}

  /**
   * The token that has the value, its owner's login and resolver; {@code ""} where there is none.
   */
  public record Hit(String serial, String login, String resolverSpec) {}

  private TokenType.CheckContext context() {
    return new TokenType.CheckContext(snapshots.current().configuration(), clock.instant());
  }

  /**
   * Finds the token that has this value among its next ten, and spends the value.
   *
   * @throws LinotpException 1200 if several tokens have it, 410 if the administrator may not look
   *     for it, or in the realms of the token
   */
  public Optional<Hit> serialOf(String otp, Restriction restriction, AuditRecord audit) {
    Realms realms = snapshots.current().part(Realms.class);
    AdminRights.Scope right = rights.of("getserial");
    String realm = restriction.realm().orElse(realms.defaultRealm());
    if (!right.everywhere() && !right.inRealm(realm)) {
      throw AdminRights.denied("find tokens by their values in realm " + realm);
    }
    return spend(
            otp,
            restriction,
            audit,
            (em, token) -> {
              if (!right.forToken(tokens.realmsOf(em, token, realms))) {
                throw AdminRights.denied("find token " + token.serial());
              }
            })
        .map(this::hit);
  }

  /**
   * As {@link #serialOf}, for whomever.
   *
   * @param check refuses a token that may not be found, by an exception
   */
  public Optional<Token> spend(
      String otp,
      Restriction restriction,
      AuditRecord audit,
      BiConsumer<EntityManager, Token> check) {
    List<String> serials = candidates(otp, restriction);
    if (serials.size() > 1) {
      throw new LinotpException(SEVERAL, "more than one token has this value");
    }
    if (serials.isEmpty()) {
      audit.success(false);
      return Optional.empty();
    }
    return transactions.required(
        em -> {
          Token token = tokens.lockOne(em, serials.get(0));
          check.accept(em, token);
          boolean spent =
              types.of(token).map(t -> t.spend(token, otp, WINDOW, context())).orElse(false);
          audit.success(spent).serial(token.serial()).tokenType(token.type());
          auditTrail.store(em, audit);
          return spent ? Optional.of(token) : Optional.empty();
        });
  }

  private Hit hit(Token token) {
    String login =
        token
            .owner()
            .flatMap(users::attributes)
            .map(a -> a.getOrDefault("username", ""))
            .orElse("");
    return new Hit(token.serial(), login, token.owner().map(OwnerKey::resolverSpec).orElse(""));
  }

  /** At most two serials of tokens that have the value; nothing is changed. */
  private List<String> candidates(String otp, Restriction restriction) {
    var serials = new ArrayList<String>();
    long last = 0;
    List<Token> block;
    do {
      long after = last;
      block = transactions.required(em -> block(em, restriction, after));
      for (Token token : block) {
        if (serials.size() < 2
            && types.of(token).map(t -> t.spend(token, otp, WINDOW, context())).orElse(false)) {
          serials.add(token.serial());
        }
      }
      last = block.isEmpty() ? 0 : block.get(block.size() - 1).id();
    } while (block.size() == BLOCK && serials.size() < 2);
    return serials;
  }

  private List<Token> block(EntityManager em, Restriction restriction, long after) {
    var where = new StringBuilder("t.id > :after");
    restriction.type().ifPresent(t -> where.append(" AND LOWER(t.type) = LOWER(:type)"));
    restriction
        .assigned()
        .ifPresent(a -> where.append(a ? " AND t.ownerId <> ''" : " AND t.ownerId = ''"));
    Optional<Long> realmId =
        restriction
            .realm()
            .map(
                name ->
                    snapshots
                        .current()
                        .part(Realms.class)
                        .named(name)
                        .map(Realms.Realm::id)
                        .orElse(-1L));
    realmId.ifPresent(
        id ->
            where.append(
                " AND EXISTS (SELECT r FROM TokenRealm r WHERE r.tokenId = t.id AND r.realmId ="
                    + " :realm)"));
    var query =
        em.createQuery("SELECT t FROM Token t WHERE " + where + " ORDER BY t.id", Token.class)
            .setParameter("after", after)
            .setMaxResults(BLOCK);
    restriction.type().ifPresent(t -> query.setParameter("type", t));
    realmId.ifPresent(id -> query.setParameter("realm", id));
    List<Token> found = query.getResultList();
    em.clear();
    return found;
  }

  /** When a TOTP value was right: its time step and the step's length in seconds. */
  public record Past(long counter, long stepSeconds) {}

  /**
   * Looks back for the time at which a value was right. Empty if it was not, or if the token is not
   * time-based; nothing is changed.
   */
  public Optional<Past> past(String serial, String otp, Duration window) {
    AdminRights.Scope right = rights.of("totp_lookup");
    Realms realms = snapshots.current().part(Realms.class);
    Optional<Token> token =
        transactions
            .required(
                em -> {
                  Optional<Token> found = tokens.bySerial(em, serial);
                  if (!right.everywhere()
                      && !right.forToken(tokens.realmsOf(em, tokens.lockOne(em, serial), realms))) {
                    throw AdminRights.denied("look up values of token " + serial);
                  }
                  return found;
                })
            .filter(t -> types.of(t).filter(type -> type == totp).isPresent());
    if (token.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong counter = totp.past(token.get(), otp, window.toSeconds(), context());
    return counter.isEmpty()
        ? Optional.empty()
        : Optional.of(new Past(counter.getAsLong(), TotpTokenType.step(token.get())));
  }
}
