package org.linotpee.identity;

/** What asking the user stores for a login has given. */
public sealed interface UserLookup {
  /** The user. */
  record Found(User user) implements UserLookup {}

  /**
   * Nobody.
   *
   * @param unreachable a resolver of the realm could not be asked, so the answer is not certain
   */
  record NotFound(boolean unreachable) implements UserLookup {}

  /** The login means different people in several resolvers. */
  record Ambiguous() implements UserLookup {}
}
