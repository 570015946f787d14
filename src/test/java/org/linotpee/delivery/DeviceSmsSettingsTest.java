package org.linotpee.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.gsm.GsmDevice;

class DeviceSmsSettingsTest {
  private static final String PORT = "\"PORT\": \"/dev/ttyUSB0\"";

  @TempDir private Path folder;

  private static DeviceSmsSettings settings(String json) {
    return DeviceSmsSettings.of(ProviderSettings.parse("modem", "300", json));
  }

  private static DeviceSmsSettings with(String more) {
    return settings("{" + PORT + ", " + more + "}");
  }

  private DeviceSmsSettings file(String content, String more) throws IOException {
    Path file = Files.writeString(folder.resolve("gnokiirc"), content);
    return settings("{\"CONFIGFILE\": \"" + file + "\"" + more + "}");
  }

  @Test
  void thePortIsEnough() {
    DeviceSmsSettings device = settings("{" + PORT + "}");
    assertThat(device.device()).contains(GsmDevice.at("/dev/ttyUSB0"));
    assertThat(device.connectionFactory()).isEmpty();
    assertThat(device.validity()).contains(Duration.ofMinutes(10));
    assertThat(device.reportTimeout()).isZero();
    assertThat(device.maxParts()).isEqualTo(4);
    assertThat(device.flash()).isFalse();
    assertThat(device.statusReport()).isFalse();
    assertThat(device.transliterate()).isFalse();
  }

  @Test
  void everyKeyIsRead() {
    DeviceSmsSettings read =
        with(
            "\"BAUDRATE\": 19200, \"FLOWCONTROL\": \"none\", \"PIN\": \"0123\","
                + "\"SMSC\": \"+491710760000\", \"MODE\": \"PDU\","
                + "\"INIT\": [\"AT+COPS=0\", \"AT+CSQ\"], \"VALIDITY\": \"2 h\","
                + "\"FLASH\": true, \"STATUS_REPORT\": \"True\", \"REPORT_TIMEOUT\": 20,"
                + "\"RECEIVE\": true, \"TIMEOUT\": \"3,45\", \"QUEUE\": 7,"
                + "\"MAX_PARTS\": 2, \"TRANSLITERATE\": true");
    assertThat(read.device())
        .contains(
            new GsmDevice(
                "/dev/ttyUSB0",
                19200,
                GsmDevice.FlowControl.NONE,
                "0123",
                "+491710760000",
                false,
                List.of("AT+COPS=0", "AT+CSQ"),
                true,
                true,
                Duration.ofSeconds(3),
                Duration.ofSeconds(45),
                7));
    assertThat(read.validity()).contains(Duration.ofHours(2));
    assertThat(read.flash()).isTrue();
    assertThat(read.statusReport()).isTrue();
    assertThat(read.reportTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(read.maxParts()).isEqualTo(2);
    assertThat(read.transliterate()).isTrue();
  }

  @Test
  void withoutDeviceNothingCanBeSent() {
    assertThatThrownBy(() -> settings("{}"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("'PORT'");
  }

  @Test
  void aFactoryOfTheServerNeedsNoPort() {
    DeviceSmsSettings read = settings("{\"CONNECTION_FACTORY\": \"java:/gsm/modem1\"}");
    assertThat(read.connectionFactory()).contains("java:/gsm/modem1");
    assertThat(read.device()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ldap://evil.example/x",
        "rmi://evil.example/x",
        "java:comp/env/x y",
        "a:b",
        "x\\n"
      })
  void aFactoryIsANameOfTheServer(String name) {
    assertThatThrownBy(() -> settings("{\"CONNECTION_FACTORY\": \"" + name + "\"}"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("CONNECTION_FACTORY");
  }

  @ParameterizedTest
  @CsvSource({
    "10,PT10M",
    "10 min,PT10M",
    "'90 minutes',PT90M",
    "2h,PT2H",
    "1 hour,PT1H",
    "4 d,PT96H",
    "2 weeks,PT336H",
    "'10 MIN',PT10M"
  })
  void aValidityHasAUnit(String text, Duration expected) {
    assertThat(with("\"VALIDITY\": \"" + text + "\"").validity()).contains(expected);
  }

  @Test
  void anEmptyValidityIsNone() {
    assertThat(with("\"VALIDITY\": \"\"").validity()).isEmpty();
    assertThat(with("\"VALIDITY\": 30").validity()).contains(Duration.ofMinutes(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"VALIDITY\": \"soon\"",
        "\"VALIDITY\": \"-1\"",
        "\"VALIDITY\": [1]",
        "\"BAUDRATE\": 1",
        "\"BAUDRATE\": \"fast\"",
        "\"FLOWCONTROL\": \"maybe\"",
        "\"PIN\": \"12a4\"",
        "\"PIN\": \"1234\\rAT+CPIN=1\"",
        "\"SMSC\": \"centre\"",
        "\"MODE\": \"voice\"",
        "\"MODE\": \"text\", \"RECEIVE\": true",
        "\"INIT\": [\"DELETE\"]",
        "\"INIT\": [\"AT\\r+CMGD=1,4\"]",
        "\"INIT\": [{\"a\": 1}]",
        "\"TIMEOUT\": \"0\"",
        "\"QUEUE\": 0",
        "\"MAX_PARTS\": 256",
        "\"REPORT_TIMEOUT\": 601"
      })
  void aValueThatCannotBeRightIsRefused(String more) {
    assertThatThrownBy(() -> with(more)).isInstanceOf(LinotpException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttyUSB0", "/dev/../etc/shadow", "/dev/tty USB0", "http://x/", "COM"})
  void aPortIsASerialPort(String port) {
    assertThatThrownBy(() -> settings("{\"PORT\": \"" + port + "\"}"))
        .isInstanceOf(LinotpException.class);
  }

  @Test
  void aRefusedPinIsNotShown() {
    assertThatThrownBy(() -> with("\"PIN\": \"98765432109\""))
        .hasMessageNotContaining("98765432109");
    assertThat(with("\"PIN\": \"9876\"").toString()).doesNotContain("9876");
  }

  @Test
  void theFileOfGnokiiIsRead() throws IOException {
    DeviceSmsSettings read =
        file(
            """
            # a comment
            [global]
            model = AT
            port = /dev/ttyACM1
            connection = serial
            initlength = default
            serial_baudrate = 19200
            handshake = software
            smsc_timeout = 30

            [xgnokii]
            port = /dev/ttyS9
            """,
            "");
    GsmDevice device = read.device().orElseThrow();
    assertThat(device.port()).isEqualTo("/dev/ttyACM1");
    assertThat(device.baudRate()).isEqualTo(19200);
    assertThat(device.flowControl()).isEqualTo(GsmDevice.FlowControl.XONXOFF);
    assertThat(device.sendTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(device.commandTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theManualsFileHasNoSection() throws IOException {
    DeviceSmsSettings read = file(" model = AT\n port = /dev/ttyACM1\n connection = serial\n", "");
    assertThat(read.device().map(GsmDevice::port)).isEqualTo(Optional.of("/dev/ttyACM1"));
  }

  @Test
  void ownKeysWinOverTheFile() throws IOException {
    DeviceSmsSettings read =
        file(
            "[global]\nport = /dev/ttyACM1\nserial_baudrate = 9600\nhandshake = hardware\n",
            ", " + PORT + ", \"BAUDRATE\": 57600, \"FLOWCONTROL\": \"none\"");
    GsmDevice device = read.device().orElseThrow();
    assertThat(device.port()).isEqualTo("/dev/ttyUSB0");
    assertThat(device.baudRate()).isEqualTo(57600);
    assertThat(device.flowControl()).isEqualTo(GsmDevice.FlowControl.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model = 6510", "connection = bluetooth"})
  void aFileForAnotherKindOfDeviceIsRefused(String line) {
    assertThatThrownBy(() -> file("[global]\nport = /dev/ttyACM1\n" + line + "\n", ""))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("CONFIGFILE");
  }

  @Test
  void aFileWithoutPortIsRefused() {
    assertThatThrownBy(() -> file("[global]\nmodel = AT\n", ""))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("'PORT'");
  }

  @Test
  void whatIsNoConfigurationFileIsNotRead() throws IOException {
    Path large = Files.write(folder.resolve("large"), new byte[100_000]);
    for (String name : List.of("/dev/zero", folder.toString(), large.toString(), "/no/such/file")) {
      assertThatThrownBy(() -> settings("{\"CONFIGFILE\": \"" + name + "\"}"))
          .isInstanceOf(LinotpException.class)
          .hasMessageContaining("CONFIGFILE");
    }
  }

  @Test
  void aRefusedFileShowsNothingOfItself() throws IOException {
    assertThatThrownBy(() -> file("model = geheim\n", "")).hasMessageNotContaining("geheim");
  }
}
