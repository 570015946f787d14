package org.linotpee.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.TextMessage;

/**
 * The settings of a device provider (spec 11 section 11.1): its own keys, and below them the file
 * that gnokii was configured with.
 *
 * @param connectionFactory where the application server has the modem
 * @param device empty if the server's factory names it
 */
record DeviceSmsSettings(
    Optional<String> connectionFactory,
    Optional<GsmDevice> device,
    Optional<Duration> validity,
    boolean flash,
    boolean statusReport,
    Duration reportTimeout,
    int maxParts,
    boolean transliterate) {
  private static final Pattern JNDI = Pattern.compile("(java:[a-z]*/)?[\\w/.-]{1,200}");
  private static final Pattern PERIOD =
      Pattern.compile("([0-9]{1,6}) *(m|min|minutes?|h|hours?|d|days?|w|weeks?)?");
  private static final long MAX_FILE = 64 * 1024;
  private static final Timeouts TIMEOUTS = Timeouts.ofSeconds(5, 60);

  /**
   * Reads and checks the settings.
   *
   * @throws LinotpException -311 if a value cannot be used
   */
  static DeviceSmsSettings of(ProviderSettings settings) {
    Map<String, String> file =
        settings.text("CONFIGFILE").map(DeviceSmsSettings::global).orElse(Map.of());
    Optional<String> factory = settings.text("CONNECTION_FACTORY");
    if (factory.isPresent() && !JNDI.matcher(factory.get()).matches()) {
      throw ProviderSettings.unusable("CONNECTION_FACTORY", "is no JNDI name");
    }
    Optional<String> port = settings.text("PORT").or(() -> Optional.ofNullable(file.get("port")));
    if (port.isEmpty() && factory.isEmpty()) {
      throw LinotpException.unclassified(
          "no device is named: 'PORT', or 'port' in the file of 'CONFIGFILE', is missing");
    }
    boolean statusReport = settings.laxFlag("STATUS_REPORT");
    return new DeviceSmsSettings(
        factory,
        port.map(p -> device(p, file, settings, statusReport)),
        validity(settings),
        settings.laxFlag("FLASH"),
        statusReport,
        Duration.ofSeconds(settings.number("REPORT_TIMEOUT", 0, 0, 600)),
        settings.number("MAX_PARTS", TextMessage.DEFAULT_MAX_PARTS, 1, 255),
        settings.laxFlag("TRANSLITERATE"));
  }

  private static GsmDevice device(
      String port, Map<String, String> file, ProviderSettings settings, boolean statusReport) {
    Timeouts timeouts = settings.timeouts(timeouts(file));
    boolean text = mode(settings);
    boolean receive = settings.laxFlag("RECEIVE");
    if (text && receive) {
      throw ProviderSettings.unusable("RECEIVE", "needs PDU mode");
    }
    try {
      return new GsmDevice(
          port,
          settings.number(
              "BAUDRATE",
              number(file, "serial_baudrate", GsmDevice.DEFAULT_BAUD_RATE),
              300,
              4_000_000),
          flowControl(file, settings),
          settings.text("PIN").orElse(""),
          settings.text("SMSC").orElse(""),
          text,
          init(settings),
          receive,
          statusReport,
          timeouts.connect(),
          timeouts.read(),
          settings.number("QUEUE", GsmDevice.DEFAULT_QUEUE_LENGTH, 1, 10_000));
    } catch (IllegalArgumentException e) {
      throw LinotpException.unclassified("the device cannot be used like that: " + e.getMessage());
    }
  }

  private static Timeouts timeouts(Map<String, String> file) {
    int send = number(file, "smsc_timeout", 0);
    return send > 0
        ? new Timeouts(TIMEOUTS.connect(), Duration.ofSeconds(Math.min(send, 3600)))
        : TIMEOUTS;
  }

  private static boolean mode(ProviderSettings settings) {
    return switch (settings.text("MODE").orElse("pdu").toLowerCase(Locale.ROOT)) {
      case "pdu" -> false;
      case "text" -> true;
      default -> throw ProviderSettings.unusable("MODE", "has to be pdu or text");
    };
  }

  private static GsmDevice.FlowControl flowControl(
      Map<String, String> file, ProviderSettings settings) {
    String standard = file.getOrDefault("handshake", "rtscts");
    return switch (settings.text("FLOWCONTROL").orElse(standard).toLowerCase(Locale.ROOT)) {
      case "none" -> GsmDevice.FlowControl.NONE;
      case "rtscts", "hardware" -> GsmDevice.FlowControl.RTSCTS;
      case "xonxoff", "software" -> GsmDevice.FlowControl.XONXOFF;
      default ->
          throw ProviderSettings.unusable("FLOWCONTROL", "has to be none, rtscts or xonxoff");
    };
  }

  private static List<String> init(ProviderSettings settings) {
    JsonNode node = settings.value("INIT");
    var commands = new ArrayList<String>();
    if (node.isArray()) {
      node.forEach(command -> commands.add(command.asText()));
    } else {
      settings.text("INIT").ifPresent(commands::add);
    }
    return commands;
  }

  /** A number of minutes, or one with a unit; {@code ""} is none. */
  private static Optional<Duration> validity(ProviderSettings settings) {
    JsonNode node = settings.value("VALIDITY");
    if (node.isMissingNode() || node.isNull()) {
      return Optional.of(TextMessage.DEFAULT_VALIDITY);
    }
    if (node.isTextual() && node.asText().isBlank()) {
      return Optional.empty();
    }
    Matcher period = PERIOD.matcher(node.asText().strip().toLowerCase(Locale.ROOT));
    if (!node.isValueNode() || !period.matches()) {
      throw ProviderSettings.unusable("VALIDITY", "has to be a period such as 10 min, 2 h, 4 d");
    }
    long count = Long.parseLong(period.group(1));
    String unit = period.group(2) == null ? "m" : period.group(2).substring(0, 1);
    return Optional.of(
        switch (unit) {
          case "h" -> Duration.ofHours(count);
          case "d" -> Duration.ofDays(count);
          case "w" -> Duration.ofDays(7 * count);
          default -> Duration.ofMinutes(count);
        });
  }

  // the file of gnokii ----------------------------------------------------------------------------

  /** The entries of section {@code [global]}; those in front of any section count, too. */
  private static Map<String, String> global(String name) {
    var entries = new HashMap<String, String>();
    boolean global = true;
    for (String line : lines(name)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        global = text.equalsIgnoreCase("[global]");
      } else if (global && text.indexOf('=') > 0 && !text.startsWith("#")) {
        int equals = text.indexOf('=');
        entries.put(
            text.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            text.substring(equals + 1).strip());
      }
    }
    require(entries, "model", "AT");
    require(entries, "connection", "serial");
    return entries;
  }

  private static List<String> lines(String name) {
    try {
      Path file = Path.of(name);
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE) {
        throw ProviderSettings.unusable("CONFIGFILE", "names no configuration file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException | IllegalArgumentException e) {
      throw ProviderSettings.unusable("CONFIGFILE", "names a file that cannot be read");
    }
  }

  private static void require(Map<String, String> entries, String key, String value) {
    String found = entries.get(key);
    if (found != null && !found.equalsIgnoreCase(value)) {
      throw LinotpException.unclassified(
          "in the file of 'CONFIGFILE', '%s' has to be %s".formatted(key, value));
    }
  }

  private static int number(Map<String, String> file, String key, int standard) {
    String text = file.getOrDefault(key, "");
    return text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : standard;
  }
}
