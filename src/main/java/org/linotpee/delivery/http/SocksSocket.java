package org.linotpee.delivery.http;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * A connection through a SOCKS 5 proxy, with or without a login (RFC 1928, 1929). The JDK's own
 * takes the login of the whole process, which cannot differ between providers.
 */
final class SocksSocket extends Socket {
  private static final int VERSION = 5;
  private static final int LOGIN_VERSION = 1;
  private static final int NO_LOGIN = 0;
  private static final int WITH_LOGIN = 2;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;
  private static final int LONGEST = 255;

  private final Proxies.Proxy proxy;

  SocksSocket(Proxies.Proxy proxy) {
    super(java.net.Proxy.NO_PROXY);
    this.proxy = proxy;
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeout);
    int before = getSoTimeout();
    setSoTimeout(timeout);
    try {
      var in = new DataInputStream(getInputStream());
      var out = new DataOutputStream(getOutputStream());
      greet(in, out);
      request((InetSocketAddress) endpoint, in, out);
    } finally {
      setSoTimeout(before);
    }
  }

  private void greet(DataInputStream in, DataOutputStream out) throws IOException {
    out.write(
        proxy.login().isPresent()
            ? new byte[] {VERSION, 2, NO_LOGIN, WITH_LOGIN}
            : new byte[] {VERSION, 1, NO_LOGIN});
    out.flush();
    expectVersion(in, VERSION);
    int method = in.readUnsignedByte();
    if (method == WITH_LOGIN && proxy.login().isPresent()) {
      out.writeByte(LOGIN_VERSION);
      write(out, proxy.login().get().user());
      write(out, proxy.login().get().password());
      out.flush();
      expectVersion(in, LOGIN_VERSION);
      if (in.readUnsignedByte() != 0) {
        throw new SocketException("the SOCKS proxy refuses the login");
      }
    } else if (method != NO_LOGIN) {
      throw new SocketException("the SOCKS proxy asks for another login");
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST) {
      throw new SocketException("the login of the SOCKS proxy is too long");
    }
    out.writeByte(bytes.length);
    out.write(bytes);
  }

  private static void request(InetSocketAddress target, DataInputStream in, DataOutputStream out)
      throws IOException {
    out.write(new byte[] {VERSION, CONNECT, 0});
    if (target.isUnresolved()) {
      out.writeByte(NAME);
      write(out, target.getHostString());
    } else {
      byte[] address = target.getAddress().getAddress();
      out.writeByte(address.length == 4 ? IPV4 : IPV6);
      out.write(address);
    }
    out.writeShort(target.getPort());
    out.flush();
    expectVersion(in, VERSION);
    int status = in.readUnsignedByte();
    if (status != 0) {
      throw new SocketException("the SOCKS proxy cannot connect: " + reason(status));
    }
    in.readUnsignedByte();
    int length =
        switch (in.readUnsignedByte()) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> in.readUnsignedByte();
          default -> throw new SocketException("the SOCKS proxy talks another protocol");
        };
    in.readFully(new byte[length + 2]);
  }

  private static String reason(int status) {
    return switch (status) {
      case 1 -> "general failure";
      case 2 -> "not allowed by its rules";
      case 3 -> "network unreachable";
      case 4 -> "host unreachable";
      case 5 -> "connection refused";
      case 6 -> "too many hops";
      default -> "status " + status;
    };
  }

  private static void expectVersion(DataInputStream in, int version) throws IOException {
    if (in.readUnsignedByte() != version) {
      throw new SocketException("the SOCKS proxy talks another protocol");
    }
  }
}
