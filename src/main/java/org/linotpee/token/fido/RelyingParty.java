package org.linotpee.token.fido;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.psl.DomainType;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/**
 * For whom a credential is made: the domain whose pages may use it.
 *
 * @param id a domain name in lower case
 * @param name for people
 */
record RelyingParty(String id, String name) {
  private static final String LOCALHOST = "localhost";
  private static final int MAX_DOMAIN = 253;
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([A-Za-z0-9.-]+)(:[0-9]{1,5})?");
  private static final PublicSuffixMatcher SUFFIXES = PublicSuffixMatcherLoader.getDefault();

  /**
   * True if credentials can be made for an id: a domain name, neither an address nor a suffix such
   * as {@code co.uk} under which strangers register.
   */
  static boolean usable(String id) {
    return id.length() <= MAX_DOMAIN
        && DOMAIN.matcher(id).matches()
        && !ADDRESS.matcher(id).matches()
        && !publicSuffix(id);
  }

  private static boolean publicSuffix(String id) {
    return id.indexOf('.') < 0
        // any single label is a suffix to the matcher; those under which names are registered count
        ? SUFFIXES.getDomainRoot("x." + id, DomainType.ICANN) != null
        : SUFFIXES.matches(id);
  }

  /** True for the origin of a page of this domain or one below it, over TLS unless it is local. */
  boolean admits(String origin) {
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      return false;
    }
    String host = parts.group(2).toLowerCase(Locale.ROOT);
    boolean secure = parts.group(1).equals("https") || host.equals(LOCALHOST);
    return secure && (host.equals(id) || host.endsWith("." + id));
  }
}
