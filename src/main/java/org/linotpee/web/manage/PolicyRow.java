package org.linotpee.web.manage;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import org.linotpee.policy.PolicyFields;

/** A policy as lists show it. */
public record PolicyRow(
    String name,
    boolean active,
    String scope,
    String action,
    String user,
    String realm,
    String client,
    String time)
    implements Serializable {
  static PolicyRow of(PolicyFields fields) {
    return new PolicyRow(
        fields.name(),
        fields.active().trim().equalsIgnoreCase("true"),
        fields.scope(),
        fields.action(),
        fields.user(),
        fields.realm(),
        fields.client(),
        fields.time());
  }

  /** True if the text is somewhere in it. */
  boolean contains(String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return String.join("\n", name, scope, action, user, realm, client, time)
        .toLowerCase(Locale.ROOT)
        .contains(wanted);
  }

  /** The fields as a request sends them. */
  Map<String, String> fields(boolean makeActive) {
    return Map.of(
        "name", name,
        "active", makeActive ? "True" : "False",
        "scope", scope,
        "action", action,
        "user", user,
        "realm", realm,
        "client", client,
        "time", time);
  }

  /** A cell as text. */
  String cell(String column) {
    return switch (column) {
      case "name" -> name;
      case "active" -> String.valueOf(active);
      case "scope" -> scope;
      case "action" -> action;
      case "user" -> user;
      case "realm" -> realm;
      case "client" -> client;
      case "time" -> time;
      default -> throw new IllegalArgumentException("unknown column " + column);
    };
  }
}
