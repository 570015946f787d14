package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.SupportLicences;
import org.linotpee.audit.AuditTrail;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;
import org.linotpee.web.Uploads;

/** The support subscription, if there is one (spec 10 section 2.17). */
@Named
@RequestScoped
public class SupportView {
  @Inject private SupportLicences licences;
  @Inject private AuditTrail auditTrail;
  @Inject private AdminRights rights;
  @Inject private Actions actions;

  private Part file;

  /** What the installed licence says; nothing if there is none. */
  public List<Map.Entry<String, String>> getFields() {
    return licences
        .installed()
        .map(licence -> List.copyOf(licences.shown(licence).entrySet()))
        .orElse(List.of());
  }

  /** Why the installed licence does not hold; empty if it does. */
  public String getReason() {
    return licences.installed().flatMap(licences::objection).orElse("");
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** Installs the licence of the file. */
  public void install() {
    if (actions.perform(
        "system/setSupport",
        audit ->
            licences.install(
                Uploads.text(file), em -> auditTrail.store(em, audit.success(true))))) {
      actions.messages().done("support.installed");
    }
  }

  public Part getFile() {
    return file;
  }

  public void setFile(Part part) {
    file = part;
  }
}
