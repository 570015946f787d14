package org.linotpee.delivery.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicAuthCache;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.linotpee.delivery.GatewayTls;
import org.linotpee.delivery.Secrecy;
import org.linotpee.delivery.Timeouts;

/**
 * An HTTP client for one provider: its own pool of connections, time-outs, trust, proxies and
 * login.
 */
final class HttpGateway implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int MAX_REDIRECTS = 30;
  private static final int MAX_ANSWER = 64 * 1024;

  /** Whether the answer is the gateway's, not that of a proxy that could not connect to it. */
  private static final String REACHED = "linotpee.reached";

  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  private final Options options;
  private final CloseableHttpClient client;

  /**
   * How to reach the gateway.
   *
   * @param digest whether the login is answered by digest authentication rather than sent along
   */
  record Options(
      Timeouts timeouts, GatewayTls tls, Proxies proxies, Optional<Login> login, boolean digest) {}

  /**
   * A request.
   *
   * @param headers win over those that belong to the body
   * @param body empty for requests without one
   */
  record Call(
      String method, URI uri, Map<String, String> headers, Optional<String> body, String type) {
    Call {
      headers = new LinkedHashMap<>(headers);
    }

    static Call form(URI uri, Map<String, String> headers, String body) {
      return new Call("POST", uri, headers, Optional.of(body), "application/x-www-form-urlencoded");
    }

    static Call json(URI uri, Map<String, String> headers, String body) {
      return new Call("POST", uri, headers, Optional.of(body), "application/json");
    }

    static Call of(String method, URI uri, Map<String, String> headers) {
      return new Call(method, uri, headers, Optional.empty(), "");
    }
  }

  /** What came back. */
  record Reply(int status, String phrase, String body) {
    /** The status as people read it. */
    String line() {
      return Secrecy.line("HTTP " + status + " " + phrase);
    }
  }

  /** The gateway was not reached, or did not answer in time. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean timeout;

    UnreachableException(String message, boolean timeout, Throwable cause) {
      super(message, cause);
      this.timeout = timeout;
    }

    boolean timeout() {
      return timeout;
    }
  }

  HttpGateway(Options options) {
    this.options = options;
    Timeouts timeouts = options.timeouts();
    Timeout connect = Timeout.of(timeouts.connect());
    Timeout read = Timeout.of(timeouts.read());
    var tls =
        new DefaultClientTlsStrategy(
            options.tls().context(),
            options.tls().verify()
                ? HttpsSupport.getDefaultHostnameVerifier()
                : NoopHostnameVerifier.INSTANCE);
    HttpClientBuilder builder =
        HttpClients.custom()
            .setConnectionManager(
                new Connections(options.proxies())
                    .setTlsSocketStrategy(tls)
                    .setMaxConnPerRoute(CONNECTIONS)
                    .setMaxConnTotal(2 * CONNECTIONS)
                    .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(read).build())
                    .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connect)
                            .setSocketTimeout(read)
                            .setTimeToLive(IDLE)
                            .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                            .build())
                    .build())
            .setRoutePlanner(route(options.proxies()))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(connect)
                    .setResponseTimeout(read)
                    .setMaxRedirects(MAX_REDIRECTS)
                    .setTargetPreferredAuthSchemes(
                        List.of(
                            options.digest()
                                ? StandardAuthScheme.DIGEST
                                : StandardAuthScheme.BASIC))
                    .build())
            .addExecInterceptorBefore(
                ChainElement.CONNECT.name(),
                "begin",
                (request, scope, chain) -> {
                  scope.clientContext.setAttribute(REACHED, false);
                  return chain.proceed(request, scope);
                })
            .addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(),
                "reached",
                (request, scope, chain) -> {
                  scope.clientContext.setAttribute(REACHED, true);
                  return chain.proceed(request, scope);
                })
            .setUserAgent("linotp-ee")
            .disableCookieManagement()
            .disableAutomaticRetries();
    this.client = builder.build();
  }

  /** Connections that go through a SOCKS proxy where there is one. */
  private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {
    private final Optional<Proxies.Proxy> socks;

    Connections(Proxies proxies) {
      this.socks = proxies.socks("https").or(() -> proxies.socks("http"));
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
      if (socks.isEmpty()) {
        return super.createConnectionOperator(ports, dns, tls);
      }
      return new DefaultHttpClientConnectionOperator(
          proxy -> (Socket) new SocksSocket(socks.get()),
          ports,
          socks.get().scheme().equals("socks5h") ? new NoDns() : dns,
          RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
    }
  }

  /** Leaves host names to the proxy. */
  private static final class NoDns implements DnsResolver {
    @Override
    public List<InetSocketAddress> resolve(String host, int port) {
      return List.of(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return SystemDefaultDnsResolver.INSTANCE.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private static HttpRoutePlanner route(Proxies proxies) {
    return new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
      @Override
      protected HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxies.http(target.getSchemeName()).map(HttpGateway::host).orElse(null);
      }
    };
  }

  private static HttpHost host(Proxies.Proxy proxy) {
    return new HttpHost(proxy.scheme(), proxy.host(), proxy.port());
  }

  private static HttpHost host(URI uri) {
    int port = uri.getPort();
    return new HttpHost(
        uri.getScheme(),
        uri.getHost(),
        port >= 0 ? port : uri.getScheme().equals("https") ? 443 : 80);
  }

  /**
   * Makes one request and reads the answer. A kept connection that the other side has just closed
   * is replaced once; it has read nothing by it.
   */
  Reply call(Call call) throws UnreachableException {
    try {
      return callOnce(call);
    } catch (UnreachableException e) {
      if (e.getCause() instanceof NoHttpResponseException) {
        return callOnce(call);
      }
      throw e;
    }
  }

  private Reply callOnce(Call call) throws UnreachableException {
    var request = new HttpUriRequestBase(call.method(), call.uri());
    call.body()
        .ifPresent(
            body ->
                request.setEntity(
                    new StringEntity(
                        body, ContentType.create(call.type(), StandardCharsets.UTF_8))));
    call.headers().forEach(request::setHeader);
    long end =
        System.nanoTime()
            + options.timeouts().connect().toNanos()
            + 2 * options.timeouts().read().toNanos();
    HttpClientContext context = context(call.uri());
    try {
      Reply reply = client.execute(request, context, response -> reply(response, end));
      if (!Boolean.TRUE.equals(context.getAttribute(REACHED))) {
        throw new UnreachableException("the proxy has answered " + reply.line(), false, null);
      }
      return reply;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpClientContext context(URI uri) {
    HttpClientContext context = HttpClientContext.create();
    var credentials = new BasicCredentialsProvider();
    var cache = new BasicAuthCache();
    options
        .login()
        .ifPresent(login -> add(login, host(uri), !options.digest(), credentials, cache));
    options
        .proxies()
        .http(uri.getScheme())
        .ifPresent(
            proxy ->
                proxy
                    .login()
                    .ifPresent(login -> add(login, host(proxy), true, credentials, cache)));
    context.setCredentialsProvider(credentials);
    context.setAuthCache(cache);
    return context;
  }

  private static void add(
      Login login,
      HttpHost host,
      boolean atOnce,
      BasicCredentialsProvider credentials,
      BasicAuthCache cache) {
    var known = new UsernamePasswordCredentials(login.user(), login.password().toCharArray());
    credentials.setCredentials(new AuthScope(host), known);
    if (atOnce) {
      var basic = new BasicScheme();
      basic.initPreemptive(known);
      cache.put(host, basic);
    }
  }

  private static Reply reply(ClassicHttpResponse response, long end) throws IOException {
    HttpEntity entity = response.getEntity();
    String body = "";
    if (entity != null) {
      ContentType type = ContentType.parseLenient(entity.getContentType());
      body = new String(read(entity, end), charset(type));
    }
    String phrase = response.getReasonPhrase() == null ? "" : response.getReasonPhrase();
    return new Reply(response.getCode(), phrase, body);
  }

  /** What is longer than any sensible answer is cut off; what trickles is given up. */
  private static byte[] read(HttpEntity entity, long end) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (InputStream in = entity.getContent()) {
      var buffer = new byte[4096];
      int count = in.read(buffer);
      while (count >= 0 && bytes.size() < MAX_ANSWER) {
        bytes.write(buffer, 0, Math.min(count, MAX_ANSWER - bytes.size()));
        if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("the answer takes too long");
        }
        count = bytes.size() < MAX_ANSWER ? in.read(buffer) : -1;
      }
    }
    return bytes.toByteArray();
  }

  private static Charset charset(ContentType type) {
    if (type != null && type.getCharset() != null) {
      return type.getCharset();
    }
    boolean text = type != null && type.getMimeType().toLowerCase(Locale.ROOT).startsWith("text/");
    return text ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
  }

  private static UnreachableException unreachable(IOException e) {
    Throwable cause = e;
    while (cause.getCause() instanceof HttpException inner) {
      cause = inner;
    }
    if (cause instanceof ConnectTimeoutException) {
      return new UnreachableException("it does not accept connections in time", true, e);
    }
    if (cause instanceof InterruptedIOException) {
      return new UnreachableException("it does not answer in time", true, e);
    }
    if (cause instanceof UnknownHostException) {
      return new UnreachableException("the host name is not known", false, e);
    }
    if (cause instanceof RedirectException) {
      return new UnreachableException("too many redirects", false, e);
    }
    if (cause instanceof SSLException) {
      String kind = cause instanceof SSLHandshakeException ? "TLS handshake: " : "TLS: ";
      return new UnreachableException(kind + Secrecy.line("" + cause.getMessage()), false, e);
    }
    return new UnreachableException(
        Secrecy.line(
            cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
        false,
        e);
  }

  /** Asks for the status of a server without sending a message. */
  Reply probe(URI uri, Map<String, String> headers) throws UnreachableException {
    return call(Call.of("HEAD", uri, headers));
  }

  /** How long the gateway may take, for messages. */
  Duration patience() {
    return options.timeouts().connect().plus(options.timeouts().read());
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      // its connections are gone in any case
    }
  }
}
