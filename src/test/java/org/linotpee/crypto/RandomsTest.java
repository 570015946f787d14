package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RandomsTest {
  @Test
  void textsHaveTheirLengthAndAlphabet() {
    assertThat(Randoms.hex(20)).matches("[0-9a-f]{40}");
    assertThat(Randoms.digits(12)).matches("[0-9]{12}");
    assertThat(Randoms.fromAlphabet(30, "ab")).matches("[ab]{30}");
    assertThat(Randoms.bytes(7)).hasSize(7);
    assertThat(Randoms.hex(20)).isNotEqualTo(Randoms.hex(20));
  }

  @Test
  void everyCharacterOccurs() {
    var drawn = Randoms.digits(2000).chars().boxed().collect(Collectors.toSet());
    assertThat(drawn).hasSize(10);
  }
}
