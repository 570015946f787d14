package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.UserName;
import org.linotpee.policy.AdminRights;

/**
 * The rights that whole actions need, by the path of the action (spec 07 sections 8.4 to 8.8), for
 * every interface: REST, SOAP and console ask here before they call a use case. Rights on tokens
 * and users depend on realms; the use cases themselves require them.
 */
@Service
public class ControllerRights {
  private static final Set<String> WRITING =
      Set.of(
          "setDefault",
          "setConfig",
          "delConfig",
          "delResolver",
          "setResolver",
          "setDefaultRealm",
          "setRealm",
          "delRealm",
          "setPolicy",
          "importPolicy",
          "delPolicy",
          "applyPolicyTemplate",
          "setSupport",
          "setProvider",
          "setDefaultProvider",
          "delProvider");
  private static final Set<String> FREE =
      Set.of("setupSecurityModule", "getSupportInfo", "isSupportValid");

  /** Endpoints of version 2 that list what needs a right without a realm. */
  private static final Map<String, String> LISTS =
      Map.of("resolvers", "system/read", "realms", "system/read", "auditlog", "audit/view");

  private final AdminRights rights;

  @Inject
  public ControllerRights(AdminRights rights) {
    this.rights = rights;
  }

  /**
   * Requires what an action needs.
   *
   * @param path such as {@code system/setPolicy}
   * @throws LinotpException 410 if the administrator has not the right
   */
  public void require(String path) {
    String[] segments = path.split("/", 4);
    String action = segments.length > 1 ? segments[1] : "";
    switch (segments[0]) {
      case "system" -> {
        if (!FREE.contains(action)) {
          rights.require("system", WRITING.contains(action) ? "write" : "read");
        }
      }
      case "audit" -> rights.require("audit", "view");
      case "monitoring" -> rights.require("monitoring", action);
      case "reporting" -> rights.require("reporting.access", action);
      case "tools" -> tools(action);
      case "api" -> version2(path.split("/", 6));
      default -> {}
    }
  }

  /** {@code api/v2/<what>[/<name>[/users]]}. */
  private void version2(String[] segments) {
    String what = segments.length > 2 ? segments[2] : "";
    if (segments.length > 4 && segments[4].equals("users")) {
      boolean ofRealm = what.equals("realms");
      rights.requireForUser(
          "userlist",
          "list users of",
          new UserName("", ofRealm ? segments[3] : "", ofRealm ? "" : segments[3]));
    } else if (what.equals("tokens") && rights.ofAny().nowhere()) {
      throw AdminRights.denied("see tokens");
    } else if (segments.length == 3 && LISTS.containsKey(what)) {
      String[] right = LISTS.get(what).split("/", 2);
      rights.require(right[0], right[1]);
    }
  }

  /** Everybody may change the own password; importing users changes a resolver, too. */
  private void tools(String action) {
    if (!action.equals("setPassword")) {
      rights.require("tools", action);
    }
    if (action.equals("import_users") && !rights.may("system", "write")) {
      throw LinotpException.unclassified(
          AdminRights.denied("use system/write, which importing users needs").getMessage());
    }
  }
}
