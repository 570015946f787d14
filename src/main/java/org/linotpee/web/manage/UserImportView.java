package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserImport;
import org.linotpee.web.Actions;
import org.linotpee.web.Uploads;

/** Import of users in two steps: what would change, then the change (spec 10 section 2.15). */
@Named
@ViewScoped
public class UserImportView implements Serializable {
  /**
   * What an import does with users.
   *
   * @param users login names by user id; the first of them
   */
  public record Outcome(String kind, int number, List<String> users) implements Serializable {}

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 200;

  @Inject private transient UserImport userImport;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient Snapshots snapshots;
  @Inject private transient Settings settings;
  @Inject private Actions actions;

  private transient Part file;
  private byte[] content;
  private String fileName = "";
  private String resolver = "";
  private String delimiter = ",";
  private String quote = "\"";
  private boolean header;
  private boolean plain = true;
  private List<Outcome> report;
  private boolean done;

  private UserImport.Format format() {
    return new UserImport.Format(
        false, delimiter.charAt(0), quote.charAt(0), header, UserImport.DEFAULT_COLUMNS, plain);
  }

  /** Tells what the import would change. */
  public void tryOut() {
    done = false;
    report = null;
    content = null;
    actions
        .call(
            "tools/import_users",
            audit -> {
              byte[] bytes = Uploads.bytes(file);
              String name = Uploads.name(file);
              UserImport.Report found = run(bytes, name, true, audit);
              content = bytes;
              fileName = name;
              audit.success(true).info("dry run, " + summary(found, name));
              return found;
            })
        .ifPresent(found -> report = parts(found));
  }

  /** Changes it. */
  public void run() {
    byte[] bytes = content;
    if (bytes == null) {
      return;
    }
    actions
        .call("tools/import_users", audit -> run(bytes, fileName, false, audit))
        .ifPresent(
            changed -> {
              report = parts(changed);
              content = null;
              done = true;
              actions.messages().done("userImport.done", resolver);
            });
  }

  private UserImport.Report run(
      byte[] bytes, String name, boolean dryRun, org.linotpee.audit.AuditRecord audit) {
    if (resolver.equals(settings.text(Setting.ADMIN_RESOLVER_NAME))) {
      throw LinotpException.unclassified(
          "users cannot be imported into the default admin resolver");
    }
    return userImport.run(
        resolver,
        bytes,
        format(),
        dryRun,
        (em, changes) -> auditTrail.store(em, audit.success(true).info(summary(changes, name))));
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

  private static List<Outcome> parts(UserImport.Report report) {
    return List.of(
        part("created", report.created()),
        part("modified", report.modified()),
        part("unchanged", report.unchanged()),
        part("deleted", report.deleted()));
  }

  private static Outcome part(String kind, Map<String, String> users) {
    return new Outcome(
        kind,
        users.size(),
        new TreeMap<>(users)
            .entrySet().stream()
                .limit(SHOWN)
                .map(e -> e.getValue() + " (" + e.getKey() + ")")
                .toList());
  }

  /** The resolvers that users can be imported into. */
  public List<String> getManaged() {
    return snapshots.current().part(Realms.class).resolvers().stream()
        .filter(ResolverDefinition::managed)
        .map(ResolverDefinition::name)
        .filter(name -> !name.equals(settings.text(Setting.ADMIN_RESOLVER_NAME)))
        .toList();
  }

  /** True if the resolver of the import is in no realm yet. */
  public boolean isLonely() {
    return done && snapshots.current().part(Realms.class).containing(resolver).isEmpty();
  }

  public List<Outcome> getReport() {
    return report;
  }

  public boolean isReady() {
    return content != null;
  }

  public Part getFile() {
    return file;
  }

  public void setFile(Part part) {
    file = part;
  }

  public String getResolver() {
    return resolver;
  }

  public void setResolver(String text) {
    resolver = text == null ? "" : text.trim();
  }

  public String getDelimiter() {
    return delimiter;
  }

  public void setDelimiter(String text) {
    delimiter = ";".equals(text) ? ";" : ",";
  }

  public String getQuote() {
    return quote;
  }

  public void setQuote(String text) {
    quote = "'".equals(text) ? "'" : "\"";
  }

  public boolean isHeader() {
    return header;
  }

  public void setHeader(boolean on) {
    header = on;
  }

  public boolean isPlain() {
    return plain;
  }

  public void setPlain(boolean on) {
    plain = on;
  }
}
