package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.Occasion;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.User;
import org.linotpee.token.Token;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * Users try their own tokens, and confirm what they have paired (spec 09 sections 10.1 and 10.2).
 * The PIN does not matter; a right value counts as an authentication.
 */
@Service
public class TokenTest {
  private static final Set<String> PARAMETERS = Set.of("serial", "transactionid", "state", "otp");
  private static final int PARAMETER = 905;
  private static final String PROMPT = "Please enter your OTP";

  private final Authentication authentication;
  private final OwnChallenges challenges;
  private final SelfserviceRights rights;
  private final Tokens tokens;
  private final TokenTypes types;
  private final Snapshots snapshots;
  private final Transactions transactions;

  @Inject
  public TokenTest(
      Authentication authentication,
      OwnChallenges challenges,
      SelfserviceRights rights,
      Tokens tokens,
      TokenTypes types,
      Snapshots snapshots,
      Transactions transactions) {
    this.authentication = authentication;
    this.challenges = challenges;
    this.rights = rights;
    this.tokens = tokens;
    this.types = types;
    this.snapshots = snapshots;
    this.transactions = transactions;
  }

  /**
   * What came of it.
   *
   * @param detail of a challenge or of its state; empty if there is none
   * @param failure why no challenge could be sent; the audit row is stored already
   */
  public record Result(
      boolean value, Map<String, Object> detail, Optional<LinotpException> failure) {
    static final Result NO = new Result(false, Map.of(), Optional.empty());
  }

  // the test --------------------------------------------------------------------------------------

  /**
   * Triggers, answers or looks at a test.
   *
   * @param given the parameters of the request, by name
   * @throws LinotpException 410 without the right, 905 if nothing says which token, -311 if the
   *     token or transaction is not exactly one of the user's
   */
  public Result verify(User user, Map<String, String> given, AuditRecord audit) {
    Optional<String> transaction =
        Optional.ofNullable(given.get("transactionid"))
            .or(() -> Optional.ofNullable(given.get("state")))
            .filter(id -> !id.isEmpty());
    Optional<String> serial = Optional.ofNullable(given.get("serial")).filter(s -> !s.isEmpty());
    serial.ifPresent(audit::serial);
    rights.require(user, audit.client(), "verify");
    requireKnown(given.keySet());
    if (serial.isEmpty() && transaction.isEmpty()) {
      throw new LinotpException(PARAMETER, "Missing parameter: 'serial' or 'transactionid'");
    }
    Token token =
        transaction.isPresent()
            ? ofTransaction(transaction.get())
            : ofSerial(user, serial.orElse(""));
    if (!token.belongsTo(user)) {
      throw LinotpException.unclassified("User is not the owner of the token");
    }
    audit.serial(token.serial()).tokenType(token.type());
    Optional<String> otp = Optional.ofNullable(given.get("otp"));
    if (transaction.isPresent()) {
      return otp.isPresent()
          ? check(user, token, otp.get(), transaction, audit)
          : state(user, transaction.get(), audit);
    }
    TokenType type =
        types
            .of(token)
            .orElseThrow(
                () -> LinotpException.unclassified("tokens of this type cannot be tested"));
    boolean direct = type.modes(token).contains(TokenType.Mode.AUTHENTICATE);
    if (otp.isEmpty()) {
      return direct ? prompt(audit) : trigger(user, token, type, audit);
    }
    Optional<String> open = direct ? Optional.empty() : challenges.newestOpen(token);
    if (!direct && open.isEmpty()) {
      audit.success(false).actionDetail("no open challenge");
      return Result.NO;
    }
    return check(user, token, otp.get(), open, audit);
  }

  private void requireKnown(Set<String> names) {
    if (snapshots.current().configuration().flag("userservice.strict_verify", false)
        && !PARAMETERS.containsAll(names)) {
      throw new LinotpException(PARAMETER, "unsupported parameters");
    }
  }

  private Token ofTransaction(String transaction) {
    List<TransactionStatus.Asked> asked = challenges.ofTransaction(transaction);
    if (asked.isEmpty()) {
      throw LinotpException.unclassified(
          "no challenge with transaction id " + transaction + " found!");
    }
    if (asked.size() > 1) {
      throw LinotpException.unclassified("multiple challenges found!");
    }
    if (asked.get(0).expired()) {
      throw LinotpException.unclassified("the challenge has expired!");
    }
    return asked.get(0).token();
  }

  private Token ofSerial(User user, String serial) {
    // a pattern finds own tokens only: it must not tell which others there are
    List<Token> found =
        transactions.required(em -> tokens.bySerialPattern(em, serial)).stream()
            .filter(token -> serial.equals(token.serial()) || token.belongsTo(user))
            .toList();
    if (found.isEmpty()) {
      throw LinotpException.unclassified("no token found!");
    }
    if (found.size() > 1) {
      throw LinotpException.unclassified("multiple tokens found!");
    }
    return found.get(0);
  }

  private static Result prompt(AuditRecord audit) {
    audit.success(true);
    var detail = new LinkedHashMap<String, Object>();
    detail.put("message", PROMPT);
    detail.put("replyMode", List.of("offline"));
    return new Result(false, detail, Optional.empty());
  }

  private Result check(
      User user, Token token, String otp, Optional<String> transaction, AuditRecord audit) {
    var options = new LinkedHashMap<String, String>();
    transaction.ifPresent(id -> options.put("transactionid", id));
    Outcome outcome =
        authentication.checkOwn(user, attempt(user, token, otp, options), audit, (em, row) -> {});
    return new Result(outcome.accepted(), Map.of(), Optional.empty());
  }

  private Result state(User user, String transaction, AuditRecord audit) {
    Optional<OwnChallenges.State> state = challenges.state(user, transaction);
    audit.success(state.map(OwnChallenges.State::valid).orElse(false));
    return new Result(
        state.map(OwnChallenges.State::valid).orElse(false),
        state.map(OwnChallenges.State::detail).orElse(Map.of()),
        Optional.empty());
  }

  private Result trigger(User user, Token token, TokenType type, AuditRecord audit) {
    if (type.activation(token).isPresent()) {
      throw new LinotpException(PARAMETER, "unfitting request: the token is not paired yet");
    }
    Outcome outcome =
        challenged(
            user,
            token,
            "SelfService token test\n\nToken: %s\nSerial: %s\nUser: %s"
                .formatted(token.type(), token.serial(), user.name().login()),
            audit);
    if (!(outcome instanceof Outcome.Challenged challenge)) {
      return new Result(
          false,
          Map.of(),
          Optional.of(
              LinotpException.unclassified(
                  audit.info().isEmpty() ? "no challenge could be sent" : audit.info())));
    }
    Map<String, Object> detail = challenges.presented(challenge);
    detail.keySet().removeAll(Set.of("linotp_tokenserial", "linotp_tokentype"));
    detail.remove("linotp_tokendescription");
    return new Result(false, detail, Optional.empty());
  }

  private Outcome challenged(User user, Token token, String data, AuditRecord audit) {
    return authentication.checkOwn(
        user,
        attempt(user, token, "", Map.of("data", data, "content_type", "0")),
        audit,
        (em, row) -> {});
  }

  private static Attempt attempt(User user, Token token, String text, Map<String, String> options) {
    return new Attempt(user.name(), Optional.of(text), options, "userservice")
        .at(Occasion.SELFSERVICE_VERIFY)
        .with(List.of(token.serial()));
  }

  // the answer of a new device --------------------------------------------------------------------

  /** Whether the answer was right, and the token's fail counter afterwards. */
  public record Answered(boolean right, int failCount) {}

  /**
   * The answer with which the enrollment of a token ends (section 9.6).
   *
   * @throws LinotpException 410 without the right, 905 if something is missing, -311 if the token
   *     is not one of the user's
   */
  public Answered finish(
      User user,
      String right,
      Optional<String> transaction,
      Optional<String> answer,
      AuditRecord audit) {
    rights.require(user, audit.client(), right);
    String id = transaction.orElseThrow(() -> LinotpException.missing("transactionid"));
    String text = answer.orElseThrow(() -> LinotpException.missing("pass"));
    Token token = ofTransaction(id);
    if (!token.belongsTo(user)) {
      throw LinotpException.unclassified("User is not the owner of the token");
    }
    audit.serial(token.serial()).tokenType(token.type());
    boolean accepted = check(user, token, text, Optional.of(id), audit).value();
    int failCount =
        transactions
            .required(em -> tokens.bySerial(em, token.serial()))
            .map(Token::failCount)
            .orElse(0);
    return new Answered(accepted, failCount);
  }

  // activation ------------------------------------------------------------------------------------

  /**
   * Asks the device that a token was paired with to confirm.
   *
   * @return without detail if the token is not one of the user's that waits for it
   * @throws LinotpException 410 without the right
   */
  public Result activate(User user, Optional<String> serial, AuditRecord audit) {
    serial.ifPresent(audit::serial);
    Optional<Token> token =
        serial
            .flatMap(s -> transactions.required(em -> tokens.bySerial(em, s)))
            .filter(t -> t.belongsTo(user));
    Optional<TokenType.Activation> activation =
        token.flatMap(t -> types.of(t).flatMap(type -> type.activation(t)));
    if (activation.isEmpty()) {
      audit.success(false).info("no token of the user that can be activated");
      return Result.NO;
    }
    audit.tokenType(token.get().type());
    rights.require(user, audit.client(), activation.get().right());
    Outcome outcome = challenged(user, token.get(), token.get().serial(), audit);
    return outcome instanceof Outcome.Challenged challenge
        ? new Result(true, challenge.detail(), Optional.empty())
        : Result.NO;
  }

  /** How far the activation has got; without detail if it is none of the user's. */
  public Result activated(User user, Optional<String> transaction, AuditRecord audit) {
    Optional<OwnChallenges.State> state = transaction.flatMap(id -> challenges.state(user, id));
    if (state.isEmpty()) {
      audit.success(false).info("no transaction of the user");
      return Result.NO;
    }
    Token token =
        challenges.ofTransaction(transaction.get()).stream()
            .map(TransactionStatus.Asked::token)
            .findFirst()
            .orElseThrow();
    audit.success(true).serial(token.serial()).tokenType(token.type());
    var detail = new LinkedHashMap<>(state.get().detail());
    for (String decision : List.of("accept", "reject")) {
      if (!Boolean.TRUE.equals(detail.get(decision))) {
        detail.remove(decision);
      }
    }
    detail.put("token", Map.of("serial", token.serial(), "type", token.type()));
    return new Result(
        true, Map.of("transactions", Map.of(transaction.get(), detail)), Optional.empty());
  }
}
