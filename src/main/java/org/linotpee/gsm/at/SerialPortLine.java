package org.linotpee.gsm.at;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.linotpee.gsm.GsmDevice;

/** A serial port of the machine, by jSerialComm. */
public final class SerialPortLine implements SerialLine {
  private static final Duration PULSE = Duration.ofMillis(500);
  private final SerialPort port;

  private SerialPortLine(SerialPort port) {
    this.port = port;
  }

  /** Opens the port of a device, for nobody else. */
  public static SerialLine open(GsmDevice device) throws IOException {
    requireUsable(device.port());
    SerialPort port;
    try {
      port = SerialPort.getCommPort(device.port());
    } catch (SerialPortInvalidPortException e) {
      throw new IOException(device.port() + " is no serial port", e);
    }
    port.setComPortParameters(device.baudRate(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    port.setFlowControl(
        switch (device.flowControl()) {
          case NONE -> SerialPort.FLOW_CONTROL_DISABLED;
          case RTSCTS -> SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED;
          case XONXOFF ->
              SerialPort.FLOW_CONTROL_XONXOFF_IN_ENABLED
                  | SerialPort.FLOW_CONTROL_XONXOFF_OUT_ENABLED;
        });
    port.setComPortTimeouts(SerialPort.TIMEOUT_NONBLOCKING, 0, 0);
    if (!port.openPort(0)) {
      throw new IOException(
          device.port() + " cannot be opened: in use by another program, or no serial port");
    }
    return new SerialPortLine(port);
  }

  private static void requireUsable(String name) throws IOException {
    if (!name.startsWith("/")) {
      return;
    }
    Path path = Path.of(name);
    if (!Files.exists(path)) {
      throw new IOException(name + " is not there: is the modem plugged in?");
    }
    if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      throw new IOException(name + " is no serial port");
    }
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw new IOException(
          name
              + " may not be used by the account '"
              + System.getProperty("user.name")
              + "': add it to the group of the device (usually dialout)");
    }
  }

  @Override
  public int read(byte[] buffer, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      int available = port.bytesAvailable();
      if (available < 0) {
        throw gone();
      }
      if (available > 0) {
        int read = port.readBytes(buffer, Math.min(available, buffer.length));
        if (read < 0) {
          throw gone();
        }
        return read;
      }
      if (System.nanoTime() - deadline >= 0) {
        return 0;
      }
      pause(Duration.ofMillis(10));
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    byte[] rest = bytes;
    while (rest.length > 0) {
      int written = port.writeBytes(rest, rest.length);
      if (written <= 0) {
        throw gone();
      }
      rest = Arrays.copyOfRange(rest, written, rest.length);
    }
  }

  @Override
  public void pulse() throws IOException {
    port.clearDTR();
    pause(PULSE);
    port.setDTR();
  }

  private IOException gone() {
    return new IOException(port.getSystemPortPath() + " is gone: the modem was unplugged");
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    port.closePort();
  }
}
