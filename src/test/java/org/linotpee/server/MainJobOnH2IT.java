package org.linotpee.server;

import java.util.Map;

class MainJobOnH2IT extends MainJobSuite {
  @Override
  Map<String, String> environment() {
    return Map.of();
  }
}
