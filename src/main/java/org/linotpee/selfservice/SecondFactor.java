package org.linotpee.selfservice;

import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.Service;
import org.linotpee.identity.User;

/** Checks the second factor of users whose password was right (spec 09 section 4). */
@Service
public class SecondFactor {
  /** What is to be done in the transaction in which a value was accepted. */
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
      Optional<Session.Opened> session, Optional<String> transaction, Map<String, Object> detail) {}

  /** How far a transaction has got. */
  record State(boolean valid, String status, Map<String, Object> detail) {}

  private static final Verdict REFUSED = new Verdict(Optional.empty(), Optional.empty(), Map.of());

  Verdict value(User user, String otp, AuditRecord audit, Opening opening) {
    audit.success(false).info("no second factor can be checked");
    return REFUSED;
  }

  Verdict valueOrChallenge(
      User user,
      String otp,
      Optional<String> serial,
      Map<String, String> texts,
      AuditRecord audit,
      Opening opening) {
    return REFUSED;
  }

  Verdict answer(User user, String transaction, String otp, AuditRecord audit, Opening opening) {
    return REFUSED;
  }

  Verdict ordinary(User user, String otp, String password, AuditRecord audit, Opening opening) {
    return REFUSED;
  }

  Optional<State> state(User user, String transaction) {
    return Optional.empty();
  }
}
