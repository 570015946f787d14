package org.linotpee.gsm.adapter;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.gsm.GsmDevice;

/**
 * A device as configuration properties of a deployment descriptor: every value a text or number,
 * checked when it is used.
 */
final class DeviceSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  String port = "";
  int baudRate = GsmDevice.DEFAULT_BAUD_RATE;
  String flowControl = "rtscts";
  String pin = "";
  String smsc = "";
  boolean textMode;
  String init = "";
  boolean receive;
  boolean statusReports;
  int commandTimeout = (int) GsmDevice.DEFAULT_COMMAND_TIMEOUT.toSeconds();
  int sendTimeout = (int) GsmDevice.DEFAULT_SEND_TIMEOUT.toSeconds();
  int queueLength = GsmDevice.DEFAULT_QUEUE_LENGTH;

  /**
   * The device, if a port is named.
   *
   * @throws IllegalArgumentException if a value cannot be right
   */
  Optional<GsmDevice> device() {
    if (port == null || port.isBlank()) {
      return Optional.empty();
    }
    List<String> commands =
        init == null || init.isBlank()
            ? List.of()
            : Arrays.stream(init.split(";")).map(String::strip).toList();
    return Optional.of(
        new GsmDevice(
            port.strip(),
            baudRate,
            GsmDevice.FlowControl.valueOf(flowControl.strip().toUpperCase(Locale.ROOT)),
            pin == null ? "" : pin.strip(),
            smsc == null ? "" : smsc.strip(),
            textMode,
            commands,
            receive,
            statusReports,
            Duration.ofSeconds(commandTimeout),
            Duration.ofSeconds(sendTimeout),
            queueLength));
  }

  private List<Object> all() {
    return Arrays.asList(
        port,
        baudRate,
        flowControl,
        pin,
        smsc,
        textMode,
        init,
        receive,
        statusReports,
        commandTimeout,
        sendTimeout,
        queueLength);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceSettings settings && all().equals(settings.all());
  }

  @Override
  public int hashCode() {
    return Objects.hash(port, baudRate, smsc);
  }

  @Override
  public String toString() {
    return "modem at " + port;
  }
}
