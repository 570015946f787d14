package org.linotpee.authentication;

import java.util.Map;
import java.util.Optional;
import org.linotpee.identity.UserName;

/**
 * A request to authenticate.
 *
 * @param user whom it speaks of; may be nobody if a serial is given
 * @param password PIN and one-time password, empty if the request has none
 * @param options the other parameters
 * @param path the first segment of the request's path, for tokens with a usage scope
 */
public record Attempt(
    UserName user, Optional<String> password, Map<String, String> options, String path) {
  public Attempt {
    options = Map.copyOf(options);
  }

  /** The same attempt of another user. */
  Attempt as(UserName other) {
    return new Attempt(other, password, options, path);
  }

  /** An option that is neither absent nor empty. */
  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name)).filter(text -> !text.isEmpty());
  }

  boolean flag(String name) {
    return option(name).map(text -> text.equalsIgnoreCase("true")).orElse(false);
  }

  /** Without password and options, which may hold secrets. */
  @Override
  public String toString() {
    return "attempt of " + user;
  }
}
