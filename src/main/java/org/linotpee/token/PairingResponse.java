package org.linotpee.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a device tells when it takes a token over (spec 08 section 16.3), decrypted but not yet
 * believed. Behind a fixed part there are texts, each with NUL at its end, and what the type of the
 * token has behind them.
 */
public final class PairingResponse {
  private static final int KEY_BYTES = 32;
  private static final int KEY_FROM = 1 + Integer.BYTES;
  private static final int TEXTS_FROM = KEY_FROM + KEY_BYTES;
  private static final int MAX_TEXTS = 8;

  private final int partition;
  private final byte[] content;
  private final String serial;

  private PairingResponse(int partition, byte[] content, String serial) {
    this.partition = partition;
    this.content = content;
    this.serial = serial;
  }

  /**
   * Reads the clear content; empty if it is none.
   *
   * @param partition of the key pair that it was encrypted for
   */
  public static Optional<PairingResponse> parse(int partition, byte[] content) {
    int end = TEXTS_FROM;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    if (end >= content.length || end == TEXTS_FROM) {
      return Optional.empty();
    }
    return decoded(content, TEXTS_FROM, end)
        .map(serial -> new PairingResponse(partition, content.clone(), serial));
  }

  private static Optional<String> decoded(byte[] bytes, int from, int to) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, to - from))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The number of the key pair that the device has encrypted for. */
  public int partition() {
    return partition;
  }

  /** The code of the token's type. */
  public int kind() {
    return content[0] & 0xff;
  }

  /** The device's own number for the token, 32 bits without sign. */
  public long userTokenId() {
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(1));
  }

  /** The public key of the device, 32 bytes. */
  public byte[] publicKey() {
    return Arrays.copyOfRange(content, KEY_FROM, TEXTS_FROM);
  }

  /** The serial number of the token, the first text. */
  public String serial() {
    return serial;
  }

  /**
   * All texts, the serial number first.
   *
   * @param trailing the bytes that follow the last text
   * @return empty if there are not exactly texts before these bytes
   */
  public Optional<List<String>> texts(int trailing) {
    int end = content.length - trailing;
    var texts = new ArrayList<String>();
    int from = TEXTS_FROM;
    for (int at = TEXTS_FROM; at < end; at++) {
      if (content[at] == 0) {
        Optional<String> text = decoded(content, from, at);
        if (text.isEmpty() || texts.size() == MAX_TEXTS) {
          return Optional.empty();
        }
        texts.add(text.get());
        from = at + 1;
      }
    }
    return from == end ? Optional.of(List.copyOf(texts)) : Optional.empty();
  }

  /** Everything but the last bytes. */
  public byte[] before(int trailing) {
    return Arrays.copyOf(content, content.length - trailing);
  }

  /** The last bytes. */
  public byte[] last(int trailing) {
    return Arrays.copyOfRange(content, content.length - trailing, content.length);
  }

  /** Without keys and texts. */
  @Override
  public String toString() {
    return "pairing response for " + partition;
  }
}
