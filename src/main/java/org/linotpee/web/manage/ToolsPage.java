package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Tools: everybody has at least that for the own password. */
@Service
public class ToolsPage implements ConsolePage {
  @Override
  public String name() {
    return "tools";
  }

  @Override
  public Group group() {
    return Group.TOOLS;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public String icon() {
    return "pi-wrench";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return true;
  }
}
