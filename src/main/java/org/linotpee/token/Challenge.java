package org.linotpee.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A question that a token was asked, and how far its answer has got (spec 02 section 4). Immutable;
 * changing methods return a changed copy, which {@link Challenges#save} stores.
 */
public final class Challenge {
  /** The oldest first. */
  public static final Comparator<Challenge> BY_AGE =
      Comparator.comparing(Challenge::createdAt).thenComparing(Challenge::id);

  private static final String MESSAGE = "message";
  private static final String DATA = "data";
  private static final String OPEN = "open";
  private static final String COUNT = "count";
  private static final String RECEIVED = "received";
  private static final String VALID = "valid";
  private static final String ACCEPT = "accept";
  private static final String REJECT = "reject";
  private static final String VALIDITY = "validity";

  private final long id;
  private final String transactionId;
  private final long tokenId;
  private final Instant createdAt;
  private final ObjectNode state;

  Challenge(long id, String transactionId, long tokenId, Instant createdAt, ObjectNode state) {
    this.id = id;
    this.transactionId = transactionId;
    this.tokenId = tokenId;
    this.createdAt = createdAt;
    this.state = state;
  }

  /** The id of the transaction as a whole: what stands before the dot of a sub-transaction. */
  public static String rootOf(String transactionId) {
    int dot = transactionId.indexOf('.');
    return dot < 0 ? transactionId : transactionId.substring(0, dot);
  }

  /** The parent's id of a sub-transaction, else {@code ""}. */
  static String parentOf(String transactionId) {
    return transactionId.indexOf('.') < 0 ? "" : rootOf(transactionId);
  }

  public long id() {
    return id;
  }

  /** Decimal digits; of a sub-transaction the parent's, a dot and two digits. */
  public String transactionId() {
    return transactionId;
  }

  /** True if the challenge belongs to the transaction, or to one that begins like it. */
  public boolean belongsTo(String transaction) {
    return rootOf(transactionId).equals(rootOf(transaction));
  }

  public long tokenId() {
    return tokenId;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** What the user is shown. */
  public String message() {
    return state.path(MESSAGE).asText();
  }

  /** What the type of the token needs to know to check an answer; a copy. */
  public ObjectNode data() {
    return state.path(DATA) instanceof ObjectNode object ? object.deepCopy() : state.objectNode();
  }

  /** True until it was answered rightly, or together with another one. */
  public boolean open() {
    return state.path(OPEN).asBoolean();
  }

  /** How many answers have come. */
  public int receivedCount() {
    return state.path(COUNT).asInt();
  }

  public boolean received() {
    return state.path(RECEIVED).asBoolean();
  }

  /** True if the last answer was right. */
  public boolean valid() {
    return state.path(VALID).asBoolean();
  }

  /** Whether it was accepted by a signature that was right; empty if nobody tried. */
  public Optional<Boolean> accepted() {
    return flag(ACCEPT);
  }

  /** Whether it was declined by a signature that was right; empty if nobody tried. */
  public Optional<Boolean> rejected() {
    return flag(REJECT);
  }

  private Optional<Boolean> flag(String name) {
    JsonNode node = state.get(name);
    return node == null ? Optional.empty() : Optional.of(node.asBoolean());
  }

  /** How long answers are taken, if that was decided when it was sent. */
  public Optional<Duration> validity() {
    JsonNode node = state.get(VALIDITY);
    return node == null ? Optional.empty() : Optional.of(Duration.ofSeconds(node.asLong()));
  }

  // changes ---------------------------------------------------------------------------------------

  private Challenge with(java.util.function.Consumer<ObjectNode> change) {
    ObjectNode copy = state.deepCopy();
    change.accept(copy);
    return new Challenge(id, transactionId, tokenId, createdAt, copy);
  }

  static ObjectNode begun(ObjectNode state, String message, ObjectNode data) {
    state.put(MESSAGE, message);
    state.set(DATA, data);
    state.put(OPEN, true);
    state.put(COUNT, 0);
    state.put(RECEIVED, false);
    state.put(VALID, false);
    return state;
  }

  /** An answer has come; a right one closes it. */
  public Challenge answered(boolean right) {
    return with(
        s -> {
          s.put(COUNT, receivedCount() + 1);
          s.put(RECEIVED, true);
          s.put(VALID, right);
          if (right) {
            s.put(OPEN, false);
          }
        });
  }

  /** No answer is taken any more. */
  public Challenge closed() {
    return with(s -> s.put(OPEN, false));
  }

  public Challenge accepted(boolean right) {
    return with(s -> s.put(ACCEPT, right));
  }

  public Challenge rejected(boolean right) {
    return with(s -> s.put(REJECT, right));
  }

  public Challenge withMessage(String text) {
    return with(s -> s.put(MESSAGE, text));
  }

  public Challenge withData(ObjectNode data) {
    return with(s -> s.set(DATA, data));
  }

  public Challenge withValidity(Duration validity) {
    return with(s -> s.put(VALIDITY, validity.toSeconds()));
  }

  ObjectNode state() {
    return state;
  }

  /** Without its content. */
  @Override
  public String toString() {
    return "challenge " + transactionId;
  }
}
