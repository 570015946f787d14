package org.linotpee.audit;

import jakarta.inject.Inject;
import jakarta.persistence.Persistence;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.LocalTransactions;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Transactions;

/**
 * Where the audit trail is kept: in the product's own database, or in one of its own
 * (AUDIT_DATABASE_URI). In the latter case the own database is the outbox from which {@link
 * AuditForwarder} takes the sealed rows.
 */
@Service
public class AuditStore {
  private final Transactions own;
  private final Settings settings;
  private Transactions separate;

  @Inject
  public AuditStore(Transactions own, Settings settings) {
    this.own = own;
    this.settings = settings;
  }

  /** True if the trail has a database of its own. */
  public boolean isSeparate() {
    String uri = settings.text(Setting.AUDIT_DATABASE_URI).trim().toUpperCase(Locale.ROOT);
    return !uri.isEmpty() && !uri.equals("SHARED") && !uri.equals("OFF");
  }

  /** Transactions of the database that holds the trail. */
  public Transactions transactions() {
    return separate().orElse(own);
  }

  /** Transactions of the product's own database. */
  Transactions outbox() {
    return own;
  }

  /**
   * Transactions of the trail's own database, if it has one; creates its tables at the first call.
   *
   * @throws org.linotpee.configuration.SchemaException if it cannot be reached
   */
  public synchronized Optional<Transactions> separate() {
    if (separate == null && isSeparate()) {
      var dataSource = ConfiguredDataSource.forAudit(settings);
      Schema.migrate(dataSource);
      separate =
          new LocalTransactions(
              Persistence.createEntityManagerFactory(
                  "linotp-ee-local", Map.of("jakarta.persistence.nonJtaDataSource", dataSource)));
    }
    return Optional.ofNullable(separate);
  }
}
