package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final String PASSWORD = "Test123!";

  @AfterEach
  void usualCost() {
    Passwords.cost(19456, 2);
  }

  @Test
  void newHashesHaveTheCostThatIsSet() {
    String usual = Passwords.hash(PASSWORD);
    assertThat(usual).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    Passwords.cost(32768, 3);
    String dear = Passwords.hash(PASSWORD);
    assertThat(dear).startsWith("$argon2id$v=19$m=32768,t=3,p=1$");
    assertThat(Passwords.verify(dear, PASSWORD)).isTrue();
    assertThat(Passwords.verify(usual, PASSWORD)).isTrue();
    assertThat(Passwords.outdated(usual)).isTrue();
    assertThat(Passwords.outdated(dear)).isFalse();
    Passwords.cost(1024, 1);
    assertThat(Passwords.outdated(usual)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1023, 2", "1048577, 1", "19456, 0", "19456, 65"})
  void aCostOutOfBoundsIsRefused(int memory, int passes) {
    assertThatThrownBy(() -> Passwords.cost(memory, passes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1024 to 1048576 KiB and 1 to 64 passes");
    assertThat(Passwords.hash(PASSWORD)).contains("$m=19456,t=2,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{CRYPT}_dD..abcdh1z/ifD4tGk",
        "$md5$saltSALT$$hR6bqNnQ.EYczWGx1DW7v.",
        "$md5,rounds=1000$saltSALT$$.QSC0bee3AD3uAWzc096n1",
        "_dD..abcdh1z/ifD4tGk",
        "$pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0MTIzNA$PjQz2ePznOQN7pqAfsI1dyMUkC7zSpyhGYRSNB6gbIc",
        "$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0MTIzNA$kC62icbNjMrNKqEmUq0Dtu49yO4IivG6hzuX8LZ1wzlDAvgv0BgS1HpFSFhYOrK6lAdV9JiOog6yaTiEqTesyw",
        "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0MTIzNA$LvPYaopxh80vraR/ssl5J135JJ+9/QjCIVAqUF8Ey+U",
        "{SSHA256}DXYIlPU4kjQPrFAZM16JJpTwJKVZsQ707jJY6exUOAZzYWx0c2FsdA==",
        "{SSHA512}6jf42aKNcgDLQ+F+Hy2DsiDO+Qv54JZQlwsKdww5gMIiSy3RCbKprNuPJWlqkR8z2XgClCmVCQfa8V1XiOoPHHNhbHRzYWx0",
        "{SHA}DGugOIXzqudl+/IPB/UUpE29owo=",
        "{SSHA}GbgO+maVa0ygrmMpBdFZC8noUedzYWx0c2FsdA==",
        "{MD5}IWitXkY9msyyFe2q+jHI2Q==",
        "{SMD5}djVOBoCSAcWFXCvaVzBWvHNhbHRzYWx0",
        "{CRYPT}$6$saltSALT$P7iYcT/JDipqfQecoW3cUErFYGFgJQ5Y7O8ZQU8y/ZUIxzMo7rbqcPYREL2OxcrWXZjShcm/hCuTHv/nyzlhq0",
        "{CRYPT}$5$saltSALT$2xbjPB4qCIhKOk2clWErBvRzyG8zQiH01MtSx0hO9p.",
        "{CRYPT}$sha1$1000$saltSALT$jOk3HYDU4V4p8bIcE7jOHMLjLIr5",
        "{CRYPT}$1$saltSALT$UxvRWnfd7OkxFwg8vhCcX1",
        "{CRYPT}$2b$05$abcdefghijklmnopqrstuujvVsbG3s1cPPkbB3CzG8WwL3RteixBW",
        "{PKCS5S2}MDEyMzQ1Njc4OWFiY2RlZslv8gfKPaxhXYn48GqKJQbpZclUeb0lZ/S5CDcllLoZ",
        "{FSHP0|8|1000}c2FsdHNhbHRcRV/GFFozL7Ztpt91XK/4QRUxQg==",
        "{FSHP1|8|1000}c2FsdHNhbHSoqdxTlK0jYFs2gAEw4w0wvIu5JMWc8NMZV2KMn7eBSw==",
        "{FSHP2|8|1000}c2FsdHNhbHSf/ICQuGxMadTSjiR9sUh1CNhACtJ5DXGLc+Zx8y9p5m0+H0nT53iJjJWXg+CkbZU=",
        "{FSHP3|8|1000}c2FsdHNhbHTLwoLNF06JYsN14wYHPi6Nrr/6Bm4FPiqAsWjnQTXbGFweKjFmM1Kb3xxfv6Y2ZXVv1fxLrdWjHsSfdkaOa1X4",
        "$1$saltSALT$UxvRWnfd7OkxFwg8vhCcX1",
        "$2a$05$abcdefghijklmnopqrstuujvVsbG3s1cPPkbB3CzG8WwL3RteixBW",
        "$2b$05$abcdefghijklmnopqrstuujvVsbG3s1cPPkbB3CzG8WwL3RteixBW",
        "$2y$05$abcdefghijklmnopqrstuujvVsbG3s1cPPkbB3CzG8WwL3RteixBW",
        "$3$$383fe399326a954a97f73781553ae73d",
        "$5$rounds=10000$saltSALT$8v9.0xwDlxMAFxOzPath.EyYbLhiNo77iCKX0o/nP/9",
        "$6$saltSALT$P7iYcT/JDipqfQecoW3cUErFYGFgJQ5Y7O8ZQU8y/ZUIxzMo7rbqcPYREL2OxcrWXZjShcm/hCuTHv/nyzlhq0",
        "$6$rounds=10000$saltSALT$2KOz4o3PwsnME1Elw4XPoZszWPKZInu3AIO9oYmk0u30fsO8kK7Tf8v/pUblKqt3NoWBwDVbW8KQj.n/VsXkE/",
        "$6$rounds=656000$TestSaltTestSalt$.sym.M3lQAdOuCjCaJerKRMsrtmOTYc4Rmm.y1P8xpHX4nMniUxk.Duxk5dkrvQRPXPanOhoM9J/DH1NzT.TS0",
        "$sha1$1000$saltSALT$jOk3HYDU4V4p8bIcE7jOHMLjLIr5",
        "$bcrypt-sha256$v=2,t=2b,r=5$abcdefghijklmnopqrstuu$zjCFoD0w1/8LiuS5S/IphC8bg4MjpvC",
        "$bcrypt-sha256$2b,5$abcdefghijklmnopqrstuu$sceRtYJrWFsFrcf0DR9MwulhGfbEOwK",
        "$P$6saltSALTdmJBWUCUxG60VUZp.Z2830",
        "$H$6saltSALTdmJBWUCUxG60VUZp.Z2830",
        "0x010073616C742B6F5AD20CB7DEB89BCB7DD6CE2A9E19748E685A66DAE90A749D55FD527E79F392325236AEDB5201",
        "0x010073616C742B6F5AD20CB7DEB89BCB7DD6CE2A9E19748E685A",
        "4bf28f2d57217b60",
        "*48B1BB7AD34484EF0632D4B9A748CC861DFBE88B",
        "S:51B99BEC50984BB92CB424D8C5FB23B585E076A30123456789ABCDEF0123"
      })
  void aHashOfAnotherProductVerifies(String stored) {
    assertThat(Passwords.isKnownHash(stored)).isTrue();
    assertThat(Passwords.verify(stored, PASSWORD)).isTrue();
    assertThat(Passwords.verify(stored, PASSWORD + "x")).isFalse();
    assertThat(Passwords.verify(stored, "Test123")).isFalse();
    assertThat(Passwords.verify(stored, "")).isFalse();
    assertThat(Passwords.verify(stored, null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab/l7KzX3BD1A", "{CRYPT}ab/l7KzX3BD1A"})
  void theTraditionalHashCountsEightCharacters(String stored) {
    assertThat(Passwords.verify(stored, PASSWORD)).isTrue();
    assertThat(Passwords.verify(stored, PASSWORD + "x")).isTrue();
    assertThat(Passwords.verify(stored, "Test123?")).isFalse();
  }

  @Test
  void bigcryptCountsEveryBlock() {
    String stored = "abFFIUEB7Fy3I2anCDDrd4RA";
    assertThat(Passwords.verify(stored, "LongPassword123")).isTrue();
    assertThat(Passwords.verify(stored, "LongPassword124")).isFalse();
    assertThat(Passwords.verify(stored, "LongPass")).isFalse();
    assertThat(Passwords.verify(stored, "")).isFalse();
  }

  @Test
  void theExtendedTraditionalHashCountsEveryCharacter() {
    // Made with libxcrypt.
    String stored = "_J9..abcd40QCGrce0tc";
    assertThat(Passwords.verify(stored, "longer password of thirty chars")).isTrue();
    assertThat(Passwords.verify(stored, "longer password of thirty charz")).isFalse();
  }

  @Test
  void bcryptCountsSeventyTwoBytes() {
    // Made with libxcrypt.
    String stored = "$2b$05$abcdefghijklmnopqrstuuGUnCqbfgs3htOkLrFduUjAyLBw1Rq/u";
    assertThat(Passwords.verify(stored, "a".repeat(72))).isTrue();
    assertThat(Passwords.verify(stored, "a".repeat(72) + "b")).isTrue();
    assertThat(Passwords.verify(stored, "a".repeat(71))).isFalse();
  }

  @Test
  void passwordsAreUtf8() {
    String stored =
        "$6$saltSALT$k6UW744Hkx/oAfGZQLUzpGJJSf2MzRbTLVh7tV5pjOIYC/Pvugd/ohQo/vz0CivcCJh31SEeqQW8felPEiUHj0";
    assertThat(Passwords.verify(stored, "pässwörd")).isTrue();
    assertThat(Passwords.verify(stored, "password")).isFalse();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "Test123!",
        "*",
        "x",
        "!",
        "!!",
        "ab",
        "$",
        "$1$",
        "$6$",
        "$6$saltSALT$",
        "$6$saltSALT$P7iYcT",
        "{SSHA}",
        "{SSHA}!!!",
        "{SSHA}YWJj",
        "{SHA}",
        "{CRYPT}",
        "{CRYPT}ab",
        "{PLAIN}Test123!",
        "{ssha}GbgO+maVa0ygrmMpBdFZC8noUedzYWx0c2FsdA==",
        "$argon2id$",
        "$argon2id$v=19$m=999999999,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$2b$99$abcdefghijklmnopqrstuujvVsbG3s1cPPkbB3CzG8WwL3RteixBW",
        "$9$unknown$hash"
      })
  void whatIsNoHashVerifiesForNobody(String stored) {
    assertThat(Passwords.verify(stored, PASSWORD)).isFalse();
    assertThat(Passwords.verify(stored, "")).isFalse();
    assertThat(Passwords.verify(stored, String.valueOf(stored))).isFalse();
    assertThat(Passwords.outdated(stored)).isTrue();
  }

  @Test
  void aNewHashIsArgon2idWithASaltOfItsOwn() {
    String hash = Passwords.hash(PASSWORD);
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(Passwords.hash(PASSWORD.toCharArray())).isNotEqualTo(hash);
    assertThat(Passwords.verify(hash, PASSWORD)).isTrue();
    assertThat(Passwords.verify(hash, "Test123?")).isFalse();
    assertThat(Passwords.outdated(hash)).isFalse();
  }

  @Test
  void aHashOfTheReferenceImplementationOfArgon2Verifies() {
    // From the test suite of the reference implementation: password "password", salt "somesalt".
    String stored =
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";
    assertThat(Passwords.verify(stored, "password")).isTrue();
    assertThat(Passwords.verify(stored, "passwore")).isFalse();
    assertThat(Passwords.outdated(stored)).isTrue();
  }

  @Test
  void anUnknownUserTakesNoShortcut() {
    Passwords.verifyDummy("anything");
    Passwords.verifyDummy(null);
  }
}
