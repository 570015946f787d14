package org.linotpee.tokenfile;

import java.io.Reader;
import java.util.function.Consumer;

/** Serial and secret of day password tokens, divided by white space (spec 03 section 8.7). */
final class DayPasswordFile implements TokenFile {
  @Override
  public void read(Reader file, Consumer<TokenRecord> tokens) {
    Lines.each(
        file,
        (line, number) -> {
          String[] parts = line.strip().split("\\s+", 2);
          if (parts.length == 2) {
            tokens.accept(TokenRecord.of(parts[0], "dpw", parts[1]));
          }
        });
  }
}
