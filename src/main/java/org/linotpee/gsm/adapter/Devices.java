package org.linotpee.gsm.adapter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.at.Inbox;
import org.linotpee.gsm.at.ModemDevice;
import org.linotpee.gsm.at.SerialLine;
import org.linotpee.gsm.at.SerialPortLine;
import org.linotpee.gsm.at.Timing;

/** The devices in use, one for each port, whoever asks for them. */
final class Devices implements AutoCloseable {
  private static final Logger LOG = System.getLogger("org.linotpee.gsm.dialogue");

  private final Inbox inbox;
  private final Executor threads;
  private final SerialLine.Opener opener;
  private final Map<String, ModemDevice> open = new HashMap<>();
  private boolean closed;

  Devices(Inbox inbox, Executor threads) {
    this(inbox, threads, SerialPortLine::open);
  }

  Devices(Inbox inbox, Executor threads, SerialLine.Opener opener) {
    this.inbox = inbox;
    this.threads = threads;
    this.opener = opener;
  }

  /** Threads of a Java SE process. */
  static Executor plainThreads() {
    return work -> {
      var thread = new Thread(work, "gsm-modem");
      thread.setDaemon(true);
      thread.start();
    };
  }

  /** The device at a port, with these settings from now on. */
  synchronized ModemDevice device(GsmDevice settings) {
    if (closed) {
      throw new IllegalStateException("the adapter has ended");
    }
    ModemDevice device = open.get(settings.port());
    if (device == null) {
      device =
          new ModemDevice(
              settings,
              opener,
              Timing.REAL,
              inbox,
              line -> LOG.log(Level.DEBUG, "{0} {1}", settings.port(), line),
              threads);
      open.put(settings.port(), device);
    } else {
      device.reconfigure(settings);
    }
    return device;
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(ModemDevice::close);
    open.clear();
  }
}
