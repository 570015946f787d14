package org.linotpee.delivery;

import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.GsmConnection;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.SentMessage;
import org.linotpee.gsm.TextMessage;

/** Text messages through a serial GSM modem (spec 11 section 11). */
@Service
public class DeviceSmsProviderClass implements ProviderClass {
  private final GsmModems modems;

  @Inject
  public DeviceSmsProviderClass(GsmModems modems) {
    this.modems = modems;
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "DeviceSMSProvider";
  }

  @Override
  public Set<String> spellings() {
    return ProviderType.smsSpellings(name());
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.of("PORT", "string", "the serial port: /dev/ttyUSB0"),
        Option.of("CONFIGFILE", "string", "a file as gnokii has it, read for what is not set here"),
        Option.of("CONNECTION_FACTORY", "string", "JNDI name, on an application server"),
        Option.of("BAUDRATE", "number", "bits a second; 115200"),
        Option.of("FLOWCONTROL", "string", "none, rtscts or xonxoff; rtscts"),
        Option.of("PIN", "string", "of the SIM card"),
        Option.of("SMSC", "string", "number of the service centre; the SIM card's"),
        Option.of("MODE", "string", "pdu or text; pdu"),
        Option.of("INIT", "array", "further AT commands for the beginning"),
        Option.of("VALIDITY", "string", "how long delivery is tried: 10 min, 2 h, 4 d"),
        Option.of("FLASH", "boolean", "shown at once, not stored"),
        Option.of("STATUS_REPORT", "boolean", "ask for delivery reports"),
        Option.of("REPORT_TIMEOUT", "number", "seconds to wait for them; 0"),
        Option.of("RECEIVE", "boolean", "note received messages in the audit trail"),
        Option.of("TIMEOUT", "string", "seconds for a command, for sending; 5,60"),
        Option.of("QUEUE", "number", "how many messages may wait; 100"),
        Option.of("MAX_PARTS", "number", "longer texts are refused; 4"),
        Option.of("TRANSLITERATE", "boolean", "similar characters instead of UCS-2"),
        Option.of("MSISDN", "boolean", "digits of the number alone"),
        Option.of("SUPPRESS_PREFIX", "string", "cut off the number"));
  }

  @Override
  public Provider open(ProviderSettings settings) {
    return new Device(DeviceSmsSettings.of(settings), settings);
  }

  private final class Device implements Provider {
    private final DeviceSmsSettings device;
    private final ProviderSettings settings;

    Device(DeviceSmsSettings device, ProviderSettings settings) {
      this.device = device;
      this.settings = settings;
    }

    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("there is no telephone number");
      }
      try (GsmConnection modem = modems.connect(device.connectionFactory(), device.device())) {
        return accepted(
            modem.send(
                new TextMessage(
                    number,
                    message.text(),
                    device.validity(),
                    device.flash(),
                    device.statusReport(),
                    device.reportTimeout(),
                    device.maxParts(),
                    device.transliterate())));
      } catch (ResourceException e) {
        return failed(e);
      }
    }

    private static Outcome accepted(SentMessage sent) {
      if (sent.delivery().equals(Optional.of(DeliveryReport.Outcome.FAILED))) {
        return new Outcome.Refused("the network could not deliver the message");
      }
      return new Outcome.Accepted(
          sent.delivery().equals(Optional.of(DeliveryReport.Outcome.DELIVERED))
              ? "delivered"
              : "sent");
    }

    private static Outcome failed(ResourceException e) {
      GsmException known = gsmException(e);
      String reason = known == null ? String.valueOf(e.getMessage()) : known.getMessage();
      if (known == null) {
        return new Outcome.Unavailable(reason);
      }
      return switch (known.category()) {
        case UNAVAILABLE -> new Outcome.Unavailable(reason);
        case REFUSED -> new Outcome.Refused(reason);
        case CONFIGURATION -> new Outcome.Misconfigured(reason);
      };
    }

    /** Servers' pools wrap what the adapter has said. */
    private static GsmException gsmException(Throwable failure) {
      for (Throwable t = failure; t != null; t = t.getCause()) {
        if (t instanceof GsmException known) {
          return known;
        }
      }
      return null;
    }

    @Override
    public ProviderTest test() {
      var steps = new ArrayList<String>();
      try (GsmConnection modem = modems.connect(device.connectionFactory(), device.device())) {
        DeviceStatus status = modem.status();
        steps.add("opened " + status.port());
        steps.add("modem: " + (status.model().isEmpty() ? "unknown" : status.model()));
        steps.add("SIM card: " + status.sim());
        steps.add(
            "network: "
                + status.registration().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + status.operator().map(o -> ", " + o).orElse(""));
        steps.add(
            "signal: "
                + (status.signalDbm().isPresent()
                    ? status.signalDbm().getAsInt() + " dBm"
                    : "unknown"));
        boolean usable = status.registration().usable() && status.sim().equals("READY");
        return new ProviderTest(
            usable, usable ? "the modem is ready" : "the modem cannot send now", steps);
      } catch (ResourceException e) {
        return new ProviderTest(false, failed(e).reason(), steps);
      }
    }
  }
}
