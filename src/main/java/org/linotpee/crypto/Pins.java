package org.linotpee.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * OTP PINs as they are stored: a marker, then a value sealed under {@link Purpose#PIN}. Hashed
 * ({@code h}) is 16 bytes of salt and SHA-256 of the PIN and the salt; reversible ({@code r}) is
 * the PIN itself; slow ({@code s}) is an Argon2id hash, for a directory password that has to be
 * kept. Whoever has the database without the key file can guess nothing. Thread-safe.
 *
 * <p>An empty or absent stored value stands for "no PIN was ever set": the empty PIN matches it.
 */
public final class Pins {
  private static final int SALT_BYTES = 16;
  private static final int DIGEST_BYTES = 32;

  private enum Form {
    HASHED('h'),
    REVERSIBLE('r'),
    SLOW('s');

    private final char marker;

    Form(char marker) {
      this.marker = marker;
    }

    static Form of(String stored) {
      for (Form form : values()) {
        if (stored.length() > 1 && stored.charAt(0) == form.marker && stored.charAt(1) == ':') {
          return form;
        }
      }
      throw new SealException("A stored PIN has an unknown form.");
    }

    /** The form is bound to the value: a hash relabelled as reversible does not open. */
    String place(String context) {
      return context + "#" + marker;
    }
  }

  private final Sealer sealer;

  public Pins(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A PIN that can only be compared. */
  public String hash(String context, String pin) {
    byte[] salt = Randoms.bytes(SALT_BYTES);
    return hashed(context, salt, digest(pin, salt));
  }

  /**
   * A hash that another server made.
   *
   * @param digest SHA-256 of the PIN's UTF-8 bytes followed by the salt (spec 06 section 5.2)
   */
  public String hashed(String context, byte[] salt, byte[] digest) {
    if (digest.length != DIGEST_BYTES) {
      throw new IllegalArgumentException("A PIN hash has " + DIGEST_BYTES + " bytes.");
    }
    byte[] clear = ByteBuffer.allocate(salt.length + DIGEST_BYTES).put(salt).put(digest).array();
    return seal(Form.HASHED, context, clear);
  }

  /** A PIN that can be read again, for protocols and policies that ask for it. */
  public String reversible(String context, String pin) {
    return seal(Form.REVERSIBLE, context, pin.getBytes(StandardCharsets.UTF_8));
  }

  /** A directory password, which deserves a slow hash even under the seal. */
  public String slow(String context, String password) {
    byte[] clear = Passwords.hash(password).getBytes(StandardCharsets.US_ASCII);
    return seal(Form.SLOW, context, clear);
  }

  /**
   * Whether a candidate is the stored PIN, compared in constant time.
   *
   * @throws SealException if the stored value does not open here
   */
  public boolean matches(String context, String stored, String candidate) {
    if (isUnset(stored)) {
      return candidate.isEmpty();
    }
    Form form = Form.of(stored);
    byte[] clear = open(form, context, stored);
    return switch (form) {
      case HASHED -> {
        int salt = clear.length - DIGEST_BYTES;
        byte[] expected = Arrays.copyOfRange(clear, salt, clear.length);
        yield MessageDigest.isEqual(expected, digest(candidate, Arrays.copyOf(clear, salt)));
      }
      case REVERSIBLE -> MessageDigest.isEqual(clear, candidate.getBytes(StandardCharsets.UTF_8));
      case SLOW -> Passwords.verify(new String(clear, StandardCharsets.US_ASCII), candidate);
    };
  }

  /**
   * The PIN itself, if it is stored reversibly; the empty text if none was ever set.
   *
   * @throws SealException if the stored value does not open here
   */
  public Optional<String> reveal(String context, String stored) {
    if (isUnset(stored)) {
      return Optional.of("");
    }
    Form form = Form.of(stored);
    return form == Form.REVERSIBLE
        ? Optional.of(new String(open(form, context, stored), StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Whether a stored value can be revealed. */
  public boolean isReversible(String stored) {
    return !isUnset(stored) && Form.of(stored) == Form.REVERSIBLE;
  }

  /**
   * The stored value for another place, sealed with the active key: for copying a PIN to another
   * token, and with the same context twice for renewing the seal.
   *
   * @throws SealException if the stored value does not open in its own context
   */
  public String move(String fromContext, String toContext, String stored) {
    if (isUnset(stored)) {
      return "";
    }
    Form form = Form.of(stored);
    return seal(form, toContext, open(form, fromContext, stored));
  }

  /**
   * The id of the master key under which a PIN is sealed; empty if none was ever set.
   *
   * @throws SealException if the text is no stored PIN
   */
  public Optional<String> keyIdOf(String stored) {
    if (isUnset(stored)) {
      return Optional.empty();
    }
    Form.of(stored);
    return Optional.of(sealer.keyIdOf(stored.substring(2)));
  }

  private static boolean isUnset(String stored) {
    return stored == null || stored.isEmpty();
  }

  private String seal(Form form, String context, byte[] clear) {
    return form.marker + ":" + sealer.seal(Purpose.PIN, form.place(context), clear);
  }

  private byte[] open(Form form, String context, String stored) {
    byte[] clear = sealer.open(Purpose.PIN, form.place(context), stored.substring(2));
    if (form == Form.HASHED && clear.length < DIGEST_BYTES) {
      throw new SealException("A stored PIN hash of " + context + " is too short.");
    }
    return clear;
  }

  private static byte[] digest(String pin, byte[] salt) {
    MessageDigest sha256 = Digests.of("SHA-256");
    sha256.update(pin.getBytes(StandardCharsets.UTF_8));
    return sha256.digest(salt);
  }
}
