package org.linotpee.selfservice;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Base32;
import org.linotpee.administration.LoginThrottle;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Passwords;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserQueue;
import org.linotpee.identity.Users;

/**
 * Login of users with password and, where policies want it, a second factor, in one step or in two
 * (spec 09 sections 4 and 5). Nothing in an answer tells why a login failed; the reason is in the
 * audit trail.
 */
@Service
public class SelfserviceLogin {
  private static final Pattern BASE32 = Pattern.compile("(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2,7}=+)?");
  private static final int BASE32_BLOCK = 8;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Clients look for a part of it. */
  private static final String SECOND_FACTOR_WANTED =
      "credential verified - additional authentication parameter required";

  private final Snapshots snapshots;
  private final Users users;
  private final Sessions sessions;
  private final SelfserviceRights rights;
  private final SecondFactor secondFactor;
  private final OwnChallenges challenges;
  private final OwnTokens ownTokens;
  private final Portal portal;
  private final LoginThrottle throttle;
  private final UserQueue queue;
  private final Transactions transactions;
  private final AuditTrail auditTrail;

  @Inject
  public SelfserviceLogin(
      Snapshots snapshots,
      Users users,
      Sessions sessions,
      SelfserviceRights rights,
      SecondFactor secondFactor,
      OwnChallenges challenges,
      OwnTokens ownTokens,
      Portal portal,
      LoginThrottle throttle,
      UserQueue queue,
      Transactions transactions,
      AuditTrail auditTrail) {
    this.snapshots = snapshots;
    this.users = users;
    this.sessions = sessions;
    this.rights = rights;
    this.secondFactor = secondFactor;
    this.challenges = challenges;
    this.ownTokens = ownTokens;
    this.portal = portal;
    this.throttle = throttle;
    this.queue = queue;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
  }

  /**
   * What a login request brings.
   *
   * @param cookie the value of the session cookie
   * @param session the parameter of the same name
   * @param inAddress true if the parameters were part of the address, where passwords do not belong
   * @param texts the other parameters, for challenges
   */
  public record Request(
      String login,
      String realm,
      Optional<String> password,
      Optional<String> otp,
      Optional<String> serial,
      Optional<String> cookie,
      Optional<String> session,
      boolean inAddress,
      Map<String, String> texts) {
    public Request {
      realm = realm.trim().toLowerCase(Locale.ROOT);
      texts = Map.copyOf(texts);
    }

    /** Without secrets. */
    @Override
    public String toString() {
      return "login of " + login;
    }
  }

  /**
   * What came of it.
   *
   * @param accepted the user is logged in
   * @param session the new one; also half-way
   * @param detail of a challenge or of its state; empty if there is none
   * @param tokens to choose from, if a second factor is wanted now
   * @param retryAfter how long nothing more is tried
   */
  public record Result(
      boolean accepted,
      Optional<Session.Opened> session,
      Map<String, Object> detail,
      Optional<List<OwnTokens.Listed>> tokens,
      Optional<Duration> retryAfter) {
    static final Result REFUSED =
        new Result(false, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

    static Result loggedIn(Session.Opened session) {
      return new Result(true, Optional.of(session), Map.of(), Optional.empty(), Optional.empty());
    }

    static Result detailed(Map<String, Object> detail) {
      return new Result(false, Optional.empty(), detail, Optional.empty(), Optional.empty());
    }

    /** The message that comes with the tokens to choose from. */
    public String message() {
      return SECOND_FACTOR_WANTED;
    }
  }

  /**
   * A step of the login: a fresh one, or the next with the session of the step before. Whatever
   * goes wrong is a refusal.
   */
  public Result login(Request request, AuditRecord audit) {
    Optional<Session> session =
        request
            .cookie()
            .filter(value -> Sessions.same(value, request.session()))
            .flatMap(sessions::find);
    try {
      return session.isPresent() ? next(session.get(), request, audit) : fresh(request, audit);
    } catch (LinotpException failed) {
      audit.stored(false);
      return refused(audit, failed.clientMessage());
    }
  }

  private Result refused(AuditRecord audit, String reason) {
    audit.success(false).info(reason);
    return Result.REFUSED;
  }

  // the first step --------------------------------------------------------------------------------

  private Result fresh(Request request, AuditRecord audit) {
    audit.user(request.login(), request.realm());
    if (request.login().isEmpty() || request.password().isEmpty()) {
      return refused(audit, "login name or password is missing");
    }
    if (request.inAddress()
        && !snapshots.current().configuration().flag("userservice.login_by_get", false)) {
      return refused(audit, "passwords are not taken from addresses");
    }
    return guarded(
        request.login(),
        request.realm(),
        request.password().get(),
        audit,
        user -> verified(user, request, audit));
  }

  /** What follows once the password is right. */
  private interface Verified {
    Result proceed(User user);
  }

  /** Finds the user and checks the password, unless too many were wrong. */
  private Result guarded(
      String login, String realm, String password, AuditRecord audit, Verified verified) {
    Optional<User> user = find(login, realm);
    user.ifPresent(found -> audit.user(found.name().login(), found.name().realm()));
    String account = account(user, login);
    return inTurn(account, audit, () -> tried(user, account, password, audit, verified));
  }

  /**
   * One at a time for an account and an address, so that no crowd gets past the count, and none
   * while there were too many failures.
   */
  private Result inTurn(String account, AuditRecord audit, Supplier<Result> attempt) {
    return queue.run(
        account + " " + audit.client(),
        () -> {
          Optional<Duration> wait = throttle.waiting(account, audit.client());
          if (wait.isPresent()) {
            refused(audit, "too many failed logins in a row");
            return new Result(false, Optional.empty(), Map.of(), Optional.empty(), wait);
          }
          return attempt.get();
        });
  }

  private Result tried(
      Optional<User> user, String account, String password, AuditRecord audit, Verified verified) {
    boolean right;
    if (user.isPresent()) {
      right = users.passwordMatches(user.get(), password);
    } else {
      right = false;
      Passwords.verifyDummy(password);
    }
    Result result =
        right
            ? verified.proceed(user.orElseThrow())
            : refused(audit, user.isPresent() ? "wrong password" : "unknown user");
    if (!result.accepted() && result.session().isEmpty()) {
      throttle.failed(account, audit.client());
    }
    return result;
  }

  /** Not the name of an administrator, even if it is the same. */
  private static String account(Optional<User> user, String login) {
    return "selfservice "
        + user.map(u -> u.owner().resolverSpec() + "/" + u.owner().userId())
            .orElse(login.strip().toLowerCase(Locale.ROOT));
  }

  /** The first user that a name and a realm can mean (section 4.3). */
  private Optional<User> find(String login, String realm) {
    Realms realms = snapshots.current().part(Realms.class);
    var names = new ArrayList<UserName>();
    if (portal.realmBox()) {
      names.add(new UserName(login, realm));
    }
    names.add(
        new UserName(
            login, realms.named(realm).map(Realms.Realm::name).orElse(realms.defaultRealm())));
    int at = login.lastIndexOf('@');
    int backslash = login.indexOf('\\');
    if (at > 0) {
      names.add(new UserName(login.substring(0, at), login.substring(at + 1)));
    } else if (backslash >= 0) {
      names.add(new UserName(login.substring(backslash + 1), login.substring(0, backslash)));
    } else {
      realms.all().forEach(r -> names.add(new UserName(login, r.name())));
    }
    return names.stream()
        .filter(name -> name.given() && !name.realm().isEmpty())
        .distinct()
        .flatMap(name -> found(name))
        .findFirst();
  }

  private Stream<User> found(UserName name) {
    return users.findFresh(name) instanceof UserLookup.Found found
        ? Stream.of(found.user())
        : Stream.empty();
  }

  private Result verified(User user, Request request, AuditRecord audit) {
    if (!rights.flag(user, audit.client(), "mfa_login") || withoutTokenIsEnough(user, audit)) {
      return Result.loggedIn(authenticated(user, Optional.empty(), audit));
    }
    if (request.otp().filter(otp -> !otp.isEmpty()).isPresent()) {
      SecondFactor.Verdict verdict =
          secondFactor.value(user, request.otp().get(), audit, opening(user, Optional.empty()));
      return result(verdict);
    }
    Session.Opened session =
        transactions.required(
            em -> {
              audit.success(true).info("credentials verified");
              Session.Opened opened =
                  sessions.open(em, user, audit.client(), Session.State.CREDENTIALS_VERIFIED, "");
              auditTrail.store(em, audit);
              return opened;
            });
    return new Result(
        false,
        Optional.of(session),
        Map.of(),
        Optional.of(ownTokens.list(user, Optional.of(true), true)),
        Optional.empty());
  }

  private boolean withoutTokenIsEnough(User user, AuditRecord audit) {
    return rights.flag(user, audit.client(), "mfa_passOnNoToken")
        && ownTokens.list(user, Optional.empty(), false).isEmpty();
  }

  /** Opens the session of a user who is logged in. */
  private Session.Opened authenticated(User user, Optional<String> predecessor, AuditRecord audit) {
    return transactions.required(
        em -> {
          Session.Opened opened = opening(user, predecessor).open(em, audit);
          audit.success(true);
          auditTrail.store(em, audit);
          return opened;
        });
  }

  /**
   * Ends the session of the step before, if there was one, and opens that of a user who is logged
   * in. A session that another request has used up in the meantime opens none.
   */
  private SecondFactor.Opening opening(User user, Optional<String> predecessor) {
    return (em, audit) -> {
      if (predecessor.isPresent() && !sessions.end(em, predecessor.get())) {
        throw LinotpException.unclassified("the session was used in the meantime");
      }
      throttle.succeeded(em, account(Optional.of(user), ""), audit.client());
      Session.Opened opened =
          sessions.open(em, user, audit.client(), Session.State.AUTHENTICATED, "");
      audit.actionDetail(expires(opened.expiresAt()));
      return opened;
    };
  }

  private static String expires(Instant end) {
    return "expires: " + DATE.format(end) + " ";
  }

  private static Result result(SecondFactor.Verdict verdict) {
    return verdict
        .session()
        .map(Result::loggedIn)
        .orElseGet(() -> Result.detailed(verdict.detail()));
  }

  // the second step -------------------------------------------------------------------------------

  private Result next(Session session, Request request, AuditRecord audit) {
    audit.user(session.name().login(), session.name().realm());
    Optional<User> user =
        Sessions.from(session, audit.client()) ? sessions.user(session) : Optional.empty();
    if (user.isEmpty()) {
      return refused(audit, "the session is that of another client, or its user is gone");
    }
    String value = request.cookie().orElseThrow();
    return switch (session.state()) {
      case AUTHENTICATED -> refused(audit, "already logged in");
      case CREDENTIALS_VERIFIED ->
          inTurn(account(user, ""), audit, () -> secondStep(user.get(), value, request, audit));
      case CHALLENGE_TRIGGERED ->
          answer(user.get(), value, session.transaction().orElse(""), request, audit);
    };
  }

  /** A value, or the wish for a challenge (section 4.4). */
  private Result secondStep(User user, String value, Request request, AuditRecord audit) {
    Optional<String> serial = request.serial().filter(s -> !s.isEmpty());
    if (serial.isPresent() && !ownTokens.activeOne(user, serial.get())) {
      audit.serial(serial.get());
      return refused(audit, "the token is not an active one of the user");
    }
    SecondFactor.Verdict verdict =
        secondFactor.valueOrChallenge(
            user,
            request.otp().orElse(""),
            serial,
            request.texts(),
            audit,
            opening(user, Optional.of(value)));
    if (verdict.session().isEmpty() && request.otp().filter(otp -> !otp.isEmpty()).isPresent()) {
      // guesses count as those of passwords do: they may pass for a PIN and raise no fail counter
      throttle.failed(account(Optional.of(user), ""), audit.client());
    }
    if (verdict.transaction().isEmpty()) {
      return result(verdict);
    }
    Optional<Session.Opened> opened =
        transactions.required(
            em ->
                sessions.end(em, value)
                    ? Optional.of(
                        sessions.open(
                            em,
                            user,
                            audit.client(),
                            Session.State.CHALLENGE_TRIGGERED,
                            verdict.transaction().get()))
                    : Optional.empty());
    return opened.isPresent()
        ? new Result(false, opened, verdict.detail(), Optional.empty(), Optional.empty())
        : Result.REFUSED;
  }

  /** The answer to the challenge, or a look at what has come of it (section 4.5). */
  private Result answer(
      User user, String value, String transaction, Request request, AuditRecord audit) {
    if (request.otp().isPresent()) {
      return result(
          secondFactor.answer(
              user, transaction, request.otp().get(), audit, opening(user, Optional.of(value))));
    }
    Optional<OwnChallenges.State> state = challenges.state(user, transaction);
    if (state.isEmpty()) {
      return refused(audit, "the transaction has ended");
    }
    if (!state.get().online()) {
      // a value is typed into its own session: one login must not open another one's
      audit.success(false).info("the transaction is " + state.get().status());
      return Result.detailed(state.get().detail());
    }
    return new Result(
        true,
        Optional.of(authenticated(user, Optional.of(value), audit)),
        state.get().detail(),
        Optional.empty(),
        Optional.empty());
  }

  // other ways in and out -------------------------------------------------------------------------

  /**
   * Login with both factors in one text (section 5.1).
   *
   * @param combined value and password, each in Base32, a colon between them; empty if none came
   * @throws LinotpException -311 if it is not of that form
   */
  public Result login(String login, String realm, Optional<String> combined, AuditRecord audit) {
    audit.user(login, realm);
    if (combined.isEmpty() || login.isEmpty()) {
      return refused(audit, "login name or password is missing");
    }
    String[] parts = combined.get().split(":", -1);
    if (parts.length != 2) {
      throw LinotpException.unclassified("the password is not <otp>:<password> in Base32");
    }
    String otp = decoded(parts[0]);
    String password = decoded(parts[1]);
    return guarded(
        login,
        realm.trim().toLowerCase(Locale.ROOT),
        password,
        audit,
        user ->
            !rights.flag(user, audit.client(), "mfa_login") || withoutTokenIsEnough(user, audit)
                ? Result.loggedIn(authenticated(user, Optional.empty(), audit))
                : result(
                    secondFactor.ordinary(
                        user, otp, password, audit, opening(user, Optional.empty()))));
  }

  private static String decoded(String text) {
    if (text.length() % BASE32_BLOCK != 0 || !BASE32.matcher(text).matches()) {
      throw LinotpException.unclassified("the password is not <otp>:<password> in Base32");
    }
    return new String(new Base32().decode(text), StandardCharsets.UTF_8);
  }

  /** Ends the sessions of these cookies; those that are none are no error. */
  public void logout(List<String> cookies, AuditRecord audit) {
    cookies.stream()
        .flatMap(value -> sessions.find(value).stream())
        .findFirst()
        .ifPresent(session -> audit.user(session.name().login(), session.name().realm()));
    transactions.required(
        em -> {
          cookies.forEach(value -> sessions.end(em, value));
          auditTrail.store(em, audit.success(true));
          return null;
        });
  }
}
