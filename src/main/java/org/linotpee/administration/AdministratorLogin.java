package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.authentication.Outcome;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
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
 * Login and logout of administrators (spec 01 section 10): the members of the realm that
 * ADMIN_REALM_NAME names, by the password of their user store and, where policies want it, one of
 * their own tokens.
 */
@Service
public class AdministratorLogin {
  private final Snapshots snapshots;
  private final Users users;
  private final LoginThrottle throttle;
  private final AccessTokens tokens;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final UserQueue queue;
  private final AdministratorFactor factor;
  private final LoginTickets tickets;
  private final String realmName;

  @Inject
  public AdministratorLogin(
      Snapshots snapshots,
      Users users,
      LoginThrottle throttle,
      AccessTokens tokens,
      Transactions transactions,
      AuditTrail auditTrail,
      UserQueue queue,
      AdministratorFactor factor,
      LoginTickets tickets,
      Settings settings) {
    this.snapshots = snapshots;
    this.users = users;
    this.throttle = throttle;
    this.tokens = tokens;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.queue = queue;
    this.factor = factor;
    this.tickets = tickets;
    this.realmName = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  /** The name of the administrators' realm, in lower case. */
  public String realmName() {
    return realmName;
  }

  /**
   * What came of a login.
   *
   * @see AdministratorLogin#login
   */
  public sealed interface Result {
    /** The session may begin. */
    record LoggedIn(Administrator administrator) implements Result {}

    /**
     * It may not; the reason is in the audit trail alone.
     *
     * @param wanted what still can be tried if the password was right
     */
    record Refused(Optional<Unfinished> wanted) implements Result {}

    /**
     * The password was right, a second factor is wanted.
     *
     * @param ticket stands for the password for some minutes, at {@link #proceed}
     * @param choices the tokens that may be used
     * @param pending a challenge was started and can still be answered
     * @param challenge the one that was started now
     */
    record Unfinished(
        String ticket,
        List<AdministratorFactor.Choice> choices,
        boolean pending,
        Optional<Outcome.Challenged> challenge,
        Notice notice)
        implements Result {
      /** Without the ticket. */
      @Override
      public String toString() {
        return "second factor wanted";
      }
    }
  }

  /** What the administrator is to be told when he goes on. */
  public enum Notice {
    NONE,
    /** No device has confirmed the login yet. */
    UNCONFIRMED,
    /** The challenge cannot be answered any more. */
    ENDED,
    /** The token could not be asked; the reason is in the audit trail. */
    NOT_ASKED
  }

  /**
   * What comes after the password.
   *
   * @param otp a value, or the answer to the challenge that was started; empty if none is given, or
   *     if a device shall have confirmed
   * @param serial the token that is to be asked for a challenge
   * @param anew forgets the challenge
   */
  public record Step(String otp, Optional<String> serial, boolean anew) {
    /** Nothing yet. */
    public static final Step NONE = new Step("", Optional.empty(), false);

    public Step {
      serial = serial.filter(text -> !text.isEmpty());
    }

    /** Without the value. */
    @Override
    public String toString() {
      return "step of a login";
    }
  }

  /** Somebody whose password was right. */
  private record Known(User user, Administrator administrator) {}

  /**
   * Tries the resolvers of the administrators' realm in their order; the first that knows the login
   * with this password wins. The login is taken literally. After several failures in a row from one
   * address the account has to wait, and what is tried meanwhile is refused unseen.
   *
   * @param step the second factor, if it comes with the password
   */
  public Result login(String login, String password, Step step, AuditRecord audit) {
    return guarded(
        login,
        audit,
        () ->
            check(login, password)
                .map(
                    known -> {
                      Administrator who = known.administrator();
                      var ticket = tickets.begin(who.login(), who.resolver(), audit.client());
                      return second(known, ticket, step, audit);
                    }));
  }

  /** The next step of a login whose password was right. */
  public Result proceed(String sealed, Step step, AuditRecord audit) {
    Optional<LoginTickets.Ticket> opened = tickets.open(sealed, audit.client());
    if (opened.isEmpty()) {
      audit.success(false).info("the ticket of the login is not valid any more");
      transactions.required(em -> stored(em, audit));
      return new Result.Refused(Optional.empty());
    }
    LoginTickets.Ticket ticket = opened.get();
    var name = new UserName(ticket.login(), realmName, ticket.resolver());
    return guarded(
        ticket.login(),
        audit,
        () ->
            users.findFresh(name) instanceof UserLookup.Found found
                ? Optional.of(second(known(found.user()), ticket, step, audit))
                : Optional.empty());
  }

  /** One at a time, so that no crowd gets past the count of failures. */
  private Result guarded(String login, AuditRecord audit, Supplier<Optional<Result>> attempt) {
    String account = account(login);
    audit.user(login, realmName);
    return queue.run(
        "administrator " + account,
        () -> {
          Optional<Result> result =
              throttle.mustWait(account, audit.client()) ? Optional.empty() : attempt.get();
          if (result.isEmpty()) {
            audit.success(false).info("wrong user name or password");
          }
          if (result.filter(r -> !(r instanceof Result.Refused)).isEmpty()) {
            throttle.failed(account, audit.client());
          }
          if (!audit.stored()) {
            transactions.required(em -> stored(em, audit));
          }
          return result.orElseGet(() -> new Result.Refused(Optional.empty()));
        });
  }

  private Void stored(EntityManager em, AuditRecord audit) {
    auditTrail.store(em, audit);
    return null;
  }

  private Result second(Known known, LoginTickets.Ticket ticket, Step step, AuditRecord audit) {
    AdministratorFactor.Demand demand = factor.demand(known.user(), audit.client());
    if (demand.unusable()) {
      audit.success(false).info("no token of the administrator can be used");
      return new Result.Refused(Optional.empty());
    }
    if (demand.nothing()) {
      transactions.required(
          em -> {
            accept(em, known, audit.success(true));
            return stored(em, audit);
          });
      return new Result.LoggedIn(known.administrator());
    }
    var login =
        new Login(new Known(demand.user(), known.administrator()), ticket, demand.choices(), audit);
    Optional<String> transaction = ticket.transaction().filter(id -> !step.anew());
    if (step.serial().isPresent()) {
      return login.ask(step.serial().get());
    }
    if (transaction.isPresent() && !factor.open(demand.user(), transaction.get())) {
      return login.wanted(Optional.empty(), Notice.ENDED);
    }
    if (!step.otp().isEmpty()) {
      return login.tried(transaction, step.otp());
    }
    return transaction.isPresent()
        ? login.confirmed(transaction.get())
        : login.only(step).map(login::ask).orElseGet(() -> login.wanted(transaction, Notice.NONE));
  }

  /** A login that needs one of these tokens. */
  private final class Login {
    private final Known known;
    private final LoginTickets.Ticket ticket;
    private final List<AdministratorFactor.Choice> choices;
    private final AuditRecord audit;

    Login(
        Known known,
        LoginTickets.Ticket ticket,
        List<AdministratorFactor.Choice> choices,
        AuditRecord audit) {
      this.known = known;
      this.ticket = ticket;
      this.choices = choices;
      this.audit = audit;
    }

    private void accept(EntityManager em, AuditRecord row) {
      AdministratorLogin.this.accept(em, known, row);
    }

    private Result loggedIn() {
      return new Result.LoggedIn(known.administrator());
    }

    /** Whoever has one token, which shows nothing by itself, need not choose it. */
    Optional<String> only(Step step) {
      return choices.stream()
          .filter(choice -> !step.anew() && choices.size() == 1 && !choice.typed())
          .map(AdministratorFactor.Choice::serial)
          .findFirst();
    }

    Result.Unfinished unfinished(
        Optional<String> transaction, Optional<Outcome.Challenged> challenge, Notice notice) {
      return new Result.Unfinished(
          tickets.seal(ticket.with(transaction)),
          choices,
          transaction.isPresent(),
          challenge,
          notice);
    }

    Result wanted(Optional<String> transaction, Notice notice) {
      audit.success(false);
      if (audit.info().isEmpty()) {
        audit.info("the password is right, a second factor is wanted");
      }
      return unfinished(transaction, Optional.empty(), notice);
    }

    Result ask(String serial) {
      if (choices.stream().noneMatch(c -> c.serial().equals(serial) && !c.typed())) {
        audit.serial(serial).info("the token is none of the administrator's that can be asked");
        return wanted(Optional.empty(), Notice.NOT_ASKED);
      }
      Outcome outcome = factor.ask(known.user(), serial, audit);
      return outcome instanceof Outcome.Challenged challenged
          ? started(challenged)
          : wanted(Optional.empty(), Notice.NOT_ASKED);
    }

    private Result started(Outcome.Challenged challenged) {
      return unfinished(
          Optional.of(challenged.transactionId()), Optional.of(challenged), Notice.NONE);
    }

    Result tried(Optional<String> transaction, String otp) {
      Outcome outcome =
          transaction.isPresent()
              ? factor.answer(known.user(), transaction.get(), otp, audit, this::accept)
              : factor.value(known.user(), otp, audit, this::accept);
      if (outcome.accepted()) {
        return loggedIn();
      }
      return outcome instanceof Outcome.Challenged challenged
          ? started(challenged)
          : new Result.Refused(Optional.of(unfinished(transaction, Optional.empty(), Notice.NONE)));
    }

    Result confirmed(String transaction) {
      return factor
          .confirmed(
              known.user(),
              transaction,
              audit,
              (em, row) -> {
                accept(em, row);
                stored(em, row);
              })
          .map(serial -> loggedIn())
          .orElseGet(() -> wanted(Optional.of(transaction), Notice.UNCONFIRMED));
    }
  }

  private void accept(EntityManager em, Known known, AuditRecord audit) {
    throttle.succeeded(em, account(known.administrator().login()), audit.client());
    audit.administrator(known.administrator().toString());
  }

  private static String account(String login) {
    return login.strip().toLowerCase(Locale.ROOT);
  }

  private Optional<Known> check(String login, String password) {
    if (login.isEmpty() || password.isEmpty()) {
      return Optional.empty();
    }
    var realm = snapshots.current().part(Realms.class).named(realmName);
    if (realm.isEmpty()) {
      return Optional.empty();
    }
    boolean exists = false;
    for (var resolver : realm.get().resolvers()) {
      var name = new UserName(login, realmName, resolver.name());
      if (users.findFresh(name) instanceof UserLookup.Found found) {
        exists = true;
        if (users.passwordMatches(found.user(), password)) {
          return Optional.of(known(found.user()));
        }
      }
    }
    if (!exists) {
      Passwords.verifyDummy(password);
    }
    return Optional.empty();
  }

  private Known known(User user) {
    UserName name = user.name();
    return new Known(user, new Administrator(name.login(), realmName, name.resolver()));
  }

  /** True if the account still is in the administrators' realm; asked at each refresh. */
  public boolean stillAdministrator(Administrator administrator) {
    return administrator.realm().equals(realmName)
        && users.find(new UserName(administrator.login(), realmName, administrator.resolver()))
            instanceof UserLookup.Found;
  }

  /** Ends the session of this token on all nodes. */
  public void logout(AccessToken token, AuditRecord audit) {
    Administrator administrator = token.administrator();
    audit.user(administrator.login(), administrator.realm()).success(true);
    transactions.required(
        em -> {
          tokens.revoke(em, token);
          auditTrail.store(em, audit);
          return null;
        });
  }
}
