package org.linotpee.audit;

import java.time.Instant;
import java.util.Objects;

/**
 * The audit row of a request while it is being filled (spec 01 section 13). Begun at the edge,
 * stored by the use case in the transaction of the change, or by the edge if nothing changed.
 * Passwords, PINs, one-time passwords and seeds never come in here.
 */
public final class AuditRecord {
  private final Instant occurredAt;
  private final String action;
  private final String client;
  private boolean success;
  private String serial = "";
  private String tokenType = "";
  private String login = "";
  private String realm = "";
  private String administrator = "";
  private String actionDetail = "";
  private String info = "";
  private boolean stored;

  /**
   * @param action the request path without its leading slash
   * @param client the client's address
   */
  public AuditRecord(Instant occurredAt, String action, String client) {
    this.occurredAt = Objects.requireNonNull(occurredAt, "an audit row has a time");
    this.action = Objects.requireNonNull(action, "an audit row has an action");
    this.client = Objects.requireNonNull(client, "an audit row has a client");
  }

  public Instant occurredAt() {
    return occurredAt;
  }

  public String action() {
    return action;
  }

  public String client() {
    return client;
  }

  public boolean success() {
    return success;
  }

  public AuditRecord success(boolean value) {
    success = value;
    return this;
  }

  /** One serial, several joined by blanks; a comma list becomes one row for each. */
  public String serial() {
    return serial;
  }

  public AuditRecord serial(String value) {
    serial = value;
    return this;
  }

  public String tokenType() {
    return tokenType;
  }

  public AuditRecord tokenType(String value) {
    tokenType = value;
    return this;
  }

  public String login() {
    return login;
  }

  public String realm() {
    return realm;
  }

  public AuditRecord user(String userLogin, String userRealm) {
    login = userLogin;
    realm = userRealm;
    return this;
  }

  public AuditRecord realm(String value) {
    realm = value;
    return this;
  }

  /** {@code login@realm (resolver)}, empty if nobody is logged in. */
  public String administrator() {
    return administrator;
  }

  public AuditRecord administrator(String value) {
    administrator = value;
    return this;
  }

  public String actionDetail() {
    return actionDetail;
  }

  public AuditRecord actionDetail(String value) {
    actionDetail = value;
    return this;
  }

  public String info() {
    return info;
  }

  public AuditRecord info(String value) {
    info = value;
    return this;
  }

  /** True once the row is part of a transaction; a roll-back must clear it again. */
  public boolean stored() {
    return stored;
  }

  public void stored(boolean value) {
    stored = value;
  }
}
