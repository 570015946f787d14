package org.linotpee.identity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds users in one user store (spec 05 section 7). Attributes are {@code userid}, {@code
 * username}, {@code phone}, {@code mobile}, {@code email}, {@code surname}, {@code givenname},
 * {@code description} and what else the store has; never a password.
 */
public interface Resolver {
  /** The store cannot be asked at the moment. */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The attributes of the user with this login.
   *
   * @throws Unavailable if the store cannot be asked
   */
  Optional<Map<String, String>> byLogin(String login);

  /** The attributes of these users, by user id; ids that nobody has are absent. */
  Map<String, Map<String, String>> byIds(Collection<String> userIds);

  /**
   * Hands the users who meet all conditions over, one by one.
   *
   * @param conditions attribute to pattern; {@code *} is any text; {@code searchTerm} stands for
   *     any attribute
   */
  void search(Map<String, String> conditions, Consumer<Map<String, String>> found);

  /**
   * A part of what {@link #search} finds.
   *
   * @param total how many are found
   */
  record Part(List<Map<String, String>> users, long total) {}

  /**
   * A part of what {@link #search} finds, in the order of an attribute in any case and then of the
   * login, from stores that sort and count themselves.
   *
   * @param first how many to leave out
   * @return empty if the store does not sort by this attribute
   */
  default Optional<Part> part(
      Map<String, String> conditions, String sortBy, boolean descending, int first, int size) {
    return Optional.empty();
  }

  /** Hands the ids of all users over, whatever limits {@link #search} has. */
  void eachId(Consumer<String> found);

  /** The attributes that are numbers in the store, and therefore in JSON lists of users. */
  default Set<String> numericFields() {
    return Set.of();
  }

  /** True if the password is the user's. */
  boolean passwordMatches(String userId, String password);

  /** The id of the resolver that token lists show as {@code LinOtp.IdResolver}. */
  String id();

  /**
   * Tries the store out: {@code result} and {@code desc} as interfaces show them (spec 05 section
   * 6.7). Never throws for a store that cannot be asked.
   */
  Map<String, Object> test();
}
