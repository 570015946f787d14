package org.linotpee.server;

/** WAR and EAR on Payara Server. */
class PayaraServerIT extends ApplicationServerSuite {
  PayaraServerIT() {
    super(ApplicationServer.Kind.PAYARA);
  }
}
