package org.linotpee.identity;

import jakarta.inject.Inject;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * Lets one authentication of a user at a time to the database. His tokens' row lock would order
 * them anyway; waiting here costs no connection, so that one hammered user does not drain the pool
 * for all others (design.md section 2).
 */
@Service
public class UserQueue {
  /** Who else comes while so many wait is refused at once. */
  private static final int MAX_WAITING = 128;

  private static final class Gate {
    private final Semaphore turn = new Semaphore(1, true);
    private int users;
  }

  private final ConcurrentHashMap<String, Gate> gates = new ConcurrentHashMap<>();
  private final long timeoutSeconds;

  @Inject
  public UserQueue(Settings settings) {
    this(settings.number(Setting.AUTHENTICATION_LOCK_TIMEOUT_SECONDS));
  }

  public UserQueue(long timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * Runs the work when it is this key's turn.
   *
   * @throws LinotpException -311 if the turn does not come in time
   */
  public <T> T run(String key, Supplier<T> work) {
    Gate gate =
        gates.compute(
            key,
            (k, existing) -> {
              Gate entered = existing == null ? new Gate() : existing;
              if (entered.users >= MAX_WAITING) {
                throw busy();
              }
              entered.users++;
              return entered;
            });
    try {
      if (!gate.turn.tryAcquire(timeoutSeconds, TimeUnit.SECONDS)) {
        throw busy();
      }
      try {
        return work.get();
      } finally {
        gate.turn.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      gates.computeIfPresent(key, (k, left) -> --left.users == 0 ? null : left);
    }
  }

  private static LinotpException busy() {
    return LinotpException.unclassified("too many authentications of one user at a time");
  }
}
