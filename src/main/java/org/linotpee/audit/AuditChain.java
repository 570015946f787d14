package org.linotpee.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The running hash over a node's audit rows: SHA-256 of the hash so far, the row's number, its
 * content and its MAC. A changed, missing or inserted row leads to another hash.
 */
final class AuditChain {
  /** What the first row of a node builds on. */
  static final String BEGINNING = "0".repeat(64);

  private final MessageDigest digest;
  private byte[] hash;

  AuditChain(String hash) {
    this.hash = HexFormat.of().parseHex(hash);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void add(long sequence, AuditRow row) {
    digest.update(hash);
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
    digest.update(row.canonical());
    digest.update(row.mac().getBytes(StandardCharsets.US_ASCII));
    hash = digest.digest();
  }

  /** In hexadecimal. */
  String hash() {
    return HexFormat.of().formatHex(hash);
  }
}
