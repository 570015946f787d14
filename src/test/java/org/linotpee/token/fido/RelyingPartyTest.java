package org.linotpee.token.fido;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelyingPartyTest {
  private final RelyingParty party = new RelyingParty("bank.example", "Bank");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://bank.example",
        "https://bank.example:8443",
        "https://login.bank.example",
        "https://a.b.bank.example:1"
      })
  void pagesOfTheDomainAndBelowMayUseACredential(String origin) {
    assertThat(party.admits(origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://bank.example",
        "https://evilbank.example",
        "https://bank.example.evil.example",
        "https://bank.example@evil.example",
        "https://bank.example/",
        "https://bank.example:",
        "https://bank.example:443:443",
        "https://evil.example/https://bank.example",
        "https://evil.example?.bank.example",
        "https://evil.example#.bank.example",
        "https://evil.example\\.bank.example",
        "https://example",
        "https://.bank.example ",
        "https://",
        "android:apk-key-hash:abc",
        "null",
        ""
      })
  void othersMayNot(String origin) {
    assertThat(party.admits(origin)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost", "http://localhost:8080", "https://localhost"})
  void onTheSameMachineNoTlsIsNeeded(String origin) {
    assertThat(new RelyingParty("localhost", "").admits(origin)).isTrue();
    assertThat(party.admits(origin)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bank.example",
        "localhost",
        "intranet",
        "otp.bank.internal",
        "a-b.co.uk",
        "x1.de"
      })
  void domainNamesCanBeRelyingParties(String id) {
    assertThat(RelyingParty.usable(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "com",
        "de",
        "co.uk",
        "github.io",
        "127.0.0.1",
        "[::1]",
        "https://bank.example",
        "bank.example:8443",
        "bank.example.",
        ".bank.example",
        "bank..example",
        "-bank.example",
        "bänk.example",
        "bank example",
        "*.bank.example"
      })
  void suffixesAddressesAndUrlsCannot(String id) {
    assertThat(RelyingParty.usable(id)).isFalse();
  }
}
