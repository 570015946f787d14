package org.linotpee.gsm.at;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * An open serial line. Only its owner's thread uses it; {@link #close} may come from another one.
 */
public interface SerialLine extends Closeable {
  /**
   * Reads what is there; waits if nothing is.
   *
   * @return how many bytes, 0 if there was nothing in time
   * @throws IOException if the device is gone
   */
  int read(byte[] buffer, Duration timeout) throws IOException;

  /** Writes all bytes. */
  void write(byte[] bytes) throws IOException;

  /** Drops the terminal-ready signal for half a second, which wakes many modems up. */
  void pulse() throws IOException;

  /** Opens lines. */
  interface Opener {
    /**
     * Opens a device.
     *
     * @throws IOException if it is not there, in use or not permitted; the message says which
     */
    SerialLine open(org.linotpee.gsm.GsmDevice device) throws IOException;
  }
}
