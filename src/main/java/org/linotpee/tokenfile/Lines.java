package org.linotpee.tokenfile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.function.ObjIntConsumer;

/** The lines of a file, without their ends; numbered from 1. */
final class Lines {
  private Lines() {}

  static void each(Reader file, ObjIntConsumer<String> lines) {
    try {
      int number = 0;
      for (Iterator<String> all = new BufferedReader(file).lines().iterator(); all.hasNext(); ) {
        String line = all.next();
        number++;
        lines.accept(number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line, number);
      }
    } catch (UncheckedIOException e) {
      throw failure(e.getCause());
    }
  }

  static RuntimeException failure(IOException cause) {
    return new UncheckedIOException("the token file cannot be read", cause);
  }
}
