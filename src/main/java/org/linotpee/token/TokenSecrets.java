package org.linotpee.token;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Sealer;

/** Seals and opens the secrets of token rows; each is bound to its row and column. */
@Service
public class TokenSecrets {
  private final Sealer sealer;
  private final Pins pins;

  @Inject
  public TokenSecrets(Sealer sealer, Pins pins) {
    this.sealer = sealer;
    this.pins = pins;
  }

  /** The associated data of a token's column. */
  public static String context(String serial, String column) {
    return "token/" + serial + "/" + column;
  }

  /** Stores a seed, the text as it was enrolled; resets the counters. */
  public void replaceSeed(Token token, String seed) {
    token.replaceSeed(
        sealer.seal(
            Purpose.SEED, context(token.serial(), "seed"), seed.getBytes(StandardCharsets.UTF_8)));
  }

  /** The seed's text; {@code ""} if the token has none. */
  public String seed(Token token) {
    return token.sealedSeed().isEmpty()
        ? ""
        : new String(
            sealer.open(Purpose.SEED, context(token.serial(), "seed"), token.sealedSeed()),
            StandardCharsets.UTF_8);
  }

  /** The bytes that a hexadecimal seed stands for. */
  public byte[] key(Token token) {
    return HexFormat.of().parseHex(seed(token));
  }

  /**
   * Sets the OTP PIN.
   *
   * @param reversible it must be possible to read it again
   */
  public void changePin(Token token, String pin, boolean reversible) {
    String context = context(token.serial(), "pin");
    token.sealedPin(reversible ? pins.reversible(context, pin) : pins.hash(context, pin));
  }

  /** True if the text is the OTP PIN; one that was never set is the empty text. */
  public boolean pinMatches(Token token, String text) {
    return pins.matches(context(token.serial(), "pin"), token.sealedPin(), text);
  }

  /** The OTP PIN; empty if it is stored so that nobody can read it. */
  public Optional<String> pin(Token token) {
    return pins.reveal(context(token.serial(), "pin"), token.sealedPin());
  }

  /** Gives the target the PIN of the source. */
  public void copyPin(Token source, Token target) {
    target.sealedPin(
        source.sealedPin().isEmpty()
            ? ""
            : pins.move(
                context(source.serial(), "pin"),
                context(target.serial(), "pin"),
                source.sealedPin()));
  }

  /** Sets the user PIN (mOTP, OCRA). */
  public void changeUserPin(Token token, String pin) {
    token.sealedUserPin(
        sealer.seal(
            Purpose.PIN,
            context(token.serial(), "user_pin"),
            pin.getBytes(StandardCharsets.UTF_8)));
  }

  /** The user PIN; {@code ""} if there is none. */
  public String userPin(Token token) {
    return token.sealedUserPin().isEmpty()
        ? ""
        : new String(
            sealer.open(Purpose.PIN, context(token.serial(), "user_pin"), token.sealedUserPin()),
            StandardCharsets.UTF_8);
  }

  /** Sets the SO PIN (smart cards). */
  public void changeSoPin(Token token, String pin) {
    token.sealedSoPin(
        sealer.seal(
            Purpose.PIN, context(token.serial(), "so_pin"), pin.getBytes(StandardCharsets.UTF_8)));
  }

  /** Seals what is under another key with the active one; false if nothing was. */
  public boolean reseal(Token token) {
    if (keyIds(token).stream().allMatch(sealer.activeId()::equals)) {
      return false;
    }
    if (!token.sealedSeed().isEmpty()) {
      String context = context(token.serial(), "seed");
      token.resealSeed(
          sealer.seal(
              Purpose.SEED, context, sealer.open(Purpose.SEED, context, token.sealedSeed())));
    }
    copyPin(token, token);
    token.sealedUserPin(resealed(context(token.serial(), "user_pin"), token.sealedUserPin()));
    token.sealedSoPin(resealed(context(token.serial(), "so_pin"), token.sealedSoPin()));
    return true;
  }

  private String resealed(String context, String sealed) {
    return sealed.isEmpty()
        ? ""
        : sealer.seal(Purpose.PIN, context, sealer.open(Purpose.PIN, context, sealed));
  }

  /** The ids of the master keys that the secrets of a token are sealed with. */
  public Set<String> keyIds(Token token) {
    var ids = new HashSet<String>();
    for (String sealed : List.of(token.sealedSeed(), token.sealedUserPin(), token.sealedSoPin())) {
      if (!sealed.isEmpty()) {
        ids.add(sealer.keyIdOf(sealed));
      }
    }
    pins.keyIdOf(token.sealedPin()).ifPresent(ids::add);
    return ids;
  }
}
