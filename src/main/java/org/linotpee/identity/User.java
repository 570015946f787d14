package org.linotpee.identity;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A user who was found in a realm.
 *
 * @param name what the request asked for, its realm in lower case
 * @param owners the user's keys, one for each resolver of the realm that knows the login, in the
 *     realm's order; all have the same user id
 * @param attributes username, userid, email, mobile, phone, givenname, surname, ... of the last of
 *     them; never a password
 */
public record User(UserName name, List<OwnerKey> owners, Map<String, String> attributes) {
  public User {
    Objects.requireNonNull(name, "a user has a name");
    owners = List.copyOf(owners);
    attributes = Map.copyOf(attributes);
    if (owners.isEmpty()) {
      throw new IllegalArgumentException("a user is in at least one resolver");
    }
  }

  /** The key that new tokens get: the last of the resolvers (spec 05 section 5.2). */
  public OwnerKey owner() {
    return owners.get(owners.size() - 1);
  }
}
