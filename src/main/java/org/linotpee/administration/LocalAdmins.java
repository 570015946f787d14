package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Passwords;
import org.linotpee.identity.ManagedUser;
import org.linotpee.identity.RealmResolverRow;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;

/** The accounts of the local administrators (spec 06 section 13.1). */
@Service
public class LocalAdmins {
  private static final int PASSWORD_MAX = 1024;

  private final Snapshots snapshots;
  private final Transactions transactions;
  private final String resolverName;
  private final String realmName;

  @Inject
  public LocalAdmins(Snapshots snapshots, Transactions transactions, Settings settings) {
    this(
        snapshots,
        transactions,
        settings.text(Setting.ADMIN_RESOLVER_NAME),
        settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(java.util.Locale.ROOT));
  }

  public LocalAdmins(
      Snapshots snapshots, Transactions transactions, String resolverName, String realmName) {
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.resolverName = resolverName;
    this.realmName = realmName;
  }

  /** The resolver that holds the accounts. */
  public ResolverDefinition resolver() {
    return snapshots
        .current()
        .part(Realms.class)
        .resolver(resolverName)
        .orElseThrow(
            () -> LinotpException.unclassified("there is no resolver '" + resolverName + "'"));
  }

  /** All accounts by name. */
  public List<ManagedUser> list() {
    long id = resolver().id();
    return transactions.required(
        em ->
            em.createQuery(
                    "SELECT u FROM ManagedUser u WHERE u.resolverId = :resolver"
                        + " ORDER BY u.username",
                    ManagedUser.class)
                .setParameter("resolver", id)
                .getResultList());
  }

  /**
   * Adds an account that nobody can log in with until it gets a password.
   *
   * @throws LinotpException -311 if it exists
   */
  public void add(String name, Map<String, String> attributes) {
    if (name.isBlank() || name.length() > 100) {
      throw LinotpException.unclassified("an account name has 1 to 100 characters");
    }
    change(
        em -> {
          if (find(em, name).isPresent()) {
            throw LinotpException.unclassified("the account '" + name + "' already exists");
          }
          em.persist(
              new ManagedUser(
                  resolver().id(),
                  name,
                  with(
                      new ManagedUser.Profile(name, "", "", "", "", "", ManagedUser.NO_PASSWORD),
                      attributes)));
          return null;
        });
  }

  /**
   * Changes the given attributes ({@code phone mobile email surname givenname}).
   *
   * @throws LinotpException -311 if there is no such account
   */
  public void modify(String name, Map<String, String> attributes) {
    update(name, profile -> with(profile, attributes));
  }

  /**
   * Sets the password.
   *
   * @throws LinotpException -311 if there is no such account, or the password is empty
   */
  public void password(String name, String password) {
    if (password.isEmpty() || password.length() > PASSWORD_MAX) {
      throw LinotpException.unclassified("a password has 1 to " + PASSWORD_MAX + " characters");
    }
    String hash = Passwords.hash(password);
    update(
        name,
        p ->
            new ManagedUser.Profile(
                p.username(), p.surname(), p.givenName(), p.email(), p.phone(), p.mobile(), hash));
  }

  /**
   * An administrator changes the own password.
   *
   * @param within more work for the same transaction
   * @throws LinotpException -311 if the administrator is not a local one, a password is missing, or
   *     the old one is wrong; nothing changes then
   */
  public void changeOwnPassword(
      Administrator administrator,
      String oldPassword,
      String newPassword,
      Consumer<EntityManager> within) {
    if (!administrator.resolver().equals(resolverName)) {
      throw LinotpException.unclassified("only local administrators have a password here");
    }
    if (newPassword.isEmpty() || newPassword.length() > PASSWORD_MAX) {
      throw LinotpException.unclassified("a password has 1 to " + PASSWORD_MAX + " characters");
    }
    String login = administrator.login();
    String stored = transactions.required(em -> existing(em, login).passwordHash());
    if (!Passwords.verify(stored, oldPassword)) {
      throw LinotpException.unclassified("the old password is wrong");
    }
    String hash = Passwords.hash(newPassword);
    change(
        em -> {
          ManagedUser user = existing(em, login);
          if (!user.passwordHash().equals(stored)) {
            throw LinotpException.unclassified("the password was changed meanwhile");
          }
          user.passwordHash(hash);
          within.accept(em);
          return null;
        });
  }

  /**
   * Removes the account.
   *
   * @throws LinotpException -311 if there is none
   */
  public void remove(String name) {
    change(
        em -> {
          em.remove(existing(em, name));
          return null;
        });
  }

  /** Puts the accounts' resolver in front of the administrators' realm if it is missing there. */
  public boolean enable() {
    var realms = snapshots.current().part(Realms.class);
    long resolverId = resolver().id();
    var realm =
        realms
            .named(realmName)
            .orElseThrow(
                () -> LinotpException.unclassified("there is no realm '" + realmName + "'"));
    if (realm.resolvers().stream().anyMatch(r -> r.name().equals(resolverName))) {
      return false;
    }
    change(
        em -> {
          em.createQuery("UPDATE RealmResolverRow m SET m.rank = m.rank + 1 WHERE m.realmId = :id")
              .setParameter("id", realm.id())
              .executeUpdate();
          em.persist(new RealmResolverRow(realm.id(), resolverId, 0));
          return null;
        });
    return true;
  }

  private void update(String name, UnaryOperator<ManagedUser.Profile> changing) {
    change(
        em -> {
          ManagedUser user = existing(em, name);
          user.update(changing.apply(user.profile()));
          return null;
        });
  }

  private ManagedUser existing(EntityManager em, String name) {
    return find(em, name)
        .orElseThrow(() -> LinotpException.unclassified("there is no account '" + name + "'"));
  }

  private Optional<ManagedUser> find(EntityManager em, String name) {
    return Optional.ofNullable(
        em.find(ManagedUser.class, new ManagedUser.Key(resolver().id(), name)));
  }

  private <T> T change(Function<EntityManager, T> work) {
    return snapshots.change(work);
  }

  /**
   * Checks that there is such an account.
   *
   * @throws LinotpException -311 if there is none
   */
  public void require(String name) {
    transactions.required(em -> existing(em, name));
  }

  private static ManagedUser.Profile with(ManagedUser.Profile old, Map<String, String> attributes) {
    return new ManagedUser.Profile(
        old.username(),
        attributes.getOrDefault("surname", old.surname()),
        attributes.getOrDefault("givenname", old.givenName()),
        attributes.getOrDefault("email", old.email()),
        attributes.getOrDefault("phone", old.phone()),
        attributes.getOrDefault("mobile", old.mobile()),
        old.passwordHash());
  }
}
