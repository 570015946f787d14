package org.linotpee.administration;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.Token;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.UpcomingValues;

/**
 * Tells administrators the next values of tokens, for users who have no device (spec 02 section
 * 16). Off unless {@code linotpGetotp.active} is set; then a policy of the scope {@code gettoken}
 * must say how many values, and the administrator needs the right {@code getotp} for the token.
 * Nothing is used up.
 */
@Service
public class TokenValues {
  private static final String SWITCH = "linotpGetotp.active";
  private static final String RIGHT = "getotp";
  private static final int MOST = 10_000;

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AdminRights rights;
  private final Clock clock;

  @Inject
  public TokenValues(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Transactions transactions,
      AdminRights rights,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.rights = rights;
    this.clock = clock;
  }

  /**
   * The next value of a token.
   *
   * @param pin the OTP PIN, if it is stored so that it can be read, else {@code ""}
   * @param password PIN and value in the order in which they are typed
   */
  public record Next(String value, String pin, String password) {
    /** Without its secrets. */
    @Override
    public String toString() {
      return "Next[]";
    }
  }

  /** Why there are no values to tell, which is not an error of the request. */
  public static final class NoValues extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> serials;

    NoValues(String message, List<String> serials) {
      super(message);
      this.serials = List.copyOf(serials);
    }

    /** The tokens among which the request did not choose. */
    public List<String> serials() {
      return serials;
    }
  }

  /** The values of a token. */
  public record Several(String serial, String type, UpcomingValues values) {}

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /**
   * Requires that values are told at all.
   *
   * @throws LinotpException -311 if not
   */
  public void requireActive() {
    if (!configuration().flag(SWITCH, false)) {
      throw LinotpException.unclassified("getotp is not activated.");
    }
  }

  /**
   * The next value of a token, or of a user's only one.
   *
   * @param at the moment for which a time-based value is asked, now if empty
   * @throws NoValues if there is no token, or several
   * @throws LinotpException 410 the administrator may not read it, or no value of the type can be
   *     read; -311 no policy allows a value
   */
  public Next next(Optional<String> serial, UserName user, Optional<Instant> at, AuditRecord audit)
      throws NoValues {
    requireActive();
    Found found = found(serial.isPresent() ? serial.get() : only(user));
    describe(found.token(), audit);
    TokenType type = readable(found);
    int most = rights.most("gettoken", type.readingLimit().orElseThrow(), found.realms());
    if (most <= 0) {
      throw LinotpException.unclassified(
          "The policy forbids receiving OTP values for the token " + found.token().serial());
    }
    String value = type.upcoming(found.token(), 1, context(at)).values().get(0).otp();
    String pin = secrets.pin(found.token()).orElse("");
    boolean pinFirst = configuration().flag("PrependPin", true);
    audit.success(true);
    return new Next(value, pin, pinFirst ? pin + value : value + pin);
  }

  /**
   * The next values of a token, at most as many as policies allow.
   *
   * @throws NoValues if there is no token, or no policy allows a value
   * @throws LinotpException 410 the administrator may not read it, or no value of the type can be
   *     read
   */
  public Several several(String serial, int count, Optional<Instant> at, AuditRecord audit)
      throws NoValues {
    requireActive();
    Found found = found(serial);
    describe(found.token(), audit);
    TokenType type = readable(found);
    int most = rights.most("gettoken", type.readingLimit().orElseThrow(), found.realms());
    int number = Math.min(MOST, Math.min(count, most));
    if (number <= 0) {
      throw new NoValues("No count specified", List.of());
    }
    UpcomingValues values = type.upcoming(found.token(), number, context(at));
    audit.success(true);
    return new Several(found.token().serial(), found.token().type(), values);
  }

  private record Found(Token token, Set<String> realms) {}

  private Found found(String serial) throws NoValues {
    return transactions
        .required(
            em ->
                tokens
                    .bySerial(em, serial)
                    .map(token -> new Found(token, tokens.realmsOf(em, token, realms()))))
        .orElseThrow(() -> new NoValues("No token with serial " + serial + " found", List.of()));
  }

  private String only(UserName name) throws NoValues {
    if (!name.given()) {
      throw new NoValues("One of the parameters 'user' and 'serial' is needed", List.of());
    }
    rights.requireForUser(RIGHT, "read values of tokens of", name);
    List<String> serials =
        users.find(name) instanceof UserLookup.Found found ? serials(found.user()) : List.of();
    if (serials.size() != 1) {
      throw new NoValues(
          serials.isEmpty() ? "The user has no token" : "The user has several tokens", serials);
    }
    return serials.get(0);
  }

  private List<String> serials(User user) {
    return transactions.required(
        em -> tokens.lockOfUser(em, user, realms()).stream().map(Token::serial).toList());
  }

  /** The type of a token whose values this administrator may read. */
  private TokenType readable(Found found) {
    rights.requireForToken(RIGHT, "read values of", found.token().serial(), found.realms());
    return types
        .of(found.token())
        .filter(type -> type.readingLimit().isPresent())
        .orElseThrow(
            () ->
                AdminRights.denied(
                    "read values of tokens of type "
                        + found.token().type()
                        + ": there is no policy definable for it"));
  }

  private static void describe(Token token, AuditRecord audit) {
    audit.serial(token.serial()).tokenType(token.type());
  }

  private TokenType.CheckContext context(Optional<Instant> at) {
    return new TokenType.CheckContext(configuration(), at.orElseGet(clock::instant));
  }
}
