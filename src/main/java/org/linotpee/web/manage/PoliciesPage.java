package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Policies: the list, the editor, templates and the test. */
@Service
public class PoliciesPage implements ConsolePage {
  @Override
  public String name() {
    return "policies";
  }

  @Override
  public Group group() {
    return Group.CONTROL;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public String icon() {
    return "pi-shield";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("system", "read");
  }
}
