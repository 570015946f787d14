package org.linotpee.selfservice;

import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.LoginThrottle;
import org.linotpee.administration.OtpSearch;
import org.linotpee.audit.AuditRecord;
import org.linotpee.identity.User;
import org.linotpee.identity.UserQueue;
import org.linotpee.testing.TestProduct;

/** The services of the self-service on {@link TestProduct}. */
final class SelfserviceProduct implements AutoCloseable {
  static final String ADDRESS = "192.0.2.1";

  final TestProduct product = new TestProduct();
  final Sessions sessions =
      new Sessions(product.transactions, product.snapshots, product.users, product.clock);
  final SelfserviceRights rights = new SelfserviceRights(product.policies);
  final Portal portal =
      new Portal(product.snapshots, rights, product.tokenPolicies, product.settings);
  final OwnTokens tokens =
      new OwnTokens(
          product.snapshots,
          product.users,
          product.tokens,
          product.types,
          product.secrets,
          product.tokenPolicies,
          rights,
          new OtpSearch(
              product.snapshots,
              product.users,
              product.tokens,
              product.types,
              product.totp,
              product.transactions,
              product.auditTrail,
              product.rights,
              product.clock),
          product.reports,
          product.transactions,
          product.auditTrail,
          product.clock);
  final OwnEnrollment enrollment =
      new OwnEnrollment(product.enrollment, rights, product.types, tokens, product.snapshots);
  final OwnChallenges challenges = new OwnChallenges(product.transactionStatus, product.types);
  final TokenTest test =
      new TokenTest(
          product.authentication,
          challenges,
          rights,
          product.tokens,
          product.types,
          product.snapshots,
          product.transactions);
  final SelfserviceLogin login =
      new SelfserviceLogin(
          product.snapshots,
          product.users,
          sessions,
          rights,
          new SecondFactor(product.authentication, challenges, tokens, product.transactions),
          challenges,
          tokens,
          portal,
          new LoginThrottle(product.transactions, product.clock, product.settings),
          new UserQueue(product.settings),
          product.transactions,
          product.auditTrail);
  final History history = new History(rights, product.auditSearch);

  SelfserviceProduct(String... people) {
    product.people(people);
  }

  User user(String login) {
    return product.users.require(product.name(login));
  }

  AuditRecord audit(String action) {
    return new AuditRecord(product.clock.instant(), "userservice/" + action, ADDRESS);
  }

  /** The first step, by the password of {@link TestProduct#people} unless told. */
  SelfserviceLogin.Result first(String name, String... more) {
    Map<String, String> given = TestProduct.map(more);
    return login.login(
        new SelfserviceLogin.Request(
            name,
            given.getOrDefault("realm", ""),
            Optional.of(given.getOrDefault("password", "pw")),
            Optional.ofNullable(given.get("otp")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            given.containsKey("inAddress"),
            Map.of()),
        audit("login"));
  }

  /** A further step with the session of the one before. */
  SelfserviceLogin.Result next(Session.Opened session, String... more) {
    Map<String, String> given = TestProduct.map(more);
    return login.login(
        new SelfserviceLogin.Request(
            given.getOrDefault("login", ""),
            "",
            Optional.ofNullable(given.get("password")),
            Optional.ofNullable(given.get("otp")),
            Optional.ofNullable(given.get("serial")),
            Optional.of(session.value()),
            Optional.of(session.value()),
            false,
            Map.of()),
        new AuditRecord(
            product.clock.instant(), "userservice/login", given.getOrDefault("address", ADDRESS)));
  }

  /** The user whom a session lets in. */
  User let(Session.Opened session) {
    return sessions.require(
        Optional.of(session.value()), Optional.of(session.value()), ADDRESS, false);
  }

  @Override
  public void close() {
    product.close();
  }
}
