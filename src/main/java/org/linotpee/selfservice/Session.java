package org.linotpee.selfservice;

import java.time.Instant;
import java.util.Optional;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.UserName;

/**
 * A user's session (spec 09 section 3).
 *
 * @param owner one of the user's keys; a namesake who comes later is somebody else
 * @param address the client that has logged in; nobody else may use the session
 * @param transaction what was triggered, in the state {@code CHALLENGE_TRIGGERED}
 */
public record Session(
    UserName name,
    OwnerKey owner,
    String address,
    State state,
    Optional<String> transaction,
    Instant expiresAt) {
  /** How far the login is. */
  public enum State {
    /** The password was right; the second factor is missing. */
    CREDENTIALS_VERIFIED,
    /** A challenge was sent and waits for its answer. */
    CHALLENGE_TRIGGERED,
    AUTHENTICATED
  }

  /**
   * A session that was opened.
   *
   * @param value what the cookie carries; kept nowhere here
   */
  public record Opened(String value, Instant expiresAt) {
    /** Without the value. */
    @Override
    public String toString() {
      return "session until " + expiresAt;
    }
  }
}
