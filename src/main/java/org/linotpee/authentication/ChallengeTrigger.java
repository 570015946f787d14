package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.token.Challenge;
import org.linotpee.token.Challenges;
import org.linotpee.token.NewChallenge;
import org.linotpee.token.Sending;
import org.linotpee.token.Token;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * Asks tokens challenges (spec 02 sections 4.2 to 4.4), in three steps: they are stored in the
 * transaction that holds the tokens; what has to be sent is sent after it; how that went is
 * recorded in another one, together with the audit row.
 */
@Service
public class ChallengeTrigger {
  private static final Logger LOG = System.getLogger(ChallengeTrigger.class.getName());

  private final Challenges challenges;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenOwners owners;
  private final Transactions transactions;
  private final AuditTrail auditTrail;

  @Inject
  public ChallengeTrigger(
      Challenges challenges,
      Tokens tokens,
      TokenTypes types,
      TokenOwners owners,
      Transactions transactions,
      AuditTrail auditTrail) {
    this.challenges = challenges;
    this.tokens = tokens;
    this.types = types;
    this.owners = owners;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
  }

  /** A challenge of one token: what the reply tells, and what is still to be sent. */
  private record Item(
      long challengeId,
      String serial,
      Optional<OwnerKey> owner,
      Outcome.TokenChallenge told,
      Optional<Sending> sending) {}

  /** Challenges that are stored, some of which have to be sent. */
  record Pending(String parentId, List<Item> items) {}

  // storing ---------------------------------------------------------------------------------------

  /** Stores a challenge for each token, unless it has just got one. */
  TokenCheck.Decision begin(
      EntityManager em, Candidate candidate, List<Exchange> asked, AuditRecord audit) {
    Map<Exchange, Challenge> blocked = new LinkedHashMap<>();
    for (Exchange exchange : asked) {
      justSent(em, candidate, exchange).ifPresent(c -> blocked.put(exchange, c));
    }
    boolean alone = asked.size() == 1;
    boolean allBlocked = blocked.size() == asked.size();
    String id =
        allBlocked
            ? Challenge.rootOf(blocked.values().iterator().next().transactionId())
            : alone
                ? challenges.newTransactionId(em, candidate.configuration())
                : challenges.newParentId(em, candidate.configuration());
    var items = new ArrayList<Item>();
    var failures = new ArrayList<String>();
    int number = 0;
    for (Exchange exchange : asked) {
      Challenge existing = blocked.get(exchange);
      if (existing != null) {
        if (items.stream().noneMatch(i -> i.challengeId() == existing.id())) {
          items.add(again(em, exchange, existing));
        }
        continue;
      }
      String own = alone ? id : Challenges.sub(id, ++number);
      try {
        items.add(store(em, exchange, own));
      } catch (Outside.Needed needed) {
        throw needed;
      } catch (LinotpException told) {
        failures.add(exchange.token().serial() + ": " + told.getMessage());
      } catch (RuntimeException failed) {
        LOG.log(
            Level.WARNING, exchange.token().serial() + " could not be asked a challenge", failed);
        failures.add(exchange.token().serial() + ": no challenge could be made");
      }
    }
    remark(audit, failures);
    var pending = new Pending(id, items);
    audit.actionDetail(items.isEmpty() ? "no challenge could be made" : "challenge created");
    return items.stream().anyMatch(i -> i.sending().isPresent())
        ? new TokenCheck.Decision(refused(), Optional.of(pending), Optional.empty())
        : TokenCheck.Decision.of(outcome(pending));
  }

  private static Outcome refused() {
    return new Outcome.Refused(Map.of());
  }

  private static Outcome outcome(Pending pending) {
    return pending.items().isEmpty()
        ? refused()
        : Outcome.Challenged.of(
            pending.items().stream().map(Item::told).toList(), pending.parentId());
  }

  private static void remark(AuditRecord audit, List<String> more) {
    if (!more.isEmpty()) {
      audit.info(
          String.join(
              "; ",
              Stream.concat(Stream.of(audit.info()), more.stream())
                  .filter(text -> !text.isEmpty())
                  .toList()));
    }
  }

  /**
   * The challenge that makes another one superfluous: the token's own or, as the blocking time is
   * one of the user, that of another token of the same type.
   */
  private Optional<Challenge> justSent(EntityManager em, Candidate candidate, Exchange exchange) {
    Optional<Duration> blocking =
        exchange
            .type()
            .blocking(candidate.configuration())
            .filter(d -> !d.isNegative() && !d.isZero());
    if (blocking.isEmpty()) {
      return Optional.empty();
    }
    Instant after = candidate.now().minus(blocking.get());
    return exchange.known().stream()
        .filter(Challenge::open)
        .filter(c -> c.createdAt().isAfter(after))
        .findFirst()
        .or(
            () ->
                challenges
                    .newestOpen(em, exchange.token(), after)
                    .filter(c -> !expired(em, candidate, exchange, c)));
  }

  private static boolean expired(
      EntityManager em, Candidate candidate, Exchange exchange, Challenge challenge) {
    Token token = em.find(Token.class, challenge.tokenId());
    return token == null || Exchange.expired(candidate, token, exchange.type(), challenge);
  }

  private static Item again(EntityManager em, Exchange exchange, Challenge existing) {
    Token token =
        existing.tokenId() == exchange.token().id()
            ? exchange.token()
            : em.find(Token.class, existing.tokenId());
    return new Item(
        existing.id(),
        token.serial(),
        token.owner(),
        told(
            token,
            existing.transactionId(),
            exchange.type().blockedMessage(),
            exchange.type().blocked(existing)),
        Optional.empty());
  }

  private Item store(EntityManager em, Exchange exchange, String transactionId) {
    Token token = exchange.token();
    NewChallenge made = exchange.type().challenge(exchange, transactionId);
    Challenge stored = challenges.create(em, token, transactionId, made.message(), made.data());
    return new Item(
        stored.id(),
        token.serial(),
        token.owner(),
        told(token, transactionId, made.message(), made.detail()),
        made.sending());
  }

  private static Outcome.TokenChallenge told(
      Token token, String transactionId, String message, Map<String, Object> more) {
    return new Outcome.TokenChallenge(
        transactionId, message, token.serial(), token.type(), token.description(), more);
  }

  // sending ---------------------------------------------------------------------------------------

  /**
   * Sends what has to be sent, outside of any transaction, and records how it went.
   *
   * @param audit stored with it; empty if the row of the request is stored already
   */
  Outcome complete(Candidate candidate, Pending pending, Optional<AuditRecord> audit) {
    return complete(candidate, pending, audit, outcome -> em -> {});
  }

  /**
   * As above.
   *
   * @param afterwards what else is to be done; called outside, it gives what the recording
   *     transaction shall do in addition
   */
  Outcome complete(
      Candidate candidate,
      Pending pending,
      Optional<AuditRecord> audit,
      Function<Outcome, Consumer<EntityManager>> afterwards) {
    var results = new HashMap<Long, Sending.Result>();
    for (Item item : pending.items()) {
      item.sending()
          .ifPresent(sending -> results.put(item.challengeId(), send(candidate, item, sending)));
    }
    Pending left = new Pending(pending.parentId(), told(pending.items(), results));
    var remarks = new ArrayList<String>();
    results
        .values()
        .forEach(
            r ->
                remarks.add(
                    r instanceof Sending.Sent sent
                        ? sent.remark()
                        : ((Sending.NotSent) r).reason()));
    remarks.removeIf(String::isEmpty);
    audit.ifPresent(row -> remark(row, remarks));
    Outcome outcome = outcome(left);
    boolean sent =
        candidate.attempt().occasion() == Occasion.SENDING && outcome instanceof Outcome.Challenged;
    Consumer<EntityManager> more = afterwards.apply(outcome);
    transactions.required(
        em -> {
          record(em, candidate, pending.items(), results);
          more.accept(em);
          audit.ifPresent(row -> auditTrail.store(em, row.success(sent)));
          return null;
        });
    return outcome;
  }

  private Sending.Result send(Candidate candidate, Item item, Sending sending) {
    try {
      return sending.send(
          owners.circumstances(
              candidate, item.serial(), item.owner(), item.told().transactionId()));
    } catch (LinotpException told) {
      return new Sending.NotSent(told.getMessage());
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "the challenge of " + item.serial() + " could not be sent", failed);
      return new Sending.NotSent("the message could not be sent");
    }
  }

  /** The challenges that stay, with what sending has added to them. */
  private static List<Item> told(List<Item> items, Map<Long, Sending.Result> results) {
    var left = new ArrayList<Item>();
    for (Item item : items) {
      Sending.Result result = results.get(item.challengeId());
      if (result == null) {
        left.add(item);
      } else if (result instanceof Sending.Sent sent) {
        Outcome.TokenChallenge told = item.told();
        var more = new LinkedHashMap<>(told.more());
        more.putAll(sent.detail());
        left.add(
            new Item(
                item.challengeId(),
                item.serial(),
                item.owner(),
                new Outcome.TokenChallenge(
                    told.transactionId(),
                    sent.message().orElse(told.message()),
                    told.serial(),
                    told.tokenType(),
                    told.description(),
                    more),
                Optional.empty()));
      }
    }
    return left;
  }

  /** The challenge may have been answered, or the token deleted, in the meantime. */
  private void record(
      EntityManager em, Candidate candidate, List<Item> items, Map<Long, Sending.Result> results) {
    Map<String, Token> locked = new HashMap<>();
    tokens
        .lockBySerials(em, items.stream().map(Item::serial).toList())
        .forEach(t -> locked.put(t.serial(), t));
    for (Item item : items) {
      Sending.Result result = results.get(item.challengeId());
      Optional<Challenge> current = challenges.find(em, item.challengeId());
      Token token = locked.get(item.serial());
      if (result == null || current.isEmpty() || token == null) {
        continue;
      }
      if (result instanceof Sending.Sent sent) {
        Challenge changed = current.get();
        changed = sent.message().map(changed::withMessage).orElse(changed);
        changed = sent.data().map(changed::withData).orElse(changed);
        changed = sent.validity().map(changed::withValidity).orElse(changed);
        challenges.save(em, changed);
        types.of(token).ifPresent(type -> type.sent(token, candidate.context()));
      } else {
        challenges.delete(em, current.get());
      }
    }
  }

  // the next one at once --------------------------------------------------------------------------

  /** True if the type of a token that was right wants to send the next challenge. */
  boolean wantedAgain(Candidate candidate, Token used) {
    return types
        .of(used)
        .map(type -> type.challengesAgain(used, candidate.policies()))
        .orElse(false);
  }
}
