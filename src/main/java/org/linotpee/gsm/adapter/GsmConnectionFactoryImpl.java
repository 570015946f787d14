package org.linotpee.gsm.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import javax.naming.Reference;
import org.linotpee.gsm.GsmConnection;
import org.linotpee.gsm.GsmConnectionFactory;
import org.linotpee.gsm.GsmDevice;

/** Asks the server, or the non-managed mode, for connections. */
final class GsmConnectionFactoryImpl implements GsmConnectionFactory {
  private static final long serialVersionUID = 1L;

  private final GsmManagedConnectionFactory factory;
  private final ConnectionManager manager;
  private Reference reference;

  GsmConnectionFactoryImpl(GsmManagedConnectionFactory factory, ConnectionManager manager) {
    this.factory = factory;
    this.manager = manager;
  }

  @Override
  public GsmConnection getConnection() throws ResourceException {
    return (GsmConnection) manager.allocateConnection(factory, null);
  }

  @Override
  public GsmConnection getConnection(GsmDevice device) throws ResourceException {
    return (GsmConnection) manager.allocateConnection(factory, new GsmRequestInfo(device));
  }

  @Override
  public void setReference(Reference jndi) {
    reference = jndi;
  }

  @Override
  public Reference getReference() {
    return reference;
  }
}
