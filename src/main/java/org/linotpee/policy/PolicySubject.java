package org.linotpee.policy;

import java.util.Locale;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserName;

/**
 * Whom a policy is asked about.
 *
 * @param realm {@code ""} if it is not known
 * @param resolver the name of the resolver, {@code ""} if it is not known
 */
public record PolicySubject(String login, String realm, String resolver) {
  /** The user that a request names. */
  public static PolicySubject of(UserName name) {
    return new PolicySubject(name.login(), name.realm(), name.resolver());
  }

  /** A user who was found. */
  public static PolicySubject of(User user) {
    return new PolicySubject(
        user.name().login(),
        user.name().realm(),
        user.owners().size() == 1 ? user.owner().resolverName() : user.name().resolver());
  }

  /** What {@code /system/checkPolicy} takes: {@code login} or {@code login@realm}. */
  public static PolicySubject parse(String text, Realms realms) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return new PolicySubject(text, "", "");
    }
    String realm = text.substring(at + 1);
    return new PolicySubject(
        text.substring(0, at), realms.named(realm).map(Realms.Realm::name).orElse(realm), "");
  }

  /** True if this text is one of the names by which the subject is known exactly. */
  boolean isNamed(String text) {
    if (text.equals(login)) {
      return true;
    }
    int at = text.lastIndexOf('@');
    if (at >= 0 && !realm.isEmpty()) {
      return text.substring(0, at).equals(login)
          && text.substring(at + 1).toLowerCase(Locale.ROOT).equals(realm.toLowerCase(Locale.ROOT));
    }
    return !resolver.isEmpty() && text.equals(login + "." + resolver + ":");
  }
}
