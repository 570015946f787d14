package org.linotpee.authentication;

import java.time.Instant;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.Snapshot;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.TokenType;

/**
 * What is known once policies and the user store were asked, before the database is.
 *
 * @param rules what policies say about the tokens
 * @param policies the context in which policies are asked
 * @param outside what other systems have said
 * @param ownTokensOnly tokens of others are none, whatever names them
 * @param acceptance done in the transaction in which the attempt is accepted
 */
record Candidate(
    Attempt attempt,
    Optional<User> user,
    Snapshot snapshot,
    Instant now,
    LoginPolicies.Rules rules,
    PolicyContext policies,
    Outside outside,
    boolean ownTokensOnly,
    Authentication.Acceptance acceptance) {
  Configuration configuration() {
    return snapshot.configuration();
  }

  Realms realms() {
    return snapshot.part(Realms.class);
  }

  TokenType.CheckContext context() {
    return new TokenType.CheckContext(configuration(), now);
  }

  /** The same for a user who was found later. */
  Candidate of(Optional<User> found) {
    return new Candidate(
        attempt, found, snapshot, now, rules, policies, outside, ownTokensOnly, acceptance);
  }

  /** The same for the user's own tokens alone. */
  Candidate ofOwnTokens(Authentication.Acceptance whenAccepted) {
    return new Candidate(
        attempt, user, snapshot, now, rules, policies, outside, true, whenAccepted);
  }

  boolean namesTransaction() {
    return !attempt.transactionId().isEmpty();
  }
}
