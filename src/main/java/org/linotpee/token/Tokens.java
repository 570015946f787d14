package org.linotpee.token;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;

/** Finds, locks, creates and deletes tokens. All methods run in the caller's transaction. */
@Service
public class Tokens {
  private static final int SEVERAL = 1101;
  private static final int NONE = 1102;
  private static final int SEQUENCE_BLOCK = 50;
  private static final int IN_BLOCK = 500;

  private final Sequences sequences;
  private final Clock clock;
  private final RoughCount counts;

  @Inject
  public Tokens(Sequences sequences, Clock clock) {
    this.sequences = sequences;
    this.clock = clock;
    this.counts = new RoughCount(clock);
  }

  // finding ---------------------------------------------------------------------------------------

  /**
   * The tokens of a user, locked, in the order of their ids: those that an owner key of his has and
   * that are in no realm or in his.
   */
  public List<Token> lockOfUser(EntityManager em, User user, Realms realms) {
    return ofUser(em, user, realms, LockModeType.PESSIMISTIC_WRITE);
  }

  /** As {@link #lockOfUser}, but not locked. */
  public List<Token> ofUser(EntityManager em, User user, Realms realms) {
    return ofUser(em, user, realms, LockModeType.NONE);
  }

  private List<Token> ofUser(EntityManager em, User user, Realms realms, LockModeType lock) {
    List<Token> owned = new ArrayList<>();
    for (OwnerKey owner : user.owners()) {
      owned.addAll(
          em.createQuery(
                  "SELECT t FROM Token t WHERE t.ownerId = :id AND t.ownerResolver = :resolver"
                      + " ORDER BY t.id",
                  Token.class)
              .setParameter("id", owner.userId())
              .setParameter("resolver", owner.resolverSpec())
              .setLockMode(lock)
              .getResultList());
    }
    Map<Long, Set<String>> realmsOfToken = realmsOf(em, owned, realms);
    owned.removeIf(
        token -> {
          Set<String> in = realmsOfToken.get(token.id());
          return !in.isEmpty() && !in.contains(user.name().realm());
        });
    return owned;
  }

  /** True if anybody of this key has a token. */
  public boolean anyOf(EntityManager em, OwnerKey owner) {
    return !em.createQuery(
            "SELECT t.id FROM Token t WHERE t.ownerId = :id AND t.ownerResolver = :resolver",
            Long.class)
        .setParameter("id", owner.userId())
        .setParameter("resolver", owner.resolverSpec())
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  /** The tokens whose serial is this text or, if it contains {@code *}, matches it; locked. */
  public List<Token> lockBySerial(EntityManager em, String serial) {
    return bySerialQuery(em, serial).setLockMode(LockModeType.PESSIMISTIC_WRITE).getResultList();
  }

  /** As {@link #lockBySerial}, but not locked. */
  public List<Token> bySerialPattern(EntityManager em, String serial) {
    return bySerialQuery(em, serial).getResultList();
  }

  private static TypedQuery<Token> bySerialQuery(EntityManager em, String serial) {
    TypedQuery<Token> query;
    if (serial.contains("*")) {
      query =
          em.createQuery(
                  "SELECT t FROM Token t WHERE t.serial LIKE :serial ESCAPE '!' ORDER BY t.id",
                  Token.class)
              .setParameter("serial", like(serial));
    } else {
      query =
          em.createQuery("SELECT t FROM Token t WHERE t.serial = :serial", Token.class)
              .setParameter("serial", serial);
    }
    return query;
  }

  /** A LIKE pattern with {@code !} as escape in which only {@code *} is special. */
  public static String like(String pattern) {
    return pattern.replace("!", "!!").replace("%", "!%").replace("_", "!_").replace('*', '%');
  }

  /**
   * The one token of a serial, locked.
   *
   * @throws LinotpException 1102 if there is none, 1101 if a pattern means several
   */
  public Token lockOne(EntityManager em, String serial) {
    List<Token> found = lockBySerial(em, serial);
    if (found.isEmpty()) {
      throw new LinotpException(NONE, "No token with serial " + serial + " found");
    }
    if (found.size() > 1) {
      throw new LinotpException(SEVERAL, "several tokens match the serial '" + serial + "'");
    }
    return found.get(0);
  }

  /** The token of exactly this serial, not locked. */
  public Optional<Token> bySerial(EntityManager em, String serial) {
    return em.createQuery("SELECT t FROM Token t WHERE t.serial = :serial", Token.class)
        .setParameter("serial", serial)
        .getResultStream()
        .findFirst();
  }

  /** The tokens of exactly these serials, locked; in one query for each 500. */
  public List<Token> lockBySerials(EntityManager em, Collection<String> serials) {
    var all = List.copyOf(serials);
    var found = new ArrayList<Token>();
    for (int from = 0; from < all.size(); from += IN_BLOCK) {
      found.addAll(
          em.createQuery(
                  "SELECT t FROM Token t WHERE t.serial IN :serials ORDER BY t.id", Token.class)
              .setParameter("serials", all.subList(from, Math.min(all.size(), from + IN_BLOCK)))
              .setLockMode(LockModeType.PESSIMISTIC_WRITE)
              .getResultList());
    }
    return found;
  }

  /** The tokens of these ids, not locked. */
  public List<Token> withIds(EntityManager em, Collection<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : em.createQuery("SELECT t FROM Token t WHERE t.id IN :ids ORDER BY t.id", Token.class)
            .setParameter("ids", ids)
            .getResultList();
  }

  /** True if a token has this serial. */
  public boolean exists(EntityManager em, String serial) {
    return bySerial(em, serial).isPresent();
  }

  // realms ----------------------------------------------------------------------------------------

  /** The names of each token's realms, sorted; by token id, one query for all of them. */
  public Map<Long, Set<String>> realmsOf(
      EntityManager em, Collection<Token> tokens, Realms realms) {
    var names = new HashMap<Long, Set<String>>();
    tokens.forEach(t -> names.put(t.id(), new TreeSet<>()));
    var ids = List.copyOf(names.keySet());
    for (int from = 0; from < ids.size(); from += IN_BLOCK) {
      em.createQuery("SELECT r FROM TokenRealm r WHERE r.tokenId IN :ids", TokenRealm.class)
          .setParameter("ids", ids.subList(from, Math.min(ids.size(), from + IN_BLOCK)))
          .getResultList()
          .forEach(
              r ->
                  realms
                      .withId(r.realmId())
                      .ifPresent(realm -> names.get(r.tokenId()).add(realm.name())));
    }
    return names;
  }

  /** The names of one token's realms. */
  public Set<String> realmsOf(EntityManager em, Token token, Realms realms) {
    return realmsOf(em, List.of(token), realms).get(token.id());
  }

  /** Replaces the realms of a token; names that are no realm are dropped. */
  public Set<String> setRealms(
      EntityManager em, Token token, Collection<String> names, Realms realms) {
    List<TokenRealm> before =
        em.createQuery("SELECT r FROM TokenRealm r WHERE r.tokenId = :id", TokenRealm.class)
            .setParameter("id", token.id())
            .getResultList();
    var set = new LinkedHashSet<String>();
    var wanted = new LinkedHashSet<Long>();
    for (String name : names) {
      realms
          .named(name.trim())
          .filter(realm -> set.add(realm.name()))
          .ifPresent(realm -> wanted.add(realm.id()));
    }
    for (TokenRealm row : before) {
      if (!wanted.remove(row.realmId())) {
        em.remove(row);
      }
    }
    wanted.forEach(realmId -> em.persist(new TokenRealm(token.id(), realmId)));
    return set;
  }

  /** Puts a new token, which is in no realm yet, into one. */
  public void putIntoRealm(EntityManager em, Token token, Realms.Realm realm) {
    em.persist(new TokenRealm(token.id(), realm.id()));
  }

  /** The realms that tokens of this user are in: his realm, or all that contain his resolver. */
  public static List<String> realmsOf(User user, Realms realms) {
    if (!user.name().realm().isEmpty()) {
      return List.of(user.name().realm());
    }
    return realms.containing(user.owner().resolverName()).stream().map(Realms.Realm::name).toList();
  }

  // life cycle ------------------------------------------------------------------------------------

  /** A new row with the defaults of the configuration (spec 04 section 4). */
  public Token create(
      EntityManager em, String serial, TokenType type, Configuration configuration) {
    var token =
        new Token(
            sequences.next(em, "token_seq", SEQUENCE_BLOCK),
            serial,
            type.storedName(),
            clock.instant());
    token.otpLength(configuration.number("DefaultOtpLen", 6));
    token.counterWindow(configuration.number("DefaultCountWindow", 10));
    token.syncWindow(configuration.number("DefaultSyncWindow", 1000));
    token.maxFail(configuration.number("DefaultMaxFailCount", 10));
    em.persist(token);
    return token;
  }

  /** A serial number that no token has (spec 04 section 3). */
  public String newSerial(EntityManager em, TokenType type, Optional<String> prefix) {
    long number =
        counts.of(
                "type " + type.storedName(),
                () ->
                    em.createQuery("SELECT COUNT(t) FROM Token t WHERE t.type = :type", Long.class)
                        .setParameter("type", type.storedName())
                        .getSingleResult())
            + 1;
    String digits = String.format(Locale.ROOT, "%04d", number);
    String serial;
    do {
      int random = Math.max(0, 8 - digits.length());
      serial =
          prefix.orElse(type.serialPrefix())
              + digits
              + (random == 0 ? "" : Randoms.fromAlphabet(random, "0123456789ABCDEF"));
      if (random == 0 && exists(em, serial)) {
        digits = String.format(Locale.ROOT, "%04d", ++number);
      }
    } while (exists(em, serial));
    return serial;
  }

  /** Removes the token with all that belongs to it. */
  public void delete(EntityManager em, Token token) {
    em.createQuery("DELETE FROM TokenRealm r WHERE r.tokenId = :id")
        .setParameter("id", token.id())
        .executeUpdate();
    em.createQuery("DELETE FROM ChallengeRow c WHERE c.tokenId = :id")
        .setParameter("id", token.id())
        .executeUpdate();
    em.remove(token);
  }

  /** The number of all tokens; of many a number that may be a minute old. */
  public long countAll(EntityManager em) {
    return counts.of(
        "all", () -> em.createQuery("SELECT COUNT(t) FROM Token t", Long.class).getSingleResult());
  }

  /**
   * The number of active tokens that a licence counts: all but forwarding ones; of many tokens a
   * number that may be a minute old.
   */
  public long countActive(EntityManager em) {
    return counts.of(
        "active",
        () ->
            em.createQuery(
                    "SELECT COUNT(t) FROM Token t WHERE t.active = TRUE AND t.type <> 'forward'",
                    Long.class)
                .getSingleResult());
  }
}
