package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.identity.User;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;

/** What the policies of the scope selfservice say about a user (spec 07 section 11). */
@Service
public class SelfserviceRights {
  private static final String SCOPE = "selfservice";
  private static final int DENIED = 410;

  private final PolicyEngine policies;

  @Inject
  public SelfserviceRights(PolicyEngine policies) {
    this.policies = policies;
  }

  static PolicyContext context(User user, String client) {
    return new PolicyContext(
        Optional.of(PolicySubject.of(user)), Optional.of(user.name().realm()), client);
  }

  /** True if the user may do one of these. */
  boolean may(User user, String client, String... actions) {
    PolicyContext context = context(user, client);
    return Arrays.stream(actions).anyMatch(action -> policies.grants(SCOPE, action, context));
  }

  /**
   * Requires one of these rights.
   *
   * @throws LinotpException 410 if the user has none of them
   */
  void require(User user, String client, String... actions) {
    if (!may(user, client, actions)) {
      throw denied();
    }
  }

  static LinotpException denied() {
    return new LinotpException(
        DENIED, "The policy settings do not allow you to issue this request!");
  }

  /** True if a switch is on for the user; a switch is no right and never hidden. */
  boolean flag(User user, String client, String action) {
    return policies.flag(SCOPE, action, context(user, client));
  }

  Optional<Integer> number(User user, String client, String action) {
    return policies.number(SCOPE, action, context(user, client));
  }

  /** All that is in force for the user, typed (section 11.5). */
  Map<String, Object> everything(User user, String client) {
    return policies.everything(SCOPE, context(user, client));
  }

  boolean flagBeforeLogin(String action, String client) {
    return policies.flagForAnybody(SCOPE, action, client);
  }

  Optional<String> textBeforeLogin(String action, String client) {
    return policies.textForAnybody(SCOPE, action, client);
  }
}
