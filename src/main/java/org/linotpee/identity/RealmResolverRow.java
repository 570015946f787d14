package org.linotpee.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A resolver is in a realm, at this place of the order in which they are asked. */
@Entity
@Table(name = "realm_resolver")
@IdClass(RealmResolverRow.Key.class)
public class RealmResolverRow {
  /** The primary key. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;
    private long realmId;
    private long resolverId;

    public Key() {}

    public Key(long realmId, long resolverId) {
      this.realmId = realmId;
      this.resolverId = resolverId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.realmId == realmId && key.resolverId == resolverId;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(realmId * 31 + resolverId);
    }
  }

  @Id
  @Column(name = "realm_id")
  private long realmId;

  @Id
  @Column(name = "resolver_id")
  private long resolverId;

  @Column(name = "rank_no")
  private int rank;

  protected RealmResolverRow() {}

  public RealmResolverRow(long realmId, long resolverId, int rank) {
    this.realmId = realmId;
    this.resolverId = resolverId;
    this.rank = rank;
  }

  public long realmId() {
    return realmId;
  }

  public long resolverId() {
    return resolverId;
  }

  public int rank() {
    return rank;
  }
}
