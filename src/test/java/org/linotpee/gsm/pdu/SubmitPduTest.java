package org.linotpee.gsm.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of spec 11 section 11.6. */
class SubmitPduTest {
  private static final String LONG_GSM =
      "Your one-time password is 755224. It is valid for two minutes. Do not tell it to anybody, not"
          + " even to the help desk. If you did not ask for it, please call +49 30 123456 now.";
  private static final String LONG_UCS2 =
      "Ваш одноразовый пароль 755224. Он действует две минуты. Никому его не говорите, даже службе"
          + " поддержки.";

  private static String packed(String text) {
    return HexFormat.of()
        .withUpperCase()
        .formatHex(Septets.pack(GsmAlphabet.encode(text).orElseThrow(), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "hellohello,E8329BFD4697D9EC37",
    "@,00",
    "AB,4121",
    "1234567,31D98C56B3DD00",
    "12345678,31D98C56B3DD70",
    "755224,B75A4D26A301",
    "Your OTP is 755224,D9775D0E7A52A1A0F41C74ABD564321A",
    "€,9B32",
    "[OTP] {1},1BDE930ADDF8401B546C9302",
    "Grüße,47B9DF5306",
  })
  void textsArePacked(String text, String expected) {
    assertThat(packed(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "+46708251358,hellohello,5760,false,false,23,0011000B916407281553F80000AA0AE8329BFD4697D9EC37",
    "+491711234567,Your OTP is 755224,0,false,false,29,"
        + "0001000C91947111325476000012D9775D0E7A52A1A0F41C74ABD564321A",
    "+491711234567,Your OTP is 755224,10,false,false,30,"
        + "0011000C9194711132547600000112D9775D0E7A52A1A0F41C74ABD564321A",
    "+491711234567,Your OTP is 755224,120,false,false,30,"
        + "0011000C9194711132547600001712D9775D0E7A52A1A0F41C74ABD564321A",
    "01711234567,755224,0,false,false,19,0001000B811017214365F7000006B75A4D26A301",
    "+4917112345678,755224 €,0,false,false,22,0001000D91947111325476F8000009B75A4D26A3813665",
    "+491711234567,Код 755224,0,false,false,33,"
        + "0001000C91947111325476000814041A043E04340020003700350035003200320034",
    "+491711234567,OTP 755224 😀,0,false,false,39,"
        + "0001000C9194711132547600081A004F0054005000200037003500350032003200340020D83DDE00",
    "+491711234567,755224,0,true,false,19,0021000C91947111325476000006B75A4D26A301",
    "+491711234567,755224,0,false,true,19,0001000C91947111325476001006B75A4D26A301",
  })
  void messagesAreEncoded(
      String number,
      String text,
      long minutes,
      boolean report,
      boolean flash,
      int length,
      String expected) {
    Optional<Duration> validity =
        minutes == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(minutes));
    var options = new SubmitPdu.Options(Optional.empty(), validity, report, flash);
    assertThat(SubmitPdu.encode(PhoneNumber.of(number), text, options, 0, 4))
        .containsExactly(new SubmitPdu(expected, length));
  }

  private static List<SubmitPdu> parts(String text) {
    return SubmitPdu.encode(PhoneNumber.of("+491711234567"), text, SubmitPdu.Options.NONE, 0x2A, 4);
  }

  @Test
  void longTextsAreSplit() {
    assertThat(parts(LONG_GSM))
        .containsExactly(
            new SubmitPdu(
                "0041000C919471113254760000A00500032A0201B2EFBA1CF476975BF474BB0C8287E7F3FB5B4E06A5"
                    + "E7A05BAD2693D15CA0241D949E83EC61769A0C32BFE520FAFD0D6AA7DD757A79EE0211DF20F7"
                    + "9B0EA297D96C509A0EA2BF4161775EFC26E75920F79B0E2ADBCB6E10FD0DA2A3CB2074990D07"
                    + "91CBF3B50B943483F2EF3A889C2683DC6F3A283C5F83CC6F39284D6781E0EC72785E068DC3",
                153),
            new SubmitPdu(
                "0041000C9194711132547600001C0500032A0202D86CD08A9603CD60A0986C46ABD940EEF7DD05",
                38));
    assertThat(parts(LONG_UCS2))
        .containsExactly(
            new SubmitPdu(
                "0041000C9194711132547600088C0500032A02010412043004480020043E0434043D043E044004300437"
                    + "043E0432044B04390020043F04300440043E043B044C00200037003500350032003200340"
                    + "02E0020041E043D002004340435043904410442043204430435044200200434043204350020"
                    + "043C0438043D04430442044B002E0020041D0438043A043E043C04430020043504330"
                    + "43E0020",
                153),
            new SubmitPdu(
                "0041000C9194711132547600084C0500032A0202043D043500200433043E0432043E0440043804420435"
                    + "002C0020043404300436043500200441043B04430436043104350020043F043E0434043404"
                    + "3504400436043A0438002E",
                89));
  }

  @Test
  void anEscapeIsNotParted() {
    List<SubmitPdu> parts = parts("x".repeat(152) + "€" + "y".repeat(20));
    assertThat(parts).hasSize(2);
    assertThat(parts.get(0).hex().substring(26, 28)).isEqualTo("9F");
    assertThat(parts.get(1).hex().substring(26, 28)).isEqualTo("1D");
  }

  @Test
  void aSurrogatePairIsNotParted() {
    List<SubmitPdu> parts = parts("я".repeat(66) + "😀" + "я".repeat(10));
    assertThat(parts).hasSize(2);
    assertThat(parts.get(0).hex()).endsWith("044F");
    assertThat(parts.get(1).hex()).contains("0202D83DDE00");
  }

  @Test
  void theLimitsOfOneMessage() {
    assertThat(parts("x".repeat(160))).hasSize(1);
    assertThat(parts("x".repeat(161))).hasSize(2);
    assertThat(parts("я".repeat(70))).hasSize(1);
    assertThat(parts("я".repeat(71))).hasSize(2);
    assertThat(parts("")).hasSize(1);
    assertThatThrownBy(() -> parts("x".repeat(4 * 153 + 1)))
        .isInstanceOf(PduException.class)
        .hasMessageContaining("5 short messages");
  }

  @ParameterizedTest
  @CsvSource({
    "+491710760000,0791947101670000",
    "+4917222000,06919471220200",
    "+491722270,069194712272F0",
  })
  void theServiceCentreIsInFront(String number, String expected) {
    var options =
        new SubmitPdu.Options(Optional.of(PhoneNumber.of(number)), Optional.empty(), false, false);
    SubmitPdu pdu = SubmitPdu.encode(PhoneNumber.of("123"), "x", options, 0, 1).get(0);
    assertThat(pdu.hex()).startsWith(expected + "0100");
    assertThat(pdu.length()).isEqualTo(pdu.hex().length() / 2 - expected.length() / 2);
  }

  @Test
  void validityPeriodsAreRoundedUp() {
    assertThat(ValidityPeriod.octet(Duration.ofMinutes(10))).isEqualTo(1);
    assertThat(ValidityPeriod.octet(Duration.ofMinutes(11))).isEqualTo(2);
    assertThat(ValidityPeriod.octet(Duration.ofHours(2))).isEqualTo(0x17);
    assertThat(ValidityPeriod.octet(Duration.ofHours(13))).isEqualTo(145);
    assertThat(ValidityPeriod.octet(Duration.ofDays(4))).isEqualTo(0xAA);
    assertThat(ValidityPeriod.octet(Duration.ofDays(35))).isEqualTo(197);
    assertThat(ValidityPeriod.octet(Duration.ofDays(9999))).isEqualTo(255);
  }

  @Test
  void numbersMayHavePunctuation() {
    assertThat(PhoneNumber.of(" +49 (171) 123-456/7.8")).hasToString("+4917112345678");
    assertThatThrownBy(() -> PhoneNumber.of("+49171\";AT+X")).isInstanceOf(PduException.class);
    assertThatThrownBy(() -> PhoneNumber.of("")).isInstanceOf(PduException.class);
    assertThatThrownBy(() -> PhoneNumber.of("1".repeat(21))).isInstanceOf(PduException.class);
  }

  @Test
  void everyCharacterOfTheAlphabetComesBack() {
    var alphabet = new StringBuilder();
    for (char c = 0; c < 0x2100; c++) {
      if (GsmAlphabet.encode(String.valueOf(c)).isPresent()) {
        alphabet.append(c);
      }
    }
    assertThat(alphabet).hasSize(127 + 10).doesNotContain("ç").contains("Ç", "Ξ", "|");
    byte[] septets = GsmAlphabet.encode(alphabet.toString()).orElseThrow();
    assertThat(GsmAlphabet.decode(septets)).isEqualTo(alphabet.toString());
  }

  @Test
  void randomSeptetsComeBack() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] septets = new byte[random.nextInt(161)];
      for (int j = 0; j < septets.length; j++) {
        septets[j] = (byte) random.nextInt(128);
      }
      int fill = random.nextInt(7);
      assertThat(Septets.unpack(Septets.pack(septets, fill), fill, septets.length))
          .as("seed %d", seed)
          .isEqualTo(septets);
    }
  }

  @Test
  void typographyCanBeMadePlain() {
    assertThat(GsmAlphabet.transliterate("„Žluťoučký” – naïve… Grüße€"))
        .isEqualTo("\"Zlutoucky\" - naive... Grüße€");
    assertThat(GsmAlphabet.transliterate("Код")).isEqualTo("Код");
  }

  @Test
  void receivedMessagesAreDecoded() {
    DeliverPdu plain =
        DeliverPdu.decode(
            "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
    assertThat(plain.sender()).isEqualTo("+31641600986");
    assertThat(plain.text()).isEqualTo("How are you?");
    assertThat(plain.sentAt()).isEqualTo("2002-08-26T19:37:41Z");
    assertThat(plain.parts()).isEqualTo(1);
  }

  @Test
  void partsOfReceivedMessagesSayWhichTheyAre() {
    String body = HexFormat.of().formatHex("привет".getBytes(StandardCharsets.UTF_16BE));
    DeliverPdu part =
        DeliverPdu.decode("00440B911346610089F60008208062917314081306080405390302" + body);
    assertThat(part.reference()).isEqualTo(0x0539);
    assertThat(part.parts()).isEqualTo(3);
    assertThat(part.part()).isEqualTo(2);
    assertThat(part.text()).isEqualTo("привет");
  }

  @Test
  void sendersMayHaveNames() {
    byte[] name = Septets.pack(GsmAlphabet.encode("Example").orElseThrow(), 0);
    DeliverPdu pdu =
        DeliverPdu.decode(
            "00040DD0" + HexFormat.of().formatHex(name) + "00002080629173140806B75A4D26A301");
    assertThat(pdu.sender()).isEqualTo("Example");
    assertThat(pdu.text()).isEqualTo("755224");
  }

  @Test
  void deliveryReportsAreDecoded() {
    StatusReportPdu report =
        StatusReportPdu.decode("00062A0C91947111325476621152510000006211525100108000");
    assertThat(report.reference()).isEqualTo(42);
    assertThat(report.recipient()).isEqualTo("+491711234567");
    assertThat(report.status()).isZero();
    assertThat(report.at()).isEqualTo("2026-11-25T13:00:01Z");
  }

  @Test
  void whateverComesIsRefusedInOrder() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    String[] good = {
      "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07",
      "00062A0C91947111325476621152510000006211525100108000"
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = HexFormat.of().parseHex(good[i % 2]);
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String hex = HexFormat.of().formatHex(bytes, 0, random.nextInt(bytes.length) + 1);
      try {
        DeliverPdu.decode(hex);
        StatusReportPdu.decode(hex);
      } catch (PduException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + hex, e);
      }
    }
  }
}
