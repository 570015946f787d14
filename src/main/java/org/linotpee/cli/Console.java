package org.linotpee.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Asks the user. */
final class Console {
  private Console() {}

  /** The terminal, if there is one; bin/linotp sets jdk.console so that newer JDKs tell too. */
  @SuppressWarnings("SystemConsoleNull")
  static Optional<java.io.Console> terminal() {
    return Optional.ofNullable(System.console());
  }

  /**
   * A new password: typed twice, hidden.
   *
   * @throws Failure if there is no terminal, or the two differ
   */
  static String newPassword() {
    java.io.Console terminal =
        terminal()
            .orElseThrow(
                () ->
                    new Failure(
                        "there is no terminal to ask for the password; use --password, or"
                            + " --password - to read it from standard input"));
    char[] first = terminal.readPassword("Password: ");
    char[] second = terminal.readPassword("Repeat for confirmation: ");
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw new Failure("the two passwords differ");
    }
    return new String(first);
  }

  /** True if the user types {@code yes} or {@code y}. */
  static boolean confirmed(String question) {
    System.err.print(question + " [y/N]: ");
    System.err.flush();
    String answer = line();
    return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
  }

  /** A line of standard input, {@code ""} at its end. */
  static String line() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
