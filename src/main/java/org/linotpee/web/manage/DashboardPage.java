package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** The first page; everybody has one. */
@Service
public class DashboardPage implements ConsolePage {
  @Override
  public String name() {
    return "dashboard";
  }

  @Override
  public Group group() {
    return Group.OVERVIEW;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public String icon() {
    return "pi-home";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return true;
  }
}
