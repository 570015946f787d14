package org.linotpee.policy;

import java.util.Locale;
import java.util.Set;

/**
 * Values of which policies allow one to be used.
 *
 * @param values in lower case; empty if all are allowed
 * @param policies the names of the policies that say so, for the audit trail
 */
public record AllowList(Set<String> values, String policies) {
  public AllowList {
    values = Set.copyOf(values);
  }

  /** True if a value, in any case, may be used. */
  public boolean allows(String value) {
    return values.isEmpty() || values.contains(value.toLowerCase(Locale.ROOT));
  }
}
