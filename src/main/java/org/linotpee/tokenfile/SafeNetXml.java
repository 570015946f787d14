package org.linotpee.tokenfile;

import java.io.Reader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;

/** eToken PASS of Aladdin or SafeNet (spec 03 section 8.5). */
final class SafeNetXml implements TokenFile {
  private static final Logger LOG = System.getLogger(SafeNetXml.class.getName());

  private final String hashlib;

  /**
   * @param hashlib {@code sha1}, {@code sha256}, or {@code auto}: by the length of the seed
   */
  SafeNetXml(String hashlib) {
    if (!hashlib.equals("auto") && !hashlib.equals("sha1") && !hashlib.equals("sha256")) {
      throw LinotpException.unclassified("'aladdin_hashlib' must be auto, sha1 or sha256");
    }
    this.hashlib = hashlib;
  }

  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    XmlRecords.read(
        file,
        "Tokens"::equals,
        element -> {
          if (!element.name().equals("Token")) {
            return;
          }
          Optional<String> serial = element.attribute("serial").filter(s -> !s.isBlank());
          Optional<String> seed =
              element
                  .descendant("Seed")
                  .map(XmlRecords.Element::text)
                  .filter(text -> !text.isEmpty());
          if (serial.isEmpty() || seed.isEmpty()) {
            LOG.log(Level.WARNING, "a token without serial or seed in the file was left out");
            return;
          }
          TokenRecord token =
              TokenRecord.of(serial.get().strip(), "hmac", seed.get())
                  .parameter("hashlib", hash(seed.get()));
          tokens.accept(
              element
                  .descendant("MovingFactor")
                  .map(XmlRecords.Element::text)
                  .filter(text -> text.matches("[1-9]\\d{0,17}"))
                  .map(factor -> token.counter(Long.parseLong(factor) - 1))
                  .orElse(token));
        });
  }

  private String hash(String seed) {
    return hashlib.equals("auto") ? (seed.length() == 64 ? "sha256" : "sha1") : hashlib;
  }
}
