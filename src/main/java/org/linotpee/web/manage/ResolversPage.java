package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Resolvers: the list, and a view of each. */
@Service
public class ResolversPage implements ConsolePage {
  @Override
  public String name() {
    return "resolvers";
  }

  @Override
  public Group group() {
    return Group.CONFIGURATION;
  }

  @Override
  public int rank() {
    return 20;
  }

  @Override
  public String icon() {
    return "pi-server";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("system", "read");
  }
}
