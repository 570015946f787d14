package org.linotpee.testing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.administration.KeyRotation;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.TokenList;
import org.linotpee.administration.TokenValues;
import org.linotpee.audit.AuditForwarder;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditSealer;
import org.linotpee.audit.AuditSearch;
import org.linotpee.audit.AuditStore;
import org.linotpee.audit.DatabaseAuditTrail;
import org.linotpee.authentication.Attempt;
import org.linotpee.authentication.Authentication;
import org.linotpee.authentication.AutoAssignment;
import org.linotpee.authentication.AutoEnrollment;
import org.linotpee.authentication.ChallengeTrigger;
import org.linotpee.authentication.LoginPolicies;
import org.linotpee.authentication.Occasion;
import org.linotpee.authentication.Outcome;
import org.linotpee.authentication.TokenCheck;
import org.linotpee.authentication.TokenOwners;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Tls;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.AuditKeys;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Sealer;
import org.linotpee.delivery.Bulkhead;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.Providers;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.enrollment.LostToken;
import org.linotpee.enrollment.Pairing;
import org.linotpee.enrollment.TokenImport;
import org.linotpee.forwarding.Forwarder;
import org.linotpee.forwarding.LinotpServers;
import org.linotpee.forwarding.RadiusServers;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.InitialData;
import org.linotpee.identity.ManagedResolverType;
import org.linotpee.identity.PasswdResolverType;
import org.linotpee.identity.RealmsPart;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.UserImport;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserQueue;
import org.linotpee.identity.UserSearch;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.Caller;
import org.linotpee.policy.ForwardSecrets;
import org.linotpee.policy.PoliciesPart;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicyStore;
import org.linotpee.policy.PolicySubject;
import org.linotpee.reporting.Reports;
import org.linotpee.reporting.TokenStatistics;
import org.linotpee.token.Answer;
import org.linotpee.token.Challenges;
import org.linotpee.token.DayPasswordTokenType;
import org.linotpee.token.EmailTokenType;
import org.linotpee.token.HmacTokenType;
import org.linotpee.token.MotpTokenType;
import org.linotpee.token.Notifications;
import org.linotpee.token.PwTokenType;
import org.linotpee.token.RadiusTokenType;
import org.linotpee.token.RemoteTokenType;
import org.linotpee.token.SmsTokenType;
import org.linotpee.token.SpassTokenType;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;
import org.linotpee.token.TotpTokenType;
import org.linotpee.token.VoiceTokenType;
import org.linotpee.token.YubikeyTokenType;
import org.linotpee.token.fido.Fido2TokenType;
import org.linotpee.token.fido.U2fTokenType;
import org.linotpee.token.paired.PairingResponses;
import org.linotpee.token.paired.PartitionKeys;
import org.linotpee.token.paired.PushTokenType;
import org.linotpee.token.paired.QrTokenType;

/** The services wired together on a database in memory, as the server's container would. */
public final class TestProduct implements AutoCloseable {
  public static final String SEED = "3132333435363738393031323334353637383930";

  public final TestDatabase database;
  public final TestClock clock = new TestClock(Instant.parse("2026-11-22T07:28:12Z"));
  public final Transactions transactions;
  public final Settings settings = Settings.load(Path.of("target", "no-home"), Map.of());
  public final Keys keys = new Keys(KeyFile.of(new byte[32]));
  public final Sealer sealer = new Sealer(keys);
  public final AuditKeys auditKeys = new AuditKeys(keys);
  public final TokenSecrets secrets = new TokenSecrets(sealer, new Pins(sealer));
  public final Sequences sequences = new Sequences();
  public final Snapshots snapshots;
  public final UserStores stores;
  public final DirectoryUsers users;
  public final UserImport userImport;
  public final Tokens tokens = new Tokens(sequences, clock);
  public final Challenges challenges = new Challenges(sequences, sealer, clock);
  public final Outbox outbox = new Outbox();
  public final Delivery delivery;
  public final HmacTokenType hmac = new HmacTokenType(secrets);
  public final TotpTokenType totp = new TotpTokenType(secrets);
  public final TokenTypes types;
  public final PartitionKeys partitionKeys;
  public final Pairing pairing;
  public final DatabaseAuditTrail auditTrail;
  public final AuditStore auditStore;
  public final AuditSearch auditSearch;
  public final Enrollment enrollment;
  public final PolicyEngine policies;
  public final PolicyStore policyStore;
  public final TokenPolicies tokenPolicies;
  public final AdminRights rights;
  public final Reports reports;
  public final Notifications notifications;
  public Optional<PolicySubject> administrator =
      Optional.of(new PolicySubject("admin", "linotp_admins", "LinOTP_local_admins"));
  public String client = "192.0.2.1";
  public final ManagedTokens managed;
  public final TokenValues tokenValues;
  public final TokenImport tokenImport;
  public final LostToken lostToken;
  public final TokenList list;
  public final TokenOwners owners;
  public final Authentication authentication;
  public final TransactionStatus transactionStatus;

  /** On a database in memory. */
  public TestProduct() {
    this(new TestDatabase());
  }

  /** On an empty database. */
  public TestProduct(TestDatabase database) {
    this.database = database;
    transactions = database.transactions();
    snapshots = new Snapshots(transactions, List.of(new RealmsPart(), new PoliciesPart()));
    auditStore = new AuditStore(transactions, settings);
    auditSearch =
        new AuditSearch(
            auditStore,
            auditKeys,
            new AuditSealer(transactions, auditKeys, clock),
            new AuditForwarder(auditStore));
    var managedResolvers = new ManagedResolverType(transactions);
    var resolverTypes = List.of(managedResolvers, new PasswdResolverType(settings));
    stores =
        new UserStores(
            snapshots, sequences, new ResolverSecrets(sealer), List.copyOf(resolverTypes));
    users = new DirectoryUsers(snapshots, List.copyOf(resolverTypes));
    userImport = new UserImport(snapshots, transactions, stores);
    auditTrail = new DatabaseAuditTrail(transactions, auditKeys, settings);
    policies = new PolicyEngine(snapshots, users, clock);
    delivery =
        new Delivery(
            new Providers(snapshots, sealer, policies, outbox.classes(), settings),
            outbox.classes(),
            policies,
            new Bulkhead(),
            settings,
            clock);
    partitionKeys = new PartitionKeys(snapshots, sealer);
    tokenPolicies = new TokenPolicies(policies, snapshots);
    var linotpServers = new LinotpServers(new Tls(settings));
    var radiusServers = new RadiusServers(settings);
    types =
        new TokenTypes(
            List.of(
                hmac,
                totp,
                new PwTokenType(secrets),
                new SpassTokenType(secrets),
                new MotpTokenType(secrets),
                new DayPasswordTokenType(secrets),
                new YubikeyTokenType(secrets),
                new SmsTokenType(secrets, delivery, policies),
                new EmailTokenType(secrets, delivery, policies),
                new VoiceTokenType(secrets, delivery, policies),
                new QrTokenType(partitionKeys, settings),
                new PushTokenType(partitionKeys, settings, delivery),
                new Fido2TokenType(secrets, policies, tokenPolicies, clock),
                new U2fTokenType(secrets),
                new RemoteTokenType(linotpServers),
                new RadiusTokenType(secrets, radiusServers)),
            "");
    policyStore = new PolicyStore(snapshots, new ForwardSecrets(sealer));
    rights =
        new AdminRights(
            policies,
            new Caller() {
              @Override
              public Optional<PolicySubject> administrator() {
                return administrator;
              }

              @Override
              public String client() {
                return client;
              }
            });
    reports =
        new Reports(
            transactions,
            sequences,
            policies,
            new TokenStatistics(transactions, snapshots, new UserSearch(snapshots, users)),
            clock);
    notifications = new Notifications(policies, delivery, users, snapshots, settings);
    enrollment =
        new Enrollment(
            snapshots,
            users,
            tokens,
            types,
            secrets,
            transactions,
            auditTrail,
            rights,
            tokenPolicies,
            reports,
            notifications);
    pairing =
        new Pairing(
            new PairingResponses(partitionKeys),
            tokens,
            types,
            users,
            snapshots,
            transactions,
            auditTrail);
    tokenImport =
        new TokenImport(
            snapshots,
            tokens,
            types,
            transactions,
            auditTrail,
            rights,
            tokenPolicies,
            secrets,
            reports);
    lostToken =
        new LostToken(
            snapshots,
            users,
            tokens,
            types,
            secrets,
            transactions,
            auditTrail,
            rights,
            policies,
            reports,
            clock);
    managed =
        new ManagedTokens(
            snapshots,
            users,
            tokens,
            types,
            secrets,
            transactions,
            auditTrail,
            rights,
            tokenPolicies,
            reports,
            notifications,
            clock);
    tokenValues =
        new TokenValues(snapshots, users, tokens, types, secrets, transactions, rights, clock);
    list = new TokenList(snapshots, users, tokens, transactions, rights, clock);
    var loginPolicies = new LoginPolicies(policies, snapshots, settings);
    owners = new TokenOwners(snapshots, users, tokens, transactions, loginPolicies);
    var trigger = new ChallengeTrigger(challenges, tokens, types, owners, transactions, auditTrail);
    var check =
        new TokenCheck(
            tokens, types, secrets, challenges, trigger, users, policies, transactions, auditTrail);
    authentication =
        new Authentication(
            snapshots,
            users,
            tokens,
            challenges,
            owners,
            check,
            trigger,
            transactions,
            new UserQueue(settings),
            loginPolicies,
            new AutoAssignment(
                snapshots,
                users,
                tokens,
                types,
                secrets,
                tokenPolicies,
                loginPolicies,
                transactions,
                auditTrail,
                clock),
            new AutoEnrollment(
                snapshots,
                users,
                tokens,
                types,
                secrets,
                tokenPolicies,
                loginPolicies,
                check,
                trigger,
                notifications,
                transactions),
            new Forwarder(new ForwardSecrets(sealer), linotpServers, radiusServers),
            clock);
    transactionStatus =
        new TransactionStatus(
            snapshots,
            transactions,
            challenges,
            tokens,
            types,
            secrets,
            users,
            owners,
            loginPolicies,
            clock);
    new InitialData(snapshots, stores, sequences, settings).ensure();
    partitionKeys.ensure(0);
  }

  /** Makes these logins the users of resolver and realm {@code people}, the default realm. */
  public void people(String... logins) {
    peopleOf(
        String.join(
            "\n",
            Arrays.stream(logins).map(login -> login + ",id-" + login + ",,,,,,pw").toList()));
  }

  /**
   * The same with more attributes: login, id, surname, given name, e-mail, phone, mobile, password.
   */
  public void peopleOf(String csv) {
    userImport.run(
        "people",
        csv.getBytes(StandardCharsets.UTF_8),
        new UserImport.Format(false, ',', '"', false, UserImport.DEFAULT_COLUMNS, true),
        false,
        (em, report) -> {});
    stores.setRealm("people", "useridresolver.SQLIdResolver.IdResolver.people", "", em -> {});
    stores.setDefaultRealm("people", em -> {});
  }

  /** Provides a gateway of each type, which puts messages into {@link #outbox}. */
  public void gateways() {
    configure("SMSProvider.gateway", "HttpSMSProvider");
    configure("EmailProvider.gateway", "SMTPEmailProvider");
    configure("VoiceProvider.gateway", "CustomVoiceProvider");
    configure("PushProvider.gateway", "DefaultPushProvider");
    for (String prefix : List.of("SMS", "Email", "Voice", "Push")) {
      configure(prefix + "Provider.gateway.Timeout", "");
      configure(prefix + "Provider.gateway.Config", "{}");
    }
  }

  /** Enrolls a token; parameters come in pairs of name and value. */
  public String enroll(String user, String... parameters) {
    return enrollment.enroll(map(parameters), name(user), audit("admin/init")).serial();
  }

  /** Checks a password by user. */
  public boolean check(String user, String password, String... options) {
    return outcome(user, password, options).accepted();
  }

  public Outcome outcome(String user, String password, String... options) {
    return authentication.check(
        new Attempt(name(user), Optional.of(password), map(options), "validate"),
        audit("validate/check"));
  }

  /** Answers a transaction as {@code /validate/check_t} does. */
  public Authentication.TransactionAnswer answer(String transaction, Answer answer) {
    return authentication.answer(
        new Attempt(
            UserName.NONE,
            answer,
            map("transactionid", transaction),
            "validate",
            Occasion.TRANSACTION,
            List.of()),
        audit("validate/check_t"));
  }

  /** Stores a policy for everybody, in every realm; more fields come in pairs. */
  public void policy(String name, String scope, String action, String... more) {
    var fields =
        map(
            "name", name, "scope", scope, "action", action, "realm", "*", "user", "*", "client",
            "*");
    fields.putAll(map(more));
    policyStore.set(fields, true, em -> {});
  }

  /** Stores a configuration entry. */
  public void configure(String name, String value) {
    snapshots.change(
        em -> {
          var entry = em.find(ConfigurationEntry.class, name);
          if (entry == null) {
            em.persist(new ConfigurationEntry(name, value, null, null));
          } else {
            entry.update(value, null, null);
          }
          return null;
        });
  }

  public Token token(String serial) {
    return transactions.required(em -> tokens.bySerial(em, serial)).orElseThrow();
  }

  public LocalAdmins localAdmins() {
    return new LocalAdmins(snapshots, transactions, settings);
  }

  /** Key rotation with another key file. */
  public KeyRotation rotation(KeyFile file) {
    var others = new Keys(file);
    var other = new Sealer(others);
    return new KeyRotation(
        transactions, snapshots, others, other, new TokenSecrets(other, new Pins(other)));
  }

  public AuditRecord audit(String action) {
    return new AuditRecord(clock.instant(), action, "192.0.2.1");
  }

  public UserName name(String user) {
    return users.requested(user, null, null);
  }

  public static Map<String, String> map(String... pairs) {
    var map = new java.util.LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Override
  public void close() {
    database.close();
  }
}
