package org.linotpee.gsm;

/**
 * A connection to a modem. One message at a time is sent; others wait in the order of their coming.
 */
public interface GsmConnection extends AutoCloseable {
  /**
   * Sends a text, in several parts if it is long.
   *
   * @return after the network has accepted it and, where the message asks for that, after its
   *     delivery was reported or the time for that is over
   * @throws GsmException if it was not accepted; after a time-out it may have been sent all the
   *     same
   */
  SentMessage send(TextMessage message) throws GsmException;

  /**
   * Asks the modem for its state: SIM card, network, signal.
   *
   * @throws GsmException if the modem cannot be reached
   */
  DeviceStatus status() throws GsmException;

  /** Gives the connection back; the port stays open. */
  @Override
  void close();
}
