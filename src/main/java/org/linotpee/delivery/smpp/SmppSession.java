package org.linotpee.delivery.smpp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RawDataCoding;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.SMPPSession;
import org.jsmpp.session.connection.Connection;
import org.jsmpp.session.connection.socket.SocketConnection;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Timeouts;

/** A session with a message centre: bound when it is made. */
final class SmppSession implements AutoCloseable {
  private final Access access;
  private final SMPPSession session;
  private final String centre;

  /**
   * How to reach the message centre.
   *
   * @param enquireLink milliseconds without traffic after which the session is checked; 0: never
   */
  record Access(
      String host,
      int port,
      boolean ssl,
      GatewayTls tls,
      Timeouts timeouts,
      String systemId,
      String password,
      String systemType,
      Address source,
      Address destination,
      int enquireLink) {
    /** Without the password. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** An address, or what all of one side have in common. */
  record Address(TypeOfNumber ton, NumberingPlanIndicator npi, String address) {}

  /** The message centre says no. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int THROTTLED = 0x58;
    private static final int QUEUE_FULL = 0x14;
    private final int status;

    RefusedException(String request, int status) {
      super("%s was refused with status %d (0x%02X)".formatted(request, status, status));
      this.status = status;
    }

    /** True if it would take the message at another time. */
    boolean busy() {
      return status == THROTTLED || status == QUEUE_FULL;
    }
  }

  /**
   * Connects and binds.
   *
   * @throws IOException if the message centre cannot be reached, or does not answer in time
   */
  SmppSession(Access access) throws IOException, RefusedException {
    this.access = access;
    this.session = new SMPPSession(this::connection);
    session.setPduProcessorDegree(1);
    session.setTransactionTimer(access.timeouts().read().toMillis());
    session.setEnquireLinkTimer(access.enquireLink());
    var bind =
        new BindParameter(
            BindType.BIND_TRX,
            access.systemId(),
            access.password(),
            access.systemType(),
            TypeOfNumber.UNKNOWN,
            NumberingPlanIndicator.UNKNOWN,
            null,
            InterfaceVersion.IF_34);
    try {
      this.centre =
          session.connectAndBind(
              access.host(), access.port(), bind, access.timeouts().read().toMillis());
    } catch (IOException e) {
      session.close();
      if (e.getCause() instanceof NegativeResponseException refused) {
        throw new RefusedException("bind_transceiver", refused.getCommandStatus());
      }
      throw e;
    }
  }

  private Connection connection(String host, int port) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(host, port), (int) access.timeouts().connect().toMillis());
      socket.setTcpNoDelay(true);
      return new SocketConnection(access.ssl() ? encrypted(socket, host, port) : socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Socket encrypted(Socket plain, String host, int port) throws IOException {
    plain.setSoTimeout((int) access.timeouts().connect().toMillis());
    var socket =
        (SSLSocket) access.tls().context().getSocketFactory().createSocket(plain, host, port, true);
    if (access.tls().verify()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    socket.setSoTimeout(0);
    return socket;
  }

  /** How the message centre calls itself. */
  String centre() {
    return centre == null ? "" : centre;
  }

  boolean bound() {
    return session.getSessionState().isBound();
  }

  /** Hands one short message over; returns the message centre's id of it. */
  String submit(
      String number, byte esmClass, byte coding, byte[] octets, OptionalParameter... parameters)
      throws IOException, RefusedException {
    try {
      return session
          .submitShortMessage(
              "",
              access.source().ton(),
              access.source().npi(),
              access.source().address(),
              access.destination().ton(),
              access.destination().npi(),
              number,
              new ESMClass(esmClass),
              (byte) 0,
              (byte) 0,
              null,
              null,
              new RegisteredDelivery(0),
              (byte) 0,
              new RawDataCoding(coding),
              (byte) 0,
              octets,
              parameters)
          .getMessageId();
    } catch (NegativeResponseException e) {
      throw new RefusedException("submit_sm", e.getCommandStatus());
    } catch (ResponseTimeoutException e) {
      throw new IOException("it does not answer in time", e);
    } catch (PDUException | InvalidResponseException e) {
      throw new IOException("it talks another protocol: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (bound()) {
      session.unbindAndClose();
    } else {
      session.close();
    }
  }
}
