package org.linotpee.api;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.linotpee.administration.KeyRotation;
import org.linotpee.administration.LogLevels;
import org.linotpee.administration.LoginThrottle;
import org.linotpee.audit.AuditForwarder;
import org.linotpee.audit.AuditSealer;
import org.linotpee.authentication.TransactionStatus;
import org.linotpee.configuration.ConfiguredDataSource;
import org.linotpee.configuration.LogFile;
import org.linotpee.configuration.Schema;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.KeyFileException;
import org.linotpee.identity.InitialData;
import org.linotpee.token.paired.PartitionKeys;

/**
 * Prepares the application when it is deployed: tables, initial data, the first snapshot; then
 * looks for other nodes' changes once a second.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class ServerStart {
  private static final Logger LOG = System.getLogger(ServerStart.class.getName());

  @Inject private Provider<Settings> configured;
  @Inject private Provider<Snapshots> snapshots;
  @Inject private Provider<InitialData> initialData;
  @Inject private Provider<LoginThrottle> throttle;
  @Inject private Provider<KeyRotation> keyRotation;
  @Inject private Provider<PartitionKeys> partitionKeys;
  @Inject private Provider<AuditSealer> sealer;
  @Inject private Provider<LogLevels> logLevels;
  @Inject private Provider<TransactionStatus> housekeeping;
  @Inject private Provider<AuditForwarder> forwarder;
  @Resource private ManagedScheduledExecutorService scheduler;

  private Settings settings;
  private LogFile logFile;
  private ScheduledFuture<?> polling;
  private ScheduledFuture<?> cleaning;
  private ScheduledFuture<?> sealing;

  /** Whatever keeps the application from working is told in one line; deployment fails then. */
  @PostConstruct
  void start() {
    try {
      settings = configured.get();
      if ("file".equals(System.getProperty("linotp.log"))) {
        logFile = LogFile.begin(settings);
      }
      Schema.migrate(new ConfiguredDataSource(settings));
      initialData.get().ensure();
      keyRotation.get().verify();
      partitionKeys.get().ensure(0);
      logLevels.get().applyStored();
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof KeyFileException)) {
        cause = cause.getCause();
      }
      LOG.log(Level.ERROR, "linotp-ee cannot start: {0}", cause.getMessage());
      throw e;
    }
    int seconds = settings.number(Setting.CONFIGURATION_POLL_SECONDS);
    polling = scheduler.scheduleWithFixedDelay(this::poll, seconds, seconds, TimeUnit.SECONDS);
    sealing = scheduler.scheduleWithFixedDelay(this::sealAudit, 1, 1, TimeUnit.SECONDS);
    cleaning = scheduler.scheduleWithFixedDelay(this::clean, 1, 60, TimeUnit.MINUTES);
    LOG.log(Level.INFO, "linotp-ee serves {0}", settings.home());
  }

  private void poll() {
    try {
      snapshots.get().refresh();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "cannot look for changed configuration: {0}", e.toString());
    }
  }

  private void sealAudit() {
    try {
      sealer.get().seal();
      forwarder.get().forward();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "cannot seal or forward audit rows: {0}", e.toString());
    }
  }

  private void clean() {
    try {
      throttle.get().forgetOld();
      housekeeping.get().forgetOldChallenges();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "cannot clean up: {0}", e.toString());
    }
  }

  @PreDestroy
  void stop() {
    if (polling != null) {
      polling.cancel(false);
      cleaning.cancel(false);
      sealing.cancel(false);
      sealAudit();
    }
    new ConfiguredDataSource(settings).closeEmbedded();
    if (settings.text(Setting.AUDIT_DATABASE_URI).startsWith("jdbc:h2:")) {
      ConfiguredDataSource.forAudit(settings).closeEmbedded();
    }
    if (logFile != null) {
      logFile.end();
    }
  }
}
