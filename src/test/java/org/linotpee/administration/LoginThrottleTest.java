package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.testing.TestProduct;

/** Guessing gets slower and slower. */
class LoginThrottleTest {
  private TestProduct product;
  private LoginThrottle throttle;

  @BeforeEach
  void start() {
    product = new TestProduct();
    throttle = new LoginThrottle(product.transactions, product.clock, product.settings);
  }

  @AfterEach
  void stop() {
    product.close();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed("admin", "192.0.2.1");
    }
  }

  @Test
  void theSixthFailureInARowDelays() {
    fail(5);
    assertThat(throttle.mustWait("admin", "192.0.2.1")).isFalse();
    fail(1);
    assertThat(throttle.mustWait("admin", "192.0.2.1")).isTrue();
    assertThat(throttle.mustWait("admin", "192.0.2.2")).isFalse();
    assertThat(throttle.mustWait("other", "192.0.2.1")).isFalse();
    product.clock.advance(Duration.ofSeconds(1));
    assertThat(throttle.mustWait("admin", "192.0.2.1")).isFalse();
  }

  @Test
  void theDelayDoublesUpToItsLimit() {
    assertThat(throttle.delay(6)).isEqualTo(Duration.ofSeconds(1));
    assertThat(throttle.delay(9)).isEqualTo(Duration.ofSeconds(8));
    assertThat(throttle.delay(1000)).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void successForgets() {
    fail(8);
    product.transactions.required(
        em -> {
          throttle.succeeded(em, "admin", "192.0.2.1");
          return null;
        });
    assertThat(throttle.mustWait("admin", "192.0.2.1")).isFalse();
  }
}
