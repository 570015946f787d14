package org.linotpee.server;

import java.util.Map;

class MainJobOnPostgresIT extends MainJobSuite {
  @Override
  Map<String, String> environment() {
    return Databases.postgresEnvironment();
  }
}
