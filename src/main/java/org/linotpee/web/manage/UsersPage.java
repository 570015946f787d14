package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Users: the list, and a view of each. */
@Service
public class UsersPage implements ConsolePage {
  @Override
  public String name() {
    return "users";
  }

  @Override
  public Group group() {
    return Group.PEOPLE;
  }

  @Override
  public int rank() {
    return 20;
  }

  @Override
  public String icon() {
    return "pi-users";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return !rights.of("userlist").nowhere();
  }
}
