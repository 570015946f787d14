package org.linotpee.configuration;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A stored configuration entry (spec 05 section 3); the name has no {@code linotp.} prefix. */
@Entity
@Table(name = "configuration_entry")
public class ConfigurationEntry {
  /** The type of entries whose content is sealed. */
  public static final String ENCRYPTED = "encrypted_data";

  @Id private String name;
  private String content;
  private String type;
  private String description;

  @Version
  @Column(name = "row_version")
  private long rowVersion;

  protected ConfigurationEntry() {}

  public ConfigurationEntry(String name, String content, String type, String description) {
    this.name = name;
    update(content, type, description);
  }

  /** Replaces content and labels; the content of an encrypted entry is sealed by the caller. */
  public final void update(String content, String type, String description) {
    this.content = content;
    this.type = type;
    this.description = description;
  }

  public String name() {
    return name;
  }

  public String content() {
    return content;
  }

  public String type() {
    return type;
  }

  public String description() {
    return description;
  }

  public boolean encrypted() {
    return ENCRYPTED.equals(type);
  }
}
