package org.linotpee.authentication;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.identity.UserName;
import org.linotpee.token.Answer;

/**
 * A request to authenticate.
 *
 * @param user whom it speaks of; may be nobody if a serial is given
 * @param answer PIN and one-time password, a response, or nothing
 * @param options the other parameters
 * @param path the first segment of the request's path, for tokens with a usage scope
 * @param occasion where it comes from
 * @param serials the only tokens to look at, whoever has them; empty for those that user and
 *     options mean
 */
public record Attempt(
    UserName user,
    Answer answer,
    Map<String, String> options,
    String path,
    Occasion occasion,
    List<String> serials) {
  public Attempt {
    options = Map.copyOf(options);
    serials = List.copyOf(serials);
  }

  /** An ordinary one. */
  public Attempt(
      UserName user, Optional<String> password, Map<String, String> options, String path) {
    this(user, Answer.of(password), options, path, Occasion.CHECK, List.of());
  }

  /** The same attempt from another place. */
  public Attempt at(Occasion other) {
    return new Attempt(user, answer, options, path, other, serials);
  }

  /** The same attempt for these tokens alone. */
  public Attempt with(List<String> only) {
    return new Attempt(user, answer, options, path, occasion, only);
  }

  /** The same attempt of another user. */
  Attempt as(UserName other) {
    return new Attempt(other, answer, options, path, occasion, serials);
  }

  /** What was typed; empty if nothing was. */
  Optional<String> password() {
    return answer.typed();
  }

  /** The transaction that is answered, {@code ""} if none is: {@code state} wins. */
  String transactionId() {
    return option("state").or(() -> option("transactionid")).orElse("");
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
