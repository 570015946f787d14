package org.linotpee.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.administration.OwnerMigration;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.identity.UserImport;

/** {@code /tools} (spec 01 section 18). */
@Path("/tools")
@RequestScoped
public class ToolsResource {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject private ApiRequest request;
  @Inject private UserImport userImport;
  @Inject private AuditTrail auditTrail;
  @Inject private OwnerMigration migration;
  @Inject private LocalAdmins localAdmins;
  @Inject private ResolverAnswers resolverAnswers;
  @Inject private Settings settings;

  /** Hands tokens over to the users of another resolver. */
  @POST
  @Path("migrate_resolver")
  public Response migrateResolver() {
    Parameters parameters = request.parameters();
    var from = migration.resolver(parameters.required("from"));
    var to = migration.resolver(parameters.required("to"));
    OwnerMigration.Result result = migration.migrate(from, to, request.audit());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("src", resolverAnswers.listed(from));
    answer.put("target", resolverAnswers.listed(to));
    answer.put("value", true);
    answer.put("message", result.migrated().size() + " tokens of " + result.tokens() + " migrated");
    return Reply.value(answer).build();
  }

  /** An administrator of the local resolver changes the own password. */
  @POST
  @Path("setPassword")
  public Response setPassword() {
    Parameters parameters = request.parameters();
    String login = request.loggedIn().login();
    String oldPassword = parameters.textOrEmpty("old_password");
    String newPassword = parameters.textOrEmpty("new_password");
    var audit = request.audit();
    localAdmins.changeOwnPassword(
        request.loggedIn(),
        oldPassword,
        newPassword,
        em -> auditTrail.store(em, audit.success(true)));
    return Reply.value(true).detail(Map.of("detail", "password changed for " + login)).build();
  }

  /** Fills a managed resolver (spec 05 section 12.2). */
  @POST
  @Path("import_users")
  public Response importUsers() {
    Parameters parameters = request.parameters();
    var file = parameters.file("file").orElseThrow(() -> LinotpException.missing("file"));
    String resolver = parameters.required("resolver");
    if (resolver.equals(settings.text(Setting.ADMIN_RESOLVER_NAME))) {
      throw LinotpException.unclassified(
          "users cannot be imported into the default admin resolver");
    }
    boolean dryRun = parameters.flag("dryrun").orElse(false);
    UserImport.Report report =
        userImport.run(
            resolver,
            file.content(),
            format(parameters),
            dryRun,
            (em, changes) -> {
              request.audit().success(true).info(summary(changes, file.fileName()));
              auditTrail.store(em, request.audit());
            });
    if (dryRun) {
      request.audit().success(true).info("dry run, " + summary(report, file.fileName()));
    }
    var answer = new LinkedHashMap<String, Object>();
    answer.put("created", report.created());
    answer.put("updated", report.unchanged());
    answer.put("modified", report.modified());
    answer.put("deleted", report.deleted());
    return Reply.value(answer).build();
  }

  private static String summary(UserImport.Report report, String fileName) {
    return "created %d, modified %d, unchanged %d, deleted %d, file %s"
        .formatted(
            report.created().size(),
            report.modified().size(),
            report.unchanged().size(),
            report.deleted().size(),
            fileName);
  }

  private static UserImport.Format format(Parameters parameters) {
    boolean passwd =
        switch (parameters.text("format").orElse("csv")) {
          case "csv" -> false;
          case "password", "passwd" -> true;
          default -> throw LinotpException.unclassified("the format is csv or password");
        };
    return new UserImport.Format(
        passwd,
        character(parameters, "delimiter", ','),
        character(parameters, "quotechar", '"'),
        parameters.flag("skip_header").orElse(false),
        columns(parameters),
        parameters.flag("passwords_in_plaintext").orElse(false));
  }

  private static char character(Parameters parameters, String name, char defaultValue) {
    String text = parameters.textOrEmpty(name);
    if (text.length() > 1) {
      throw LinotpException.unclassified("'" + name + "' must be one character");
    }
    return text.isEmpty() ? defaultValue : text.charAt(0);
  }

  private static Map<String, Integer> columns(Parameters parameters) {
    String mapping = parameters.textOrEmpty("column_mapping");
    if (mapping.isEmpty()) {
      return UserImport.DEFAULT_COLUMNS;
    }
    try {
      return JSON.readValue(mapping, new TypeReference<Map<String, Integer>>() {});
    } catch (JsonProcessingException e) {
      throw LinotpException.unclassified(
          "'column_mapping' must be a JSON object of column numbers");
    }
  }
}
