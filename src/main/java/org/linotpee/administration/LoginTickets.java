package org.linotpee.administration;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;

/**
 * What stands for an administrator's password between the steps of his login: sealed, so that any
 * node takes it and nobody else can make one, and good for a few minutes and one address.
 */
@Service
public class LoginTickets {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String CONTEXT = "administrator";
  private static final String SEPARATOR = "\0";
  private static final int PARTS = 5;

  private final Sealer sealer;
  private final Clock clock;

  @Inject
  public LoginTickets(Sealer sealer, Clock clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  /**
   * A login that has got as far as the second factor.
   *
   * @param end when it is over, whatever happens
   * @param transaction the challenge that was started for it; it answers for no other login
   */
  record Ticket(
      String login, String resolver, String client, Instant end, Optional<String> transaction) {
    Ticket with(Optional<String> other) {
      return new Ticket(login, resolver, client, end, other);
    }
  }

  Ticket begin(String login, String resolver, String client) {
    return new Ticket(login, resolver, client, clock.instant().plus(LIFETIME), Optional.empty());
  }

  String seal(Ticket ticket) {
    String text =
        String.join(
            SEPARATOR,
            String.valueOf(ticket.end().toEpochMilli()),
            ticket.client(),
            ticket.resolver(),
            ticket.transaction().orElse(""),
            ticket.login());
    return sealer.seal(Purpose.LOGIN, CONTEXT, text.getBytes(UTF_8));
  }

  /** Empty if it is not one of ours, was made for another address, or its time is over. */
  Optional<Ticket> open(String sealed, String client) {
    String[] parts;
    try {
      parts =
          new String(sealer.open(Purpose.LOGIN, CONTEXT, sealed), UTF_8).split(SEPARATOR, PARTS);
    } catch (SealException e) {
      return Optional.empty();
    }
    Instant end = Instant.ofEpochMilli(Long.parseLong(parts[0]));
    return end.isAfter(clock.instant()) && parts[1].equals(client)
        ? Optional.of(
            new Ticket(
                parts[4], parts[2], client, end, Optional.of(parts[3]).filter(t -> !t.isEmpty())))
        : Optional.empty();
  }
}
