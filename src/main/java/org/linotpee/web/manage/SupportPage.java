package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** About the program: version, licence, support subscription. */
@Service
public class SupportPage implements ConsolePage {
  @Override
  public String name() {
    return "support";
  }

  @Override
  public Group group() {
    return Group.TOOLS;
  }

  @Override
  public int rank() {
    return 90;
  }

  @Override
  public String icon() {
    return "pi-info-circle";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return true;
  }
}
