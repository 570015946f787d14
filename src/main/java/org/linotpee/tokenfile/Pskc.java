package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;
import org.linotpee.tokenfile.XmlRecords.Element;

/** Portable Symmetric Key Container, RFC 6030, and Feitian's draft of it (spec 03 section 8.6). */
public final class Pskc implements TokenFile {
  /** How the keys of a container are to be opened. */
  public sealed interface Key {}

  /** The keys are not encrypted. */
  public record Plain() implements Key {}

  /**
   * A pre-shared AES key.
   *
   * @param hex 32 hexadecimal digits
   */
  public record Preshared(String hex) implements Key {}

  /** A password from which the key is derived as the container tells. */
  public record Password(String text) implements Key {}

  private static final Pattern CONFORMANT = Pattern.compile("[A-Za-z0-9]{4}[A-Fa-f0-9]{8}");

  private final String packageName;
  private final Key key;
  private final boolean checkSerial;

  private Pskc(String packageName, Key key, boolean checkSerial) {
    this.packageName = packageName;
    this.key = key;
    this.checkSerial = checkSerial;
  }

  /**
   * The format of the RFC.
   *
   * @param checkSerial leave out serials that are not of OATH's form
   */
  static Pskc standard(Key key, boolean checkSerial) {
    return new Pskc("KeyPackage", key, checkSerial);
  }

  static Pskc feitian() {
    return new Pskc("Device", new Plain(), false);
  }

  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    new Container(tokens).read(file);
  }

  /** One file, while it is read. */
  private final class Container {
    private final Consumer<TokenRecord> tokens;
    private Optional<Element> encryptionKey = Optional.empty();
    private Optional<Element> macMethod = Optional.empty();
    private Optional<PskcCipher> cipher = Optional.empty();
    private int packages;

    Container(Consumer<TokenRecord> tokens) {
      this.tokens = tokens;
    }

    void read(Reader file) {
      XmlRecords.read(file, "KeyContainer"::equalsIgnoreCase, this::element);
      if (packages == 0) {
        throw LinotpException.unclassified("there is no key in the file");
      }
    }

    private void element(Element element) {
      if (element.name().equals("EncryptionKey")) {
        encryptionKey = Optional.of(element).filter(e -> !e.children().isEmpty());
      } else if (element.name().equals("MACMethod")) {
        macMethod = Optional.of(element);
      } else if (element.name().equals(packageName)) {
        packages++;
        token(element);
      }
    }

    private void token(Element keyPackage) {
      Element keyElement =
          keyPackage
              .child("Key")
              .orElseThrow(() -> LinotpException.unclassified("a key package has no key"));
      String serial = serial(keyPackage, keyElement);
      if (checkSerial && !CONFORMANT.matcher(serial).matches()) {
        return;
      }
      Element data =
          keyElement
              .child("Data")
              .orElseThrow(
                  () -> LinotpException.unclassified("the key '" + serial + "' has no data"));
      Element parameters =
          keyElement
              .child("AlgorithmParameters")
              .orElse(new Element("", java.util.Map.of(), "", java.util.List.of()));
      String type = type(keyElement, serial);
      TokenRecord token =
          TokenRecord.of(serial, type, HexFormat.of().formatHex(secret(data, serial)))
              .length(length(parameters, serial));
      String suite = parameters.child("Suite").map(Element::text).orElse("");
      if (type.equals("ocra2")) {
        token = token.parameter("ocrasuite", suite);
      } else if (suite.equalsIgnoreCase("HMAC-SHA256")) {
        token = token.parameter("hashlib", "sha256");
      }
      Optional<String> interval = plain(data, "TimeInterval");
      if (interval.isPresent()) {
        token = token.info("timeStep", number(interval.get(), serial));
      }
      Optional<String> counter = plain(data, "Counter");
      tokens.accept(
          type.equals("hmac") && counter.isPresent()
              ? token.counter(Long.parseLong(number(counter.get(), serial)))
              : token);
    }

    private byte[] secret(Element data, String serial) {
      Element secret =
          data.child("Secret")
              .orElseThrow(
                  () -> LinotpException.unclassified("the key '" + serial + "' has no secret"));
      Optional<String> clear = secret.child("PlainValue").map(Element::text);
      if (clear.isPresent()) {
        return base64(clear.get(), "the key '" + serial + "'");
      }
      Element encrypted =
          secret
              .child("EncryptedValue")
              .orElseThrow(
                  () -> LinotpException.unclassified("the key '" + serial + "' has no value"));
      if (cipher.isEmpty()) {
        cipher = Optional.of(PskcCipher.of(key, encryptionKey, macMethod));
      }
      return cipher.get().open(encrypted, secret.child("ValueMAC").map(Element::text), serial);
    }
  }

  private static String serial(Element keyPackage, Element keyElement) {
    String serial =
        keyPackage
            .child("DeviceInfo")
            .map(device -> device.child("SerialNo").map(Element::text).orElse(""))
            .or(() -> keyElement.attribute("Id"))
            .or(() -> keyElement.attribute("KeyId"))
            .orElse("")
            .strip();
    if (serial.isEmpty()) {
      throw LinotpException.unclassified("a key in the file has no serial number");
    }
    return serial;
  }

  private static String type(Element keyElement, String serial) {
    String algorithm =
        keyElement
            .attribute("Algorithm")
            .map(a -> a.substring(a.lastIndexOf(':') + 1))
            .or(
                () ->
                    keyElement
                        .attribute("KeyAlgorithm")
                        .map(a -> a.substring(a.lastIndexOf('#') + 1)))
            .orElse("")
            .toLowerCase(Locale.ROOT);
    return switch (algorithm) {
      case "hotp" -> "hmac";
      case "totp" -> "totp";
      case "ocra" -> "ocra2";
      default ->
          throw LinotpException.unclassified(
              "the key '" + serial + "' has the unknown algorithm '" + algorithm + "'");
    };
  }

  private static int length(Element parameters, String serial) {
    return parameters
        .child("ResponseFormat")
        .flatMap(format -> format.attribute("Length"))
        .map(text -> Integer.parseInt(number(text, serial)))
        .orElse(6);
  }

  private static Optional<String> plain(Element data, String name) {
    return data.at(name, "PlainValue").map(Element::text);
  }

  private static String number(String text, String serial) {
    if (!text.strip().matches("\\d{1,9}")) {
      throw LinotpException.unclassified(
          "the key '" + serial + "' has '" + text + "' where a number must be");
    }
    return text.strip();
  }

  static byte[] base64(String text, String what) {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw LinotpException.unclassified(what + " is not Base64");
    }
  }
}
