package org.linotpee.administration;

/**
 * A logged-in administrator.
 *
 * @param realm the administrators' realm
 * @param resolver the name of the resolver that knows the login
 */
public record Administrator(String login, String realm, String resolver) {
  /** The form of audit rows and messages: {@code login@realm (resolver)}. */
  @Override
  public String toString() {
    return login + "@" + realm + (resolver.isEmpty() ? "" : " (" + resolver + ")");
  }
}
