package org.linotpee.gsm;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import java.io.Serializable;

/** Gives connections to modems. Application servers bind it in JNDI. */
public interface GsmConnectionFactory extends Serializable, Referenceable {
  /**
   * A connection to the modem that the factory is configured with.
   *
   * @throws ResourceException if it is configured with none
   */
  GsmConnection getConnection() throws ResourceException;

  /**
   * A connection to a certain modem. The port stays open between connections and is shared by all
   * who name it; the settings that were named last hold.
   */
  GsmConnection getConnection(GsmDevice device) throws ResourceException;
}
