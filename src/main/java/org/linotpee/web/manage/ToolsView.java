package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import org.linotpee.administration.LocalAdmins;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.OtpSearch;
import org.linotpee.administration.OwnerMigration;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.web.Actions;

/** Tools (spec 10 section 2.15). */
@Named
@RequestScoped
public class ToolsView {
  @Inject private OtpSearch otpSearch;
  @Inject private ManagedTokens tokens;
  @Inject private OwnerMigration migration;
  @Inject private LocalAdmins localAdmins;
  @Inject private AuditTrail auditTrail;
  @Inject private Snapshots snapshots;
  @Inject private TokenTypes types;
  @Inject private AdminRights rights;
  @Inject private Actions actions;

  private String otp = "";
  private String type = "";
  private String realm = "";
  private String assigned = "";
  private String from = "";
  private String to = "";
  private String oldPassword = "";
  private String newPassword = "";
  private String again = "";

  /** True if the administrator may do this to anything. */
  public boolean may(String action) {
    return !rights.of(action).nowhere();
  }

  public boolean isMigrating() {
    return rights.may("tools", "migrate_resolver");
  }

  public boolean isImporting() {
    return rights.may("tools", "import_users") && rights.may("system", "write");
  }

  public boolean isReading() {
    return rights.may("system", "read");
  }

  /** Finds the token that has a value. */
  public void find() {
    var restriction =
        new OtpSearch.Restriction(
            Optional.of(type).filter(t -> !t.isEmpty()),
            Optional.of(realm).filter(r -> !r.isEmpty()),
            assigned.isEmpty() ? Optional.empty() : Optional.of(assigned.equals("yes")));
    actions
        .call("admin/getSerialByOtp", audit -> otpSearch.serialOf(otp.trim(), restriction, audit))
        .ifPresent(
            hit -> {
              if (hit.isPresent()) {
                actions.messages().done("tools.found", hit.get().serial(), hit.get().login());
              } else {
                actions.messages().warn("tools.notFound");
              }
            });
    otp = "";
  }

  public void copyPin() {
    if (actions.perform(
        "admin/copyTokenPin", audit -> tokens.copyPin(from.trim(), to.trim(), audit))) {
      actions.messages().done("tools.copied", from, to);
    }
  }

  /** Hands tokens over to the users of another resolver. */
  public void migrate() {
    actions
        .call(
            "tools/migrate_resolver",
            audit -> migration.migrate(migration.resolver(from), migration.resolver(to), audit))
        .ifPresent(
            result ->
                actions
                    .messages()
                    .done("tools.migrated", result.migrated().size(), result.tokens()));
  }

  /** Changes the own password of a local administrator. */
  public void changePassword() {
    String before = oldPassword;
    String after = newPassword;
    String repeated = again;
    oldPassword = "";
    newPassword = "";
    again = "";
    if (!after.equals(repeated)) {
      actions.messages().error("tools.password.differ");
    } else if (actions.perform(
        "tools/setPassword",
        audit ->
            localAdmins.changeOwnPassword(
                actions.administrator(),
                before,
                after,
                em -> auditTrail.store(em, audit.success(true))))) {
      actions.messages().done("tools.password.changed");
    }
  }

  public List<String> getResolvers() {
    return snapshots.current().part(Realms.class).resolvers().stream()
        .map(ResolverDefinition::name)
        .toList();
  }

  public List<String> getRealms() {
    return List.copyOf(rights.of("getserial").existing());
  }

  public String getOtp() {
    return "";
  }

  public void setOtp(String text) {
    otp = text == null ? "" : text;
  }

  /** The types of tokens. */
  public List<String> getTypes() {
    return types.all().stream()
        .map(TokenType::storedName)
        .sorted(String.CASE_INSENSITIVE_ORDER)
        .toList();
  }

  public String getType() {
    return type;
  }

  public void setType(String text) {
    type = text == null ? "" : text;
  }

  public String getRealm() {
    return realm;
  }

  public void setRealm(String text) {
    realm = text == null ? "" : text;
  }

  public String getAssigned() {
    return assigned;
  }

  public void setAssigned(String text) {
    assigned = text == null ? "" : text;
  }

  public String getFrom() {
    return from;
  }

  public void setFrom(String text) {
    from = text == null ? "" : text;
  }

  public String getTo() {
    return to;
  }

  public void setTo(String text) {
    to = text == null ? "" : text;
  }

  /** Never rendered. */
  public String getOldPassword() {
    return "";
  }

  public void setOldPassword(String text) {
    oldPassword = text == null ? "" : text;
  }

  /** Never rendered. */
  public String getNewPassword() {
    return "";
  }

  public void setNewPassword(String text) {
    newPassword = text == null ? "" : text;
  }

  /** Never rendered. */
  public String getAgain() {
    return "";
  }

  public void setAgain(String text) {
    again = text == null ? "" : text;
  }
}
