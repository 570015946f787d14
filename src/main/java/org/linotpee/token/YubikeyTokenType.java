package org.linotpee.token;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.YubikeyOtp;

/** A YubiKey in its AES mode (spec 08 section 11). */
@Service
public class YubikeyTokenType implements TokenType {
  private static final int KEY_BYTES = 16;
  private static final int LENGTH_WITH_UNKNOWN_ID = 48;
  private static final int MAX_PUBLIC_ID = 32;
  private static final int PUBLIC_SERIAL = 16;
  private static final String PUBLIC_ID = "public_uid";
  private static final String PRIVATE_ID = "yubikey.tokenid";

  private final TokenSecrets secrets;

  @Inject
  public YubikeyTokenType(TokenSecrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public String name() {
    return "yubikey";
  }

  @Override
  public String storedName() {
    return "yubikey";
  }

  @Override
  public String serialPrefix() {
    return "UBAM";
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.AUTHENTICATE, Mode.CHALLENGE);
  }

  @Override
  public Enrolled enroll(Token token, EnrollmentParameters parameters) {
    String key = HmacTokenType.hexSeed(parameters.key(KEY_BYTES));
    if (key.length() != 2 * KEY_BYTES) {
      throw LinotpException.unclassified("the AES key of a YubiKey has 32 hexadecimal digits");
    }
    Optional<String> publicId =
        parameters
            .text(PUBLIC_ID)
            .map(id -> id.trim().toLowerCase(Locale.ROOT))
            .filter(id -> !id.isEmpty());
    publicId.ifPresent(
        id -> {
          if (id.length() > MAX_PUBLIC_ID || YubikeyOtp.hex(id).isEmpty()) {
            throw LinotpException.unclassified("'public_uid' must be modhex");
          }
        });
    int length =
        parameters
            .number("otplen")
            .orElse(
                publicId.map(id -> YubikeyOtp.LENGTH + id.length()).orElse(LENGTH_WITH_UNKNOWN_ID));
    if (length < YubikeyOtp.LENGTH || length > YubikeyOtp.LENGTH + MAX_PUBLIC_ID) {
      throw LinotpException.unclassified("otplen must be 32 to 64");
    }
    secrets.replaceSeed(token, key);
    token.otpLength(length);
    TokenInfo info = token.info().without(PUBLIC_ID).without(PRIVATE_ID);
    token.info(publicId.map(id -> info.with(PUBLIC_ID, id)).orElse(info));
    return new Enrolled(Optional.of(key), Optional.empty());
  }

  @Override
  public OptionalLong check(Token token, String otp, CheckContext context) {
    Optional<YubikeyOtp> opened = open(token, otp);
    if (opened.isEmpty() || opened.get().counter() < token.counter()) {
      return OptionalLong.empty();
    }
    token.info(token.info().with(PRIVATE_ID, opened.get().privateId()));
    return OptionalLong.of(opened.get().counter());
  }

  /** What the key has typed, if it was this key. */
  private Optional<YubikeyOtp> open(Token token, String otp) {
    if (otp.length() < Math.max(YubikeyOtp.LENGTH, token.otpLength())) {
      return Optional.empty();
    }
    String typed = otp.toLowerCase(Locale.ROOT);
    String prefix = typed.substring(0, typed.length() - YubikeyOtp.LENGTH);
    if (!token.info().get(PUBLIC_ID).map(prefix::equals).orElse(true)) {
      return Optional.empty();
    }
    Optional<String> known = token.info().get(PRIVATE_ID).filter(id -> !id.isEmpty());
    return YubikeyOtp.open(secrets.key(token), typed.substring(typed.length() - YubikeyOtp.LENGTH))
        .filter(o -> known.map(o.privateId()::equals).orElse(true));
  }

  /**
   * The serials that the token of a key may have whose public id, 16 characters of modhex before
   * the last 32, spells its number: one for the key, or one for each of its slots.
   */
  public static List<String> serials(String typed) {
    int block = typed.length() - YubikeyOtp.LENGTH;
    if (block <= 0) {
      return List.of();
    }
    String id = typed.substring(Math.max(0, block - PUBLIC_SERIAL), block);
    String number =
        YubikeyOtp.hex(id.toLowerCase(Locale.ROOT))
            .filter(hex -> hex.length() % 2 == 0)
            .map(hex -> new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII))
            .filter(text -> text.matches("[0-9]+"))
            .orElse("");
    return number.isEmpty()
        ? List.of()
        : Stream.of("", "_0", "_1", "_2").map(slot -> "UBAM" + number + slot).toList();
  }

  @Override
  public boolean resync(Token token, String otp1, String otp2, CheckContext context) {
    Optional<YubikeyOtp> first = open(token, otp1);
    Optional<YubikeyOtp> second = open(token, otp2);
    if (first.isEmpty()
        || second.isEmpty()
        || first.get().counter() < token.counter()
        || !first.get().privateId().equals(second.get().privateId())
        || second.get().counter() != first.get().counter() + 1) {
      return false;
    }
    token.counter(second.get().counter() + 1);
    return true;
  }

  @Override
  public boolean spend(Token token, String otp, int window, CheckContext context) {
    OptionalLong hit = check(token, otp, context);
    hit.ifPresent(counter -> token.counter(counter + 1));
    return hit.isPresent();
  }

  /** The PIN alone asks for a challenge. */
  @Override
  public boolean triggers(TokenRequest request) {
    return request.pinAlone();
  }
}
