package org.linotpee.enrollment;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshot;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyDuration;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;
import org.linotpee.reporting.Reports;
import org.linotpee.token.EnrollmentParameters;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.Validity;

/** Temporary replacements of lost tokens (spec 03 section 6). */
@Service
public class LostToken {
  private static final String PREFIX = "lost";
  private static final int MAX_SERIAL = 40;
  private static final int PASSWORD_LENGTH = 10;
  private static final int DAYS = 10;
  private static final int MAX_PASSWORD = 128;
  private static final String SCOPE = "enrollment";

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final AdminRights rights;
  private final PolicyEngine policies;
  private final Reports reports;
  private final Clock clock;

  @Inject
  public LostToken(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Transactions transactions,
      AuditTrail auditTrail,
      AdminRights rights,
      PolicyEngine policies,
      Reports reports,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.rights = rights;
    this.policies = policies;
    this.reports = reports;
    this.clock = clock;
  }

  /**
   * What kind of replacement is asked for.
   *
   * @param type {@code email}, {@code sms}, or anything else for a password
   * @param email instead of the owner's address
   * @param mobile instead of the owner's number
   */
  public record Wish(String type, Optional<String> email, Optional<String> mobile) {}

  /**
   * What the owner is to be told.
   *
   * @param password the password, or where the value is going to arrive
   * @param endDate the end of its validity, {@code dd/mm/yy HH:MM}, UTC
   */
  public record Replacement(
      String serial, String type, String password, String endDate, boolean pinCopied) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Replacement[" + serial + ", " + type + "]";
    }
  }

  /**
   * Issues the replacement, with owner, realms and PIN of the lost token, and disables that one. An
   * earlier replacement gets a new password.
   *
   * @throws LinotpException 1102 unknown serial, -311 no owner who can be found, 10 the replacement
   *     exists with another type; nothing changes then
   */
  public Replacement replace(String serial, Wish wish, AuditRecord audit) {
    audit.serial(serial);
    Snapshot snapshot = snapshots.current();
    AdminRights.Scope right = rights.of("losttoken");
    Realms realms = snapshot.part(Realms.class);
    record Known(Optional<OwnerKey> owner, Set<String> realms) {}
    Known known =
        transactions.required(
            em -> {
              Token token = tokens.lockOne(em, serial);
              Set<String> in = tokens.realmsOf(em, token, realms);
              if (!right.forToken(in)) {
                throw AdminRights.denied("replace the lost token " + serial);
              }
              return new Known(token.owner(), in);
            });
    OwnerKey owner =
        known
            .owner()
            .orElseThrow(
                () ->
                    LinotpException.unclassified(
                        "You can only define a lost token for an assigned token."));
    Map<String, String> attributes =
        users
            .attributes(owner)
            .orElseThrow(
                () -> LinotpException.unclassified("the owner of the token cannot be found"));
    Realms.Realm realm =
        realms
            .ofOwner(owner, known.realms())
            .orElseThrow(
                () ->
                    LinotpException.unclassified("the owner's user store is in no realm any more"));
    var context = context(owner, attributes, realm.name(), audit.client());
    var means = means(wish, attributes, context);
    String end = endDate(context);
    return transactions.required(
        em -> {
          Token lost = tokens.lockOne(em, serial);
          if (!lost.owner().map(owner::equals).orElse(false)) {
            throw LinotpException.unclassified("the owner of the token has just changed");
          }
          Replacement replacement = issue(em, lost, means, end, snapshot);
          lost.active(false);
          em.flush();
          reports.record(
              em,
              "losttoken",
              Reports.realms(List.of(tokens.realmsOf(em, lost, snapshot.part(Realms.class)))));
          audit
              .success(true)
              .serial(replacement.serial())
              .tokenType(replacement.type())
              .user(
                  attributes.getOrDefault("username", ""),
                  String.join(", ", tokens.realmsOf(em, lost, snapshot.part(Realms.class))))
              .actionDetail("from " + lost.serial() + "tokennum = " + tokens.countActive(em));
          auditTrail.store(em, audit);
          return replacement;
        });
  }

  /** The type of the replacement, what enrolls it, and what its owner is told. */
  private record Means(TokenType type, Map<String, String> parameters, String told) {}

  private Means means(Wish wish, Map<String, String> attributes, PolicyContext context) {
    String type = wish.type();
    if (type.equals("email") || type.equals("sms")) {
      boolean mail = type.equals("email");
      Optional<String> address =
          (mail ? wish.email() : wish.mobile())
              .or(() -> Optional.ofNullable(attributes.get(mail ? "email" : "mobile")))
              .filter(a -> !a.isBlank());
      Optional<TokenType> found = types.named(type);
      if (address.isPresent() && found.isPresent()) {
        return new Means(
            found.get(),
            Map.of(mail ? "email_address" : "phone", address.get()),
            mail ? "Please check your e-mail" : "Please check your phone");
      }
    }
    TokenType password =
        types
            .named("pw")
            .orElseThrow(() -> LinotpException.unclassified("password tokens are not offered"));
    int length =
        policies
            .number(SCOPE, "lostTokenPWLen", context)
            .filter(n -> n > 0 && n <= MAX_PASSWORD)
            .orElse(PASSWORD_LENGTH);
    String contents = policies.text(SCOPE, "lostTokenPWContents", context).orElse("");
    String text = Randoms.fromAlphabet(length, TokenPolicies.alphabet(contents));
    return new Means(password, Map.of("otpkey", text), text);
  }

  private Replacement issue(
      EntityManager em, Token lost, Means means, String end, Snapshot snapshot) {
    String serial = PREFIX + lost.serial();
    if (serial.length() > MAX_SERIAL) {
      throw LinotpException.unclassified(
          "the serial of the token is too long for that of a replacement");
    }
    List<Token> existing = tokens.lockBySerials(em, Set.of(serial));
    existing.forEach(token -> Enrollment.requireType(token, means.type()));
    Token token =
        existing.isEmpty()
            ? tokens.create(em, serial, means.type(), snapshot.configuration())
            : existing.get(0);
    means
        .type()
        .enroll(
            token,
            new EnrollmentParameters(new HashMap<>(means.parameters()), snapshot.configuration()));
    token.describe("temporary replacement for " + lost.serial());
    token.active(true);
    token.assign(lost.owner().orElseThrow());
    Realms realms = snapshot.part(Realms.class);
    tokens.setRealms(em, token, tokens.realmsOf(em, lost, realms), realms);
    boolean copyPin = !lost.type().equalsIgnoreCase("spass");
    if (copyPin) {
      secrets.copyPin(lost, token);
    } else {
      token.sealedPin("");
    }
    token.info(token.info().with("validity_period_end", end));
    return new Replacement(serial, means.type().name(), means.told(), end, copyPin);
  }

  private static PolicyContext context(
      OwnerKey owner, Map<String, String> attributes, String realm, String client) {
    return new PolicyContext(
        Optional.of(
            new PolicySubject(
                attributes.getOrDefault("username", ""), realm, owner.resolverName())),
        Optional.of(realm),
        client);
  }

  /** The last minute of a day, or a time from now; UTC. */
  private String endDate(PolicyContext context) {
    String valid = policies.text(SCOPE, "lostTokenValid", context).orElse("").trim();
    boolean days = valid.matches("-?\\d{1,5}");
    Optional<Long> seconds = days ? Optional.empty() : PolicyDuration.seconds(valid);
    if (seconds.isPresent()) {
      return Validity.ofEpochSeconds(clock.instant().getEpochSecond() + seconds.get());
    }
    int number = days ? Integer.parseInt(valid) : DAYS;
    return Validity.ofEpochSeconds(
        clock
            .instant()
            .atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .plusDays(number < 0 ? DAYS : number)
            .atTime(LocalTime.of(23, 59))
            .toEpochSecond(ZoneOffset.UTC));
  }
}
