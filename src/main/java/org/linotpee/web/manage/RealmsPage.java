package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Realms: the list, and a view of each. */
@Service
public class RealmsPage implements ConsolePage {
  @Override
  public String name() {
    return "realms";
  }

  @Override
  public Group group() {
    return Group.CONFIGURATION;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public String icon() {
    return "pi-sitemap";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("system", "read");
  }
}
