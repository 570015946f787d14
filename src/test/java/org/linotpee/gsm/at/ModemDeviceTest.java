package org.linotpee.gsm.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.DeviceStatus;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmException;
import org.linotpee.gsm.ModemSimulator;
import org.linotpee.gsm.ReceivedMessage;
import org.linotpee.gsm.SentMessage;
import org.linotpee.gsm.TextMessage;

/** The dialogue with a modem that behaves, and with one that does not. */
@Timeout(60)
class ModemDeviceTest {
  private static final String NUMBER = "+491711234567";
  private static final Timing QUICK =
      new Timing(
          Duration.ofMillis(1),
          Duration.ofMillis(20),
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofMillis(20),
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofMillis(20),
          Duration.ofMillis(400),
          Duration.ofSeconds(2),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          List.of(Duration.ofMillis(300)));

  private final ModemSimulator simulator = new ModemSimulator();
  private final List<ReceivedMessage> messages = new CopyOnWriteArrayList<>();
  private final List<DeliveryReport> reports = new CopyOnWriteArrayList<>();
  private final List<String> trace = new CopyOnWriteArrayList<>();
  private ModemDevice device;

  /** The simulator's connection as a line. */
  private static final class SocketLine implements SerialLine {
    private final Socket socket;

    SocketLine(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public int read(byte[] buffer, Duration timeout) throws IOException {
      socket.setSoTimeout((int) Math.max(1, timeout.toMillis()));
      try {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          throw new IOException("unplugged");
        }
        return read;
      } catch (SocketTimeoutException e) {
        return 0;
      }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    @Override
    public void pulse() {
      // a socket has no such signal
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static GsmDevice settings() {
    return new GsmDevice(
        "/dev/simulated",
        115_200,
        GsmDevice.FlowControl.NONE,
        "",
        "",
        false,
        List.of(),
        true,
        true,
        Duration.ofMillis(800),
        Duration.ofSeconds(3),
        3);
  }

  private static GsmDevice textMode() {
    return new GsmDevice(
        "/dev/simulated",
        115_200,
        GsmDevice.FlowControl.NONE,
        "",
        "",
        true,
        List.of(),
        false,
        false,
        Duration.ofMillis(800),
        Duration.ofSeconds(3),
        3);
  }

  private ModemDevice open(GsmDevice settings) {
    return open(settings, d -> new SocketLine(simulator.port()));
  }

  private ModemDevice open(GsmDevice settings, SerialLine.Opener opener) {
    device =
        new ModemDevice(
            settings,
            opener,
            QUICK,
            new Inbox() {
              @Override
              public void message(ReceivedMessage message, Runnable taken) {
                messages.add(message);
                taken.run();
              }

              @Override
              public void report(DeliveryReport report) {
                reports.add(report);
              }
            },
            trace::add,
            work -> {
              var thread = new Thread(work);
              thread.setDaemon(true);
              thread.start();
            });
    return device;
  }

  @AfterEach
  void end() {
    if (device != null) {
      device.close();
    }
    simulator.close();
  }

  private static TextMessage text(String text) {
    return TextMessage.of(NUMBER, text);
  }

  private void refused(GsmException.Category category, String reason) {
    assertThatThrownBy(() -> device.send(text("755224")))
        .isInstanceOfSatisfying(
            GsmException.class, e -> assertThat(e.category()).isEqualTo(category))
        .hasMessageContaining(reason);
    assertThat(simulator.sent).isEmpty();
  }

  @Test
  void aTextIsSent() throws Exception {
    SentMessage sent = open(settings()).send(text("Your OTP is 755224"));
    assertThat(sent.references()).containsExactly(42);
    assertThat(simulator.sent)
        .containsExactly(
            new ModemSimulator.Sent(
                NUMBER,
                "Your OTP is 755224",
                "0011000C9194711132547600000112D9775D0E7A52A1A0F41C74ABD564321A"));
    assertThat(simulator.commands)
        .startsWith("AT")
        .contains("ATE0", "AT+CMEE=1", "AT+CPIN?", "AT+CMGF=0", "AT+CREG?", "AT+CNMI=2,1,0,1,0");
  }

  @Test
  void aLongTextIsSentInParts() throws Exception {
    String text = "Grüße ".repeat(50);
    assertThat(open(settings()).send(text(text)).references()).containsExactly(42, 43);
    assertThat(simulator.sent.get(0).text() + simulator.sent.get(1).text()).isEqualTo(text);
    assertThat(simulator.commands).contains("AT+CMMS=1");
  }

  @Test
  void echoAndChatterAreToldApart() throws Exception {
    simulator.keepsEcho = true;
    simulator.noisy = true;
    assertThat(open(settings()).send(text("755224 😀")).references()).containsExactly(42);
    assertThat(simulator.sent.get(0).text()).isEqualTo("755224 😀");
    DeviceStatus status = device.status();
    assertThat(status.sim()).isEqualTo("READY");
    assertThat(status.model()).startsWith("Simulated");
  }

  @Test
  void theStateIsTold() throws Exception {
    DeviceStatus status = open(settings()).status();
    assertThat(status.operator()).contains("Example Mobile");
    assertThat(status.signalDbm()).hasValue(-79);
    assertThat(status.registration()).isEqualTo(DeviceStatus.Registration.HOME);
    assertThat(status.model()).isEqualTo("Simulated Modem 1");
  }

  @Test
  void theNetworkIsWaitedFor() throws Exception {
    simulator.registrations.clear();
    simulator.registrations.addAll(List.of(2, 2, 5));
    open(settings()).send(text("x"));
    assertThat(simulator.count("AT+CREG?")).isEqualTo(3);
  }

  @Test
  void noNetworkIsUnavailable() {
    simulator.registrations.clear();
    simulator.registrations.add(2);
    open(settings());
    refused(GsmException.Category.UNAVAILABLE, "in no network (searching)");
  }

  @Test
  void noSimCard() {
    simulator.sim = "+CME ERROR: 10";
    open(settings());
    refused(GsmException.Category.UNAVAILABLE, "no SIM card");
  }

  @Test
  void aBlockedSimCard() {
    simulator.sim = "SIM PUK";
    open(settings());
    refused(GsmException.Category.CONFIGURATION, "PUK");
  }

  @Test
  void theRightPinOpensTheCard() throws Exception {
    simulator.sim = "SIM PIN";
    open(settings().withPin("1234")).send(text("x"));
    assertThat(simulator.count("AT+CPIN=")).isOne();
    assertThat(trace).anyMatch(l -> l.contains("AT+CPIN=...")).noneMatch(l -> l.contains("1234\""));
  }

  @Test
  void aMissingPinIsAskedFor() {
    simulator.sim = "SIM PIN";
    open(settings());
    refused(GsmException.Category.CONFIGURATION, "set PIN");
  }

  @Test
  void aWrongPinIsSentOnce() {
    simulator.sim = "SIM PIN";
    open(settings().withPin("9999"));
    refused(GsmException.Category.CONFIGURATION, "PIN");
    ModemSimulator.await(() -> simulator.count("AT+CPIN?") >= 4);
    assertThat(simulator.count("AT+CPIN=")).isOne();
    refused(GsmException.Category.CONFIGURATION, "not sent again");
    device.reconfigure(settings().withPin("1234"));
    ModemSimulator.await(() -> simulator.sim.equals("READY"));
    assertThat(simulator.count("AT+CPIN=")).isEqualTo(2);
  }

  @Test
  void theLastTryIsNotUsed() {
    simulator.sim = "SIM PIN";
    simulator.pinTries = 1;
    open(settings().withPin("1234"));
    refused(GsmException.Category.CONFIGURATION, "one try");
    assertThat(simulator.count("AT+CPIN=")).isZero();
  }

  @Test
  void whatTheNetworkRefusesIsNotTriedAgain() {
    simulator.fates.add(21);
    open(settings());
    refused(GsmException.Category.REFUSED, "rejected");
    assertThat(simulator.count("AT+CMGS")).isOne();
  }

  @Test
  void congestionIsTriedAgainOnce() throws Exception {
    simulator.fates.add(42);
    open(settings()).send(text("x"));
    assertThat(simulator.sent).hasSize(1);
    simulator.sent.clear();
    simulator.fates.addAll(List.of(42, 42));
    refused(GsmException.Category.UNAVAILABLE, "congested");
  }

  @Test
  void aBusySimCardIsWaitedFor() throws Exception {
    simulator.fates.addAll(List.of(314, 314, 314));
    open(settings()).send(text("x"));
    assertThat(simulator.count("AT+CMGS")).isEqualTo(4);
  }

  @Test
  void aModemFailureIsCured() throws Exception {
    simulator.fates.addAll(List.of("ERROR"));
    open(settings()).send(text("x"));
    assertThat(simulator.count("ATE0")).isEqualTo(2);
    assertThat(simulator.sent).hasSize(1);
  }

  @Test
  void aPromptThatDoesNotComeIsTriedAgain() throws Exception {
    simulator.fates.add(ModemSimulator.Fate.NO_PROMPT);
    open(settings()).send(text("x"));
    assertThat(simulator.sent).hasSize(1);
  }

  @Test
  void aMessageOfUnknownFateIsNotSentTwice() throws Exception {
    simulator.fates.add(ModemSimulator.Fate.SILENCE);
    open(settings());
    assertThatThrownBy(() -> device.send(text("once")))
        .isInstanceOfSatisfying(
            GsmException.class,
            e -> assertThat(e.category()).isEqualTo(GsmException.Category.UNAVAILABLE));
    device.send(text("next"));
    assertThat(simulator.sent)
        .extracting(ModemSimulator.Sent::text)
        .containsExactly("once", "next");
  }

  @Test
  void aMuteModemIsGivenUpAndFoundAgain() throws Exception {
    open(settings()).send(text("1"));
    simulator.mute = true;
    assertThatThrownBy(() -> device.send(text("2"))).isInstanceOf(GsmException.class);
    simulator.mute = false;
    ModemSimulator.await(() -> works(device));
    assertThat(simulator.sent.get(0).text()).isEqualTo("1");
  }

  private static boolean works(ModemDevice device) {
    try {
      device.send(text("again"));
      return true;
    } catch (GsmException e) {
      return false;
    }
  }

  @Test
  void aRestartedModemIsPreparedAgain() throws Exception {
    open(settings()).send(text("1"));
    simulator.line("^SYSSTART");
    ModemSimulator.await(() -> simulator.count("AT+CMGF=0") == 2);
    device.send(text("2"));
  }

  @Test
  void aSignOfLifeIsAskedForWhenIdle() throws Exception {
    open(settings()).send(text("1"));
    long before = simulator.commands.stream().filter("AT"::equals).count();
    ModemSimulator.await(
        () -> simulator.commands.stream().filter("AT"::equals).count() > before + 1);
  }

  @Test
  void initCommandsThatTheModemRefusesAreTold() {
    open(
        new GsmDevice(
            "/dev/simulated",
            115_200,
            GsmDevice.FlowControl.NONE,
            "",
            "",
            false,
            List.of("AT+NONSENSE"),
            false,
            false,
            Duration.ofMillis(800),
            Duration.ofSeconds(3),
            3));
    refused(GsmException.Category.CONFIGURATION, "AT+NONSENSE");
  }

  @Test
  void textModeHasTwoAlphabets() throws Exception {
    open(textMode()).send(text("Your OTP is 755224"));
    assertThat(simulator.commands)
        .contains("AT+CSMP=17,1,0,0", "AT+CSCS=\"GSM\"", "AT+CMGS=\"+491711234567\",145");
    device.send(text("Grüße [755224]"));
    assertThat(simulator.commands).contains("AT+CSMP=17,1,0,8", "AT+CSCS=\"UCS2\"");
    assertThat(simulator.sent)
        .extracting(ModemSimulator.Sent::text)
        .containsExactly("Your OTP is 755224", "Grüße [755224]");
    assertThat(simulator.sent).extracting(ModemSimulator.Sent::number).containsOnly(NUMBER);
    assertThatThrownBy(() -> device.send(text("x".repeat(161)))).hasMessageContaining("longer");
  }

  @Test
  void textModeIsTheWayOutWithoutPduMode() throws Exception {
    simulator.knowsPduMode = false;
    open(settings()).send(text("755224"));
    assertThat(simulator.commands).contains("AT+CMGF=0", "AT+CMGF=1");
    assertThat(simulator.sent).hasSize(1);
  }

  @Test
  void deliveryIsReported() throws Exception {
    var message =
        new TextMessage(
            NUMBER, "755224", Optional.empty(), false, true, Duration.ofSeconds(5), 4, false);
    assertThat(open(settings()).send(message).delivery())
        .contains(DeliveryReport.Outcome.DELIVERED);
    ModemSimulator.await(() -> reports.size() == 1);
    assertThat(reports.get(0).reference()).isEqualTo(42);
    simulator.reports = false;
    var impatient =
        new TextMessage(
            NUMBER, "755224", Optional.empty(), false, true, Duration.ofMillis(100), 4, false);
    assertThat(device.send(impatient).delivery()).isEmpty();
  }

  @Test
  void receivedMessagesAreTakenFromTheModem() throws Exception {
    simulator.memory.put(7, ModemSimulator.deliver("+4917198765", "old"));
    open(settings()).send(text("x"));
    simulator.receive(ModemSimulator.deliver("+4917198765", "new"));
    ModemSimulator.await(() -> messages.size() == 2 && simulator.memory.isEmpty());
    assertThat(messages).extracting(ReceivedMessage::text).containsExactly("old", "new");
    assertThat(messages.get(0).sender()).isEqualTo("+4917198765");
  }

  @Test
  void oneMessageAtATime() throws Exception {
    open(settings()).send(text("0"));
    simulator.sent.clear();
    var waiting = new ArrayList<CompletableFuture<Object>>();
    simulator.fates.add(ModemSimulator.Fate.SILENCE); // the first one takes a while
    int refused = 0;
    for (int i = 0; i < 6; i++) {
      String text = "m" + i;
      waiting.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return device.send(text(text));
                } catch (GsmException e) {
                  throw new IllegalStateException(e.getMessage());
                }
              },
              work -> new Thread(work).start()));
      Thread.sleep(60);
    }
    for (CompletableFuture<Object> future : waiting) {
      try {
        future.get();
      } catch (ExecutionException e) {
        refused += e.getMessage().contains("wait already") ? 1 : 0;
      }
    }
    assertThat(refused).isEqualTo(2);
    assertThat(simulator.sent.get(0).text()).isEqualTo("m0");
    assertThat(simulator.sent).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void anUnpluggedModemIsFoundAgain(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(ModemSimulator.serialDevices(), "socat is missing");
    Path port = folder.resolve("modem");
    var serial =
        new GsmDevice(
            port.toString(),
            115_200,
            GsmDevice.FlowControl.RTSCTS,
            "",
            "",
            false,
            List.of(),
            false,
            false,
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            5);
    open(serial, SerialPortLine::open);
    assertThatThrownBy(() -> device.send(text("1"))).hasMessageContaining("plugged in");
    simulator.plugIn(port);
    ModemSimulator.await(() -> works(device));
    assertThat(simulator.sent.get(0).text()).isEqualTo("again");
    simulator.unplug();
    ModemSimulator.await(() -> !works(device));
    assertThatThrownBy(() -> device.send(text("3")))
        .isInstanceOfSatisfying(
            GsmException.class,
            e -> assertThat(e.category()).isEqualTo(GsmException.Category.UNAVAILABLE));
    simulator.plugIn(port);
    ModemSimulator.await(() -> works(device));
    assertThat(device.status().failed()).isPositive();
  }

  @Test
  void whatIsNoPortIsRefused() {
    for (String name : List.of("/dev/../etc/passwd", "ttyUSB0", "/dev/tty;x", "")) {
      assertThatThrownBy(() -> GsmDevice.at(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SerialPortLine.open(GsmDevice.at("/etc/passwd")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no serial port");
    assertThatThrownBy(() -> GsmDevice.at("/dev/x").withPin("12\r\nAT"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingFailsWhatWaits() {
    open(settings());
    device.close();
    ModemSimulator.await(
        () -> {
          try {
            device.send(text("x"));
            return false;
          } catch (GsmException e) {
            return true;
          } catch (UncheckedIOException e) {
            return false;
          }
        });
  }
}
