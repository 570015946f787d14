package org.linotpee.gsm.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;

/**
 * The connection manager of the non-managed mode: no pool, for the device is one and stays open.
 */
final class DirectConnections implements ConnectionManager {
  private static final long serialVersionUID = 1L;

  @Override
  public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo info)
      throws ResourceException {
    ManagedConnection connection = factory.createManagedConnection(null, info);
    connection.addConnectionEventListener(new DestroyWhenClosed(connection));
    return connection.getConnection(null, info);
  }

  private record DestroyWhenClosed(ManagedConnection connection)
      implements ConnectionEventListener {
    @Override
    public void connectionClosed(ConnectionEvent event) {
      destroy();
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
      destroy();
    }

    private void destroy() {
      try {
        connection.destroy();
      } catch (ResourceException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
      // there are no transactions
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
      // there are no transactions
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
      // there are no transactions
    }
  }
}
