package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Tokens: the list, and a view of each. */
@Service
public class TokensPage implements ConsolePage {
  @Override
  public String name() {
    return "tokens";
  }

  @Override
  public Group group() {
    return Group.PEOPLE;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public String icon() {
    return "pi-key";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return !rights.ofAny().nowhere();
  }
}
