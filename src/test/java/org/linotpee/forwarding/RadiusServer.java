package org.linotpee.forwarding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A small RADIUS server (RFC 2865, Message-Authenticator of RFC 3579), written without the client's
 * library, so that both must agree on the standard.
 */
public final class RadiusServer implements AutoCloseable {
  private static final int ACCESS_REQUEST = 1;
  private static final int HEADER = 20;
  private static final int USER_NAME = 1;
  private static final int USER_PASSWORD = 2;
  private static final int REPLY_MESSAGE = 18;
  private static final int STATE = 24;
  private static final int NAS_IDENTIFIER = 32;
  private static final int MESSAGE_AUTHENTICATOR = 80;

  /** What a client asked. */
  public record Request(String user, String password, String nas, Optional<String> state) {}

  /**
   * What is answered.
   *
   * @param code 2 accepts, 3 rejects, 11 challenges
   */
  public record Answer(int code, Optional<String> state, List<String> messages) {
    public static final Answer ACCEPT = new Answer(2, Optional.empty(), List.of());
    public static final Answer REJECT = new Answer(3, Optional.empty(), List.of("no"));
  }

  private final byte[] secret;
  private final Function<Request, Answer> decision;
  private final DatagramSocket socket;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Signature signature = Signature.RIGHT;

  /** How answers are signed. */
  enum Signature {
    RIGHT,
    WRONG,
    NONE
  }

  public RadiusServer(String secret, Function<Request, Answer> decision) throws SocketException {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.decision = decision;
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    var thread = new Thread(this::serve, "radius");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return socket.getLocalPort();
  }

  RadiusServer signing(Signature how) {
    signature = how;
    return this;
  }

  public List<Request> requests() {
    return requests;
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      try {
        var packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] request = Arrays.copyOf(packet.getData(), packet.getLength());
        Optional<byte[]> answer = answer(request);
        if (answer.isPresent()) {
          socket.send(
              new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
        }
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Requests that were not made with the shared secret are dropped, as the standard demands. */
  private Optional<byte[]> answer(byte[] request) throws GeneralSecurityException {
    byte[] authenticator = Arrays.copyOfRange(request, 4, HEADER);
    Map<Integer, byte[]> attributes = attributes(request);
    if (request[0] != ACCESS_REQUEST
        || !attributes.containsKey(MESSAGE_AUTHENTICATOR)
        || !authentic(request, attributes.get(MESSAGE_AUTHENTICATOR))) {
      return Optional.empty();
    }
    var asked =
        new Request(
            text(attributes.get(USER_NAME)),
            text(clear(attributes.get(USER_PASSWORD), authenticator)),
            text(attributes.get(NAS_IDENTIFIER)),
            Optional.ofNullable(attributes.get(STATE)).map(RadiusServer::text));
    requests.add(asked);
    return Optional.of(encoded(decision.apply(asked), request[1], authenticator));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Map<Integer, byte[]> attributes(byte[] packet) {
    var attributes = new ConcurrentHashMap<Integer, byte[]>();
    for (int at = HEADER; at < packet.length; at += packet[at + 1] & 0xff) {
      attributes.put(
          packet[at] & 0xff, Arrays.copyOfRange(packet, at + 2, at + (packet[at + 1] & 0xff)));
    }
    return attributes;
  }

  private boolean authentic(byte[] request, byte[] sent) throws GeneralSecurityException {
    byte[] zeroed = request.clone();
    for (int at = HEADER; at < zeroed.length; at += zeroed[at + 1] & 0xff) {
      if ((zeroed[at] & 0xff) == MESSAGE_AUTHENTICATOR) {
        Arrays.fill(zeroed, at + 2, at + 18, (byte) 0);
      }
    }
    return MessageDigest.isEqual(hmac(zeroed), sent);
  }

  private byte[] hmac(byte[] bytes) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(secret, "HmacMD5"));
    return mac.doFinal(bytes);
  }

  /** RFC 2865 section 5.2. */
  private byte[] clear(byte[] hidden, byte[] authenticator) throws GeneralSecurityException {
    byte[] clear = new byte[hidden.length];
    byte[] before = authenticator;
    for (int block = 0; block < hidden.length; block += 16) {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(secret);
      byte[] mask = md5.digest(before);
      for (int i = 0; i < 16; i++) {
        clear[block + i] = (byte) (hidden[block + i] ^ mask[i]);
      }
      before = Arrays.copyOfRange(hidden, block, block + 16);
    }
    int end = clear.length;
    while (end > 0 && clear[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(clear, end);
  }

  private byte[] encoded(Answer answer, byte id, byte[] authenticator)
      throws GeneralSecurityException {
    var attributes = new ByteArrayOutputStream();
    if (signature != Signature.NONE) {
      attribute(attributes, MESSAGE_AUTHENTICATOR, new byte[16]);
    }
    answer
        .state()
        .ifPresent(state -> attribute(attributes, STATE, state.getBytes(StandardCharsets.UTF_8)));
    answer
        .messages()
        .forEach(
            message ->
                attribute(attributes, REPLY_MESSAGE, message.getBytes(StandardCharsets.UTF_8)));
    byte[] packet = new byte[HEADER + attributes.size()];
    packet[0] = (byte) answer.code();
    packet[1] = id;
    packet[2] = (byte) (packet.length >> 8);
    packet[3] = (byte) packet.length;
    System.arraycopy(authenticator, 0, packet, 4, 16);
    System.arraycopy(attributes.toByteArray(), 0, packet, HEADER, attributes.size());
    if (signature == Signature.RIGHT) {
      System.arraycopy(hmac(packet), 0, packet, HEADER + 2, 16);
    }
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    md5.update(packet);
    System.arraycopy(md5.digest(secret), 0, packet, 4, 16);
    return packet;
  }

  private static void attribute(ByteArrayOutputStream target, int type, byte[] value) {
    target.write(type);
    target.write(value.length + 2);
    target.writeBytes(value);
  }

  @Override
  public void close() {
    socket.close();
  }
}
