package org.linotpee.web.manage;

import org.linotpee.configuration.Service;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.ConsolePage;

/** Token files. */
@Service
public class ImportPage implements ConsolePage {
  @Override
  public String name() {
    return "import";
  }

  @Override
  public Group group() {
    return Group.PEOPLE;
  }

  @Override
  public int rank() {
    return 30;
  }

  @Override
  public String icon() {
    return "pi-upload";
  }

  @Override
  public boolean allowed(AdminRights rights) {
    return !rights.of("import").nowhere();
  }
}
