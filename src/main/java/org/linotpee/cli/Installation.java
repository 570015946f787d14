package org.linotpee.cli;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.ConfigurationEntries;
import org.linotpee.administration.KeyRotation;
import org.linotpee.administration.LinotpImport;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.administration.SupportLicences;
import org.linotpee.audit.AuditCleanup;
import org.linotpee.audit.AuditForwarder;
import org.linotpee.audit.AuditSealer;
import org.linotpee.audit.AuditStore;
import org.linotpee.audit.AuditVerifier;
import org.linotpee.audit.DatabaseAuditTrail;
import org.linotpee.audit.ImportedTrail;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.LocalTransactions;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.AuditKeys;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.InitialData;
import org.linotpee.identity.ManagedResolverType;
import org.linotpee.identity.PasswdResolverType;
import org.linotpee.identity.RealmsPart;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.ForwardSecrets;
import org.linotpee.policy.PoliciesPart;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySearch;
import org.linotpee.policy.PolicyStore;
import org.linotpee.policy.PolicyTemplates;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.paired.PartitionKeys;

/** The objects that commands work with, on the database that the settings name. */
final class Installation implements AutoCloseable {
  /** The initial data have no passwords in them. */
  private static final ResolverSecrets NO_SECRETS = new ResolverSecrets(null);

  private final Settings settings;
  private final EntityManagerFactory factory;
  private final Transactions transactions;
  private final Snapshots snapshots;

  private Installation(Settings settings, EntityManagerFactory factory) {
    this.settings = settings;
    this.factory = factory;
    this.transactions = new LocalTransactions(factory);
    this.snapshots = new Snapshots(transactions, List.of(new RealmsPart(), new PoliciesPart()));
  }

  /**
   * Connects to the database, creates or upgrades its tables, and adds the data that every
   * installation has.
   */
  static Installation open(Settings settings) {
    var dataSource = new ConfiguredDataSource(settings);
    Schema.migrate(dataSource);
    var installation =
        new Installation(
            settings,
            Persistence.createEntityManagerFactory(
                "linotp-ee-local", Map.of("jakarta.persistence.nonJtaDataSource", dataSource)));
    installation.initialData();
    return installation;
  }

  private void initialData() {
    var stores =
        new UserStores(
            snapshots, new Sequences(), NO_SECRETS, List.of(new ManagedResolverType(transactions)));
    new InitialData(snapshots, stores, new Sequences(), settings).ensure();
  }

  LocalAdmins localAdmins() {
    return new LocalAdmins(snapshots, transactions, settings);
  }

  /** Lists and checks policies; of user stores only the own one and files are asked. */
  PolicySearch policySearch() {
    return new PolicySearch(
        new PolicyEngine(
            snapshots,
            new DirectoryUsers(
                snapshots,
                List.of(new ManagedResolverType(transactions), new PasswdResolverType(settings))),
            Clock.systemUTC()));
  }

  PolicyStore policyStore() {
    return new PolicyStore(snapshots, new ForwardSecrets(new Sealer(new Keys(keyFile()))));
  }

  PolicyTemplates policyTemplates() {
    return new PolicyTemplates(policyStore(), policySearch());
  }

  DatabaseAuditTrail auditTrail() {
    return new DatabaseAuditTrail(transactions, auditKeys(), settings);
  }

  /** The keys and what is sealed with them. */
  KeyRotation keyRotation(KeyFile file) {
    var keys = new Keys(file);
    var sealer = new Sealer(keys);
    return new KeyRotation(
        transactions, snapshots, keys, sealer, new TokenSecrets(sealer, new Pins(sealer)));
  }

  /** The server's key pairs for QR and push tokens. */
  PartitionKeys partitionKeys() {
    return new PartitionKeys(snapshots, new Sealer(new Keys(keyFile())));
  }

  LinotpImport linotpImport() {
    return new LinotpImport(
        snapshots,
        new Sequences(),
        new Sealer(new Keys(keyFile())),
        importedTrail(),
        settings.text(Setting.ADMIN_RESOLVER_NAME));
  }

  SupportLicences licences() {
    return new SupportLicences(
        snapshots,
        transactions,
        new ConfigurationEntries(snapshots, new Sealer(new Keys(keyFile()))),
        settings,
        Clock.systemUTC());
  }

  ImportedTrail importedTrail() {
    return new ImportedTrail(transactions, auditStore(), auditKeys(), Clock.systemUTC());
  }

  private AuditKeys auditKeys() {
    return new AuditKeys(new Keys(keyFile()));
  }

  AuditStore auditStore() {
    return new AuditStore(transactions, settings);
  }

  AuditForwarder auditForwarder() {
    return new AuditForwarder(auditStore());
  }

  AuditVerifier auditVerifier() {
    return new AuditVerifier(auditStore(), auditKeys());
  }

  AuditSealer auditSealer() {
    return new AuditSealer(transactions, auditKeys(), Clock.systemUTC());
  }

  AuditCleanup auditCleanup() {
    return new AuditCleanup(auditStore(), auditKeys(), Clock.systemUTC());
  }

  KeyFile keyFile() {
    return KeyFile.load(settings.path(Setting.KEY_FILE));
  }

  @Override
  public void close() {
    factory.close();
  }
}
