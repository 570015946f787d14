package org.linotpee.token;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.linotpee.configuration.LinotpException;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AllowList;

/**
 * What one request asks of one token. Everything runs under the lock of the token's row, within a
 * transaction: what has to be asked elsewhere goes through {@link #outside}.
 */
public interface TokenRequest {
  Token token();

  Answer answer();

  /** The user whom the request names; {@link UserName#NONE} if it names none. */
  UserName user();

  /**
   * What was typed.
   *
   * @throws LinotpException 905 if the request has no password, -311 if it has a signature instead
   */
  default String text() {
    return answer()
        .typed()
        .orElseThrow(
            () ->
                answer() instanceof Answer.None
                    ? LinotpException.missing("pass")
                    : LinotpException.unclassified("this token is not answered by a signature"));
  }

  /** A parameter of the request that is neither absent nor empty. */
  Optional<String> option(String name);

  /** True if the parameter is there, be it empty. */
  boolean has(String name);

  /** True for requests that name the token by its serial and no user ({@code check_s}). */
  boolean bySerialAlone();

  /** True if the request names a transaction. */
  boolean namesTransaction();

  /**
   * The challenges of this token that an answer may be given to: open, not expired, of the
   * transaction if the request names one; the newest first.
   */
  List<Challenge> challenges();

  /** True if the text is the PIN that policies demand (spec 02 section 3.4). */
  boolean pinMatches(String text);

  /** True if what was typed, as a whole, is the PIN. */
  default boolean pinAlone() {
    return answer().typed().map(this::pinMatches).orElse(false);
  }

  /** What was typed, divided by the rules of the type and of policies. */
  TokenType.Split split();

  /**
   * True while it may cost something to ask for a PIN: then look at the one-time password first and
   * ask only if it is right, so that guessing locks nobody out of the user store.
   */
  boolean otpFirst();

  TokenType.CheckContext context();

  /** True if a policy of the scope authentication has the action, for the user or the owner. */
  boolean policyFlag(String action);

  /** The text of an action of the scope authentication. */
  default Optional<String> policyText(String action) {
    return policyText("authentication", action);
  }

  /** The text of an action of a scope. */
  Optional<String> policyText(String scope, String action);

  /** The values of an action of which policies of a scope allow one. */
  AllowList allowed(String scope, String action);

  /**
   * Tells the audit trail why an answer was refused.
   *
   * @param reason without a secret
   */
  void remark(String reason);

  /**
   * The answer to a question that another system is asked. It is asked before the transaction, on a
   * copy of the token; within it the remembered answer is given.
   *
   * @param question what tells it from others; the same text gets the same answer
   */
  <T> T outside(String question, Supplier<T> call);

  /** Another token, locked, on which this one depends. */
  Optional<Token> other(String serial);
}
