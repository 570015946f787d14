package org.linotpee.identity.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
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
import java.util.Optional;
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
  private static final int REFERRAL_HOPS = 3;
  private static final int MAX_DOUBLINGS = 8;
  private static final Duration BLOCK = Duration.ofSeconds(30);

  /** A connection that failed as fast as this is tried once more; one that timed out is not. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

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
      Duration time =
          BLOCK.plus(BLOCK.multipliedBy(1L << Math.min(MAX_DOUBLINGS, server.failures)));
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
    LDAPConnectionPool opened = openTwice(server.uri);
    synchronized (server) {
      if (server.pool == null) {
        server.pool = opened;
        return opened;
      }
    }
    opened.close();
    return pool(server);
  }

  private LDAPConnectionPool openTwice(URI uri) throws LDAPException {
    long begun = System.nanoTime();
    try {
      return open(uri);
    } catch (LDAPException e) {
      if (!isServersFault(e) || System.nanoTime() - begun > AT_ONCE.toNanos()) {
        throw e;
      }
      return open(uri);
    }
  }

  private LDAPConnectionOptions options() {
    var options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis((int) settings.connectTimeout().toMillis());
    options.setResponseTimeoutMillis(settings.responseTimeout().toMillis());
    options.setFollowReferrals(settings.followReferrals());
    options.setReferralHopLimit(REFERRAL_HOPS);
    options.setUseSynchronousMode(true);
    if (settings.verify()) {
      options.setSSLSocketVerifier(new ServerName());
    }
    return options;
  }

  private SocketFactory sockets(boolean ldaps) {
    return ldaps ? tls.getSocketFactory() : SocketFactory.getDefault();
  }

  private LDAPConnectionPool open(URI uri) throws LDAPException {
    boolean ldaps = uri.getScheme().equals("ldaps");
    int port = uri.getPort() > 0 ? uri.getPort() : ldaps ? LDAPS_PORT : LDAP_PORT;
    boolean startTls = !ldaps && settings.startTls();
    if (!ldaps && !startTls) {
      LOG.log(Level.INFO, "the connection to {0} is not encrypted", uri);
    }
    var set =
        new SingleServerSet(
            host(uri), port, sockets(ldaps), options(), null, new Prepare(startTls));
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

  private static String host(URI uri) {
    return uri.getHost().replaceAll("^\\[|]$", "");
  }

  /** Encrypts a new connection where the definition wants that, and tells it how to be led on. */
  private final class Prepare implements PostConnectProcessor {
    private final Optional<PostConnectProcessor> startTls;

    Prepare(boolean startTls) {
      this.startTls =
          startTls
              ? Optional.of(new StartTLSPostConnectProcessor(tls.getSocketFactory()))
              : Optional.empty();
    }

    @Override
    public void processPreAuthenticatedConnection(LDAPConnection connection) throws LDAPException {
      if (startTls.isPresent()) {
        startTls.get().processPreAuthenticatedConnection(connection);
      }
      connection.setReferralConnector((url, referring) -> referred(url));
    }

    @Override
    public void processPostAuthenticatedConnection(LDAPConnection connection) {}
  }

  /**
   * A connection to a server that another one refers to. The answer of a directory decides where it
   * leads, so the service account's password goes to servers of the definition, or to those that
   * have proved their name by a certificate, and to no others; in the clear only where the
   * definition wants that of the same server.
   */
  private LDAPConnection referred(LDAPURL url) throws LDAPException {
    boolean ldaps = url.getScheme().equals("ldaps");
    boolean encrypted = ldaps || settings.startTls();
    List<URI> ours =
        servers.stream()
            .map(server -> server.uri)
            .filter(uri -> host(uri).equalsIgnoreCase(url.getHost()))
            .toList();
    boolean plainHere = ours.stream().anyMatch(uri -> uri.getScheme().equals("ldap"));
    boolean safe =
        encrypted ? settings.verify() || !ours.isEmpty() : plainHere && !settings.startTls();
    if (!safe) {
      throw new LDAPException(
          ResultCode.REFERRAL,
          "a referral to " + url.getHost() + " is not followed: its name cannot be verified");
    }
    var connection = new LDAPConnection(sockets(ldaps), options(), url.getHost(), url.getPort());
    try {
      new Prepare(!ldaps && settings.startTls()).processPreAuthenticatedConnection(connection);
      connection.bind(settings.bindDn(), bindPassword);
      return connection;
    } catch (LDAPException e) {
      connection.close();
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
