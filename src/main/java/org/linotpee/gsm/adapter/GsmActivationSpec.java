package org.linotpee.gsm.adapter;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.Serializable;

/** Which modem's messages a message-driven bean gets. */
public class GsmActivationSpec implements ActivationSpec, Serializable {
  private static final long serialVersionUID = 1L;

  private String port = "";
  private transient ResourceAdapter adapter;

  public String getPort() {
    return port;
  }

  /** A port; empty: all that the adapter works with. */
  public void setPort(String value) {
    port = value;
  }

  boolean wants(String device) {
    return port == null || port.isBlank() || port.strip().equals(device);
  }

  @Override
  public void validate() throws InvalidPropertyException {
    if (port != null && !port.isBlank() && !port.strip().matches("/.*|COM[0-9]+")) {
      throw new InvalidPropertyException("port is not the name of a serial port");
    }
  }

  @Override
  public ResourceAdapter getResourceAdapter() {
    return adapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter resourceAdapter) {
    adapter = resourceAdapter;
  }
}
