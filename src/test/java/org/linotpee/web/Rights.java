package org.linotpee.web;

import java.util.ArrayList;
import java.util.List;
import org.linotpee.server.Client;

/**
 * Policies that leave an administrator one right in a scope, for as long as a test needs them. The
 * first administrator keeps all.
 */
final class Rights implements AutoCloseable {
  /** The administrator who has few rights. */
  static final String HELPER = "hans";

  static final String PASSWORD = "secret";

  private final String[] names;

  private Rights(String... names) {
    this.names = names;
  }

  /** Makes the people administrators, too. */
  static void admitPeople() {
    BrowserTest.api()
        .post(
            "/system/setRealm",
            "realm",
            "linotp_admins",
            "resolvers",
            "useridresolver.SQLIdResolver.IdResolver.LinOTP_local_admins,"
                + "useridresolver.SQLIdResolver.IdResolver.people")
        .value();
  }

  /** Nobody but the first administrator has a right of the scope other than this one. */
  static Rights only(String scope, String action, String name) {
    Client api = BrowserTest.api();
    admitPeople();
    set(api, name + "_all", scope, "*", "admin");
    set(api, name, scope, action, HELPER);
    return new Rights(name, name + "_all");
  }

  /** The administrator may do this with tokens, and nothing in any other scope. */
  static Rights helpDesk(String name, String actions) {
    Rights tokens = only("admin", actions, name);
    var all = new ArrayList<>(List.of(tokens.names));
    for (String scope : List.of("system", "audit", "tools", "reporting.access", "monitoring")) {
      String other = name + "_" + scope.replace('.', '_');
      set(api(), other, scope, "*", "admin");
      all.add(other);
    }
    return new Rights(all.toArray(String[]::new));
  }

  private static Client api() {
    return BrowserTest.api();
  }

  private static void set(Client api, String name, String scope, String action, String user) {
    api.post(
            "/system/setPolicy",
            "name",
            name,
            "scope",
            scope,
            "action",
            action,
            "realm",
            "*",
            "user",
            user,
            "client",
            "*",
            "active",
            "True",
            "enforce",
            "true")
        .value();
  }

  @Override
  public void close() {
    BrowserTest.api()
        .post("/system/delPolicy", "name", String.join(",", names), "enforce", "true")
        .value();
  }
}
