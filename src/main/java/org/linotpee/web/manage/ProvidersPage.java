package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Providers of short messages, e-mail, voice and push. */
@Service
public class ProvidersPage implements ConsolePage {
  @Override
  public String name() {
    return "providers";
  }

  @Override
  public Group group() {
    return Group.CONFIGURATION;
  }

  @Override
  public int rank() {
    return 30;
  }

  @Override
  public String icon() {
    return "pi-send";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return rights.may("system", "read");
  }
}
