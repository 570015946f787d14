package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;

/**
 * Slows guessing of passwords down: from the sixth failure in a row of an account from an address
 * each further one doubles the time in which nothing more is tried (design.md section 6). Kept in
 * the database, so that it holds on all nodes and over restarts.
 */
@Service
public class LoginThrottle {
  private static final int MAX_ACCOUNT = 255;
  private static final int MAX_ADDRESS = 80;
  private static final int MAX_DOUBLINGS = 20;

  private final Transactions transactions;
  private final Clock clock;
  private final int freeFailures;
  private final Duration firstDelay;
  private final Duration longestDelay;

  @Inject
  public LoginThrottle(Transactions transactions, Clock clock, Settings settings) {
    this(
        transactions,
        clock,
        settings.number(Setting.LOGIN_DELAY_AFTER_FAILURES),
        Duration.ofSeconds(settings.number(Setting.LOGIN_DELAY_FIRST_SECONDS)),
        Duration.ofSeconds(settings.number(Setting.LOGIN_DELAY_LONGEST_SECONDS)));
  }

  LoginThrottle(
      Transactions transactions,
      Clock clock,
      int freeFailures,
      Duration firstDelay,
      Duration longestDelay) {
    this.transactions = transactions;
    this.clock = clock;
    this.freeFailures = freeFailures;
    this.firstDelay = firstDelay;
    this.longestDelay = longestDelay;
  }

  /** True while the account must not be tried from this address. */
  public boolean mustWait(String account, String address) {
    return waiting(account, address).isPresent();
  }

  /** How long the account must not be tried from this address; empty if it may be at once. */
  public Optional<Duration> waiting(String account, String address) {
    List<?> rows =
        transactions.required(
            em ->
                em.createNativeQuery(
                        "SELECT failures, last_failure_at FROM login_failure"
                            + " WHERE account = ?1 AND address = ?2")
                    .setParameter(1, cut(account, MAX_ACCOUNT))
                    .setParameter(2, cut(address, MAX_ADDRESS))
                    .getResultList());
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Object[] row = (Object[]) rows.get(0);
    int failures = ((Number) row[0]).intValue();
    long last = ((Number) row[1]).longValue();
    long left = last + delay(failures).toMillis() - clock.millis();
    return left > 0 ? Optional.of(Duration.ofMillis(left)) : Optional.empty();
  }

  /** The time to wait after this many failures in a row. */
  Duration delay(int failures) {
    if (failures < freeFailures) {
      return Duration.ZERO;
    }
    Duration grown =
        firstDelay.multipliedBy(1L << Math.min(failures - freeFailures, MAX_DOUBLINGS));
    return grown.compareTo(longestDelay) > 0 ? longestDelay : grown;
  }

  /** Counts a failure, in a transaction of its own. */
  public void failed(String account, String address) {
    try {
      transactions.separate(em -> count(em, account, address));
    } catch (RuntimeException insertedMeanwhile) {
      transactions.separate(em -> count(em, account, address));
    }
  }

  private Integer count(EntityManager em, String account, String address) {
    int updated =
        em.createNativeQuery(
                "UPDATE login_failure SET failures = failures + 1, last_failure_at = ?3"
                    + " WHERE account = ?1 AND address = ?2")
            .setParameter(1, cut(account, MAX_ACCOUNT))
            .setParameter(2, cut(address, MAX_ADDRESS))
            .setParameter(3, clock.millis())
            .executeUpdate();
    return updated > 0
        ? updated
        : em.createNativeQuery(
                "INSERT INTO login_failure (account, address, failures, last_failure_at)"
                    + " VALUES (?1, ?2, 1, ?3)")
            .setParameter(1, cut(account, MAX_ACCOUNT))
            .setParameter(2, cut(address, MAX_ADDRESS))
            .setParameter(3, clock.millis())
            .executeUpdate();
  }

  /** Forgets the failures. */
  public void succeeded(EntityManager em, String account, String address) {
    em.createNativeQuery("DELETE FROM login_failure WHERE account = ?1 AND address = ?2")
        .setParameter(1, cut(account, MAX_ACCOUNT))
        .setParameter(2, cut(address, MAX_ADDRESS))
        .executeUpdate();
  }

  /** Removes what is so old that it delays nobody any more. */
  public void forgetOld() {
    transactions.required(
        em ->
            em.createNativeQuery("DELETE FROM login_failure WHERE last_failure_at < ?1")
                .setParameter(1, clock.instant().minus(Duration.ofDays(1)).toEpochMilli())
                .executeUpdate());
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }
}
