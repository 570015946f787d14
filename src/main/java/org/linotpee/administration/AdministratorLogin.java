package org.linotpee.administration;

import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Passwords;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserQueue;
import org.linotpee.identity.Users;

/**
 * Login and logout of administrators (spec 01 section 10): the members of the realm that
 * ADMIN_REALM_NAME names, by the password of their user store.
 */
@Service
public class AdministratorLogin {
  private static final String NOBODYS_PASSWORD = Passwords.hash(Randoms.hex(16));

  private final Snapshots snapshots;
  private final Users users;
  private final LoginThrottle throttle;
  private final AccessTokens tokens;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final UserQueue queue;
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
      Settings settings) {
    this.snapshots = snapshots;
    this.users = users;
    this.throttle = throttle;
    this.tokens = tokens;
    this.transactions = transactions;
    this.queue = queue;
    this.auditTrail = auditTrail;
    this.realmName = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  /** The name of the administrators' realm, in lower case. */
  public String realmName() {
    return realmName;
  }

  /**
   * Tries the resolvers of the administrators' realm in their order; the first that knows the login
   * with this password wins. The login is taken literally. After several failures in a row from one
   * address the account has to wait, and what is tried meanwhile is refused unseen.
   */
  public Optional<Administrator> login(String login, String password, AuditRecord audit) {
    String account = login.strip().toLowerCase(Locale.ROOT);
    // one at a time, so that no crowd gets past the count
    return queue.run("administrator " + account, () -> tried(account, login, password, audit));
  }

  private Optional<Administrator> tried(
      String account, String login, String password, AuditRecord audit) {
    audit.user(login, realmName);
    Optional<Administrator> found =
        throttle.mustWait(account, audit.client()) ? Optional.empty() : check(login, password);
    audit.success(found.isPresent());
    found.ifPresentOrElse(
        administrator -> audit.administrator(administrator.toString()),
        () -> audit.info("wrong user name or password"));
    if (found.isEmpty()) {
      throttle.failed(account, audit.client());
    }
    transactions.required(
        em -> {
          if (found.isPresent()) {
            throttle.succeeded(em, account, audit.client());
          }
          auditTrail.store(em, audit);
          return null;
        });
    return found;
  }

  private Optional<Administrator> check(String login, String password) {
    if (login.isEmpty() || password.isEmpty()) {
      return Optional.empty();
    }
    var realm = snapshots.current().part(Realms.class).named(realmName);
    if (realm.isEmpty()) {
      return Optional.empty();
    }
    boolean known = false;
    for (var resolver : realm.get().resolvers()) {
      var name = new UserName(login, realmName, resolver.name());
      if (users.findFresh(name) instanceof UserLookup.Found found) {
        known = true;
        if (users.passwordMatches(found.user(), password)) {
          return Optional.of(
              new Administrator(found.user().name().login(), realmName, resolver.name()));
        }
      }
    }
    if (!known) {
      takeAsLongAsForAKnownOne(password);
    }
    return Optional.empty();
  }

  /** The time of an answer must not tell which accounts exist. */
  private void takeAsLongAsForAKnownOne(String password) {
    if (Passwords.verify(NOBODYS_PASSWORD, password)) {
      throw new IllegalStateException("nobody's password was guessed");
    }
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
