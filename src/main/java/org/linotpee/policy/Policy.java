package org.linotpee.policy;

import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;

/** A policy, ready to be matched. */
public final class Policy {
  private final PolicyFields fields;
  private final Map<String, Object> actions;
  private final UserCondition users;
  private final RealmCondition realms;
  private final AddressCondition clients;
  private final TimeCondition times;

  private Policy(PolicyFields fields) {
    this.fields = fields;
    this.actions =
        fields.scope().equals(ReportingActions.SCOPE)
            ? ReportingActions.parse(fields.action())
            : ActionText.parse(fields.action());
    this.users = new UserCondition(fields.user());
    this.realms = new RealmCondition(fields.realm());
    this.clients = new AddressCondition(fields.client());
    this.times = new TimeCondition(fields.time());
  }

  /**
   * Compiles the conditions.
   *
   * @throws LinotpException -311 if one of them could never be evaluated
   */
  static Policy compile(PolicyFields fields) {
    try {
      return new Policy(fields);
    } catch (ActionText.Malformed e) {
      throw LinotpException.unclassified(
          "the action of policy '" + fields.name() + "' cannot be read: " + e.getMessage());
    }
  }

  public String name() {
    return fields.name();
  }

  String scope() {
    return fields.scope();
  }

  /** The stored fields. */
  public PolicyFields fields() {
    return fields;
  }

  /** The actions by name: {@link Boolean} or text. */
  Map<String, Object> actions() {
    return actions;
  }

  UserCondition users() {
    return users;
  }

  RealmCondition realms() {
    return realms;
  }

  AddressCondition clients() {
    return clients;
  }

  TimeCondition times() {
    return times;
  }

  /** True if the action is mentioned, whatever its value, or all actions are. */
  boolean mentions(String action) {
    return actions.containsKey(action) || actions.containsKey("*");
  }

  /** True if the policy grants an action; empty if it says nothing about it (section 7.2). */
  Optional<Boolean> grants(String action) {
    Object value = actions.get(action);
    if (value != null) {
      return Optional.of(Action.flag(value));
    }
    return Optional.ofNullable(actions.get("*")).map(Action::flag);
  }

  @Override
  public String toString() {
    return "policy " + fields.name();
  }
}
