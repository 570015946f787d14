package org.linotpee.server;

/** The WAR on Payara Server. */
class PayaraServerIT extends ApplicationServerSuite {
  PayaraServerIT() {
    super(ApplicationServer.Kind.PAYARA);
  }
}
