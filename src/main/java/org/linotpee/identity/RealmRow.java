package org.linotpee.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A stored realm; its name is in lower case. */
@Entity
@Table(name = "realm")
public class RealmRow {
  @Id private long id;
  private String name;

  @Version
  @Column(name = "row_version")
  private long rowVersion;

  protected RealmRow() {}

  public RealmRow(long id, String name) {
    this.id = id;
    this.name = name;
  }

  public long id() {
    return id;
  }

  public String name() {
    return name;
  }
}
