package org.linotpee.identity;

import java.util.Objects;

/**
 * Who owns a token: a user id within a resolver. The login name is not part of it, so a renamed
 * user keeps the tokens (spec 04 section 12.1).
 *
 * @param resolverSpec the canonical specification, {@code useridresolver.<Class>.IdResolver.<name>}
 * @param userId the user id as the resolver gives it
 */
public record OwnerKey(String resolverSpec, String userId) {
  public OwnerKey {
    Objects.requireNonNull(resolverSpec, "an owner has a resolver");
    Objects.requireNonNull(userId, "an owner has a user id");
  }

  /** The resolver's name: what follows the last dot. */
  public String resolverName() {
    return resolverSpec.substring(resolverSpec.lastIndexOf('.') + 1);
  }
}
