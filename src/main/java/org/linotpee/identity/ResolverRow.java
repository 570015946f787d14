package org.linotpee.identity;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A stored resolver with its parameters. */
@Entity
@Table(name = "resolver")
public class ResolverRow {
  /** The content of a parameter and its type label. */
  @Embeddable
  public static class ParameterColumns {
    private String content;
    private String type;

    protected ParameterColumns() {}

    ParameterColumns(ResolverDefinition.Parameter parameter) {
      content = parameter.content();
      type = parameter.type();
    }
  }

  @Id private long id;
  private String name;
  private String type;
  private boolean managed;

  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(name = "resolver_parameter", joinColumns = @JoinColumn(name = "resolver_id"))
  @MapKeyColumn(name = "name")
  private Map<String, ParameterColumns> parameters = new HashMap<>();

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
    parameters.clear();
    replacement.forEach((key, value) -> parameters.put(key, new ParameterColumns(value)));
  }

  /** The immutable form for the snapshot. */
  public ResolverDefinition definition() {
    return new ResolverDefinition(
        id,
        name,
        type,
        managed,
        parameters.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e ->
                        new ResolverDefinition.Parameter(
                            e.getValue().content, e.getValue().type))));
  }
}
