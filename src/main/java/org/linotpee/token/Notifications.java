package org.linotpee.token;

import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Message;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Receipt;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;

/**
 * Tells users what was done to their tokens, where policies of the scope notification want it (spec
 * 07 section 15.1, spec 11 section 15). It waits for gateways: never call it within a transaction.
 * What cannot be sent is logged and changes nothing else.
 */
@Service
public class Notifications {
  private static final Logger LOG = System.getLogger(Notifications.class.getName());
  private static final String SCOPE = "notification";
  private static final String BORDER = "::";

  /** What users are told of; each has an action that switches it on. */
  public enum Event {
    /** A token at the first login. */
    AUTOENROLLMENT("autoenrollment"),
    /** A token by an administrator, or by the user himself. */
    ENROLLMENT("enrollment"),
    /** A PIN that the user did not choose. */
    PIN("setPin");

    private final String action;

    Event(String action) {
      this.action = action;
    }
  }

  /**
   * What has happened.
   *
   * @param pin that the user is to be told; never one that he chose himself
   */
  public record Notice(Event event, String serial, String tokenType, Optional<String> pin) {
    /** Without the PIN. */
    @Override
    public String toString() {
      return event + " of token " + serial;
    }

    private String subject() {
      return event == Event.PIN
          ? "New PIN of " + tokenType + " token"
          : "New " + tokenType + " token enrolled";
    }

    /** With placeholders, which the provider fills; a template takes their place. */
    private String mail() {
      String what =
          event == Event.PIN
              ? "your token ${serial} of type ${tokentype} has a new PIN."
              : "a new token of type ${tokentype} with the serial number ${serial} was enrolled"
                  + " for you.";
      return "Dear ${givenname} ${surname},\n\n"
          + what
          + "\n"
          + pin.map(text -> "Its PIN is ${Pin}\n").orElse("");
    }

    private String sms() {
      return (event == Event.PIN ? "New PIN, " : "New ")
          + "%s token %s".formatted(tokenType, serial)
          + pin.map(text -> ", PIN " + text).orElse("");
    }
  }

  /**
   * Who is told.
   *
   * @param attributes by name, as the user store has them
   */
  public record Addressee(PolicyContext context, Map<String, String> attributes) {
    public Addressee {
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * A notice for the owner of a token.
   *
   * @param in the realms of the token
   */
  public record Letter(Notice notice, OwnerKey owner, Set<String> in) {
    public Letter {
      in = Set.copyOf(in);
    }
  }

  private final PolicyEngine policies;
  private final Delivery delivery;
  private final Users users;
  private final Snapshots snapshots;
  private final Duration maxTotalTime;

  @Inject
  public Notifications(
      PolicyEngine policies,
      Delivery delivery,
      Users users,
      Snapshots snapshots,
      Settings settings) {
    this.policies = policies;
    this.delivery = delivery;
    this.users = users;
    this.snapshots = snapshots;
    this.maxTotalTime =
        Duration.ofSeconds(settings.number(Setting.PROVIDER_MAX_TOTAL_TIME_SECONDS));
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /** The user as addressee. */
  public Addressee addressee(User user, String client) {
    String realm = user.name().realm();
    return new Addressee(
        new PolicyContext(
            Optional.of(PolicySubject.of(user)),
            Optional.of(realm.isEmpty() ? realms().defaultRealm() : realm),
            client),
        user.attributes());
  }

  /**
   * The owner of a token as addressee; empty if his user store does not know him.
   *
   * @param in the realms of the token
   */
  private Optional<Addressee> addressee(OwnerKey owner, Collection<String> in, String client) {
    return users
        .attributes(owner)
        .map(
            attributes ->
                new Addressee(
                    new PolicyContext(
                        Optional.of(
                            new PolicySubject(
                                attributes.getOrDefault("username", ""),
                                realmOf(owner, in),
                                owner.resolverName())),
                        Optional.of(realmOf(owner, in)),
                        client),
                    attributes));
  }

  /** A realm of the token in which the owner is known, else any in which he is. */
  private String realmOf(OwnerKey owner, Collection<String> in) {
    List<String> knowing =
        realms().containing(owner.resolverName()).stream().map(Realms.Realm::name).toList();
    return knowing.stream()
        .filter(in::contains)
        .findFirst()
        .or(() -> knowing.stream().findFirst())
        .orElse("");
  }

  /** True if some policy wants somebody to be told; then it is worth to find out whom. */
  public boolean any(Event event) {
    return policies.exists(SCOPE, event.action);
  }

  /** True if policies want this person to be told. */
  public boolean wanted(Event event, Addressee addressee) {
    return !ways(event, addressee).isEmpty();
  }

  /** How: {@code <means>::<provider>}, the first that works. Other words are no way. */
  private List<String> ways(Event event, Addressee addressee) {
    if (!any(event)) {
      return List.of();
    }
    return policies.text(SCOPE, event.action, addressee.context()).stream()
        .flatMap(text -> List.of(text.trim().split("\\s+")).stream())
        .filter(way -> means(way).isPresent())
        .toList();
  }

  private static Optional<ProviderType> means(String way) {
    int border = way.indexOf(BORDER);
    return border < 0
        ? Optional.empty()
        : ProviderType.named(way.substring(0, border))
            .filter(type -> type == ProviderType.EMAIL || type == ProviderType.SMS);
  }

  /** Tells it, if policies want that; true if a gateway has taken the message. */
  public boolean send(Notice notice, Addressee addressee) {
    try {
      for (String way : ways(notice.event(), addressee)) {
        if (send(way, notice, addressee.attributes())) {
          return true;
        }
      }
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, notice + " could not be told", failed);
    }
    return false;
  }

  /**
   * Tells owners of tokens, for as long as a request may wait for gateways. Whoever could not be
   * reached is not tried again for his next token.
   */
  public void sendAll(List<Letter> letters, String client) {
    if (letters.isEmpty() || letters.stream().noneMatch(l -> any(l.notice().event()))) {
      return;
    }
    long end = System.nanoTime() + maxTotalTime.toNanos();
    var addressees = new HashMap<OwnerKey, Optional<Addressee>>();
    int late = 0;
    for (Letter letter : letters) {
      if (System.nanoTime() - end > 0) {
        late++;
      } else {
        addressees
            .computeIfAbsent(letter.owner(), owner -> addressee(owner, letter.in(), client))
            .filter(addressee -> !send(letter.notice(), addressee))
            .ifPresent(unreachable -> addressees.put(letter.owner(), Optional.empty()));
      }
    }
    if (late > 0) {
      LOG.log(Level.WARNING, "no time was left to tell {0} owners about their tokens", late);
    }
  }

  private boolean send(String way, Notice notice, Map<String, String> attributes) {
    ProviderType means = means(way).orElseThrow();
    String provider = way.substring(way.indexOf(BORDER) + BORDER.length());
    Receipt receipt =
        delivery.send(
            means,
            provider.isEmpty() ? List.of() : List.of(provider),
            means == ProviderType.EMAIL ? mail(notice, attributes) : sms(notice, attributes));
    if (receipt instanceof Receipt.NotSent notSent) {
      LOG.log(Level.WARNING, "{0} could not be told: {1}", notice, notSent.reason());
    }
    return receipt instanceof Receipt.Sent;
  }

  private static Message mail(Notice notice, Map<String, String> attributes) {
    var values = new HashMap<String, String>(attributes);
    values.keySet().removeAll(List.of("cryptpass", "password", Message.OTP, Message.PIN));
    notice.pin().ifPresent(pin -> values.put(Message.PIN, pin));
    values.put("tokentype", notice.tokenType());
    values.put(Message.SERIAL, notice.serial());
    values.put("message", notice.subject());
    values.put("Subject", notice.subject());
    return new Message(
        attributes.getOrDefault("email", ""), notice.mail(), Optional.of(notice.subject()), values);
  }

  private static Message sms(Notice notice, Map<String, String> attributes) {
    return new Message(
        attributes.getOrDefault("mobile", ""),
        notice.sms(),
        Optional.empty(),
        notice.pin().map(pin -> Map.of(Message.PIN, pin)).orElse(Map.of()));
  }
}
