package org.linotpee.gsm.at;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.DeviceStatus.Registration;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.TextMessage;
import org.linotpee.gsm.pdu.GsmAlphabet;
import org.linotpee.gsm.pdu.PduException;
import org.linotpee.gsm.pdu.PhoneNumber;
import org.linotpee.gsm.pdu.SubmitPdu;
import org.linotpee.gsm.pdu.ValidityPeriod;

/**
 * What one asks a modem for, on an open line (spec 11 sections 11.3 to 11.5). Used by one thread.
 */
final class Modem {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final int SIGNAL_UNKNOWN = 99;
  private static final int LAST_TRY_OF_PIN = 1;
  private static final int TEXT_SEPTETS = 160;
  private static final int TEXT_UCS2_UNITS = 70;
  private static final int UCS2 = 8;
  private static final int FLASH = 16;
  private static final int VALIDITY_ONE_DAY = 167;
  private static final int SUBMIT_WITH_VALIDITY = 17;
  private static final int STATUS_REPORT = 32;

  private final GsmDevice settings;
  private final SerialLine line;
  private final Timing timing;
  private final AtChannel channel;
  private final Set<String> refusedPins;
  private boolean textMode;

  /**
   * @param refusedPins PINs that a SIM card has refused; never sent again
   */
  Modem(
      GsmDevice settings,
      SerialLine line,
      Timing timing,
      Set<String> refusedPins,
      Consumer<String> unsolicited,
      Consumer<String> trace) {
    this.settings = settings;
    this.line = line;
    this.timing = timing;
    this.refusedPins = refusedPins;
    this.channel = new AtChannel(line, timing, unsolicited, trace);
  }

  // beginning -------------------------------------------------------------------------------------

  /**
   * Makes the modem ready to send (spec 11 section 11.3).
   *
   * @throws GsmException if SIM card, PIN, network or settings prevent that
   */
  void initialise() throws IOException, ModemTimeout, GsmException {
    if (!channel.synchronise(5)) {
      throw new ModemTimeout("at all: is it a modem, and is the baud rate right?");
    }
    optional("ATE0");
    optional("ATQ0V1");
    optional("AT+CMEE=1");
    radio();
    sim();
    messageMode();
    optional("AT+CSMS=0");
    if (!settings.smsc().isEmpty()) {
      optional(
          "AT+CSCA=\"%s\",%d"
              .formatted(settings.smsc(), settings.smsc().startsWith("+") ? 145 : 129));
    }
    network();
    for (String command : settings.init()) {
      try {
        channel.command(command, settings.commandTimeout());
      } catch (ModemError e) {
        throw GsmException.configuration(
            "the modem does not accept the init command %s: %s".formatted(command, e.getMessage()));
      }
    }
    optional(
        "AT+CNMI=2,%d,0,%d,0"
            .formatted(settings.receive() ? 1 : 0, settings.statusReports() ? 1 : 0));
  }

  /** A command that modems may refuse. */
  private void optional(String command) throws IOException, ModemTimeout {
    try {
      channel.command(command, settings.commandTimeout());
    } catch (ModemError ignored) {
      return;
    }
  }

  private String ask(String command, String prefix) throws IOException, ModemTimeout, ModemError {
    List<String> answer =
        channel.query(command, prefix, AtChannel.Answer.PREFIXED, settings.commandTimeout());
    return answer.isEmpty() ? "" : answer.get(0);
  }

  private void radio() throws IOException, ModemTimeout, GsmException {
    String state;
    try {
      state = ask("AT+CFUN?", "+CFUN:");
    } catch (ModemError unknownCommand) {
      return;
    }
    if (state.startsWith("0") || state.startsWith("4")) {
      try {
        channel.command("AT+CFUN=1", timing.radio());
      } catch (ModemError e) {
        throw new GsmException(
            GsmException.Category.UNAVAILABLE, "the radio cannot be switched on", e);
      }
    }
  }

  /** The dialogue about the SIM card. A wrong PIN is never sent twice: three of them block it. */
  private void sim() throws IOException, ModemTimeout, GsmException {
    long deadline = System.nanoTime() + timing.simWait().toNanos();
    boolean entered = false;
    while (true) {
      String state;
      try {
        state = ask("AT+CPIN?", "+CPIN:");
      } catch (ModemError e) {
        boolean busy = e.cure() == ModemError.Cure.SIM_BUSY;
        if (busy && System.nanoTime() - deadline < 0) {
          channel.listen(timing.simPoll());
          continue;
        }
        throw e.toGsmException();
      }
      switch (state) {
        case "READY" -> {
          refusedPins.remove(settings.pin());
          return;
        }
        case "SIM PIN" -> {
          if (!entered) {
            enterPin();
            entered = true;
          } else if (System.nanoTime() - deadline >= 0) {
            refusedPins.add(settings.pin());
            throw GsmException.configuration("the SIM card has not accepted the PIN");
          } else {
            channel.listen(timing.simPoll());
          }
        }
        case "SIM PUK" ->
            throw GsmException.configuration(
                "the SIM card is blocked after three wrong PINs: unblock it with its PUK");
        default ->
            throw GsmException.configuration("the SIM card is not ready: it says '" + state + "'");
      }
    }
  }

  private void enterPin() throws IOException, ModemTimeout, GsmException {
    String pin = settings.pin();
    if (pin.isEmpty()) {
      throw GsmException.configuration("the SIM card wants its PIN: set PIN");
    }
    if (refusedPins.contains(pin)) {
      throw GsmException.configuration(
          "the SIM card has refused the PIN; it is not sent again until it is changed");
    }
    if (triesLeft().equals(OptionalInt.of(LAST_TRY_OF_PIN))) {
      throw GsmException.configuration(
          "the SIM card has one try for its PIN left, which is not used automatically: enter the"
              + " PIN by a telephone, or switch it off");
    }
    refusedPins.add(pin); // until the card says that it is right
    try {
      channel.command("AT+CPIN=\"" + pin + "\"", timing.simWait());
      refusedPins.remove(pin);
    } catch (ModemError e) {
      if (e.cure() == ModemError.Cure.SIM_BUSY) {
        refusedPins.remove(pin); // it was not looked at
        throw e.toGsmException();
      }
      throw GsmException.configuration("the SIM card refuses the PIN: " + e.getMessage());
    }
  }

  /** How often a PIN may be tried, where the modem knows that. */
  private OptionalInt triesLeft() throws IOException, ModemTimeout {
    try {
      Matcher answer =
          Pattern.compile("\"?SIM PIN\"?, ?([0-9])\\b.*")
              .matcher(ask("AT+CPINR=\"SIM PIN\"", "+CPINR:"));
      return answer.matches()
          ? OptionalInt.of(Integer.parseInt(answer.group(1)))
          : OptionalInt.empty();
    } catch (ModemError unknownCommand) {
      return OptionalInt.empty();
    }
  }

  /** PDU mode unless text mode is wished for; the other one if the modem refuses. */
  private void messageMode() throws IOException, ModemTimeout, GsmException {
    textMode = settings.textMode();
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        channel.command(textMode ? "AT+CMGF=1" : "AT+CMGF=0", settings.commandTimeout());
        return;
      } catch (ModemError e) {
        if (attempt == 1) {
          throw new GsmException(
              GsmException.Category.CONFIGURATION, "the modem cannot send short messages", e);
        }
        textMode = !textMode;
      }
    }
  }

  private void network() throws IOException, ModemTimeout, GsmException {
    long deadline = System.nanoTime() + timing.networkWait().toNanos();
    while (true) {
      Registration registration = registration();
      if (registration.usable()) {
        return;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw GsmException.unavailable(
            "the modem is in no network ("
                + registration.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + "): check antenna and SIM card");
      }
      channel.listen(timing.networkPoll());
    }
  }

  private Registration registration() throws IOException, ModemTimeout {
    Registration registration = registration("AT+CREG?", "+CREG:");
    if (!registration.usable()) {
      Registration packet = registration("AT+CEREG?", "+CEREG:");
      return packet.usable() ? packet : registration;
    }
    return registration;
  }

  private Registration registration(String command, String prefix)
      throws IOException, ModemTimeout {
    try {
      String[] fields = ask(command, prefix).split(",");
      String field =
          fields.length > 1 && NUMBER.matcher(fields[1].strip()).matches() ? fields[1] : fields[0];
      return NUMBER.matcher(field.strip()).matches()
          ? Registration.of(Integer.parseInt(field.strip()))
          : Registration.UNKNOWN;
    } catch (ModemError e) {
      return Registration.UNKNOWN;
    }
  }

  // state -----------------------------------------------------------------------------------------

  /** What the modem says about itself. */
  record State(
      String model,
      String sim,
      Registration registration,
      Optional<String> operator,
      OptionalInt signalDbm) {}

  State state() throws IOException, ModemTimeout {
    String model = (free("AT+CGMI") + " " + free("AT+CGMM")).strip();
    String sim;
    try {
      sim = ask("AT+CPIN?", "+CPIN:");
    } catch (ModemError e) {
      sim = e.getMessage();
    }
    return new State(model, sim, registration(), operator(), signal());
  }

  private String free(String command) throws IOException, ModemTimeout {
    try {
      List<String> lines =
          channel.query(command, "", AtChannel.Answer.FREE, settings.commandTimeout());
      return lines.isEmpty() ? "" : lines.get(0).replaceAll("[^\\x20-\\x7e]", "?");
    } catch (ModemError e) {
      return "";
    }
  }

  private Optional<String> operator() throws IOException, ModemTimeout {
    try {
      Matcher name = QUOTED.matcher(ask("AT+COPS?", "+COPS:"));
      return name.find() && !name.group(1).isBlank()
          ? Optional.of(name.group(1))
          : Optional.empty();
    } catch (ModemError e) {
      return Optional.empty();
    }
  }

  private OptionalInt signal() throws IOException, ModemTimeout {
    try {
      String level = ask("AT+CSQ", "+CSQ:").split(",")[0].strip();
      if (NUMBER.matcher(level).matches() && Integer.parseInt(level) < SIGNAL_UNKNOWN) {
        return OptionalInt.of(-113 + 2 * Integer.parseInt(level));
      }
      return OptionalInt.empty();
    } catch (ModemError e) {
      return OptionalInt.empty();
    }
  }

  // sending ---------------------------------------------------------------------------------------

  /**
   * Sends a message.
   *
   * @param reference 0 to 255, for long messages
   * @return the reference of each part
   * @throws GsmException if the message was not accepted
   * @throws ModemTimeout if the modem has not answered: nobody knows whether it was sent
   */
  List<Integer> send(TextMessage message, int reference)
      throws IOException, ModemTimeout, GsmException {
    PhoneNumber number;
    try {
      number = PhoneNumber.of(message.number());
    } catch (PduException e) {
      throw GsmException.refused("the recipient is no phone number: " + e.getMessage());
    }
    String text =
        message.transliterate() ? GsmAlphabet.transliterate(message.text()) : message.text();
    return textMode
        ? List.of(sendText(number, text, message))
        : sendPdus(number, text, message, reference);
  }

  private List<Integer> sendPdus(
      PhoneNumber number, String text, TextMessage message, int reference)
      throws IOException, ModemTimeout, GsmException {
    List<SubmitPdu> parts;
    try {
      Optional<PhoneNumber> centre =
          settings.smsc().isEmpty()
              ? Optional.empty()
              : Optional.of(PhoneNumber.of(settings.smsc()));
      parts =
          SubmitPdu.encode(
              number,
              text,
              new SubmitPdu.Options(
                  centre, message.validity(), message.statusReport(), message.flash()),
              reference,
              message.maxParts());
    } catch (PduException e) {
      throw GsmException.refused(e.getMessage());
    }
    if (parts.size() > 1) {
      optional("AT+CMMS=1");
    }
    var references = new ArrayList<Integer>(parts.size());
    for (SubmitPdu part : parts) {
      references.add(submit("AT+CMGS=" + part.length(), part.hex()));
    }
    return references;
  }

  /** Text mode: ASCII that the GSM alphabet has at the same places, everything else as UCS-2. */
  private int sendText(PhoneNumber number, String text, TextMessage message)
      throws IOException, ModemTimeout, GsmException {
    boolean plain = text.chars().allMatch(Modem::sameInBothAlphabets);
    if (text.length() > (plain ? TEXT_SEPTETS : TEXT_UCS2_UNITS)) {
      throw GsmException.refused(
          "the text is longer than one short message, and in text mode there is but one");
    }
    int validity = message.validity().map(ValidityPeriod::octet).orElse(VALIDITY_ONE_DAY);
    int coding = (plain ? 0 : UCS2) + (message.flash() ? FLASH : 0);
    int first = SUBMIT_WITH_VALIDITY + (message.statusReport() ? STATUS_REPORT : 0);
    try {
      channel.command(
          "AT+CSMP=%d,%d,0,%d".formatted(first, validity, coding), settings.commandTimeout());
      if (plain) {
        plainCharacterSet();
      } else {
        channel.command("AT+CSCS=\"UCS2\"", settings.commandTimeout());
      }
    } catch (ModemError e) {
      throw e.toGsmException();
    }
    String recipient = plain ? number.toString() : hex(number.toString());
    return submit(
        "AT+CMGS=\"%s\",%d".formatted(recipient, number.international() ? 145 : 129),
        plain ? text : hex(text));
  }

  private void plainCharacterSet() throws IOException, ModemTimeout, ModemError {
    try {
      channel.command("AT+CSCS=\"GSM\"", settings.commandTimeout());
    } catch (ModemError unknown) {
      channel.command("AT+CSCS=\"IRA\"", settings.commandTimeout());
    }
  }

  /** Neither a control character, which could end the message, nor one at another place. */
  private static boolean sameInBothAlphabets(int character) {
    return character == '\n'
        || (character >= ' ' && character <= 'z' && "$@[\\]^_`".indexOf(character) < 0);
  }

  private static String hex(String text) {
    return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_16BE));
  }

  /** One part, tried again where that can help and cannot do harm. */
  private int submit(String command, String body) throws IOException, ModemTimeout, GsmException {
    long simDeadline = System.nanoTime() + timing.simWait().toNanos();
    boolean retried = false;
    while (true) {
      try {
        List<String> answer = channel.send(command, body, "+CMGS:", settings.sendTimeout());
        String reference = answer.isEmpty() ? "" : answer.get(0).split(",")[0].strip();
        return NUMBER.matcher(reference).matches() ? Integer.parseInt(reference) & 0xFF : 0;
      } catch (AtChannel.NotPrompted e) {
        if (retried || !channel.synchronise(3)) {
          throw new ModemTimeout("AT+CMGS with a prompt");
        }
        retried = true;
      } catch (ModemError e) {
        if (e.cure() == ModemError.Cure.SIM_BUSY) {
          if (System.nanoTime() - simDeadline >= 0) {
            throw e.toGsmException();
          }
          channel.listen(timing.simPoll());
          continue;
        }
        if (retried || e.cure() == ModemError.Cure.NONE) {
          throw e.toGsmException();
        }
        retried = true;
        cure(e);
      }
    }
  }

  private void cure(ModemError error) throws IOException, ModemTimeout, GsmException {
    switch (error.cure()) {
      case WAIT -> channel.listen(timing.retry());
      case PIN -> sim();
      default -> {
        restore();
        initialise();
      }
    }
  }

  // receiving -------------------------------------------------------------------------------------

  /** What lies in the memory: PDUs by index. */
  Map<Integer, String> stored() throws IOException, ModemTimeout {
    var found = new TreeMap<Integer, String>();
    try {
      List<String> lines =
          channel.query("AT+CMGL=4", "+CMGL:", AtChannel.Answer.WITH_BODY, settings.sendTimeout());
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        String index = lines.get(i).split(",")[0].strip();
        if (NUMBER.matcher(index).matches()) {
          found.put(Integer.parseInt(index), lines.get(i + 1));
        }
      }
    } catch (ModemError e) {
      return found;
    }
    return found;
  }

  /** The PDU at an index, if there is one. */
  Optional<String> stored(int index) throws IOException, ModemTimeout {
    try {
      List<String> lines =
          channel.query(
              "AT+CMGR=" + index, "+CMGR:", AtChannel.Answer.WITH_BODY, settings.commandTimeout());
      return lines.size() == 2 ? Optional.of(lines.get(1)) : Optional.empty();
    } catch (ModemError e) {
      return Optional.empty();
    }
  }

  void delete(int index) throws IOException, ModemTimeout {
    optional("AT+CMGD=" + index);
  }

  void listen(Duration duration) throws IOException {
    channel.listen(duration);
  }

  // recovery (spec 11 section 11.9) ---------------------------------------------------------------

  /** A sign of life. */
  void keepAlive() throws IOException, ModemTimeout {
    optional("AT");
  }

  /**
   * Brings a modem back that has not answered: levels 1 and 2.
   *
   * @throws ModemTimeout if that is in vain
   */
  void restore() throws IOException, ModemTimeout, GsmException {
    channel.quiet(timing.silence(), 20);
    if (channel.synchronise(3)) {
      return;
    }
    line.pulse();
    initialise();
  }

  /** Restarts it, if it answers at all; true if it answers afterwards. */
  boolean restart() throws IOException {
    if (!channel.synchronise(3)) {
      return false;
    }
    try {
      channel.command("AT+CFUN=1,1", settings.commandTimeout());
    } catch (ModemTimeout | ModemError e) {
      return false;
    }
    long deadline = System.nanoTime() + timing.radio().toNanos();
    while (System.nanoTime() - deadline < 0) {
      channel.listen(timing.simPoll());
      if (channel.synchronise(1)) {
        return true;
      }
    }
    return false;
  }

  void close() throws IOException {
    line.close();
  }

  /** The state for applications. */
  static DeviceStatus status(
      GsmDevice settings, State state, long sent, long failed, Optional<String> lastError) {
    return new DeviceStatus(
        settings.port(),
        state.model(),
        state.sim(),
        state.registration(),
        state.operator(),
        state.signalDbm(),
        sent,
        failed,
        lastError);
  }
}
