package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicySearch;
import org.linotpee.web.Actions;

/** What would be decided for somebody, and why (spec 10 section 2.15). */
@Named
@RequestScoped
public class PolicyTestView {
  @Inject private PolicySearch search;
  @Inject private Actions actions;

  private String scope = "";
  private String action = "";
  private String user = "";
  private String realm = "";
  private String client = "";
  private PolicySearch.Decision decision;

  /** Asks, if a user and an action were given. */
  public void load() {
    if (!user.isBlank() && !action.isBlank()) {
      actions.perform(
          "system/checkPolicy",
          audit -> {
            decision = search.check(scope, action.trim(), user.trim(), realm.trim(), client.trim());
            audit
                .success(true)
                .info(decision.allowed() ? "allowed" : "not allowed")
                .actionDetail(
                    "action = %s, realm = %s, scope = %s".formatted(action, realm, scope));
          });
    }
  }

  /** What was decided; null if nothing was asked. */
  public PolicySearch.Decision getDecision() {
    return decision;
  }

  public List<String> getScopes() {
    return List.copyOf(PolicyCatalogue.scopes().keySet());
  }

  /** The actions of the scope, for completion. */
  public List<String> getNames() {
    return List.copyOf(PolicyCatalogue.ofScope(getScope()).keySet());
  }

  public String getScope() {
    return scope.isEmpty() ? "admin" : scope;
  }

  public void setScope(String value) {
    scope = value == null ? "" : value;
  }

  public String getAction() {
    return action;
  }

  public void setAction(String value) {
    action = value == null ? "" : value;
  }

  public String getUser() {
    return user;
  }

  public void setUser(String value) {
    user = value == null ? "" : value;
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String value) {
    realm = value == null ? "" : value;
  }

  public String getClient() {
    return client;
  }

  public void setClient(String value) {
    client = value == null ? "" : value;
  }
}
