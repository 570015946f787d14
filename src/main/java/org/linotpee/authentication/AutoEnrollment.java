package org.linotpee.authentication;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.Users;
import org.linotpee.policy.PolicyContext;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.Notifications;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * Gives a user without token one to which values are sent, at the first login with the password of
 * the user store, and sends the first value at once (spec 02 section 7.3, spec 07 sections 14.4 and
 * 15.1).
 */
@Service
public class AutoEnrollment {
  /** What can be made, in the order in which {@code *} prefers it. */
  private static final List<Kind> KINDS =
      List.of(new Kind("sms", "mobile", "phone"), new Kind("email", "email", "email_address"));

  private static final String ANY = "*";
  private static final int ANNOUNCED_PIN = 6;

  private record Kind(String type, String attribute, String parameter) {}

  private record Choice(Kind kind, String address) {}

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final TokenPolicies tokenPolicies;
  private final LoginPolicies policies;
  private final TokenCheck check;
  private final ChallengeTrigger trigger;
  private final Notifications notifications;
  private final Transactions transactions;

  @Inject
  public AutoEnrollment(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      TokenPolicies tokenPolicies,
      LoginPolicies policies,
      TokenCheck check,
      ChallengeTrigger trigger,
      Notifications notifications,
      Transactions transactions) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.tokenPolicies = tokenPolicies;
    this.policies = policies;
    this.check = check;
    this.trigger = trigger;
    this.notifications = notifications;
    this.transactions = transactions;
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  /**
   * Enrolls, if a policy wants it and the password is right.
   *
   * @return the challenge, or a refusal if it could not be sent; empty if nobody was enrolled: the
   *     reason is in the audit record then
   */
  Optional<Outcome> enroll(Candidate candidate, User user, AuditRecord audit) {
    PolicyContext context = candidate.policies();
    List<Kind> wanted = wanted(policies.autoEnrollment(context).orElse(""));
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Optional<Choice> choice =
        wanted.stream()
            .map(kind -> new Choice(kind, user.attributes().getOrDefault(kind.attribute(), "")))
            .filter(c -> !c.address().isBlank() && types.named(c.kind().type()).isPresent())
            .findFirst();
    if (choice.isEmpty()) {
      audit.info("auto enrollment: the user has neither a suitable number nor address");
      return Optional.empty();
    }
    String password = candidate.attempt().password().orElse("");
    if (!users.passwordMatches(user, password)) {
      audit.info("auto enrollment: wrong password");
      return Optional.empty();
    }
    Optional<Made> made = made(candidate, user, choice.get(), password, audit);
    return made.map(
        m ->
            trigger.complete(
                candidate,
                m.pending(),
                Optional.of(audit),
                outcome -> afterwards(m, outcome, user, audit.client())));
  }

  /** Words that mean nothing switch it off. */
  private static List<Kind> wanted(String value) {
    List<String> words =
        Arrays.stream(value.trim().toLowerCase(Locale.ROOT).split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList();
    boolean known =
        words.stream()
            .allMatch(w -> w.equals(ANY) || KINDS.stream().anyMatch(k -> k.type().equals(w)));
    if (!known) {
      return List.of();
    }
    return words.contains(ANY)
        ? KINDS
        : words.stream()
            .flatMap(w -> KINDS.stream().filter(k -> k.type().equals(w)))
            .distinct()
            .toList();
  }

  // the token -------------------------------------------------------------------------------------

  private record Made(String serial, String type, ChallengeTrigger.Pending pending) {}

  private Optional<Made> made(
      Candidate candidate, User user, Choice choice, String password, AuditRecord audit) {
    try {
      return transactions.required(
          em -> {
            Realms realms = realms();
            List<String> names = Tokens.realmsOf(user, realms);
            tokenPolicies.lockRealms(em, names);
            if (!tokens.lockOfUser(em, user, realms).isEmpty()) {
              throw LinotpException.unclassified("the user has just got a token");
            }
            Token token = create(em, candidate, user, choice, password, audit.client());
            ChallengeTrigger.Pending pending =
                check
                    .challenge(em, candidate, token, audit)
                    .orElseThrow(() -> LinotpException.unclassified("no challenge could be made"));
            audit.serial(token.serial()).tokenType(token.type());
            return Optional.of(new Made(token.serial(), token.type(), pending));
          });
    } catch (LinotpException told) {
      audit.info("auto enrollment: " + told.getMessage()).serial("").tokenType("");
      return Optional.empty();
    }
  }

  private Token create(
      EntityManager em,
      Candidate candidate,
      User user,
      Choice choice,
      String password,
      String client) {
    TokenType type = types.named(choice.kind().type()).orElseThrow();
    tokenPolicies.requireRoomForUser(em, user, type.name(), client);
    Token token =
        tokens.create(
            em, tokens.newSerial(em, type, Optional.empty()), type, candidate.configuration());
    type.enroll(
        token,
        new EnrollmentParameters(
            Map.of(choice.kind().parameter(), choice.address()), candidate.configuration()));
    token.describe("auto enrolled for " + user.name().login() + "@" + user.name().realm());
    token.assign(user.owner());
    Set<String> in = tokens.setRealms(em, token, Tokens.realmsOf(user, realms()), realms());
    changePin(token, user, in, password, client);
    tokenPolicies.requireRoomInRealms(em, in, 0, TokenPolicies.Occasion.ENROLLMENT);
    return token;
  }

  private void changePin(Token token, User user, Set<String> in, String pin, String client) {
    secrets.changePin(token, pin, tokenPolicies.reversiblePins(Optional.of(user), in, client));
  }

  // after the message -----------------------------------------------------------------------------

  /** What is left to do with the token: announce it or, if nothing could be sent, delete it. */
  private Consumer<EntityManager> afterwards(Made made, Outcome outcome, User user, String client) {
    String serial = made.serial();
    if (!(outcome instanceof Outcome.Challenged)) {
      return em -> tokens.lockBySerials(em, Set.of(serial)).forEach(t -> tokens.delete(em, t));
    }
    Optional<String> pin = announced(serial, made.type(), user, client);
    return em ->
        pin.ifPresent(
            text ->
                tokens
                    .lockBySerials(em, Set.of(serial))
                    .forEach(
                        token ->
                            changePin(
                                token,
                                user,
                                new TreeSet<>(tokens.realmsOf(em, token, realms())),
                                text,
                                client)));
  }

  /** The new PIN, if a policy wants the user to be told one and he was. */
  private Optional<String> announced(String serial, String type, User user, String client) {
    Notifications.Addressee addressee = notifications.addressee(user, client);
    if (!notifications.wanted(Notifications.Event.AUTOENROLLMENT, addressee)) {
      return Optional.empty();
    }
    String pin =
        tokenPolicies.randomPin(
            Optional.of(user), Tokens.realmsOf(user, realms()), client, ANNOUNCED_PIN);
    return Optional.of(pin)
        .filter(
            text ->
                notifications.send(
                    new Notifications.Notice(
                        Notifications.Event.AUTOENROLLMENT, serial, type, Optional.of(text)),
                    addressee));
  }
}
