package org.linotpee.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.43, for=198.51.100.17 | 192.0.2.43",
        "for=192.0.2.60;proto=http;by=203.0.113.43 | 192.0.2.60",
        "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
        "for=\"_gazonk:800\" | _gazonk"
      })
  void theForwardedHeaderNamesTheClient(String header, String client) {
    assertThat(ClientAddress.forwarded(header)).contains(client);
  }

  @Test
  void networksContainAddressesOfTheirKind() {
    var networks = new Networks(List.of("192.0.2.0/24", "2001:db8::/32", "10.1.2.3", "x/99"));
    assertThat(networks.contains("192.0.2.77")).isTrue();
    assertThat(networks.contains("192.0.3.1")).isFalse();
    assertThat(networks.contains("2001:db8:1::1")).isTrue();
    assertThat(networks.contains("10.1.2.3")).isTrue();
    assertThat(networks.contains("10.1.2.4")).isFalse();
  }

  @Test
  void onlyLiteralsAreAddressesSoThatNothingIsAskedOfTheNameService() {
    assertThat(Networks.literal("localhost")).isEmpty();
    assertThat(Networks.literal("1.2.3")).isEmpty();
    assertThat(Networks.literal("1.2.3.256")).isEmpty();
    assertThat(Networks.literal("unknown")).isEmpty();
    assertThat(Networks.literal("2001:db8::1")).isPresent();
  }
}
