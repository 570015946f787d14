package org.linotpee.policy;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** A list of realm names, {@code *} and negations (spec 07 section 5.3). */
final class RealmCondition {
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> negated = new HashSet<>();
  private final boolean everything;

  RealmCondition(String text) {
    boolean star = false;
    for (String part : text.toLowerCase(Locale.ROOT).split(",")) {
      String name = part.trim();
      if (name.equals("*")) {
        star = true;
      } else if (name.startsWith("!") || name.startsWith("-")) {
        negated.add(name.substring(1));
      } else if (!name.isEmpty()) {
        names.add(name);
      }
    }
    everything = star;
  }

  boolean everything() {
    return everything;
  }

  /** The names that are listed, without negations and {@code *}. */
  Set<String> names() {
    return names;
  }

  Set<String> negated() {
    return negated;
  }

  /** True if there is a realm that both lists mean. */
  boolean overlaps(RealmCondition other) {
    return everything
        ? other.everything || !negated.containsAll(other.names)
        : names.stream().anyMatch(name -> other.rankOfLower(name) != Rank.NONE);
  }

  /**
   * @param realm a name, or {@code *} for any realm at all
   */
  Rank rank(String realm) {
    return rankOfLower(realm.toLowerCase(Locale.ROOT));
  }

  Rank rankOfLower(String name) {
    if (negated.contains(name)) {
      return Rank.NONE;
    }
    if (everything) {
      return Rank.WILDCARD;
    }
    return names.contains(name) ? Rank.EXACT : Rank.NONE;
  }
}
