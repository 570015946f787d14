package org.linotpee.server;

import java.util.Map;

class MainJobOnMariaDbIT extends MainJobSuite {
  @Override
  Map<String, String> environment() {
    return Databases.mariaDbEnvironment();
  }
}
