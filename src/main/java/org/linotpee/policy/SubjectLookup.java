package org.linotpee.policy;

import java.util.Map;
import java.util.Optional;
import org.linotpee.identity.Realms;

/**
 * What conditions need to know about users; asked only by conditions on resolvers and attributes.
 */
interface SubjectLookup {
  Realms realms();

  /**
   * The attributes of a user in a realm, or in a resolver alone if the realm is {@code ""}; empty
   * if there is no such user.
   */
  Optional<Map<String, String>> attributes(String login, String realm, String resolver);
}
