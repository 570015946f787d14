package org.linotpee.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Randoms;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.OwnerKey;

/**
 * Stores challenges (spec 02 section 4). All methods run in the caller's transaction, which holds
 * the row lock of the token: that is what makes an answer count once. Content is sealed and bound
 * to the transaction id; what does not open is left out, as if it were not there.
 */
@Service
public class Challenges {
  private static final Logger LOG = System.getLogger(Challenges.class.getName());

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEQUENCE_BLOCK = 50;
  private static final int DEFAULT_SECONDS = 120;
  private static final int DEFAULT_DIGITS = 17;
  private static final int MIN_DIGITS = 12;
  private static final int SUB_ID_CHARACTERS = 3;
  private static final int TRIES = 100;
  private static final Duration KEPT = Duration.ofDays(1);

  private final Sequences sequences;
  private final Sealer sealer;
  private final Clock clock;

  @Inject
  public Challenges(Sequences sequences, Sealer sealer, Clock clock) {
    this.sequences = sequences;
    this.sealer = sealer;
    this.clock = clock;
  }

  // ids -------------------------------------------------------------------------------------------

  private static int digits(Configuration configuration) {
    int digits = configuration.number("TransactionIdLength", DEFAULT_DIGITS);
    if (digits < MIN_DIGITS || digits > DEFAULT_DIGITS) {
      throw LinotpException.unclassified("TransactionIdLength must be 12 to 17");
    }
    return digits;
  }

  /**
   * An id that no transaction has.
   *
   * @throws LinotpException -311 if the configured length cannot be used
   */
  public String newTransactionId(EntityManager em, Configuration configuration) {
    return unused(em, digits(configuration));
  }

  /** An id for a transaction of several challenges; those of {@link #sub} are as long as others. */
  public String newParentId(EntityManager em, Configuration configuration) {
    return unused(em, digits(configuration) - SUB_ID_CHARACTERS);
  }

  /** The id of a sub-transaction, numbered from 1. */
  public static String sub(String parentId, int number) {
    return parentId + String.format(Locale.ROOT, ".%02d", number);
  }

  private static String unused(EntityManager em, int digits) {
    for (int i = 0; i < TRIES; i++) {
      String id = Randoms.fromAlphabet(1, "123456789") + Randoms.digits(digits - 1);
      long existing =
          em.createQuery(
                  "SELECT COUNT(c) FROM ChallengeRow c"
                      + " WHERE c.transactionId = :id OR c.parentId = :id",
                  Long.class)
              .setParameter("id", id)
              .getSingleResult();
      if (existing == 0) {
        return id;
      }
    }
    throw LinotpException.unclassified("no unused transaction id was found");
  }

  // storing ---------------------------------------------------------------------------------------

  /** A new, open challenge. */
  public Challenge create(
      EntityManager em, Token token, String transactionId, String message, ObjectNode data) {
    Instant now = Instant.ofEpochMilli(clock.instant().toEpochMilli());
    long id = sequences.next(em, "challenge_seq", SEQUENCE_BLOCK);
    var row = new ChallengeRow(id, transactionId, token.id(), now.toEpochMilli());
    var challenge =
        new Challenge(
            id,
            transactionId,
            token.id(),
            now,
            Challenge.begun(JSON.createObjectNode(), message, data));
    row.content(seal(challenge));
    em.persist(row);
    return challenge;
  }

  /** Stores a changed copy; one that was deleted in the meantime stays deleted. */
  public void save(EntityManager em, Challenge changed) {
    ChallengeRow row = em.find(ChallengeRow.class, changed.id());
    if (row != null) {
      row.content(seal(changed));
    }
  }

  public void delete(EntityManager em, Challenge challenge) {
    ChallengeRow row = em.find(ChallengeRow.class, challenge.id());
    if (row != null) {
      em.remove(row);
    }
  }

  private static String context(long tokenId, String transactionId, long createdAt) {
    return "challenge/" + transactionId + "/" + tokenId + "/" + createdAt + "/content";
  }

  private String seal(Challenge challenge) {
    return sealer.seal(
        Purpose.CHALLENGE,
        context(
            challenge.tokenId(), challenge.transactionId(), challenge.createdAt().toEpochMilli()),
        challenge.state().toString().getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Challenge> open(ChallengeRow row) {
    try {
      byte[] content =
          sealer.open(
              Purpose.CHALLENGE,
              context(row.tokenId(), row.transactionId(), row.createdAt()),
              row.content());
      if (JSON.readTree(new String(content, StandardCharsets.UTF_8)) instanceof ObjectNode state) {
        return Optional.of(
            new Challenge(
                row.id(),
                row.transactionId(),
                row.tokenId(),
                Instant.ofEpochMilli(row.createdAt()),
                state));
      }
    } catch (SealException | JsonProcessingException e) {
      LOG.log(
          Level.WARNING,
          "challenge {0} is ignored: its content does not open",
          row.transactionId());
    }
    return Optional.empty();
  }

  // finding ---------------------------------------------------------------------------------------

  private List<Challenge> opened(List<ChallengeRow> rows) {
    var found = new ArrayList<Challenge>();
    rows.forEach(row -> open(row).ifPresent(found::add));
    found.sort(Challenge.BY_AGE.reversed());
    return found;
  }

  /** The challenge as it is now; empty if it was deleted. */
  public Optional<Challenge> find(EntityManager em, long id) {
    return Optional.ofNullable(em.find(ChallengeRow.class, id)).flatMap(this::open);
  }

  /** All challenges of these tokens, also closed and expired ones; the newest first. */
  public List<Challenge> ofTokens(EntityManager em, Collection<Token> tokens) {
    return tokens.isEmpty()
        ? List.of()
        : opened(
            em.createQuery(
                    "SELECT c FROM ChallengeRow c WHERE c.tokenId IN :ids", ChallengeRow.class)
                .setParameter("ids", tokens.stream().map(Token::id).toList())
                .getResultList());
  }

  /**
   * The challenges of a transaction or, for a parent's id, of its sub-transactions; the newest
   * first (section 4.6).
   */
  public List<Challenge> ofTransaction(EntityManager em, String transactionId) {
    return transactionId.isEmpty()
        ? List.of()
        : opened(
            em.createQuery(
                    "SELECT c FROM ChallengeRow c"
                        + " WHERE c.transactionId = :id OR c.parentId = :id",
                    ChallengeRow.class)
                .setParameter("id", transactionId)
                .getResultList());
  }

  /**
   * The newest open challenge that tokens of this one's owner and type got after a moment; only its
   * own if it has no owner.
   */
  public Optional<Challenge> newestOpen(EntityManager em, Token token, Instant after) {
    Optional<OwnerKey> owner = token.owner();
    var query =
        em.createQuery(
                "SELECT c FROM ChallengeRow c, Token t WHERE c.tokenId = t.id AND t.type = :type"
                    + " AND c.createdAt > :after AND "
                    + (owner.isPresent()
                        ? "t.ownerId = :owner AND t.ownerResolver = :resolver"
                        : "t.id = :id"),
                ChallengeRow.class)
            .setParameter("type", token.type())
            .setParameter("after", after.toEpochMilli());
    if (owner.isPresent()) {
      query
          .setParameter("owner", owner.get().userId())
          .setParameter("resolver", owner.get().resolverSpec());
    } else {
      query.setParameter("id", token.id());
    }
    return opened(query.getResultList()).stream().filter(Challenge::open).findFirst();
  }

  // validity --------------------------------------------------------------------------------------

  /**
   * How long answers to a challenge are taken (section 4.7): what the token says, else what was
   * decided when it was sent, else the configuration.
   */
  public static Duration validity(
      Challenge challenge, Token token, String type, Configuration configuration) {
    Optional<String> ofToken = token.info().get("challenge_validity_time");
    if (ofToken.isPresent()) {
      return Duration.ofSeconds(token.info().number("challenge_validity_time", DEFAULT_SECONDS));
    }
    return challenge.validity().orElseGet(() -> validity(token, type, configuration));
  }

  /** How long answers to a challenge are going to be taken that the token is asked now. */
  public static Duration validity(Token token, String type, Configuration configuration) {
    if (token.info().get("challenge_validity_time").isPresent()) {
      return Duration.ofSeconds(token.info().number("challenge_validity_time", DEFAULT_SECONDS));
    }
    String capitalised = type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
    String name = "DefaultChallengeValidityTime";
    for (String prefix : List.of(capitalised, type.toUpperCase(Locale.ROOT), type)) {
      String candidate = prefix + "ChallengeValidityTime";
      name = configuration.entry(candidate).isPresent() ? candidate : name;
    }
    return Duration.ofSeconds(configuration.number(name, DEFAULT_SECONDS));
  }

  /** True if no answer is taken any more at this moment. */
  public static boolean expired(
      Challenge challenge, Token token, String type, Configuration configuration, Instant now) {
    return now.isAfter(challenge.createdAt().plus(validity(challenge, token, type, configuration)));
  }

  /** Deletes what nobody can answer any more, of tokens that take part in no request. */
  public int forgetOld(EntityManager em, Configuration configuration) {
    long longest =
        configuration.entries().stream()
            .map(Configuration.Entry::name)
            .filter(name -> name.endsWith("ChallengeValidityTime"))
            .mapToLong(name -> configuration.number(name, DEFAULT_SECONDS))
            .max()
            .orElse(DEFAULT_SECONDS);
    Instant before = clock.instant().minus(KEPT).minusSeconds(Math.max(0, longest));
    return em.createQuery("DELETE FROM ChallengeRow c WHERE c.createdAt < :before")
        .setParameter("before", before.toEpochMilli())
        .executeUpdate();
  }
}
