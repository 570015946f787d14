package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Settings of the server and of tokens. */
@Service
public class SettingsPage implements ConsolePage {
  @Override
  public String name() {
    return "settings";
  }

  @Override
  public Group group() {
    return Group.CONFIGURATION;
  }

  @Override
  public int rank() {
    return 40;
  }

  @Override
  public String icon() {
    return "pi-cog";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("system", "read");
  }
}
