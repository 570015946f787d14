package org.linotpee.identity;

import java.util.Map;

/**
 * A stored resolver.
 *
 * @param type {@code passwdresolver}, {@code ldapresolver} or {@code sqlresolver}
 * @param managed its users are kept in our own database
 * @param parameters by name; secrets are sealed
 */
public record ResolverDefinition(
    long id, String name, String type, boolean managed, Map<String, Parameter> parameters) {
  /** A parameter's text and its type label. */
  public record Parameter(String content, String type) {}

  public ResolverDefinition {
    parameters = Map.copyOf(parameters);
  }

  /** True if its parameters cannot be changed. */
  public boolean readOnly() {
    return managed || parameters.containsKey("readonly");
  }

  /** The canonical specification that tokens and realms refer to (spec 05 section 5.1). */
  public String spec() {
    String kind =
        switch (type) {
          case "passwdresolver" -> "Passwd";
          case "ldapresolver" -> "LDAP";
          default -> "SQL";
        };
    return "useridresolver." + kind + "IdResolver.IdResolver." + name;
  }
}
