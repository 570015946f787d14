package org.linotpee.gsm;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A modem and how it is used.
 *
 * @param port {@code /dev/ttyUSB0}, {@code COM3}; a symbolic link is followed at each opening, so a
 *     USB device may come back under another number
 * @param baudRate bits a second, 8N1
 * @param pin of the SIM card, empty if it has none
 * @param smsc number of the service centre, empty: the SIM card's
 * @param textMode for modems that do not know PDU mode
 * @param init AT commands that are sent after the usual ones
 * @param receive received messages are taken from the modem and handed to listeners
 * @param statusReports the modem tells what became of messages
 * @param commandTimeout for ordinary commands
 * @param sendTimeout until the network has accepted a message; also how long one waits for its turn
 * @param queueLength how many messages may wait; further ones are refused at once
 */
public record GsmDevice(
    String port,
    int baudRate,
    FlowControl flowControl,
    String pin,
    String smsc,
    boolean textMode,
    List<String> init,
    boolean receive,
    boolean statusReports,
    Duration commandTimeout,
    Duration sendTimeout,
    int queueLength)
    implements Serializable {

  public static final int DEFAULT_BAUD_RATE = 115_200;
  public static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(5);
  public static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(60);
  public static final int DEFAULT_QUEUE_LENGTH = 100;

  private static final Pattern PORT = Pattern.compile("(/[\\w.,:@+/-]+|COM[0-9]{1,3})");
  private static final Pattern PIN = Pattern.compile("([0-9]{4,8})?");
  private static final Pattern SMSC = Pattern.compile("(\\+?[0-9]{3,20})?");
  private static final Pattern COMMAND = Pattern.compile("(?i)AT[\\x20-\\x7e]{0,200}");
  private static final int MAX_BAUD_RATE = 4_000_000;

  /** Who tells whom to wait on the line. */
  public enum FlowControl {
    NONE,
    RTSCTS,
    XONXOFF
  }

  /**
   * @throws IllegalArgumentException if a value cannot be right; the message says which
   */
  public GsmDevice {
    Objects.requireNonNull(flowControl, "a line has a flow control");
    init = List.copyOf(init);
    require(PORT.matcher(port).matches() && !port.contains(".."), "not the name of a serial port");
    require(baudRate >= 300 && baudRate <= MAX_BAUD_RATE, "the baud rate is 300 to 4000000");
    require(PIN.matcher(pin).matches(), "the PIN of a SIM card has 4 to 8 digits");
    require(SMSC.matcher(smsc).matches(), "the number of the service centre has 3 to 20 digits");
    require(
        init.stream().allMatch(c -> COMMAND.matcher(c).matches()),
        "an init command begins with AT and is one line of ASCII characters");
    require(commandTimeout.toMillis() > 0 && sendTimeout.toMillis() > 0, "a time-out is positive");
    require(queueLength >= 1, "at least one message can wait");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** A modem with the usual settings. */
  public static GsmDevice at(String port) {
    return new GsmDevice(
        port,
        DEFAULT_BAUD_RATE,
        FlowControl.RTSCTS,
        "",
        "",
        false,
        List.of(),
        false,
        false,
        DEFAULT_COMMAND_TIMEOUT,
        DEFAULT_SEND_TIMEOUT,
        DEFAULT_QUEUE_LENGTH);
  }

  /** The same with the PIN of its SIM card. */
  public GsmDevice withPin(String value) {
    return new GsmDevice(
        port,
        baudRate,
        flowControl,
        value,
        smsc,
        textMode,
        init,
        receive,
        statusReports,
        commandTimeout,
        sendTimeout,
        queueLength);
  }

  /** Without the PIN. */
  @Override
  public String toString() {
    return "modem at " + port;
  }
}
