package org.linotpee.policy;

/** How precisely a condition names its subject, the most precise first (spec 07 section 5). */
public enum Rank {
  EXACT,
  REGEX,
  WILDCARD,
  NONE
}
