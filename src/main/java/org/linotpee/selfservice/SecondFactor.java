package org.linotpee.selfservice;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.linotpee.audit.AuditRecord;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.Occasion;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.User;

/** Checks the second factor of users whose password was right (spec 09 section 4). */
@Service
public class SecondFactor {
  private final Authentication authentication;
  private final OwnChallenges challenges;
  private final OwnTokens ownTokens;
  private final Transactions transactions;

  @Inject
  public SecondFactor(
      Authentication authentication,
      OwnChallenges challenges,
      OwnTokens ownTokens,
      Transactions transactions) {
    this.authentication = authentication;
    this.challenges = challenges;
    this.ownTokens = ownTokens;
    this.transactions = transactions;
  }

  /** What is to be done in the transaction in which a value is accepted. */
  interface Opening {
    Session.Opened open(EntityManager em, AuditRecord audit);
  }

  /**
   * What came of a check.
   *
   * @param session of the user, if he is logged in now
   * @param transaction of a challenge, if one was sent
   * @param detail of it
   */
  record Verdict(
      Optional<Session.Opened> session, Optional<String> transaction, Map<String, Object> detail) {
    static final Verdict REFUSED = new Verdict(Optional.empty(), Optional.empty(), Map.of());

    static Verdict accepted(Session.Opened session) {
      return new Verdict(Optional.of(session), Optional.empty(), Map.of());
    }
  }

  /** A value that came with the password; the PIN of the token has no part in it. */
  Verdict value(User user, String otp, AuditRecord audit, Opening opening) {
    return check(user, attempt(user, otp, Map.of(), Occasion.SELFSERVICE_VALUE), audit, opening);
  }

  /**
   * A value or, without a right one, the wish for a challenge.
   *
   * @param serial of the token to use; empty for any of the user
   * @param texts {@code data} and {@code content_type} of the challenge, where it has them
   */
  Verdict valueOrChallenge(
      User user,
      String otp,
      Optional<String> serial,
      Map<String, String> texts,
      AuditRecord audit,
      Opening opening) {
    var options = new LinkedHashMap<>(texts);
    if (texts.isEmpty()) {
      options.put("data", "Selfservice Login Request\nUser: " + user.name().login());
      options.put("content_type", "0");
    }
    Attempt attempt = attempt(user, otp, options, Occasion.SELFSERVICE_STEP);
    return check(user, serial.map(s -> attempt.with(List.of(s))).orElse(attempt), audit, opening);
  }

  /** The answer to the challenges of a transaction. */
  Verdict answer(User user, String transaction, String otp, AuditRecord audit, Opening opening) {
    List<String> serials = challenges.serials(user, transaction);
    if (serials.isEmpty()) {
      audit.success(false).info("the transaction has ended");
      return Verdict.REFUSED;
    }
    return check(
        user,
        attempt(user, otp, Map.of("transactionid", transaction), Occasion.SELFSERVICE_STEP)
            .with(serials),
        audit,
        opening);
  }

  /** As at {@code /validate/check}, with the PIN that policies demand; also by auto-assignment. */
  Verdict ordinary(User user, String otp, String password, AuditRecord audit, Opening opening) {
    if (!ownTokens.list(user, Optional.of(true), true).isEmpty()) {
      return check(user, attempt(user, otp, Map.of(), Occasion.CHECK), audit, opening);
    }
    if (otp.isEmpty()
        || !authentication.autoAssign(
            user, attempt(user, password + otp, Map.of(), Occasion.CHECK), audit)) {
      audit.success(false).info("the user has no token");
      return Verdict.REFUSED;
    }
    return Verdict.accepted(transactions.required(em -> opening.open(em, audit)));
  }

  private static Attempt attempt(
      User user, String text, Map<String, String> options, Occasion occasion) {
    return new Attempt(user.name(), Optional.of(text), options, "userservice").at(occasion);
  }

  private Verdict check(User user, Attempt attempt, AuditRecord audit, Opening opening) {
    var opened = new AtomicReference<Session.Opened>();
    Outcome outcome =
        authentication.checkOwn(
            user, attempt, audit, (em, row) -> opened.set(opening.open(em, row)));
    if (outcome.accepted() && opened.get() != null) {
      return Verdict.accepted(opened.get());
    }
    return outcome instanceof Outcome.Challenged challenged
        ? new Verdict(
            Optional.empty(),
            Optional.of(challenged.transactionId()),
            challenges.presented(challenged))
        : Verdict.REFUSED;
  }
}
