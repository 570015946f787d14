package org.linotpee.identity.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.linotpee.identity.Resolver;

/**
 * The servers of one directory, asked in their order over pooled connections. One that fails is
 * left alone for a while that grows (spec 05 section 9.3); if all are, the one whose time ends
 * first is tried all the same.
 */
final class LdapServers implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LdapServers.class.getName());
  private static final int LDAP_PORT = 389;
  private static final int LDAPS_PORT = 636;
  private static final int MAX_CONNECTIONS = 8;
  private static final int MAX_DOUBLINGS = 8;
  private static final Duration SHORTEST_BLOCK = Duration.ofSeconds(60);

  /** What is done with a connection that is bound as the service account. */
  interface Work<T> {
    T with(LDAPConnectionPool pool) throws LDAPException;
  }

  private static final class Server {
    private final URI uri;
    private LDAPConnectionPool pool;
    private Instant blockedUntil = Instant.MIN;
    private int failures;

    Server(URI uri) {
      this.uri = uri;
    }
  }

  private final LdapSettings settings;
  private final String bindPassword;
  private final SSLContext tls;
  private final Clock clock;
  private final List<Server> servers;

  LdapServers(LdapSettings settings, String bindPassword, SSLContext tls, Clock clock) {
    this.settings = settings;
    this.bindPassword = bindPassword;
    this.tls = tls;
    this.clock = clock;
    this.servers = settings.servers().stream().map(Server::new).toList();
  }

  /**
   * Runs the work on the first server that answers.
   *
   * @throws Resolver.Unavailable if none does
   */
  <T> T run(Work<T> work) {
    LDAPException last = null;
    for (Server server : usable()) {
      try {
        T result = work.with(pool(server));
        synchronized (server) {
          server.failures = 0;
          server.blockedUntil = Instant.MIN;
        }
        return result;
      } catch (LDAPException e) {
        LOG.log(Level.WARNING, "{0}: {1}", server.uri, e.getMessage());
        last = e;
        if (!isServersFault(e)) {
          throw new Resolver.Unavailable(e.getMessage(), e);
        }
        block(server);
      }
    }
    throw new Resolver.Unavailable(last == null ? "no server" : last.getMessage(), last);
  }

  /** Wrong credentials of the service account, or a bad filter, are the definition's fault. */
  private static boolean isServersFault(LDAPException e) {
    return !e.getResultCode().isConnectionUsable();
  }

  private List<Server> usable() {
    Instant now = clock.instant();
    var free = new ArrayList<Server>();
    for (Server server : servers) {
      synchronized (server) {
        if (!server.blockedUntil.isAfter(now)) {
          free.add(server);
        }
      }
    }
    return free.isEmpty()
        ? List.of(
            servers.stream()
                .min(Comparator.comparing((Server server) -> server.blockedUntil))
                .orElseThrow())
        : free;
  }

  private void block(Server server) {
    synchronized (server) {
      Duration time = SHORTEST_BLOCK.multipliedBy(1L << Math.min(MAX_DOUBLINGS, server.failures));
      server.failures++;
      server.blockedUntil = clock.instant().plus(time);
      if (server.pool != null) {
        server.pool.close();
        server.pool = null;
      }
    }
  }

  private LDAPConnectionPool pool(Server server) throws LDAPException {
    synchronized (server) {
      if (server.pool != null) {
        return server.pool;
      }
    }
    // connecting may take seconds, in which nobody has to wait for the state of the server
    LDAPConnectionPool opened = open(server.uri);
    synchronized (server) {
      if (server.pool == null) {
        server.pool = opened;
        return opened;
      }
    }
    opened.close();
    return pool(server);
  }

  private LDAPConnectionPool open(URI uri) throws LDAPException {
    boolean ldaps = uri.getScheme().equals("ldaps");
    var options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis((int) settings.connectTimeout().toMillis());
    options.setResponseTimeoutMillis(settings.responseTimeout().toMillis());
    options.setFollowReferrals(false);
    options.setUseSynchronousMode(true);
    if (settings.verify()) {
      options.setSSLSocketVerifier(new ServerName());
    }
    SocketFactory sockets = ldaps ? tls.getSocketFactory() : SocketFactory.getDefault();
    int port = uri.getPort() > 0 ? uri.getPort() : ldaps ? LDAPS_PORT : LDAP_PORT;
    var startTls =
        !ldaps && settings.startTls()
            ? new StartTLSPostConnectProcessor(tls.getSocketFactory())
            : null;
    if (!ldaps && !settings.startTls()) {
      LOG.log(Level.INFO, "the connection to {0} is not encrypted", uri);
    }
    var set =
        new SingleServerSet(
            uri.getHost().replaceAll("^\\[|]$", ""), port, sockets, options, null, startTls);
    var pool =
        new LDAPConnectionPool(
            set, new SimpleBindRequest(settings.bindDn(), bindPassword), 0, MAX_CONNECTIONS);
    pool.setRetryFailedOperationsDueToInvalidConnections(true);
    pool.setMaxConnectionAgeMillis(Duration.ofMinutes(5).toMillis());
    try {
      LDAPConnection first = pool.getConnection();
      pool.releaseConnection(first);
      return pool;
    } catch (LDAPException e) {
      pool.close();
      throw e;
    }
  }

  @Override
  public void close() {
    for (Server server : servers) {
      synchronized (server) {
        if (server.pool != null) {
          server.pool.close();
          server.pool = null;
        }
      }
    }
  }
}
