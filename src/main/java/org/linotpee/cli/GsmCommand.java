package org.linotpee.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.SentMessage;
import org.linotpee.gsm.TextMessage;
import org.linotpee.gsm.at.Inbox;
import org.linotpee.gsm.at.ModemDevice;
import org.linotpee.gsm.at.SerialPortLine;
import org.linotpee.gsm.at.Timing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code linotp gsm}: tries a serial modem out. */
@Command(name = "gsm", description = "Try a serial GSM modem out.")
final class GsmCommand {
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(60);
  private static final int WEAK_DBM = -101;

  @Command(
      name = "test",
      description = {
        "Open a modem, tell what it says, and send a message.",
        "",
        "The server must not use the same port meanwhile."
      })
  int test(
      @Option(
              names = "--port",
              required = true,
              paramLabel = "DEVICE",
              description = "Serial port: /dev/ttyUSB0, COM3.")
          String port,
      @Option(
              names = "--to",
              paramLabel = "NUMBER",
              description = "Send a message to this number; without it nothing is sent.")
          String number,
      @Option(
              names = "--text",
              paramLabel = "TEXT",
              defaultValue = "Test of linotp-ee",
              description = "What is sent; default: ${DEFAULT-VALUE}.")
          String text,
      @Option(
              names = "--pin",
              paramLabel = "PIN",
              description = "PIN of the SIM card; - asks for it.")
          String pin,
      @Option(names = "--smsc", paramLabel = "NUMBER", description = "Service centre.") String smsc,
      @Option(
              names = "--baud",
              paramLabel = "RATE",
              defaultValue = "115200",
              description = "Bits a second; default: ${DEFAULT-VALUE}.")
          int baudRate,
      @Option(
              names = "--flow",
              paramLabel = "CONTROL",
              defaultValue = "rtscts",
              description = "none, rtscts or xonxoff; default: ${DEFAULT-VALUE}.")
          String flow,
      @Option(names = "--text-mode", description = "For modems without PDU mode.") boolean textMode,
      @Option(names = "--report", description = "Wait for the delivery report.") boolean report,
      @Option(names = "--dialogue", description = "Show the commands and answers.")
          boolean dialogue) {
    GsmDevice settings = settings(port, pin, smsc, baudRate, flow, textMode, report);
    explainPort(port);
    try (var device =
        new ModemDevice(
            settings,
            SerialPortLine::open,
            Timing.REAL,
            Inbox.NONE,
            line -> {
              if (dialogue) {
                System.out.println("  " + line);
              }
            },
            work -> {
              var thread = new Thread(work, "gsm-modem");
              thread.setDaemon(true);
              thread.start();
            })) {
      System.out.println("Asking the modem; a search for the network takes up to a minute ...");
      DeviceStatus status = device.status();
      explain(status);
      if (number == null) {
        System.out.println("The modem is ready. --to NUMBER sends a message.");
        return 0;
      }
      return send(device, number, text, report);
    } catch (GsmException e) {
      throw new Failure(hint(e), e);
    }
  }

  private static GsmDevice settings(
      String port,
      String pin,
      String smsc,
      int baudRate,
      String flow,
      boolean textMode,
      boolean report) {
    try {
      return new GsmDevice(
          port,
          baudRate,
          GsmDevice.FlowControl.valueOf(flow.toUpperCase(Locale.ROOT)),
          pin == null ? "" : pin.equals("-") ? askedPin() : pin,
          smsc == null ? "" : smsc,
          textMode,
          List.of(),
          false,
          report,
          GsmDevice.DEFAULT_COMMAND_TIMEOUT,
          Duration.ofSeconds(90),
          1);
    } catch (IllegalArgumentException e) {
      throw new Failure(e.getMessage(), e);
    }
  }

  private static String askedPin() {
    return Console.terminal()
        .map(terminal -> new String(terminal.readPassword("PIN: ")))
        .orElseGet(Console::line)
        .strip();
  }

  private static void explainPort(String port) {
    Path path = Path.of(port);
    if (port.startsWith("/") && Files.isSymbolicLink(path) && Files.exists(path)) {
      try {
        System.out.println(port + " is a link to " + path.toRealPath());
      } catch (java.io.IOException e) {
        System.out.println(port + " is a link that leads nowhere");
      }
    }
  }

  private static void explain(DeviceStatus status) {
    System.out.println("Modem:    " + (status.model().isEmpty() ? "unknown" : status.model()));
    System.out.println("SIM card: " + status.sim());
    System.out.println(
        "Network:  "
            + status.registration().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + status.operator().map(o -> " (" + o + ")").orElse(""));
    if (status.signalDbm().isPresent()) {
      int dbm = status.signalDbm().getAsInt();
      System.out.println(
          "Signal:   " + dbm + " dBm" + (dbm < WEAK_DBM ? ", weak: a better antenna helps" : ""));
    } else {
      System.out.println("Signal:   unknown");
    }
  }

  private static int send(ModemDevice device, String number, String text, boolean report)
      throws GsmException {
    SentMessage sent =
        device.send(
            new TextMessage(
                number,
                text,
                Optional.of(TextMessage.DEFAULT_VALIDITY),
                false,
                report,
                report ? REPORT_TIMEOUT : Duration.ZERO,
                TextMessage.DEFAULT_MAX_PARTS,
                false));
    System.out.println(
        "The network has accepted the message, in "
            + sent.references().size()
            + (sent.references().size() == 1 ? " part." : " parts."));
    if (report) {
      System.out.println(
          sent.delivery()
              .map(
                  outcome ->
                      switch (outcome) {
                        case DELIVERED -> "It was delivered.";
                        case PENDING -> "It is not delivered yet: is the telephone switched on?";
                        case FAILED -> "It could not be delivered.";
                      })
              .orElse("No delivery report has come: not every operator sends them."));
    }
    return sent.delivery().equals(Optional.of(DeliveryReport.Outcome.FAILED)) ? 1 : 0;
  }

  /** What an administrator can do. */
  private static String hint(GsmException e) {
    String message = e.getMessage();
    if (message.contains("does not answer at all")) {
      return message
          + "\n  Try --baud 9600 or 19200, --flow none, and the other ports of the same device:"
          + " many modems have two or three, of which one takes commands (ls -l"
          + " /dev/serial/by-id).";
    }
    if (message.contains("cannot be opened")) {
      return message
          + "\n  Who uses it: fuser -v PORT. ModemManager likes to take modems: disable it, or tell"
          + " it to leave this one alone.";
    }
    return message;
  }
}
