package org.linotpee.gsm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.linotpee.gsm.pdu.GsmAlphabet;
import org.linotpee.gsm.pdu.PhoneNumber;
import org.linotpee.gsm.pdu.Septets;

/**
 * A GSM modem that behaves as real ones do: echo, chatter, noise, errors, a SIM card with a PIN, a
 * network that is searched for. It listens on a TCP port; {@link #plugIn} makes a serial device of
 * it with socat.
 */
public final class ModemSimulator implements AutoCloseable {
  /** A message that the modem was given. */
  public record Sent(String number, String text, String pdu) {}

  /** How a message is answered; by default it is accepted. */
  public enum Fate {
    ACCEPTED,
    NO_PROMPT,
    SILENCE
  }

  public final List<String> commands = new CopyOnWriteArrayList<>();
  public final List<Sent> sent = new CopyOnWriteArrayList<>();
  public final Deque<Object> fates = new ArrayDeque<>();
  public final Map<Integer, String> memory = new TreeMap<>();

  /** READY, SIM PIN, SIM PUK, or an error line. */
  public volatile String sim = "READY";

  public volatile String pin = "1234";
  public volatile int pinTries = 3;

  /** Answers of AT+CREG?; the last one again and again. */
  public final Deque<Integer> registrations = new ArrayDeque<>(List.of(1));

  public volatile boolean knowsPduMode = true;
  public volatile boolean knowsTextMode = true;
  public volatile boolean echo = true;
  public volatile boolean keepsEcho;
  public volatile boolean noisy;
  public volatile boolean mute;
  public volatile boolean reports = true;

  private final ServerSocket server;
  private volatile OutputStream out;
  private volatile Socket connected;
  private Process socat;
  private boolean textMode;
  private boolean ucs2;
  private int reference = 41;
  private int index;
  private String lastFirstOctet = "";

  public ModemSimulator() {
    try {
      server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var thread = new Thread(this::serve, "modem-simulator");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  /** True if serial devices can be made. */
  public static boolean serialDevices() {
    return Files.isExecutable(Path.of("/usr/bin/socat"));
  }

  /** Makes it a serial device. */
  public void plugIn(Path link) {
    try {
      socat =
          new ProcessBuilder(
                  "socat", "pty,link=" + link + ",raw,echo=0,mode=600", "TCP:127.0.0.1:" + port())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      await(() -> Files.exists(link));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pulls the plug. */
  public void unplug() {
    socat.destroy();
    socat.onExit().join();
    try {
      Socket current = connected;
      if (current != null) {
        current.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something holds, 20 s at most. */
  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("it did not happen in time");
      }
      pause(Duration.ofMillis(10));
    }
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** How often a command that begins so was given. */
  public long count(String prefix) {
    return commands.stream().filter(c -> c.startsWith(prefix)).count();
  }

  /** A message comes in. */
  public synchronized void receive(String deliverPdu) {
    memory.put(++index, deliverPdu);
    line("+CMTI: \"SM\"," + index);
  }

  /** Says something by itself. */
  public synchronized void line(String text) {
    raw("\r\n" + text + "\r\n");
  }

  private void raw(String text) {
    OutputStream current = out;
    if (current == null) {
      return;
    }
    try {
      current.write(text.getBytes(ISO_8859_1));
      current.flush();
    } catch (IOException e) {
      out = null;
    }
  }

  // the modem's own life --------------------------------------------------------------------------

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        connected = socket;
        out = socket.getOutputStream();
        read(socket.getInputStream());
      } catch (IOException e) {
        out = null;
      }
    }
  }

  private void read(InputStream in) throws IOException {
    var buffer = new StringBuilder();
    String prompted = null;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (mute) {
        buffer.setLength(0);
        prompted = null;
        continue;
      }
      if (echo && c != 0x1B) {
        raw(String.valueOf((char) c));
      }
      if (c == 0x1B) {
        if (prompted != null) {
          line("OK");
        }
        prompted = null;
        buffer.setLength(0);
      } else if (prompted != null && c == 0x1A) {
        message(prompted, buffer.toString());
        prompted = null;
        buffer.setLength(0);
      } else if (prompted == null && c == '\r') {
        String command = buffer.toString().strip();
        buffer.setLength(0);
        if (!command.isEmpty() && command(command)) {
          prompted = command;
        }
      } else {
        buffer.append((char) c);
      }
    }
  }

  private void ok(String... information) {
    if (noisy) {
      raw("\0\u00FF");
      line("^RSSI:17");
    }
    for (String text : information) {
      line(text);
    }
    if (noisy) {
      line("RING");
    }
    line("OK");
  }

  /** True if it waits for a text now. */
  private synchronized boolean command(String command) {
    commands.add(command);
    if (command.startsWith("AT+CMGS=")) {
      return prompt();
    } else if (command.equals("ATE0")) {
      ok();
      echo = keepsEcho;
    } else if (command.equals("AT+CPIN?")) {
      if (sim.startsWith("+")) {
        line(sim);
      } else {
        ok("+CPIN: " + sim);
      }
    } else if (command.startsWith("AT+CPIN=")) {
      enterPin(command.substring(9, command.length() - 1));
    } else if (command.startsWith("AT+CPINR=")) {
      ok("+CPINR: SIM PIN," + pinTries + ",3");
    } else if (command.equals("AT+CREG?")) {
      int state = registrations.size() > 1 ? registrations.poll() : registrations.peek();
      ok("+CREG: 0," + state);
    } else if (command.equals("AT+CEREG?")) {
      ok("+CEREG: 0,0");
    } else if (command.startsWith("AT+CMGF=")) {
      boolean text = command.endsWith("1");
      if (text ? knowsTextMode : knowsPduMode) {
        textMode = text;
        ok();
      } else {
        line("ERROR");
      }
    } else if (command.startsWith("AT+CSCS=")) {
      ucs2 = command.contains("UCS2");
      ok();
    } else if (command.equals("AT+CSQ")) {
      ok("+CSQ: 17,99");
    } else if (command.equals("AT+COPS?")) {
      ok("+COPS: 0,0,\"Example Mobile\",2");
    } else if (command.equals("AT+CFUN?")) {
      ok("+CFUN: 1");
    } else if (command.equals("AT+CGMI")) {
      ok("Simulated");
    } else if (command.equals("AT+CGMM")) {
      ok("Modem 1");
    } else if (command.startsWith("AT+CMGL")) {
      String[] lines =
          memory.entrySet().stream()
              .flatMap(e -> List.of("+CMGL: " + e.getKey() + ",0,,0", e.getValue()).stream())
              .toArray(String[]::new);
      for (int i = 0; i < lines.length; i += 2) {
        raw("\r\n" + lines[i] + "\r\n" + lines[i + 1] + "\r\n");
      }
      ok();
    } else if (command.startsWith("AT+CMGR=")) {
      String pdu = memory.get(Integer.parseInt(command.substring(8)));
      if (pdu == null) {
        line("+CMS ERROR: 321");
      } else {
        raw("\r\n+CMGR: 0,,0\r\n" + pdu + "\r\n");
        ok();
      }
    } else if (command.startsWith("AT+CMGD=")) {
      memory.remove(Integer.parseInt(command.substring(8)));
      ok();
    } else if (command.equals("AT+CFUN=1,1")) {
      ok();
      fates.clear();
    } else if (command.startsWith("AT+NONSENSE")) {
      line("+CME ERROR: 4");
    } else {
      ok();
    }
    return false;
  }

  private synchronized void enterPin(String entered) {
    if (entered.equals(pin)) {
      pinTries = 3;
      sim = "READY";
      ok();
    } else {
      int left = pinTries - 1;
      pinTries = left;
      if (left == 0) {
        sim = "SIM PUK";
      }
      line("+CME ERROR: 16");
    }
  }

  private boolean prompt() {
    if (fates.peek() == Fate.NO_PROMPT) {
      fates.poll();
      return false;
    }
    if (noisy) {
      raw("\r\n>");
      pause(Duration.ofMillis(30));
      raw(" ");
    } else {
      raw("\r\n> ");
    }
    return true;
  }

  private synchronized void message(String command, String body) {
    Object fate = fates.isEmpty() ? Fate.ACCEPTED : fates.poll();
    if (fate == Fate.SILENCE) {
      sent.add(decoded(command, body));
      return;
    }
    if (fate instanceof Integer code) {
      line("+CMS ERROR: " + code);
      return;
    }
    if (fate instanceof String text) {
      line(text);
      return;
    }
    Sent message = decoded(command, body);
    sent.add(message);
    reference = (reference + 1) & 0xFF;
    ok("+CMGS: " + reference);
    if (reports && !textMode && (HexFormat.fromHexDigits(lastFirstOctet) & 0x20) != 0) {
      raw("\r\n+CDS: 25\r\n" + report(message.number(), reference, 0) + "\r\n");
    }
  }

  /** A delivery report. */
  public static String report(String number, int reference, int status) {
    String digits = number.replace("+", "");
    return "0006%02X%02X91%s62115251000000621152510000%02X%02X"
        .formatted(reference, digits.length(), swapped(digits), 0, status);
  }

  /** A received message in the GSM alphabet. */
  public static String deliver(String number, String text) {
    String digits = number.replace("+", "");
    byte[] septets = GsmAlphabet.encode(text).orElseThrow();
    return "0004%02X91%s000062115251000000%02X%s"
        .formatted(
            digits.length(),
            swapped(digits),
            septets.length,
            HexFormat.of().withUpperCase().formatHex(Septets.pack(septets, 0)));
  }

  private static String swapped(String digits) {
    String even = digits.length() % 2 == 0 ? digits : digits + "F";
    var swapped = new StringBuilder();
    for (int i = 0; i < even.length(); i += 2) {
      swapped.append(even.charAt(i + 1)).append(even.charAt(i));
    }
    return swapped.toString();
  }

  private Sent decoded(String command, String body) {
    if (textMode) {
      String number = command.substring(command.indexOf('"') + 1, command.lastIndexOf('"'));
      return ucs2 ? new Sent(unhex(number), unhex(body), "") : new Sent(number, body, "");
    }
    byte[] octets = HexFormat.of().parseHex(body);
    int declared = Integer.parseInt(command.substring("AT+CMGS=".length()));
    int begin = 1 + octets[0];
    if (octets.length - begin != declared) {
      throw new AssertionError("AT+CMGS=" + declared + " for " + body);
    }
    int first = octets[begin];
    lastFirstOctet = HexFormat.of().toHexDigits((byte) first);
    int digits = octets[begin + 2];
    int address = begin + 4;
    var number = new StringBuilder((octets[begin + 3] & 0xFF) == 0x91 ? "+" : "");
    for (int i = 0; i < digits; i++) {
      int octet = octets[address + i / 2] & 0xFF;
      number.append(i % 2 == 0 ? octet & 0x0F : octet >> 4);
    }
    int coding = octets[address + (digits + 1) / 2 + 1];
    int length = address + (digits + 1) / 2 + 2 + ((first & 0x10) != 0 ? 1 : 0);
    byte[] data = Arrays.copyOfRange(octets, length + 1, octets.length);
    int header = (first & 0x40) != 0 ? 1 + data[0] : 0;
    String text;
    if ((coding & 0x08) != 0) {
      text = new String(data, header, data.length - header, UTF_16BE);
    } else {
      int skipped = (header * 8 + 6) / 7;
      text =
          GsmAlphabet.decode(
              Septets.unpack(
                  Arrays.copyOfRange(data, header, data.length),
                  skipped * 7 - header * 8,
                  (octets[length] & 0xFF) - skipped));
    }
    return new Sent(PhoneNumber.of(number.toString()).toString(), text, body);
  }

  private static String unhex(String text) {
    return new String(HexFormat.of().parseHex(text), UTF_16BE);
  }

  @Override
  public void close() {
    try {
      server.close();
      if (socat != null) {
        socat.destroy();
      }
      Socket current = connected;
      if (current != null) {
        current.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
