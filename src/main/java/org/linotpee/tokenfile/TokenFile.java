package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.function.Consumer;
import org.linotpee.configuration.LinotpException;

/** One format of token files. */
public interface TokenFile {
  /**
   * Reads all tokens of a file, in its order; the reader is not closed.
   *
   * @throws LinotpException -311 if the file is not of this format, or a value in it cannot be used
   */
  void read(Reader file, Consumer<TokenRecord> tokens);

  /** What the request tells about the file. */
  record Options(String hashlib, Pskc.Key key, boolean checkSerial, String startDate) {}

  /**
   * The format of a name of the interface.
   *
   * @throws LinotpException -311 if there is none of it
   */
  static TokenFile named(String name, Options options) {
    return switch (name) {
      case "oathcsv" -> new OathCsv();
      case "yubikeycsv" -> new YubikeyCsv();
      case "aladdin-xml" -> new SafeNetXml(options.hashlib());
      case "pskc" -> Pskc.standard(options.key(), options.checkSerial());
      case "feitian" -> Pskc.feitian();
      case "dpw" -> new DayPasswordFile();
      case "dat" -> new DatFile(options.startDate());
      default ->
          throw LinotpException.unclassified(
              "Unknown file type: >>"
                  + name
                  + "<<. We only know the types oathcsv, yubikeycsv,"
                  + " aladdin-xml, pskc, feitian, dpw, dat");
    };
  }
}
