package org.linotpee.server;

/** WAR and EAR on WildFly. */
class WildFlyIT extends ApplicationServerSuite {
  WildFlyIT() {
    super(ApplicationServer.Kind.WILDFLY);
  }
}
