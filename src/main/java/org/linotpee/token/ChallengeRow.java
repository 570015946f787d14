package org.linotpee.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The row of a {@link Challenge}; only what it is searched by is in the clear. */
@Entity
@Table(name = "challenge")
class ChallengeRow {
  @Id private long id;

  @Column(name = "transaction_id")
  private String transactionId;

  @Column(name = "parent_id")
  private String parentId = "";

  @Column(name = "token_id")
  private long tokenId;

  @Column(name = "created_at")
  private long createdAt;

  private String content = "";

  protected ChallengeRow() {}

  ChallengeRow(long id, String transactionId, long tokenId, long createdAt) {
    this.id = id;
    this.transactionId = transactionId;
    this.parentId = Challenge.parentOf(transactionId);
    this.tokenId = tokenId;
    this.createdAt = createdAt;
  }

  long id() {
    return id;
  }

  String transactionId() {
    return transactionId;
  }

  long tokenId() {
    return tokenId;
  }

  long createdAt() {
    return createdAt;
  }

  String content() {
    return content;
  }

  void content(String sealed) {
    content = sealed;
  }
}
