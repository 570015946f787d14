package org.linotpee.delivery;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.linotpee.configuration.Service;
import org.linotpee.gsm.DeliveryReport;
import org.linotpee.gsm.GsmConnection;
import org.linotpee.gsm.GsmConnectionFactory;
import org.linotpee.gsm.GsmDevice;
import org.linotpee.gsm.GsmListener;
import org.linotpee.gsm.ReceivedMessage;
import org.linotpee.gsm.adapter.EmbeddedGsm;

/**
 * Where modems are to be had: from the resource adapter of the application server, if it has one,
 * else from the adapter's classes inside the application.
 */
@Service
public class GsmModems {
  private static final Logger LOG = System.getLogger(GsmModems.class.getName());

  /**
   * In this order: WildFly starts a second adapter for the factory that the enterprise archive
   * defines, whose messages nobody gets; the first name is that of the adapter itself there.
   */
  private static final List<String> NAMES = List.of("java:/gsm/cf", "java:app/gsm/cf", "gsm/cf");

  private final Executor threads;
  private final GsmListener listener;
  private GsmConnectionFactory factory;
  private EmbeddedGsm embedded;

  /** For the server. */
  @Inject
  public GsmModems(Instance<GsmListener> listeners) {
    this(managedThreads(), listeners.isResolvable() ? listeners.get() : new Nobody());
  }

  GsmModems(Executor threads, GsmListener listener) {
    this.threads = threads;
    this.listener = listener;
  }

  /** Threads of the server, or of this process where there is no server. */
  @SuppressWarnings("BanJNDI") // a constant name
  private static Executor managedThreads() {
    ThreadFactory managed;
    try {
      managed =
          (ManagedThreadFactory)
              new InitialContext().lookup("java:comp/DefaultManagedThreadFactory");
    } catch (NamingException noServer) {
      managed = Thread::new;
    }
    ThreadFactory maker = managed;
    return work -> {
      Thread thread = maker.newThread(work);
      thread.setName("gsm-modem");
      thread.setDaemon(true);
      thread.start();
    };
  }

  private static final class Nobody implements GsmListener {
    @Override
    public void onMessage(ReceivedMessage message) {
      LOG.log(Level.INFO, "{0}", message);
    }

    @Override
    public void onReport(DeliveryReport report) {
      LOG.log(Level.INFO, "{0}", report.outcome());
    }
  }

  /**
   * A connection to a modem.
   *
   * @param name where the server has a connection factory bound; empty: at one of the usual names
   * @param device empty: the one that the server's factory is configured with
   * @throws ResourceException if there is none
   */
  GsmConnection connect(Optional<String> name, Optional<GsmDevice> device)
      throws ResourceException {
    GsmConnectionFactory found =
        name.isPresent()
            ? bound(name.get())
                .orElseThrow(
                    () ->
                        new ResourceException(
                            "the server has no connection factory for modems at " + name.get()))
            : factory();
    return device.isPresent() ? found.getConnection(device.get()) : found.getConnection();
  }

  private synchronized GsmConnectionFactory factory() {
    if (factory == null) {
      factory =
          NAMES.stream()
              .map(GsmModems::bound)
              .flatMap(Optional::stream)
              .findFirst()
              .orElseGet(
                  () -> {
                    LOG.log(Level.INFO, "modems are driven by the application itself");
                    embedded = new EmbeddedGsm(threads, listener);
                    return embedded.factory();
                  });
    }
    return factory;
  }

  /** The factory, unless it is none of ours: a second copy of the classes is not usable. */
  @SuppressWarnings("BanJNDI") // names are constants, or have the form that is checked
  private static Optional<GsmConnectionFactory> bound(String name) {
    try {
      return new InitialContext().lookup(name) instanceof GsmConnectionFactory ours
          ? Optional.of(ours)
          : Optional.empty();
    } catch (NamingException absent) {
      return Optional.empty();
    }
  }

  @PreDestroy
  void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
