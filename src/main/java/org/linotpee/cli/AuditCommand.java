package org.linotpee.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import org.linotpee.audit.AuditCleanup;
import org.linotpee.audit.AuditVerifier;
import org.linotpee.audit.ImportedTrail;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.PublicKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code linotp audit}: verification and clean-up of the audit trail. */
@Command(name = "audit", description = "Verify and clean up the audit trail.")
final class AuditCommand {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DEFAULT_KEPT = 5000;

  @ParentCommand private Main main;

  @Command(
      name = "verify",
      description = "Check MACs, numbers, hashes and signatures; status 1 if something is wrong.")
  int verify(
      @Option(
              names = "--imported",
              description =
                  "Check the signatures that rows of an imported LinOTP had there, instead.")
          boolean imported,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              description = "LinOTP's public audit key, PEM; default: AUDIT_PUBLIC_KEY_FILE.")
          Path key) {
    Settings settings = main.settings();
    try (Installation installation = Installation.open(settings)) {
      if (imported) {
        return verifyImported(
            installation, key == null ? settings.path(Setting.AUDIT_PUBLIC_KEY_FILE) : key);
      }
      AuditVerifier.Result result = installation.auditVerifier().verify(System.out::println);
      System.out.printf(
          "%d rows, %d of them not signed yet, %d problems%n",
          result.rows(), result.unsealed(), result.problems());
      return result.problems() == 0 ? 0 : 1;
    }
  }

  private static int verifyImported(Installation installation, Path file) {
    PublicKey key;
    try {
      key = PublicKeys.rsa(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (IOException | GeneralSecurityException e) {
      throw new Failure("cannot read LinOTP's public audit key " + file + ": " + e.getMessage(), e);
    }
    ImportedTrail.Result result =
        installation
            .importedTrail()
            .verify(
                key, number -> System.out.println("LinOTP's row " + number + ": wrong signature"));
    System.out.printf("%d imported rows, %d problems%n", result.rows(), result.wrong());
    return result.wrong() == 0 ? 0 : 1;
  }

  @Command(name = "cleanup", description = "Remove old rows; what is left stays verifiable.")
  int cleanup(
      @Option(
              names = {"--max-entries-to-keep", "--max"},
              paramLabel = "N",
              description = "Keep the newest N rows; default: " + DEFAULT_KEPT + ".")
          Long keep,
      @Option(
              names = "--cleanup-threshold",
              paramLabel = "T",
              description = "Do nothing unless there are more than T rows; default: N.")
          Long threshold,
      @Option(
              names = "--delete-after-days",
              paramLabel = "D",
              description = "Instead: remove what is older than D days, whole days in UTC.")
          Long days,
      @Option(names = "--export", description = "Write the removed rows to a file first.")
          boolean export,
      @Option(
              names = {"-e", "--exportdir"},
              paramLabel = "DIR",
              description = "Where to; default: BACKUP_DIR.")
          Path directory) {
    if (days != null && (keep != null || threshold != null)) {
      throw new Failure("--delete-after-days cannot be combined with the other limits");
    }
    long kept = keep == null ? DEFAULT_KEPT : keep;
    long needed = threshold == null ? kept : threshold;
    if (kept < 0 || needed < kept || (days != null && days < 0)) {
      throw new Failure("the limits must be at least 0, the threshold at least what is kept");
    }
    Instant begun = Instant.now();
    Settings settings = main.settings();
    try (Installation installation = Installation.open(settings)) {
      installation.auditSealer().seal();
      installation.auditForwarder().forward();
      AuditCleanup cleanup = installation.auditCleanup();
      long found = cleanup.count();
      OptionalLong last =
          days != null
              ? cleanup.olderThan(
                  LocalDate.now(ZoneOffset.UTC)
                      .minusDays(days)
                      .atStartOfDay(ZoneOffset.UTC)
                      .toInstant())
              : found > needed ? cleanup.keepingNewest(kept) : OptionalLong.empty();
      if (last.isEmpty()) {
        System.out.println(found + " rows, nothing to do");
        return 0;
      }
      if (export) {
        Path target = directory == null ? settings.path(Setting.BACKUP_DIR) : directory;
        System.out.println("exported to " + export(cleanup, target, last.getAsLong()));
      }
      long removed = cleanup.removeUpTo(last.getAsLong());
      System.out.printf(
          "%d rows, %d removed, %d left, in %d ms%n",
          found, removed, cleanup.count(), Duration.between(begun, Instant.now()).toMillis());
      return 0;
    }
  }

  private static Path export(AuditCleanup cleanup, Path directory, long upTo) {
    if (!Files.isDirectory(directory)) {
      throw new Failure("the directory " + directory + " does not exist");
    }
    Path file =
        directory.resolve(
            "SQLAuditExport." + FILE_TIME.format(Instant.now()) + "." + upTo + ".csv");
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      cleanup.export(upTo, out);
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + e.getMessage(), e);
    }
    return file;
  }
}
