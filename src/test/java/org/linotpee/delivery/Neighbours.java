package org.linotpee.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Other people's servers on loopback: a gateway, an HTTP proxy and a SOCKS proxy. */
public final class Neighbours {
  private Neighbours() {}

  /** What a gateway has been asked. Header names in any case. */
  public record Asked(String method, String target, Map<String, String> headers, String body) {}

  /** What a gateway answers. */
  public record Answer(int status, String body, Map<String, String> headers) {
    public static Answer of(int status, String body) {
      return new Answer(status, body, Map.of());
    }
  }

  /** A gateway that records what it is asked. */
  public static final class Gateway implements AutoCloseable {
    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Function<Asked, Answer> answer = a -> Answer.of(200, "ok");

    public Gateway() {
      this(null, false);
    }

    /** With TLS, and the client's certificate if it has to show one. */
    public Gateway(SSLContext tls, boolean clientCertificate) {
      try {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
          server = HttpServer.create(address, 0);
        } else {
          HttpsServer secure = HttpsServer.create(address, 0);
          secure.setHttpsConfigurator(
              new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                  SSLParameters ssl = tls.getDefaultSSLParameters();
                  ssl.setNeedClientAuth(clientCertificate);
                  parameters.setSSLParameters(ssl);
                }
              });
          server = secure;
        }
        scheme = tls == null ? "http" : "https";
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void handle(HttpExchange exchange) throws IOException {
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var request =
          new Asked(
              exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
      asked.add(request);
      Answer given = answer.apply(request);
      given.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] bytes = given.body().getBytes(StandardCharsets.UTF_8);
      boolean head = request.method().equals("HEAD");
      exchange.sendResponseHeaders(given.status(), head || bytes.length == 0 ? -1 : bytes.length);
      if (!head && bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
    }

    public Gateway answers(Function<Asked, Answer> function) {
      answer = function;
      return this;
    }

    public Gateway answers(int status, String body) {
      return answers(a -> Answer.of(status, body));
    }

    public int port() {
      return server.getAddress().getPort();
    }

    public String url() {
      return scheme + "://127.0.0.1:" + port() + "/sms";
    }

    public Asked only() {
      if (asked.size() != 1) {
        throw new AssertionError(asked.size() + " requests: " + asked);
      }
      return asked.get(0);
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  /** Accepts connections and handles each in a thread of its own. */
  public abstract static class Listener implements AutoCloseable {
    private final ServerSocket listening;

    Listener() {
      try {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      start(
          () -> {
            while (!listening.isClosed()) {
              try {
                Socket client = listening.accept();
                start(() -> serve(client));
              } catch (IOException e) {
                return;
              }
            }
          });
    }

    private void serve(Socket client) {
      try (client) {
        handle(client);
      } catch (IOException e) {
        // the other side has gone
      }
    }

    abstract void handle(Socket client) throws IOException;

    public int port() {
      return listening.getLocalPort();
    }

    @Override
    public void close() {
      try {
        listening.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void start(Runnable work) {
    var thread = new Thread(work, "neighbour");
    thread.setDaemon(true);
    thread.start();
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // closed
    }
    try {
      to.shutdownOutput();
    } catch (IOException e) {
      // closed
    }
  }

  private static void join(Socket client, Socket target) {
    start(() -> pump(target, client));
    pump(client, target);
  }

  /** An HTTP proxy that asks for a login and leads every host name to loopback. */
  public static final class HttpProxy extends Listener {
    public final List<String> requests = new CopyOnWriteArrayList<>();
    private final String login;

    public HttpProxy(String user, String password) {
      this.login =
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void handle(Socket client) throws IOException {
      InputStream in = client.getInputStream();
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int c = in.read();
        if (c < 0) {
          return;
        }
        head.append((char) c);
      }
      String line = head.substring(0, head.indexOf("\r\n"));
      OutputStream out = client.getOutputStream();
      if (head.indexOf("Proxy-Authorization: " + login) < 0) {
        requests.add("407 " + line);
        out.write(
            ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic"
                    + " realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return;
      }
      requests.add(line);
      String[] parts = line.split(" ");
      if (parts[0].equals("CONNECT")) {
        try (var target = new Socket(InetAddress.getLoopbackAddress(), port(parts[1]))) {
          out.write("HTTP/1.1 200 ok\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          join(client, target);
        } catch (java.net.ConnectException e) {
          out.write(
              "HTTP/1.1 502 no\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return;
      }
      String rest = parts[1].replaceFirst("http://[^/]*", "");
      String host = parts[1].replaceFirst("http://([^/]*).*", "$1");
      try (var target = new Socket(InetAddress.getLoopbackAddress(), port(host))) {
        String forwarded =
            parts[0] + " " + rest + " HTTP/1.1" + head.substring(head.indexOf("\r\n"));
        target.getOutputStream().write(forwarded.getBytes(StandardCharsets.ISO_8859_1));
        join(client, target);
      }
    }

    private static int port(String hostAndPort) {
      return Integer.parseInt(hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1));
    }
  }

  /** A SOCKS 5 proxy that asks for a login and leads every host to loopback. */
  public static final class SocksProxy extends Listener {
    public final List<String> targets = new CopyOnWriteArrayList<>();
    private final String login;

    public SocksProxy(String user, String password) {
      this.login = user + ":" + password;
    }

    @Override
    void handle(Socket client) throws IOException {
      var in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readByte();
      in.readFully(new byte[in.readUnsignedByte()]);
      out.write(new byte[] {5, 2});
      in.readByte();
      String given = text(in) + ":" + text(in);
      out.write(new byte[] {1, (byte) (given.equals(login) ? 0 : 1)});
      if (!given.equals(login)) {
        return;
      }
      in.readFully(new byte[3]);
      int type = in.readUnsignedByte();
      String host;
      if (type == 3) {
        host = text(in);
      } else {
        byte[] address = new byte[type == 1 ? 4 : 16];
        in.readFully(address);
        host = InetAddress.getByAddress(address).getHostAddress();
      }
      int port = in.readUnsignedShort();
      targets.add(host + ":" + port);
      try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
        out.write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0});
        join(client, target);
      } catch (java.net.ConnectException e) {
        out.write(new byte[] {5, 5, 0, 1, 0, 0, 0, 0, 0, 0});
      }
    }

    private static String text(DataInputStream in) throws IOException {
      byte[] bytes = new byte[in.readUnsignedByte()];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A port on which nobody listens. */
  public static int closedPort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
