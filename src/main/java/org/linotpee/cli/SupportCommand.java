package org.linotpee.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code linotp support}: answers as an installation without a subscription; none is needed. */
@Command(name = "support", description = "Tell about support subscriptions; none is needed.")
final class SupportCommand {
  private static final int NONE = 2;

  @ParentCommand private Main main;

  @Command(name = "get", description = "Show the installed licence; status 2 if there is none.")
  int get() {
    return none();
  }

  @Command(name = "verify", description = "Verify the licence; status 2 if there is none.")
  int verify(
      @Option(
              names = {"-f", "--filename"},
              paramLabel = "FILE",
              description = "A licence that is not installed.")
          Path file) {
    if (file != null) {
      return unverifiable();
    }
    return none();
  }

  @Command(name = "set", description = "Install a licence.")
  int set(@Parameters(paramLabel = "FILE", description = "The licence.") Path file) {
    return unverifiable();
  }

  private int unverifiable() {
    if (!main.quiet()) {
      System.err.println(
          "linotp: the signature cannot be verified: no key of a vendor is configured");
    }
    return 1;
  }

  private int none() {
    if (!main.quiet()) {
      System.err.println("There is no licence; linotp-ee needs none.");
    }
    return NONE;
  }
}
