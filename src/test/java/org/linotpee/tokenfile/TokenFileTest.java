package org.linotpee.tokenfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;

/** The formats and vectors of spec 03 section 8 (those of PSKC are of RFC 6030 section 6). */
class TokenFileTest {
  private static final String KEY = "3132333435363738393031323334353637383930";
  private static final String KEY32 =
      "3132333435363738393031323334353637383930313233343536373839303132";

  private static List<TokenRecord> read(TokenFile format, String text) {
    var tokens = new ArrayList<TokenRecord>();
    format.read(new StringReader(text), tokens::add);
    return tokens;
  }

  private static void refused(TokenFile format, String text, String message) {
    assertThatThrownBy(() -> read(format, text))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining(message);
  }

  @Test
  void oathCsvWithItsDefaults() {
    List<TokenRecord> tokens =
        read(
            new OathCsv(),
            """
            # serial, seed, type
            acme01, %s
            acme02 , %s , TOTP , 8 , 60
            acme03, %s, hotp, 7
            acme04, %s, totp, 6, often, SHA512
            acme05, %s, ocra2, OCRA-1:HOTP-SHA1-6:QN08
            acme06, %s, ocra2
            , %s
            acme07,
            """
                .formatted(KEY, KEY, KEY32, KEY, KEY, KEY, KEY));
    assertThat(tokens)
        .extracting(TokenRecord::serial)
        .containsExactly("acme01", "acme02", "acme03", "acme04", "acme05");
    assertThat(tokens.get(0).type()).isEqualTo("hmac");
    assertThat(tokens.get(0).otpLength()).contains(6);
    assertThat(tokens.get(0).description()).isEqualTo("imported");
    assertThat(tokens.get(0).parameters()).containsEntry("hashlib", "sha1");
    assertThat(tokens.get(1).otpLength()).contains(8);
    assertThat(tokens.get(1).info()).isEqualTo(Map.of("timeStep", "60"));
    assertThat(tokens.get(2).parameters()).containsEntry("hashlib", "sha256");
    assertThat(tokens.get(3).info()).isEqualTo(Map.of("timeStep", "30"));
    assertThat(tokens.get(3).parameters()).containsEntry("hashlib", "sha512");
    assertThat(tokens.get(4).parameters()).containsEntry("ocrasuite", "OCRA-1:HOTP-SHA1-6:QN08");
    refused(new OathCsv(), "a, " + KEY + "\nb, " + KEY + ", hotp, six", "line 2");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstSerial() {
    assertThat(read(new OathCsv(), "\uFEFFacme01, " + KEY).get(0).serial()).isEqualTo("acme01");
  }

  @Test
  void yubikeyLogs() {
    List<TokenRecord> tokens =
        read(
            new YubikeyCsv(),
            """
            LOGGING START,2024-01-02 09:59
            Yubico OTP,2024,2,cbdefghijklc,112233445566,000102030405060708090a0b0c0d0e0f,,,0,0,0,0
            OATH-HOTP,2024,1,ccccccckbbbb,,%s,,,0,0,0,8,0
            Static Password,2024,1,cbdefghijklc,,0001,,,0,0,0,0
            1234567,,0,%s,,2024-01-02T03:04:05,
            1234568,cbdefghijklc,112233445566,000102030405060708090a0b0c0d0e0f,,2024,
            1234569,,,303132,,2024,
            """
                .formatted(KEY, KEY));
    assertThat(tokens)
        .extracting(TokenRecord::serial)
        .containsExactly("UBAM19088743_2", "UBOM00000009_1", "UBOM1234567_X", "UBAM1234568_X");
    assertThat(tokens.get(0).otpLength()).contains(44);
    assertThat(tokens.get(0).description()).isEqualTo("cbdefghijklc");
    assertThat(tokens.get(1).otpLength()).contains(8);
    assertThat(tokens.get(2).type()).isEqualTo("hmac");
    refused(new YubikeyCsv(), "OATH-HOTP,2024,1,azzz,," + KEY + ",,,0,0,0,8,0", "modhex");
  }

  @Test
  void safeNetXml() {
    String xml =
        "<Tokens><Token serial='A1'><Applications><Application><Seed>%s</Seed><MovingFactor>8"
            + "</MovingFactor></Application></Applications></Token><Token serial='A2'/></Tokens>";
    List<TokenRecord> tokens = read(new SafeNetXml("auto"), xml.formatted(KEY32));
    assertThat(tokens).hasSize(1);
    assertThat(tokens.get(0).parameters()).containsEntry("hashlib", "sha256");
    assertThat(tokens.get(0).counter()).contains(7L);
    assertThat(read(new SafeNetXml("sha1"), xml.formatted(KEY32)).get(0).parameters())
        .containsEntry("hashlib", "sha1");
    refused(new SafeNetXml("auto"), "<Other/>", "root element");
    refused(new SafeNetXml("auto"), "no xml", "not XML");
    assertThatThrownBy(() -> new SafeNetXml("md5")).isInstanceOf(LinotpException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE KeyContainer [<!ENTITY s 'x'>]><KeyContainer>&s;</KeyContainer>",
        "<!DOCTYPE KeyContainer SYSTEM 'file:///etc/passwd'><KeyContainer/>",
        "<!DOCTYPE KeyContainer [<!ENTITY s SYSTEM 'file:///etc/passwd'>]>"
            + "<KeyContainer><KeyPackage>&s;</KeyPackage></KeyContainer>"
      })
  void documentTypesAreRefused(String xml) {
    refused(Pskc.standard(new Pskc.Plain(), false), xml, "document type");
  }

  private static final String HEAD =
      "<KeyContainer xmlns='urn:ietf:params:xml:ns:keyprov:pskc'"
          + " xmlns:xenc='http://www.w3.org/2001/04/xmlenc#'>";

  private static String cipher(String value) {
    return "<xenc:EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/>"
        + "<xenc:CipherData><xenc:CipherValue>"
        + value
        + "</xenc:CipherValue></xenc:CipherData>";
  }

  private static String sealed(String keyInfo, String macKey, String value, String mac) {
    return HEAD
        + "<EncryptionKey>"
        + keyInfo
        + "</EncryptionKey><MACMethod Algorithm='http://www.w3.org/2000/09/xmldsig#hmac-sha1'>"
        + "<MACKey>"
        + cipher(macKey)
        + "</MACKey></MACMethod><KeyPackage><DeviceInfo><SerialNo>987654321</SerialNo></DeviceInfo>"
        + "<Key Algorithm='urn:ietf:params:xml:ns:keyprov:pskc:hotp'><AlgorithmParameters>"
        + "<ResponseFormat Length='8'/></AlgorithmParameters><Data><Secret><EncryptedValue>"
        + cipher(value)
        + "</EncryptedValue><ValueMAC>"
        + mac
        + "</ValueMAC></Secret></Data></Key></KeyPackage></KeyContainer>";
  }

  private static final String RFC_SECTION_6_1 =
      sealed(
          "<KeyName>Pre-shared-key</KeyName>",
          "ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX",
          "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv",
          "Su+NvtQfmvfJzF6bmQiJqoLRExc=");

  @Test
  void keysUnderAPresharedKey() {
    TokenFile file = Pskc.standard(new Pskc.Preshared("12345678901234567890123456789012"), false);
    List<TokenRecord> tokens = read(file, RFC_SECTION_6_1);
    assertThat(tokens.get(0).seed()).isEqualTo(KEY);
    assertThat(tokens.get(0).serial()).isEqualTo("987654321");
    assertThat(tokens.get(0).otpLength()).contains(8);
    refused(file, RFC_SECTION_6_1.replace("tlB3", "tlB4"), "does not fit");
    refused(
        file,
        RFC_SECTION_6_1.replace("<ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=</ValueMAC>", ""),
        "no MAC");
    refused(Pskc.standard(new Pskc.Preshared("ff"), false), RFC_SECTION_6_1, "16 bytes");
    refused(Pskc.standard(new Pskc.Preshared("zz"), false), RFC_SECTION_6_1, "hexadecimal");
    refused(Pskc.standard(new Pskc.Plain(), false), RFC_SECTION_6_1, "encrypted");
    refused(file, RFC_SECTION_6_1.replace("aes128-cbc", "aes256-cbc"), "aes128-cbc");
    refused(file, RFC_SECTION_6_1.replace("hmac-sha1", "hmac-md5"), "hmac-sha1");
  }

  @Test
  void keysUnderAPassword() {
    String text =
        sealed(
            "<DerivedKey><KeyDerivationMethod Algorithm='x#pbkdf2'><PBKDF2-params><Salt><Specified>"
                + "Ej7/PEpyEpw=</Specified></Salt><IterationCount>1000</IterationCount>"
                + "<KeyLength>16</KeyLength></PBKDF2-params></KeyDerivationMethod></DerivedKey>",
            "ESIzRFVmd4iZABEiM0RVqsaZHHSWycqct/Mu1fsHUheTBzuxIwbBEV9NVYTtfRv1",
            "EBESExQVFhcYGRobHB0eH07MQ3tMOYdZnkUzGc3Uo4Bo64QBWvZwp732FA475u1Z",
            "KGRa+TBMG/GPe4hNDJ7KewtHxR0=");
    assertThat(read(Pskc.standard(new Pskc.Password("qwerty"), false), text).get(0).seed())
        .isEqualTo(KEY);
    refused(Pskc.standard(new Pskc.Password("qwertz"), false), text, "does not fit");
    refused(Pskc.standard(new Pskc.Password("short"), false), text, "6 to 64");
    refused(
        Pskc.standard(new Pskc.Password("qwerty"), false),
        text.replace("<IterationCount>1000<", "<IterationCount>99999999<"),
        "IterationCount");
  }

  @Test
  void plainContainersWithCounterAndInterval() {
    String plain =
        Base64.getEncoder()
            .encodeToString("12345678901234567890".getBytes(StandardCharsets.US_ASCII));
    String text =
        HEAD
            + "<KeyPackage><Key Id='ACME00000001'"
            + " Algorithm='urn:ietf:params:xml:ns:keyprov:pskc:totp'><Data><Secret><PlainValue>"
            + plain
            + "</PlainValue></Secret><TimeInterval><PlainValue>60</PlainValue></TimeInterval>"
            + "</Data></Key></KeyPackage><KeyPackage><DeviceInfo><SerialNo>odd</SerialNo>"
            + "</DeviceInfo><Key Algorithm='a:hotp'><Data><Secret><PlainValue>"
            + plain
            + "</PlainValue></Secret><Counter><PlainValue>42</PlainValue></Counter></Data></Key>"
            + "</KeyPackage></KeyContainer>";
    List<TokenRecord> all = read(Pskc.standard(new Pskc.Plain(), false), text);
    assertThat(all.get(0).info()).isEqualTo(Map.of("timeStep", "60"));
    assertThat(all.get(0).otpLength()).contains(6);
    assertThat(all.get(1).counter()).contains(42L);
    assertThat(read(Pskc.standard(new Pskc.Plain(), true), text))
        .extracting(TokenRecord::serial)
        .containsExactly("ACME00000001");
    refused(Pskc.standard(new Pskc.Plain(), false), HEAD + "</KeyContainer>", "no key");
    refused(
        Pskc.standard(new Pskc.Plain(), false), text.replace("pskc:totp", "pskc:pin"), "algorithm");
  }

  @Test
  void dayPasswordsAndDatFiles() {
    assertThat(read(new DayPasswordFile(), "D1 a b\nlonely\n"))
        .singleElement()
        .satisfies(token -> assertThat(token.seed()).isEqualTo("a b"));
    String record =
        """
        # a comment

        dn: sccAuthenticatorId=ACME0002
        sccAuthenticatorId: ACME0002
        sccTokenType: Example-TS
        sccTokenData: sccKey=%s;sccMode=T;sccPwLen=8;sccTick=60;crypto=HmacSHA256;sccPrTime=2020/01/02
        """
            .formatted(KEY32);
    TokenRecord token = read(new DatFile(""), record).get(0);
    assertThat(token.type()).isEqualTo("totp");
    assertThat(token.otpLength()).isEqualTo(Optional.of(8));
    assertThat(token.info()).isEqualTo(Map.of("timeStep", "60", "timeShift", "-946684800"));
    assertThat(token.description()).isEqualTo("Example-TS 2020/01/02");
    for (String start : List.of("2010-01-01", "1.1.2010", "01.01.2010 00:00", "2010-01-01+00:00")) {
      assertThat(read(new DatFile(start), record).get(0).info())
          .containsEntry("timeShift", "-1262304000");
    }
    refused(new DatFile(""), record.replace("sccMode=T;", ""), "sccMode");
  }

  @Test
  void anUnknownFormatIsRefused() {
    var options = new TokenFile.Options("auto", new Pskc.Plain(), false, "");
    assertThatThrownBy(() -> TokenFile.named("vasco", options))
        .hasMessageContaining("Unknown file type");
  }
}
