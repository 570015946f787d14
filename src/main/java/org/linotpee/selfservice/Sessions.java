package org.linotpee.selfservice;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyDuration;

/**
 * The sessions of users (spec 09 section 3): in the database, for all nodes, and found by a hash of
 * the value that the browser has.
 */
@Service
public class Sessions {
  private static final int VALUE_BYTES = 32;
  private static final int MAX_ADDRESS = 80;
  private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  private final Transactions transactions;
  private final Snapshots snapshots;
  private final Users users;
  private final Clock clock;

  @Inject
  public Sessions(Transactions transactions, Snapshots snapshots, Users users, Clock clock) {
    this.transactions = transactions;
    this.snapshots = snapshots;
    this.users = users;
    this.clock = clock;
  }

  /** How long a session lives, from its beginning. */
  Duration lifetime() {
    return snapshots
        .current()
        .configuration()
        .text("selfservice.auth_expiry")
        .flatMap(
            text ->
                text.trim().matches("\\d{1,9}")
                    ? Optional.of(Long.valueOf(text.trim()))
                    : PolicyDuration.seconds(text))
        .filter(seconds -> seconds > 0)
        .map(Duration::ofSeconds)
        .orElse(DEFAULT_LIFETIME);
  }

  /** Opens a session; part of the caller's transaction. Old ones go on this occasion. */
  Session.Opened open(
      EntityManager em, User user, String address, Session.State state, String transaction) {
    em.createNativeQuery("DELETE FROM selfservice_session WHERE expires_at < ?1")
        .setParameter(1, clock.millis())
        .executeUpdate();
    String value = Randoms.hex(VALUE_BYTES);
    Instant end = clock.instant().plus(lifetime());
    em.createNativeQuery(
            "INSERT INTO selfservice_session (value_hash, login, realm, owner_id, owner_resolver,"
                + " address, state, transaction_id, expires_at)"
                + " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .setParameter(1, hash(value))
        .setParameter(2, user.name().login())
        .setParameter(3, user.name().realm())
        .setParameter(4, user.owner().userId())
        .setParameter(5, user.owner().resolverSpec())
        .setParameter(6, cut(address))
        .setParameter(7, state.name())
        .setParameter(8, transaction)
        .setParameter(9, end.toEpochMilli())
        .executeUpdate();
    return new Session.Opened(value, end);
  }

  /** Ends a session; false if it was not there, for example because another request ended it. */
  boolean end(EntityManager em, String value) {
    return em.createNativeQuery("DELETE FROM selfservice_session WHERE value_hash = ?1")
            .setParameter(1, hash(value))
            .executeUpdate()
        > 0;
  }

  /** The live session of a value. */
  Optional<Session> find(String value) {
    List<?> rows =
        transactions.required(
            em ->
                em.createNativeQuery(
                        "SELECT login, realm, owner_id, owner_resolver, address, state,"
                            + " transaction_id, expires_at FROM selfservice_session"
                            + " WHERE value_hash = ?1 AND expires_at > ?2")
                    .setParameter(1, hash(value))
                    .setParameter(2, clock.millis())
                    .getResultList());
    return rows.stream().map(row -> session((Object[]) row)).findFirst();
  }

  private static Session session(Object[] row) {
    return new Session(
        new UserName((String) row[0], (String) row[1]),
        new OwnerKey((String) row[3], (String) row[2]),
        (String) row[4],
        Session.State.valueOf((String) row[5]),
        Optional.of((String) row[6]).filter(id -> !id.isEmpty()),
        Instant.ofEpochMilli(((Number) row[7]).longValue()));
  }

  /**
   * The user on whose behalf a request acts (section 3.2).
   *
   * @param cookie the value of the session cookie
   * @param parameter the request's parameter {@code session}, which must be the same: another site
   *     can make a browser send the cookie, but cannot read it
   * @param halfWay true if the password alone is enough
   * @throws LinotpException -311 if there is no such session
   */
  public User require(
      Optional<String> cookie, Optional<String> parameter, String address, boolean halfWay) {
    Optional<Session> session = cookie.flatMap(this::find);
    boolean holds =
        session.isPresent()
            && same(cookie.orElseThrow(), parameter)
            && session.get().address().equals(cut(address))
            && (halfWay || session.get().state() == Session.State.AUTHENTICATED);
    return session
        .filter(s -> holds)
        .flatMap(this::user)
        .orElseThrow(() -> LinotpException.unclassified("no valid session"));
  }

  /** The user of a session, unless he is gone. */
  Optional<User> user(Session session) {
    return users.find(session.name()) instanceof UserLookup.Found found
            && found.user().owners().contains(session.owner())
        ? Optional.of(found.user())
        : Optional.empty();
  }

  static boolean same(String cookie, Optional<String> parameter) {
    return parameter.isPresent()
        && MessageDigest.isEqual(
            cookie.getBytes(StandardCharsets.UTF_8),
            parameter.get().getBytes(StandardCharsets.UTF_8));
  }

  /** True if the session was opened from this address. */
  static boolean from(Session session, String address) {
    return session.address().equals(cut(address));
  }

  private static String cut(String address) {
    return address.length() > MAX_ADDRESS ? address.substring(0, MAX_ADDRESS) : address;
  }

  private static String hash(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }
}
