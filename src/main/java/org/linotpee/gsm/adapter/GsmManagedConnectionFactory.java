package org.linotpee.gsm.adapter;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.at.ModemDevice;

/**
 * Makes connections to modems. Its properties describe the modem that is meant when an application
 * names none.
 */
public class GsmManagedConnectionFactory
    implements ManagedConnectionFactory, ResourceAdapterAssociation {
  private static final long serialVersionUID = 1L;

  private final DeviceSettings settings = new DeviceSettings();
  private transient GsmResourceAdapter adapter;
  private transient Devices own;
  private transient PrintWriter logWriter;

  @Override
  public Object createConnectionFactory(ConnectionManager manager) {
    return new GsmConnectionFactoryImpl(this, manager);
  }

  /** The non-managed mode: without an application server's pool. */
  @Override
  public Object createConnectionFactory() {
    return createConnectionFactory(new DirectConnections());
  }

  @Override
  public ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo info)
      throws ResourceException {
    return new GsmManagedConnection(device(info), deviceSettings(info));
  }

  private GsmDevice deviceSettings(ConnectionRequestInfo info) throws GsmException {
    if (info instanceof GsmRequestInfo request) {
      return request.device();
    }
    Optional<GsmDevice> configured;
    try {
      configured = settings.device();
    } catch (IllegalArgumentException e) {
      throw new GsmException(
          GsmException.Category.CONFIGURATION,
          "the connection factory is not configured rightly: " + e.getMessage(),
          e);
    }
    return configured.orElseThrow(
        () -> GsmException.configuration("the connection factory names no device"));
  }

  private synchronized ModemDevice device(ConnectionRequestInfo info) throws GsmException {
    GsmDevice wanted = deviceSettings(info);
    if (adapter != null) {
      return adapter.devices().device(wanted);
    }
    if (own == null) {
      own = new Devices(org.linotpee.gsm.at.Inbox.NONE, Devices.plainThreads());
    }
    return own.device(wanted);
  }

  @Override
  @SuppressWarnings("rawtypes") // the interface's signature
  public ManagedConnection matchManagedConnections(
      Set connections, Subject subject, ConnectionRequestInfo info) throws ResourceException {
    GsmDevice wanted = deviceSettings(info);
    for (Object candidate : connections) {
      if (candidate instanceof GsmManagedConnection connection && connection.serves(wanted)) {
        return connection;
      }
    }
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public ResourceAdapter getResourceAdapter() {
    return adapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
    if (!(resourceAdapter instanceof GsmResourceAdapter ours)) {
      throw new NotSupportedException("the connections belong to another adapter");
    }
    adapter = ours;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GsmManagedConnectionFactory factory
        && settings.equals(factory.settings)
        && Objects.equals(adapter, factory.adapter);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  // configuration properties ----------------------------------------------------------------------

  public String getPort() {
    return settings.port;
  }

  /** The serial port: {@code /dev/ttyUSB0}. */
  public void setPort(String value) {
    settings.port = value;
  }

  public Integer getBaudRate() {
    return settings.baudRate;
  }

  /** Bits a second. */
  public void setBaudRate(Integer value) {
    settings.baudRate = value;
  }

  public String getFlowControl() {
    return settings.flowControl;
  }

  /** {@code none}, {@code rtscts} or {@code xonxoff}. */
  public void setFlowControl(String value) {
    settings.flowControl = value;
  }

  public String getPin() {
    return settings.pin;
  }

  /** Of the SIM card. */
  public void setPin(String value) {
    settings.pin = value;
  }

  public String getSmsc() {
    return settings.smsc;
  }

  /** Number of the service centre; empty: the SIM card's. */
  public void setSmsc(String value) {
    settings.smsc = value;
  }

  public Boolean getTextMode() {
    return settings.textMode;
  }

  /** For modems without PDU mode. */
  public void setTextMode(Boolean value) {
    settings.textMode = value;
  }

  public String getInit() {
    return settings.init;
  }

  /** Further AT commands, with semicolons between them. */
  public void setInit(String value) {
    settings.init = value;
  }

  public Boolean getReceive() {
    return settings.receive;
  }

  /** Received messages go to message-driven beans. */
  public void setReceive(Boolean value) {
    settings.receive = value;
  }

  public Boolean getStatusReports() {
    return settings.statusReports;
  }

  /** Delivery reports go to message-driven beans. */
  public void setStatusReports(Boolean value) {
    settings.statusReports = value;
  }

  public Integer getCommandTimeout() {
    return settings.commandTimeout;
  }

  /** Seconds. */
  public void setCommandTimeout(Integer value) {
    settings.commandTimeout = value;
  }

  public Integer getSendTimeout() {
    return settings.sendTimeout;
  }

  /** Seconds. */
  public void setSendTimeout(Integer value) {
    settings.sendTimeout = value;
  }

  public Integer getQueueLength() {
    return settings.queueLength;
  }

  /** How many messages may wait. */
  public void setQueueLength(Integer value) {
    settings.queueLength = value;
  }
}
