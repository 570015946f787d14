package org.linotpee.web.manage;

import java.io.Serializable;
import java.util.Map;

/**
 * A user as lists show him.
 *
 * @param resolver the name of the resolver
 * @param kind how the resolver stores users: {@code LDAP}, {@code SQL}, {@code Passwd}
 */
public record UserRow(
    String username,
    String userid,
    String surname,
    String givenname,
    String email,
    String mobile,
    String phone,
    String resolver,
    String kind)
    implements Serializable {
  static UserRow of(Map<String, String> user) {
    String spec = user.getOrDefault("resolver", "");
    return new UserRow(
        user.getOrDefault("username", ""),
        user.getOrDefault("userid", ""),
        user.getOrDefault("surname", ""),
        user.getOrDefault("givenname", ""),
        user.getOrDefault("email", ""),
        user.getOrDefault("mobile", ""),
        user.getOrDefault("phone", ""),
        spec.substring(spec.lastIndexOf('.') + 1),
        spec.replaceFirst("^useridresolver\\.", "").replaceFirst("IdResolver\\..*$", ""));
  }

  /** A cell as text. */
  String cell(String column) {
    return switch (column) {
      case "username" -> username;
      case "userid" -> userid;
      case "surname" -> surname;
      case "givenname" -> givenname;
      case "email" -> email;
      case "mobile" -> mobile;
      case "phone" -> phone;
      case "resolver" -> resolver;
      default -> throw new IllegalArgumentException("unknown column " + column);
    };
  }
}
