package org.linotpee.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A token is in a realm (spec 04 section 12.2). */
@Entity
@Table(name = "token_realm")
@IdClass(TokenRealm.Key.class)
public class TokenRealm {
  /** The primary key. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;
    private long tokenId;
    private long realmId;

    public Key() {}

    public Key(long tokenId, long realmId) {
      this.tokenId = tokenId;
      this.realmId = realmId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.tokenId == tokenId && key.realmId == realmId;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(tokenId * 31 + realmId);
    }
  }

  @Id
  @Column(name = "token_id")
  private long tokenId;

  @Id
  @Column(name = "realm_id")
  private long realmId;

  protected TokenRealm() {}

  public TokenRealm(long tokenId, long realmId) {
    this.tokenId = tokenId;
    this.realmId = realmId;
  }

  public long tokenId() {
    return tokenId;
  }

  public long realmId() {
    return realmId;
  }
}
