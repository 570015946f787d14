package org.linotpee.reporting;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;

/** Which realms figures are asked for (spec 01 section 15). */
public final class RealmSelection {
  /** The pseudo realm of tokens that are in none. */
  public static final String NO_REALM = "/:no realm:/";

  private static final int DENIED = 410;

  private RealmSelection() {}

  /**
   * The realms of a request.
   *
   * @param allowed the realms that may be seen
   * @param requested comma list; {@code *} are all of them and the pseudo realm
   * @throws LinotpException 410 if nothing of what was asked for is there
   */
  public static Set<String> of(Collection<String> allowed, Optional<String> requested) {
    var selected = new LinkedHashSet<String>();
    boolean dropped = false;
    List<String> names =
        List.of(requested.orElse("").split(",")).stream()
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty() || names.contains("*")) {
      selected.addAll(allowed);
      if (names.contains("*")) {
        selected.add(NO_REALM);
      }
      return selected;
    }
    for (String name : names) {
      if (allowed.contains(name) || name.equals(NO_REALM)) {
        selected.add(name);
      } else {
        dropped = true;
      }
    }
    if (selected.isEmpty() && dropped) {
      throw new LinotpException(DENIED, "you do not have the right to see these realms");
    }
    return selected;
  }
}
