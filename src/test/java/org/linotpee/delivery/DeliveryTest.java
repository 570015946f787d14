package org.linotpee.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicySubject;
import org.linotpee.testing.TestProduct;

class DeliveryTest {
  private final TestProduct product = new TestProduct();
  private final Map<String, Supplier<Outcome>> behaviour = new HashMap<>();
  private final List<String> tried = new ArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final ProviderClasses classes = new ProviderClasses(List.of(new Scripted()));
  private final Settings settings =
      Settings.load(product.settings.home(), Map.of("PROVIDER_MAX_TOTAL_TIME_SECONDS", "2"));
  private final Providers providers =
      new Providers(product.snapshots, product.sealer, product.policies, classes, settings);
  private final Delivery delivery =
      new Delivery(providers, classes, product.policies, new Bulkhead(), settings, product.clock);

  @AfterEach
  void close() {
    product.close();
  }

  /** Does what the test says. */
  private final class Scripted implements ProviderClass {
    @Override
    public ProviderType type() {
      return ProviderType.SMS;
    }

    @Override
    public String name() {
      return "Scripted";
    }

    @Override
    public List<Option> options() {
      return List.of(Option.required("key", "string", "anything"));
    }

    @Override
    public Provider open(ProviderSettings given) {
      given.required("key");
      return new Provider() {
        @Override
        public Outcome send(Message message) {
          synchronized (tried) {
            tried.add(given.name());
          }
          return behaviour.getOrDefault(given.name(), () -> new Outcome.Accepted("sent")).get();
        }

        @Override
        public ProviderTest test() {
          return new ProviderTest(true, "fine", List.of());
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    }
  }

  private void provider(String name) {
    provider(name, "5", "{\"key\": \"secret\"}");
  }

  private void provider(String name, String timeout, String config) {
    providers.store(
        new Providers.Change(
            ProviderType.SMS,
            name,
            "Scripted",
            timeout,
            Optional.of(config),
            false,
            Optional.empty()),
        em -> {});
  }

  private Receipt send(String... names) {
    return delivery.send(ProviderType.SMS, List.of(names), Message.sms("+49171", "Code 755224"));
  }

  private static Outcome unavailable() {
    return new Outcome.Unavailable("down");
  }

  @Test
  void withoutNamesItIsTheDefaultProvider() {
    assertThat(send()).isEqualTo(new Receipt.NotSent("no sms provider available"));
    provider("b");
    provider("a");
    providers.makeDefault(ProviderType.SMS, "b", em -> {});
    assertThat(send()).isEqualTo(new Receipt.Sent("b", "sent"));
  }

  @Test
  void whatPoliciesNameIsTriedInTheirOrder() {
    provider("one");
    provider("two");
    product.people("alice");
    product.policy("choice", "authentication", "sms_provider=nosuch two one");
    var context =
        new PolicyContext(
            Optional.of(new PolicySubject("alice", "people", "people")),
            Optional.of("people"),
            "192.0.2.1");
    List<String> names = delivery.choice(ProviderType.SMS, context);
    assertThat(names).containsExactly("nosuch", "two", "one");
    assertThat(delivery.send(ProviderType.SMS, names, Message.sms("1", "x")))
        .isEqualTo(new Receipt.Sent("two", "sent"));
    assertThat(send("nosuch")).isInstanceOf(Receipt.NotSent.class);
  }

  @Test
  void oneThatIsDownMakesWayAndIsLeftAlone() {
    provider("down");
    provider("up");
    behaviour.put("down", DeliveryTest::unavailable);
    assertThat(send("down", "up")).isEqualTo(new Receipt.Sent("up", "sent"));
    assertThat(send("down", "up")).isEqualTo(new Receipt.Sent("up", "sent"));
    assertThat(tried).containsExactly("down", "up", "up");
    product.clock.advance(Duration.ofSeconds(61));
    behaviour.remove("down");
    assertThat(send("down", "up")).isEqualTo(new Receipt.Sent("down", "sent"));
  }

  @Test
  void theLastOneIsTriedEvenIfItWasDown() {
    provider("a");
    behaviour.put("a", DeliveryTest::unavailable);
    assertThat(send("a")).isInstanceOf(Receipt.NotSent.class);
    behaviour.remove("a");
    assertThat(send("a")).isEqualTo(new Receipt.Sent("a", "sent"));
  }

  @Test
  void oneThatRefusesMakesWayButIsNotLeftAlone() {
    provider("bad");
    provider("up");
    behaviour.put("bad", () -> new Outcome.Refused("no: Code 755224"));
    assertThat(send("bad", "up")).isEqualTo(new Receipt.Sent("up", "sent"));
    assertThat(send("bad", "up")).isEqualTo(new Receipt.Sent("up", "sent"));
    assertThat(tried).containsExactly("bad", "up", "bad", "up");
  }

  @Test
  void theFirstRefusalIsTheReasonAndHoldsNoOneTimePassword() {
    provider("down");
    provider("bad");
    behaviour.put("down", DeliveryTest::unavailable);
    behaviour.put("bad", () -> new Outcome.Refused("no: Code 755224"));
    assertThat(send("down", "bad"))
        .isInstanceOfSatisfying(
            Receipt.NotSent.class,
            receipt ->
                assertThat(receipt.reason())
                    .startsWith("sms provider bad: refused: no")
                    .contains("sms provider down: unavailable: down")
                    .doesNotContain("755224", "secret"));
  }

  @Test
  void nobodyWaitsLongerThanTheDeadline() {
    provider("lame");
    provider("up");
    behaviour.put(
        "lame",
        () -> {
          try {
            Thread.sleep(30_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Outcome.Accepted("late");
        });
    long begin = System.nanoTime();
    assertThat(send("lame", "up")).isInstanceOf(Receipt.NotSent.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    assertThat(send("lame", "up"))
        .as("lame is left alone")
        .isEqualTo(new Receipt.Sent("up", "sent"));
  }

  @Test
  void aHangingGatewayHoldsABoundedNumberOfMessages() throws Exception {
    provider("lame");
    provider("up");
    var open = new CountDownLatch(1);
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    behaviour.put(
        "lame",
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          try {
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          running.decrementAndGet();
          return new Outcome.Unavailable("interrupted");
        });
    var threads = Executors.newFixedThreadPool(80);
    try {
      var all = new ArrayList<Future<Receipt>>();
      for (int i = 0; i < 80; i++) {
        all.add(threads.submit(() -> send("lame")));
      }
      Thread.sleep(500);
      long begin = System.nanoTime();
      assertThat(send("up")).isEqualTo(new Receipt.Sent("up", "sent"));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
      for (Future<Receipt> receipt : all) {
        assertThat(receipt.get()).isInstanceOf(Receipt.NotSent.class);
      }
      assertThat(most.get()).isLessThanOrEqualTo(16);
    } finally {
      open.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void aChangedProviderIsOpenedAnewAndTheOldOneClosed() {
    provider("a");
    send("a");
    send("a");
    int before = closed.get();
    provider("a", "6", "{\"key\": \"other\"}");
    send("a");
    assertThat(closed.get()).isGreaterThan(before);
  }

  @Test
  void settingsAreCheckedWhenTheyAreStored() {
    assertThatThrownBy(() -> provider("a", "5", "{'key': 1}"))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("line 1, column");
    assertThatThrownBy(() -> provider("a", "5", "{}")).hasMessageContaining("'key'");
    assertThat(providers.all(ProviderType.SMS)).isEmpty();
  }

  @Test
  void theTimeoutIsTheValidityOfAnEmailedPassword() {
    provider("a", "90", "{\"key\": 1}");
    provider("b", "3,10", "{\"key\": 1}");
    assertThat(delivery.timeout(ProviderType.SMS, List.of("a"))).contains(Duration.ofSeconds(90));
    assertThat(delivery.timeout(ProviderType.SMS, List.of("b"))).isEmpty();
    assertThat(delivery.timeout(ProviderType.SMS, List.of("nosuch"))).isEmpty();
  }

  @Test
  void theOldNamelessProviderIsUsed() {
    product.configure("SMSProvider", "Scripted");
    product.configure("SMSProviderConfig", "{\"key\": 1}");
    assertThat(send()).isEqualTo(new Receipt.Sent("imported_default", "sent"));
    provider("imported_default", "77", "{\"key\": 2}");
    assertThat(product.snapshots.current().configuration().text("SMSProviderTimeout"))
        .contains("77");
    assertThat(send("imported_default")).isEqualTo(new Receipt.Sent("imported_default", "sent"));
    assertThat(
            providers
                .delete(ProviderType.SMS, "imported_default", Optional.empty(), em -> {})
                .done())
        .isTrue();
    assertThat(providers.all(ProviderType.SMS)).isEmpty();
  }

  @Test
  void aProviderThatPoliciesNameStays() {
    provider("a");
    product.policy("p", "authentication", "sms_provider=b a");
    assertThat(providers.delete(ProviderType.SMS, "a", Optional.empty(), em -> {}).message())
        .contains("Unable to delete - provider used in policies!\n[p]");
  }
}
