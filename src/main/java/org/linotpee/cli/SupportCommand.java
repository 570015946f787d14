package org.linotpee.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import org.linotpee.administration.SupportLicence;
import org.linotpee.administration.SupportLicences;
import org.linotpee.configuration.LinotpException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code linotp support}: shows and keeps support licences, of which none is needed. */
@Command(name = "support", description = "Tell about support licences; none is needed.")
final class SupportCommand {
  private static final int NONE = 2;
  private static final long MAX_FILE = 20_000;

  @ParentCommand private Main main;

  @Command(name = "get", description = "Show the installed licence; status 2 if there is none.")
  int get() {
    try (Installation installation = Installation.open(main.settings())) {
      SupportLicences licences = installation.licences();
      Optional<SupportLicence> installed = licences.installed();
      if (installed.isEmpty()) {
        return none();
      }
      var indenter = new DefaultIndenter("    ", "\n");
      System.out.println(
          new ObjectMapper()
              .writer(new DefaultPrettyPrinter().withObjectIndenter(indenter))
              .writeValueAsString(new TreeMap<>(licences.shown(installed.get()))));
      return 0;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Command(
      name = "verify",
      description = "Verify the licence; status 2 if it is not valid, or if there is none.")
  int verify(
      @Option(
              names = {"-f", "--filename"},
              paramLabel = "FILE",
              description = "A licence that is not installed.")
          Path file) {
    try (Installation installation = Installation.open(main.settings())) {
      SupportLicences licences = installation.licences();
      Optional<SupportLicence> licence =
          file == null ? licences.installed() : Optional.of(SupportLicence.parse(text(file)));
      if (licence.isEmpty()) {
        return none();
      }
      Optional<String> objection = licences.objection(licence.get());
      if (objection.isEmpty()) {
        System.out.println("True");
        return 0;
      }
      return refused(objection.get());
    } catch (LinotpException e) {
      return refused(e.getMessage());
    }
  }

  @Command(name = "set", description = "Install a licence.")
  int set(@Parameters(paramLabel = "FILE", description = "The licence.") Path file) {
    try (Installation installation = Installation.open(main.settings())) {
      installation.licences().install(text(file), em -> {});
      return 0;
    } catch (LinotpException e) {
      throw new Failure(e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw LinotpException.unclassified("this is no licence");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure("cannot read " + file, e);
    }
  }

  private int refused(String reason) {
    if (!main.quiet()) {
      System.err.println("linotp: " + reason);
    }
    return NONE;
  }

  private int none() {
    if (!main.quiet()) {
      System.err.println("There is no licence; linotp-ee needs none.");
    }
    return NONE;
  }
}
