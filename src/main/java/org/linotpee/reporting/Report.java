package org.linotpee.reporting;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** How many tokens of a status a realm had when something happened to one of them. */
@Entity
@Table(name = "report")
public class Report {
  @Id private long id;

  @Column(name = "occurred_at")
  private long occurredAt;

  private String event;
  private String realm;
  private String status;

  @Column(name = "number_of")
  private long number;

  protected Report() {}

  /**
   * @param event for example {@code token_init}
   * @param realm a name, or {@link RealmSelection#NO_REALM}
   */
  Report(long id, Instant occurredAt, String event, String realm, String status, long number) {
    this.id = id;
    this.occurredAt = occurredAt.toEpochMilli();
    this.event = event;
    this.realm = realm;
    this.status = status;
    this.number = number;
  }

  public Instant occurredAt() {
    return Instant.ofEpochMilli(occurredAt);
  }

  public String event() {
    return event;
  }

  public String realm() {
    return realm;
  }

  public String status() {
    return status;
  }

  public long number() {
    return number;
  }
}
