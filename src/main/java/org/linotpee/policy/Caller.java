package org.linotpee.policy;

import java.util.Optional;

/** On whose behalf the running request acts; its rights are those of the policies. */
public interface Caller {
  /** The administrator who is logged in; empty if there is none. */
  Optional<PolicySubject> administrator();

  /** The client's address. */
  String client();
}
