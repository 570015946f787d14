package org.linotpee.identity;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.LinotpException;

/** Asks the user stores. Never call it within a database transaction that holds token rows. */
public interface Users {
  /**
   * Builds the user of a request (spec 01 section 4) from the parameters {@code user}, {@code
   * realm} and {@code resConf}; null means that a parameter is absent.
   */
  UserName requested(String user, String realm, String resolver);

  /** Finds the user in the realm's resolvers. */
  UserLookup find(UserName name);

  /** As {@link #find}, but past every cache; for authentication (spec 02 section 3.1 A). */
  UserLookup findFresh(UserName name);

  /**
   * The user, or the error clients know.
   *
   * @throws LinotpException 1205 if nobody or several people have the login
   */
  User require(UserName name);

  /**
   * The user whom a token is to be given to.
   *
   * @throws LinotpException 1112 if nobody or several people have the login
   */
  default User requireOwner(UserName name) {
    try {
      return require(name);
    } catch (LinotpException e) {
      throw new LinotpException(
          1112, "getUserId failed: no user >" + name.login() + "< found! (" + e.getMessage() + ")");
    }
  }

  /** True if the password is the user's in one of his resolvers. Empty passwords never are. */
  boolean passwordMatches(User user, String password);

  /**
   * The attributes of owners, in one question per resolver. Owners who are not found any more
   * (orphaned tokens) are absent from the answer.
   */
  Map<OwnerKey, Map<String, String>> attributes(Collection<OwnerKey> owners);

  /**
   * Those of the owners whom their user stores do not know. Each store is asked once, for all of
   * its users if the owners are many; of one that cannot be asked nobody is known.
   */
  Set<OwnerKey> unknown(Set<OwnerKey> owners);

  /** The attributes of one owner, empty for an orphan. */
  default Optional<Map<String, String>> attributes(OwnerKey owner) {
    return Optional.ofNullable(attributes(java.util.List.of(owner)).get(owner));
  }

  /** The resolver's own id, which token lists show; what its specification says if it is gone. */
  String resolverId(OwnerKey owner);

  /**
   * The keys of the users whose login matches a pattern in which {@code *} is any text, in any
   * case; in all resolvers. Resolvers that cannot be asked are left out.
   */
  Set<OwnerKey> matching(String loginPattern);
}
