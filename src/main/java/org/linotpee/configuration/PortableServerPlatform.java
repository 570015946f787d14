package org.linotpee.configuration;

import jakarta.transaction.TransactionManager;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.persistence.platform.server.ServerPlatformBase;
import org.eclipse.persistence.sessions.DatabaseSession;
import org.eclipse.persistence.transaction.JTATransactionController;

/** Finds the transaction manager of Payara and of WildFly alike, so that one WAR runs on both. */
@SuppressWarnings({"rawtypes", "unchecked", "overrides"}) // a raw Class in the overridden signature
public class PortableServerPlatform extends ServerPlatformBase {
  public PortableServerPlatform(DatabaseSession session) {
    super(session);
    disableRuntimeServices();
  }

  @Override
  public Class getExternalTransactionControllerClass() {
    return Controller.class;
  }

  /** Looks the manager up under each server's name. */
  public static class Controller extends JTATransactionController {
    @Override
    @SuppressWarnings("BanJNDI") // two constant names
    protected TransactionManager acquireTransactionManager() throws Exception {
      var context = new InitialContext();
      try {
        return (TransactionManager) context.lookup("java:appserver/TransactionManager");
      } catch (NamingException payaraOnly) {
        return (TransactionManager) context.lookup("java:jboss/TransactionManager");
      }
    }
  }
}
