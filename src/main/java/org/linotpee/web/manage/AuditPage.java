package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** The audit trail. */
@Service
public class AuditPage implements ConsolePage {
  @Override
  public String name() {
    return "audit";
  }

  @Override
  public Group group() {
    return Group.CONTROL;
  }

  @Override
  public int rank() {
    return 20;
  }

  @Override
  public String icon() {
    return "pi-history";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("audit", "view");
  }
}
