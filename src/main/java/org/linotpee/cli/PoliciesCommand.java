package org.linotpee.cli;

import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.linotpee.audit.AuditRecord;
import org.linotpee.policy.Caller;
import org.linotpee.policy.PolicyDocument;
import org.linotpee.policy.PolicyFields;
import org.linotpee.policy.PolicyFile;
import org.linotpee.policy.PolicySearch;
import org.linotpee.policy.PolicySubject;
import org.linotpee.policy.PolicyTemplate;
import org.linotpee.policy.PolicyTemplates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code linotp policies}: lists, checks, moves and disables policies and applies templates.
 * Whoever can run it has the database; it is the way back for administrators who have locked
 * themselves out.
 */
@Command(name = "policies", description = "List, check, import, export and disable policies.")
final class PoliciesCommand {
  private static final String HERE = "127.0.0.1";

  /** No administrator: the rights on the files of the home are what counts. */
  private static final Caller NOBODY =
      new Caller() {
        @Override
        public Optional<PolicySubject> administrator() {
          return Optional.empty();
        }

        @Override
        public String client() {
          return HERE;
        }
      };

  @ParentCommand private Main main;

  @Command(name = "list", description = "List the policies.")
  int list() {
    try (Installation installation = Installation.open(main.settings())) {
      for (PolicyFields policy : all(installation).values()) {
        System.out.printf(
            "%s%s %s: %s (realm %s; user %s; client %s; time %s)%n",
            policy.name(),
            policy.active().equalsIgnoreCase("true") ? "" : " [inactive]",
            policy.scope(),
            policy.action(),
            policy.realm(),
            policy.user(),
            policy.client(),
            policy.time());
      }
      return 0;
    }
  }

  private static Map<String, PolicyFields> all(Installation installation) {
    return installation.policySearch().find(PolicySearch.Filter.ALL);
  }

  @Command(name = "export", description = "Write all policies to a file, or to standard output.")
  int export(@Parameters(arity = "0..1", paramLabel = "FILE", description = "The file.") Path file)
      throws IOException {
    try (Installation installation = Installation.open(main.settings())) {
      String text = PolicyFile.write(all(installation).values());
      if (file == null) {
        System.out.print(text);
      } else {
        Files.writeString(file, text, StandardCharsets.UTF_8);
      }
      return 0;
    }
  }

  @Command(
      name = "import",
      description = "Store the policies of a file, all or none; others stay as they are.")
  int load(@Parameters(paramLabel = "FILE", description = "The file.") Path file)
      throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    try (Installation installation = Installation.open(main.settings())) {
      int number =
          installation
              .policyStore()
              .load(text, audited(installation, "import", file.getFileName().toString()));
      System.out.println(number + " policies imported");
      return 0;
    }
  }

  private static Consumer<EntityManager> audited(
      Installation installation, String command, String info) {
    var trail = installation.auditTrail();
    return em ->
        trail.store(
            em,
            new AuditRecord(Instant.now(), "cli/policies/" + command, HERE)
                .success(true)
                .info(info));
  }

  @Command(name = "disable", description = "Switch policies off; they stay stored.")
  int disable(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
    try (Installation installation = Installation.open(main.settings())) {
      Map<String, PolicyFields> stored = all(installation);
      List<Map<String, String>> changed =
          names.stream()
              .map(PoliciesCommand::identifier)
              .map(
                  name ->
                      Optional.ofNullable(stored.get(name))
                          .orElseThrow(() -> new Failure("there is no policy '" + name + "'")))
              .map(
                  policy -> {
                    Map<String, String> fields = new LinkedHashMap<>(policy.document());
                    fields.put("active", "False");
                    return fields;
                  })
              .toList();
      installation
          .policyStore()
          .setAll(changed, true, audited(installation, "disable", String.join(", ", names)));
      System.out.println("disabled " + String.join(", ", names));
      return 0;
    }
  }

  /** Names have underscores; whoever types a command may write hyphens. */
  private static String identifier(String name) {
    return name.replace('-', '_');
  }

  @Command(
      name = "check",
      description = {
        "Tell what the policies decide for a request at this moment, and why.",
        "Conditions on users of LDAP and SQL resolvers are met by nobody here; ask the server for them."
      })
  int check(
      @Option(names = "--scope", required = true) String scope,
      @Option(names = "--action", required = true) String action,
      @Option(names = "--user", defaultValue = "") String user,
      @Option(names = "--realm", defaultValue = "") String realm,
      @Option(names = "--client", defaultValue = "") String client) {
    try (Installation installation = Installation.open(main.settings())) {
      PolicySearch.Decision decision =
          installation.policySearch().check(scope, action, user, realm, client);
      System.out.println(decision.allowed() ? "yes" : "no");
      if (decision.open()) {
        System.out.println("no policy of the scope " + scope + " is active");
      }
      decision.verdicts().forEach(System.out::println);
      return decision.allowed() ? 0 : 1;
    }
  }

  @Command(name = "templates", description = "List the templates.")
  int templates() {
    for (PolicyTemplate template : PolicyTemplates.templates()) {
      System.out.println(template.name() + ": " + template.title());
      System.out.println("  " + template.description());
      template
          .parameters()
          .forEach(
              p ->
                  System.out.println(
                      "  "
                          + p.name()
                          + "="
                          + p.description()
                          + (p.otherwise().isEmpty() ? "" : "; default: " + p.otherwise())));
    }
    return 0;
  }

  @Command(name = "preview", description = "Show what a template would store.")
  int preview(
      @Parameters(index = "0", paramLabel = "TEMPLATE") String template,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE")
          Map<String, String> arguments,
      @Option(names = "--prefix", defaultValue = "", description = "Before each name.")
          String prefix) {
    try (Installation installation = Installation.open(main.settings())) {
      show(
          installation
              .policyTemplates()
              .preview(identifier(template), given(arguments), prefix, NOBODY));
      return 0;
    }
  }

  @Command(name = "apply", description = "Store the policies of a template.")
  int apply(
      @Parameters(index = "0", paramLabel = "TEMPLATE") String template,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE")
          Map<String, String> arguments,
      @Option(names = "--prefix", defaultValue = "", description = "Before each name.")
          String prefix,
      @Option(
              names = "--enforce",
              description = "Even if nobody can change the configuration any more.")
          boolean enforce) {
    try (Installation installation = Installation.open(main.settings())) {
      show(
          installation
              .policyTemplates()
              .apply(
                  identifier(template),
                  given(arguments),
                  prefix,
                  enforce,
                  NOBODY,
                  (em, names) ->
                      audited(installation, "apply", template + ": " + String.join(", ", names))
                          .accept(em)));
      return 0;
    }
  }

  private static Map<String, String> given(Map<String, String> arguments) {
    return arguments == null ? Map.of() : arguments;
  }

  private static void show(PolicyTemplates.Preview preview) {
    System.out.print(PolicyFile.write(preview.policies()));
    if (!preview.replaced().isEmpty()) {
      System.out.println("# replaces " + String.join(", ", preview.replaced()));
    }
  }

  @Command(name = "documentation", description = "Print docs/policies.md.")
  int documentation() {
    System.out.print(PolicyDocument.markdown());
    return 0;
  }
}
