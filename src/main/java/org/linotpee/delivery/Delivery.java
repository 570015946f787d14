package org.linotpee.delivery;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;

/**
 * Sends messages to users (spec 11 sections 3 and 4). Never call it within a database transaction:
 * it waits for other people's servers.
 */
@Service
public class Delivery {
  private static final Logger LOG = System.getLogger(Delivery.class.getName());
  private static final String SCOPE = "authentication";

  private final Providers providers;
  private final ProviderClasses classes;
  private final PolicyEngine policies;
  private final Bulkhead bulkhead;
  private final Blocks blocks;
  private final Duration maxTotalTime;
  private final ConcurrentHashMap<String, Opened> opened = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Health> health = new ConcurrentHashMap<>();
  private final Clock clock;

  @Inject
  public Delivery(
      Providers providers,
      ProviderClasses classes,
      PolicyEngine policies,
      Bulkhead bulkhead,
      Settings settings,
      Clock clock) {
    this.providers = providers;
    this.classes = classes;
    this.policies = policies;
    this.bulkhead = bulkhead;
    this.clock = clock;
    this.blocks = new Blocks(clock);
    this.maxTotalTime =
        Duration.ofSeconds(settings.number(Setting.PROVIDER_MAX_TOTAL_TIME_SECONDS));
    WireLog.silence();
  }

  /** A provider that is ready to send, and how many do so with it. */
  private static final class Opened {
    private final Providers.Definition definition;
    private final Provider provider;
    private int users;
    private boolean retired;

    Opened(Providers.Definition definition, Provider provider) {
      this.definition = definition;
      this.provider = provider;
    }

    synchronized boolean enter() {
      if (retired) {
        return false;
      }
      users++;
      return true;
    }

    synchronized void leave() {
      users--;
      closeIfUnused();
    }

    synchronized void retire() {
      retired = true;
      closeIfUnused();
    }

    private void closeIfUnused() {
      if (retired && users == 0) {
        provider.close();
      }
    }
  }

  @PreDestroy
  void close() {
    opened.values().forEach(Opened::retire);
  }

  // choice ----------------------------------------------------------------------------------------

  /**
   * The names of the providers that the policies choose, in their order; empty means the default
   * provider.
   *
   * @param context the client, and the owner of the token or, without one, the token's first realm
   */
  public List<String> choice(ProviderType type, PolicyContext context) {
    String names = policies.text(SCOPE, type.action(), context).orElse("");
    return Arrays.stream(names.trim().split("\\s+")).filter(n -> !n.isEmpty()).distinct().toList();
  }

  /**
   * The time in the field {@code timeout} of the first of these providers, which is how long an
   * e-mailed one-time password is valid; empty if there is none, or it is no number of seconds.
   *
   * @param names as {@link #choice} gives them
   */
  public Optional<Duration> timeout(ProviderType type, List<String> names) {
    return candidates(type, names).stream()
        .findFirst()
        .map(definition -> definition.timeout().trim())
        .filter(text -> text.matches("[0-9]{1,9}") && Integer.parseInt(text) > 0)
        .map(text -> Duration.ofSeconds(Integer.parseInt(text)));
  }

  private List<Providers.Definition> candidates(ProviderType type, List<String> names) {
    if (names.isEmpty()) {
      return providers.standard(type).stream().toList();
    }
    var found = new ArrayList<Providers.Definition>();
    for (String name : names) {
      Optional<Providers.Definition> definition = providers.named(type, name);
      if (definition.isEmpty()) {
        LOG.log(Level.WARNING, "policies name the {0} provider {1}: there is none", type, name);
      }
      definition.ifPresent(found::add);
    }
    return found;
  }

  // sending ---------------------------------------------------------------------------------------

  /**
   * Sends a message by the first provider that takes it.
   *
   * @param names the providers to try, in this order; empty means the default provider of the type
   */
  public Receipt send(ProviderType type, List<String> names, Message message) {
    if (message.recipient().isBlank()) {
      return new Receipt.NotSent(
          type == ProviderType.EMAIL ? "there is no e-mail address" : "there is no recipient");
    }
    List<Providers.Definition> candidates = candidates(type, names);
    if (candidates.isEmpty()) {
      return new Receipt.NotSent(
          names.isEmpty()
              ? "no %s provider available".formatted(type.key())
              : "no %s provider named %s".formatted(type.key(), String.join(" or ", names)));
    }
    long end = System.nanoTime() + maxTotalTime.toNanos();
    Optional<String> refusal = Optional.empty();
    var tried = new ArrayList<String>();
    for (Providers.Definition candidate : available(candidates)) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.isNegative() || left.isZero()) {
        break;
      }
      Outcome outcome = tryOnce(candidate, message, left);
      String told =
          "%s: %s: %s"
              .formatted(candidate, outcome.category(), Secrecy.told(outcome.reason(), message));
      if (outcome instanceof Outcome.Accepted accepted) {
        LOG.log(Level.INFO, "{0}: sent to {1}", candidate, Phones.masked(message.recipient()));
        return new Receipt.Sent(candidate.name(), accepted.detail());
      }
      boolean unavailable = outcome instanceof Outcome.Unavailable;
      LOG.log(unavailable ? Level.WARNING : Level.ERROR, told);
      if (!unavailable && refusal.isEmpty()) {
        refusal = Optional.of(told);
      }
      tried.add(told);
    }
    return new Receipt.NotSent(reason(refusal, tried));
  }

  private static String reason(Optional<String> refusal, List<String> tried) {
    String first = refusal.orElse(tried.isEmpty() ? "no time was left to send" : tried.get(0));
    var others = new ArrayList<>(tried);
    others.remove(first);
    return others.isEmpty() ? first : first + " (" + String.join("; ", others) + ")";
  }

  /** Those that are not blocked; if all are, the one whose block ends first. */
  private List<Providers.Definition> available(List<Providers.Definition> candidates) {
    List<Providers.Definition> free =
        candidates.stream().filter(c -> !blocks.blocked(key(c))).toList();
    if (!free.isEmpty()) {
      return free;
    }
    String first = blocks.firstFree(candidates.stream().map(Delivery::key).toList());
    return candidates.stream().filter(c -> key(c).equals(first)).limit(1).toList();
  }

  private static String key(Providers.Definition definition) {
    return definition.type().key() + ":" + definition.name();
  }

  // health ----------------------------------------------------------------------------------------

  /**
   * What this node knows of a gateway since it was started.
   *
   * @param at when it was asked last
   * @param answered whether it took the message, or passed the test
   * @param reason in short, if not: {@code unavailable}, {@code refused} ...
   */
  public record Health(Instant at, boolean answered, String reason) {}

  /** How a provider has done last; empty if this node has not asked it yet. */
  public Optional<Health> health(Providers.Definition definition) {
    return Optional.ofNullable(health.get(key(definition)));
  }

  private void remember(Providers.Definition definition, boolean answered, String reason) {
    health.put(key(definition), new Health(clock.instant(), answered, answered ? "" : reason));
  }

  private Outcome tryOnce(Providers.Definition definition, Message message, Duration left) {
    Outcome outcome = attempt(definition, message, left);
    remember(definition, outcome instanceof Outcome.Accepted, outcome.category());
    return outcome;
  }

  private Outcome attempt(Providers.Definition definition, Message message, Duration left) {
    Opened gateway;
    try {
      gateway = open(definition);
    } catch (LinotpException e) {
      return new Outcome.Misconfigured(e.getMessage());
    }
    String key = key(definition);
    try {
      Outcome outcome =
          bulkhead.run(key, left, () -> gateway.provider.send(message), gateway::leave);
      if (outcome instanceof Outcome.Unavailable) {
        blocks.block(key);
      } else {
        blocks.release(key);
      }
      return outcome;
    } catch (Bulkhead.BusyException e) {
      return new Outcome.Unavailable(e.getMessage());
    } catch (TimeoutException e) {
      blocks.block(key);
      return new Outcome.Unavailable(e.getMessage());
    } catch (ExecutionException e) {
      LOG.log(Level.ERROR, () -> definition + " has failed", e.getCause());
      return new Outcome.Refused("an internal error, see the log");
    }
  }

  /** The gateway of a definition, entered; the caller leaves it. */
  private Opened open(Providers.Definition definition) {
    while (true) {
      Opened current =
          opened.compute(
              key(definition),
              (key, known) -> {
                if (known != null && known.definition.equals(definition)) {
                  return known;
                }
                var fresh = new Opened(definition, gateway(definition));
                if (known != null) {
                  known.retire();
                }
                return fresh;
              });
      if (current.enter()) {
        return current;
      }
    }
  }

  private Provider gateway(Providers.Definition definition) {
    ProviderClass providerClass =
        classes
            .named(definition.type(), definition.className())
            .orElseThrow(
                () ->
                    LinotpException.unclassified(
                        "there is no class '%s'".formatted(definition.className())));
    return providerClass.open(
        ProviderSettings.parse(
            definition.name(), definition.timeout(), definition.config().orElse("")));
  }

  // testing ---------------------------------------------------------------------------------------

  /**
   * A message by which an administrator tries a provider.
   *
   * @param text what it says; a standard text if it is empty
   */
  public static Message trial(ProviderType type, String recipient, String text) {
    String said = text.isBlank() ? "This is a test message." : text;
    return type == ProviderType.VOICE
        ? new Message(recipient, "{otp}", Optional.empty(), Map.of(Message.OTP, "123456"))
        : new Message(
            recipient,
            said,
            Optional.of("Test message"),
            Map.of("message", said, Message.TRANSACTION, "0"));
  }

  /** The settings that a class of a type has; empty if there is no such class. */
  public List<ProviderClass.Option> options(ProviderType type, String className) {
    return classes.named(type, className).map(ProviderClass::options).orElse(List.of());
  }

  /**
   * Tests the connection of a provider or, with a message, sends this by it. A provider that
   * answers is no longer blocked.
   *
   * @throws LinotpException -311 if there is no such provider
   */
  public ProviderTest test(ProviderType type, String name, Optional<Message> message) {
    Providers.Definition definition =
        providers
            .named(type, name)
            .orElseThrow(
                () ->
                    LinotpException.unclassified(
                        "there is no %s provider '%s'".formatted(type.key(), name)));
    if (message.isPresent()) {
      Outcome outcome = tryOnce(definition, message.get(), maxTotalTime);
      boolean sent = outcome instanceof Outcome.Accepted;
      return new ProviderTest(
          sent,
          sent ? outcome.reason() : outcome.category() + ": " + outcome.reason(),
          List.of("message to " + Phones.masked(message.get().recipient())));
    }
    ProviderTest test = connection(definition);
    remember(definition, test.passed(), "test");
    return test;
  }

  private ProviderTest connection(Providers.Definition definition) {
    Opened gateway;
    try {
      gateway = open(definition);
    } catch (LinotpException e) {
      return new ProviderTest(false, "config: " + e.getMessage(), List.of("configuration"));
    }
    try {
      ProviderTest test =
          bulkhead.run(key(definition), maxTotalTime, gateway.provider::test, gateway::leave);
      if (test.passed()) {
        blocks.release(key(definition));
      }
      return test;
    } catch (Bulkhead.BusyException e) {
      return new ProviderTest(false, e.getMessage(), List.of());
    } catch (TimeoutException e) {
      return new ProviderTest(false, "unavailable: " + e.getMessage(), List.of("connect"));
    } catch (ExecutionException e) {
      LOG.log(Level.ERROR, () -> definition + ": the test has failed", e.getCause());
      return new ProviderTest(false, "an internal error, see the log", List.of());
    }
  }
}
