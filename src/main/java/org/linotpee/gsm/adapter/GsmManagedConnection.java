package org.linotpee.gsm.adapter;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.GsmConnection;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.SentMessage;
import org.linotpee.gsm.TextMessage;
import org.linotpee.gsm.at.ModemDevice;

/** A pooled way to a device. It costs nothing: the port belongs to the device. */
final class GsmManagedConnection implements ManagedConnection {
  private final ModemDevice device;
  private final GsmDevice settings;
  private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Handle> handles = new CopyOnWriteArrayList<>();
  private PrintWriter logWriter;

  GsmManagedConnection(ModemDevice device, GsmDevice settings) {
    this.device = device;
    this.settings = settings;
  }

  boolean serves(GsmDevice wanted) {
    return settings.equals(wanted);
  }

  @Override
  public Object getConnection(Subject subject, ConnectionRequestInfo info) {
    // another application may have used the same port with other settings meanwhile
    device.reconfigure(settings);
    var handle = new Handle(this);
    handles.add(handle);
    return handle;
  }

  /** What applications hold; dead when it was closed. */
  private static final class Handle implements GsmConnection {
    private volatile GsmManagedConnection connection;

    Handle(GsmManagedConnection connection) {
      this.connection = connection;
    }

    private ModemDevice device() throws GsmException {
      GsmManagedConnection current = connection;
      if (current == null) {
        throw GsmException.refused("the connection is closed");
      }
      return current.device;
    }

    @Override
    public SentMessage send(TextMessage message) throws GsmException {
      return device().send(message);
    }

    @Override
    public DeviceStatus status() throws GsmException {
      return device().status();
    }

    @Override
    public void close() {
      GsmManagedConnection current = connection;
      if (current != null) {
        connection = null;
        current.closed(this);
      }
    }
  }

  private void closed(Handle handle) {
    handles.remove(handle);
    var event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
    event.setConnectionHandle(handle);
    listeners.forEach(listener -> listener.connectionClosed(event));
  }

  @Override
  public void associateConnection(Object connection) throws ResourceException {
    if (!(connection instanceof Handle handle)) {
      throw new NotSupportedException("not a connection of this adapter");
    }
    GsmManagedConnection before = handle.connection;
    if (before != null) {
      before.handles.remove(handle);
    }
    handle.connection = this;
    handles.add(handle);
  }

  @Override
  public void cleanup() {
    handles.forEach(handle -> handle.connection = null);
    handles.clear();
  }

  @Override
  public void destroy() {
    cleanup();
  }

  @Override
  public void addConnectionEventListener(ConnectionEventListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeConnectionEventListener(ConnectionEventListener listener) {
    listeners.remove(listener);
  }

  @Override
  public XAResource getXAResource() throws ResourceException {
    throw new NotSupportedException("a short message cannot be rolled back");
  }

  @Override
  public LocalTransaction getLocalTransaction() throws ResourceException {
    throw new NotSupportedException("a short message cannot be rolled back");
  }

  @Override
  public ManagedConnectionMetaData getMetaData() {
    return new MetaData();
  }

  private static final class MetaData implements ManagedConnectionMetaData {
    @Override
    public String getEISProductName() {
      return "GSM modem";
    }

    @Override
    public String getEISProductVersion() {
      return "3GPP TS 27.005";
    }

    @Override
    public int getMaxConnections() {
      return 0;
    }

    @Override
    public String getUserName() {
      return "";
    }
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }
}
