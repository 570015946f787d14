package org.linotpee.policy;

import java.util.Optional;

/**
 * What is known about a request when policies are asked how to treat it.
 *
 * @param user the user, or the owner of the token; empty if there is none
 * @param realm the user's realm, the token's, or the default realm; empty if there is none
 * @param client the client's address
 */
public record PolicyContext(Optional<PolicySubject> user, Optional<String> realm, String client) {
  public PolicyContext {
    realm = realm.filter(r -> !r.isEmpty());
  }

  /** Questions about a realm as a whole, for which the user is of no interest. */
  public PolicyContext inRealm(String name) {
    return new PolicyContext(user, Optional.of(name), client);
  }
}
