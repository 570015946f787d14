package org.linotpee.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Map;
import java.util.TreeMap;

/** A stored resolver with its parameters. */
@Entity
@Table(name = "resolver")
public class ResolverRow {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Id private long id;
  private String name;
  private String type;
  private boolean managed;

  /** JSON: the name of each parameter to its content and type. */
  private String parameters = "{}";

  @Version
  @Column(name = "row_version")
  private long rowVersion;

  protected ResolverRow() {}

  public ResolverRow(long id, String name, String type, boolean managed) {
    this.id = id;
    this.name = name;
    this.type = type;
    this.managed = managed;
  }

  public long id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** Renames the resolver; tokens refer to the name, so the caller changes them with it. */
  public void rename(String newName) {
    name = newName;
  }

  /** Replaces all parameters. */
  public void configure(Map<String, ResolverDefinition.Parameter> replacement) {
    try {
      parameters = JSON.writeValueAsString(new TreeMap<>(replacement));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The immutable form for the snapshot. */
  public ResolverDefinition definition() {
    try {
      return new ResolverDefinition(
          id,
          name,
          type,
          managed,
          JSON.readValue(
              parameters, new TypeReference<Map<String, ResolverDefinition.Parameter>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the parameters of resolver " + name + " are damaged", e);
    }
  }
}
