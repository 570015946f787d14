package org.linotpee.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A policy as it is stored, in the form in which everything else sees it (spec 07 section 2.3).
 *
 * @param action the text of section 4
 * @param active {@code True} or {@code False}, or what an imported database has
 */
public record PolicyFields(
    String name,
    String scope,
    String action,
    String realm,
    String user,
    String time,
    String client,
    String active) {
  /** The names under which the fields are stored, in the order of answers. */
  public static final List<String> NAMES =
      List.of("action", "scope", "realm", "user", "time", "client", "active");

  static final String ALWAYS = "* * * * * *;";

  /** In these an empty user or client is everybody. */
  private static final Set<String> OPEN_SCOPES =
      Set.of(
          "selfservice", "admin", "enrollment", "authorization", "authentication", "notification");

  static PolicyFields of(String name, Map<String, String> stored) {
    String scope = clean(stored.get("scope"));
    String user = clean(stored.get("user"));
    String client = clean(stored.get("client"));
    String time = clean(stored.get("time"));
    String active = clean(stored.get("active"));
    boolean open = OPEN_SCOPES.contains(scope);
    return new PolicyFields(
        name,
        scope,
        clean(stored.get("action")),
        clean(stored.get("realm")).toLowerCase(Locale.ROOT),
        user.isEmpty() && open ? "*" : user,
        time.isEmpty() ? ALWAYS : time,
        client.isEmpty() && open ? "*" : client,
        active.isEmpty() ? "True" : active);
  }

  private static String clean(String text) {
    return text == null || text.trim().equals("None") ? "" : text;
  }

  boolean isActive() {
    return active.trim().equalsIgnoreCase("true");
  }

  PolicyFields inactive() {
    return new PolicyFields(name, scope, action, realm, user, time, client, "False");
  }

  /** The record of {@code /system/getPolicy}. */
  public Map<String, String> document() {
    var document = new LinkedHashMap<String, String>();
    document.put("action", action);
    document.put("scope", scope);
    document.put("realm", realm);
    document.put("user", user);
    document.put("time", time);
    document.put("client", client);
    document.put("active", active);
    document.put("name", name);
    return document;
  }

  String field(String field) {
    return switch (field) {
      case "action" -> action;
      case "scope" -> scope;
      case "realm" -> realm;
      case "user" -> user;
      case "time" -> time;
      case "client" -> client;
      case "active" -> active;
      default -> throw new IllegalArgumentException("a policy has no field " + field);
    };
  }
}
