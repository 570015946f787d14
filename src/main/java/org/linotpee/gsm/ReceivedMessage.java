package org.linotpee.gsm;

import java.io.Serializable;
import java.time.Instant;

/**
 * A short message that a modem has received, put together from its parts.
 *
 * @param device the port of the modem
 * @param sender a number or a name, as the network tells it: it proves nothing
 * @param sentAt when the service centre took it
 */
public record ReceivedMessage(String device, String sender, Instant sentAt, String text)
    implements Serializable {
  /** Without the text, which may be private. */
  @Override
  public String toString() {
    return "message from " + sender + " at " + device;
  }
}
