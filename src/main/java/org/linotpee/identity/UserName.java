package org.linotpee.identity;

/**
 * The user that a request names, before any user store was asked (spec 01 section 4). Empty texts
 * mean that the part was not given.
 *
 * @param login the login name
 * @param realm the realm, as given
 * @param resolver the name of the only resolver to ask, or {@code ""}
 */
public record UserName(String login, String realm, String resolver) {
  /** No user at all. */
  public static final UserName NONE = new UserName("", "", "");

  public UserName(String login, String realm) {
    this(login, realm, "");
  }

  /** True if a login was given; only then the request speaks of a user. */
  public boolean given() {
    return !login.isEmpty();
  }
}
