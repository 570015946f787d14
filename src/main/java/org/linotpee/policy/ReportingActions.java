package org.linotpee.policy;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The simpler rule by which the scope reporting reads its actions (spec 07 section 15.2). */
final class ReportingActions {
  static final String SCOPE = "reporting";

  private static final Set<String> ALL =
      Set.of(
          "total",
          "total users",
          "active",
          "inactive",
          "assigned",
          "unassigned",
          "active&assigned",
          "active&unassigned",
          "inactive&assigned",
          "inactive&unassigned");

  private ReportingActions() {}

  /** Flags by name; the statuses of {@code token_status} as one comma list. */
  static Map<String, Object> parse(String text) {
    var actions = new LinkedHashMap<String, Object>();
    var statuses = new LinkedHashSet<String>();
    for (ActionText.Item item : ActionText.items(text)) {
      if (item.key().equals("token_status") && item.value() instanceof String status) {
        statuses.add(status.trim());
      } else {
        actions.put(item.key(), item.value());
      }
    }
    if (!statuses.isEmpty()) {
      actions.put("token_status", String.join(",", statuses));
    }
    return actions;
  }

  /** The statuses that a policy wants to be recorded. */
  static Set<String> statuses(Policy policy) {
    var statuses = new LinkedHashSet<String>();
    if (policy.grants("*").orElse(false)) {
      statuses.addAll(ALL);
    }
    if (Action.flag(policy.actions().getOrDefault("token_total", false))) {
      statuses.add("total");
    }
    if (Action.flag(policy.actions().getOrDefault("token_user_total", false))) {
      statuses.add("total users");
    }
    if (policy.actions().get("token_status") instanceof String list) {
      for (String status : list.split(",")) {
        if (ALL.contains(status.trim())) {
          statuses.add(status.trim());
        }
      }
    }
    return statuses;
  }
}
