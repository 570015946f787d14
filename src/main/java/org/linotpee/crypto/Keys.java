package org.linotpee.crypto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keys per purpose, derived from the master keys of a key file with HKDF-SHA-256 (RFC 5869). Every
 * node with the same key file has the same keys. Thread-safe; derived keys are cached.
 */
public final class Keys {
  private static final byte[] SALT = "linotp-ee".getBytes(StandardCharsets.US_ASCII);

  private record Derivation(Purpose purpose, String keyId, int length) {}

  private final KeyFile keyFile;
  private final ConcurrentMap<Derivation, byte[]> cache = new ConcurrentHashMap<>();

  public Keys(KeyFile keyFile) {
    this.keyFile = Objects.requireNonNull(keyFile, "A key file is required.");
  }

  /**
   * The key of a purpose under a master key. Keys of different lengths are independent.
   *
   * @param length in bytes
   * @throws KeyFileException if the key file has no such master key
   */
  public byte[] derive(Purpose purpose, String keyId, int length) {
    return cache.computeIfAbsent(new Derivation(purpose, keyId, length), this::derive).clone();
  }

  /** The id of the master key for new values. */
  public String activeId() {
    return keyFile.activeId();
  }

  /** The ids of all master keys, the active one first. */
  public List<String> ids() {
    return keyFile.ids();
  }

  private byte[] derive(Derivation wanted) {
    String info = "linotp-ee " + wanted.purpose().name() + " " + wanted.length();
    return Hkdf.derive(
        keyFile.master(wanted.keyId()),
        SALT,
        info.getBytes(StandardCharsets.US_ASCII),
        wanted.length());
  }
}
