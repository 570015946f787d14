package org.linotpee.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.User;

/**
 * A token: the row of spec 04 section 1.1. Seed and PINs are sealed text; {@code ""} means none.
 * Realms are kept apart in {@link TokenRealm}, so that the row can be locked alone.
 */
@Entity
@Table(name = "token")
public class Token {
  @Id private long id;
  private String serial;
  private String type;
  private String description = "";
  private String info = "";

  @Column(name = "owner_id")
  private String ownerId = "";

  @Column(name = "owner_resolver")
  private String ownerResolver = "";

  private String seed = "";
  private String pin = "";

  @Column(name = "user_pin")
  private String userPin = "";

  @Column(name = "so_pin")
  private String soPin = "";

  @Column(name = "otp_length")
  private int otpLength = 6;

  private long counter;

  @Column(name = "counter_window")
  private int counterWindow = 10;

  @Column(name = "sync_window")
  private int syncWindow = 1000;

  @Column(name = "max_fail")
  private int maxFail = 10;

  @Column(name = "fail_count")
  private int failCount;

  private boolean active = true;

  @Column(name = "created_at")
  private long createdAt;

  @Column(name = "last_access_at")
  private Long lastAccessAt;

  @Column(name = "last_success_at")
  private Long lastSuccessAt;

  /** The end of the validity period in the info, so that the database finds who expires. */
  @Column(name = "valid_until")
  private Long validUntil;

  protected Token() {}

  /**
   * A new token without owner, seed and PIN.
   *
   * @param type the stored spelling of the type (spec 04 section 2)
   */
  public Token(long id, String serial, String type, Instant createdAt) {
    this.id = id;
    this.serial = Objects.requireNonNull(serial, "a token has a serial number");
    this.type = Objects.requireNonNull(type, "a token has a type");
    this.createdAt = createdAt.toEpochMilli() / 1000 * 1000;
  }

  public long id() {
    return id;
  }

  public String serial() {
    return serial;
  }

  /** The type as stored, for example {@code HMAC} or {@code pw}. */
  public String type() {
    return type;
  }

  public String description() {
    return description;
  }

  /** Keeps the first 80 characters. */
  public void describe(String text) {
    description = text.length() > 80 ? text.substring(0, 80) : text;
  }

  /** The token info, JSON; {@code ""} if there is none. */
  public TokenInfo info() {
    return TokenInfo.parse(info);
  }

  public void info(TokenInfo changed) {
    info = changed.text();
    validUntil =
        changed
            .get("validity_period_end")
            .flatMap(Validity::parse)
            .map(Instant::toEpochMilli)
            .orElse(null);
  }

  /** The owner, empty if the token is unassigned. */
  public Optional<OwnerKey> owner() {
    return ownerId.isEmpty() ? Optional.empty() : Optional.of(new OwnerKey(ownerResolver, ownerId));
  }

  /** True if this user has the token. */
  public boolean belongsTo(User user) {
    return owner().filter(user.owners()::contains).isPresent();
  }

  public void assign(OwnerKey owner) {
    ownerId = owner.userId();
    ownerResolver = owner.resolverSpec();
  }

  public void unassign() {
    ownerId = "";
    ownerResolver = "";
  }

  /** The sealed seed (or hash, for password tokens). */
  public String sealedSeed() {
    return seed;
  }

  /** A new seed resets counter and fail counter (spec 04 section 6). */
  public void replaceSeed(String sealed) {
    seed = sealed;
    counter = 0;
    failCount = 0;
  }

  /** The same seed under another key; nothing else changes. */
  public void resealSeed(String sealed) {
    seed = sealed;
  }

  /** The sealed OTP PIN; {@code ""} if it was never set. */
  public String sealedPin() {
    return pin;
  }

  public void sealedPin(String sealed) {
    pin = sealed;
  }

  /** The sealed user PIN (mOTP, OCRA). */
  public String sealedUserPin() {
    return userPin;
  }

  public void sealedUserPin(String sealed) {
    userPin = sealed;
  }

  /** The sealed SO PIN (smart cards). */
  public String sealedSoPin() {
    return soPin;
  }

  public void sealedSoPin(String sealed) {
    soPin = sealed;
  }

  public int otpLength() {
    return otpLength;
  }

  public void otpLength(int characters) {
    otpLength = characters;
  }

  /** The next expected event counter or time step; its meaning depends on the type. */
  public long counter() {
    return counter;
  }

  public void counter(long next) {
    counter = next;
  }

  public int counterWindow() {
    return counterWindow;
  }

  public void counterWindow(int values) {
    counterWindow = values;
  }

  public int syncWindow() {
    return syncWindow;
  }

  public void syncWindow(int values) {
    syncWindow = values;
  }

  public int maxFail() {
    return maxFail;
  }

  public void maxFail(int attempts) {
    maxFail = attempts;
  }

  public int failCount() {
    return failCount;
  }

  /** A failed attempt counts, but never above the maximum (manual, spec 04 section 8.1). */
  public void countFailure() {
    if (failCount < maxFail) {
      failCount++;
    }
  }

  public void resetFailCount() {
    failCount = 0;
  }

  /** True when too many attempts have failed. */
  public boolean locked() {
    return failCount >= maxFail;
  }

  public boolean active() {
    return active;
  }

  public void active(boolean state) {
    active = state;
  }

  public Instant createdAt() {
    return Instant.ofEpochMilli(createdAt);
  }

  public Optional<Instant> lastAccess() {
    return Optional.ofNullable(lastAccessAt).map(Instant::ofEpochMilli);
  }

  public void lastAccess(Instant instant) {
    lastAccessAt = instant.toEpochMilli();
  }

  public Optional<Instant> lastSuccess() {
    return Optional.ofNullable(lastSuccessAt).map(Instant::ofEpochMilli);
  }

  public void lastSuccess(Instant instant) {
    lastSuccessAt = instant.toEpochMilli();
  }
}
