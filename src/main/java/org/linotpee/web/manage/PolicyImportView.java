package org.linotpee.web.manage;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import org.linotpee.audit.AuditTrail;
import org.linotpee.policy.PolicyStore;
import org.linotpee.web.Actions;
import org.linotpee.web.Uploads;

/** Stores the policies of a file (spec 10 section 2.4). */
@Named
@RequestScoped
public class PolicyImportView {
  @Inject private PolicyStore store;
  @Inject private AuditTrail auditTrail;
  @Inject private Actions actions;

  private Part file;

  /** Stores all of them or none, and shows the list. */
  public String load() {
    var number =
        actions.call(
            "system/importPolicy",
            audit ->
                store.load(
                    Uploads.text(file),
                    em ->
                        auditTrail.store(
                            em,
                            audit
                                .success(true)
                                .info("Policies imported from file " + Uploads.name(file)))));
    if (number.isEmpty()) {
      return null;
    }
    actions.messages().done("policies.imported", number.get());
    actions.messages().keep();
    return "/manage/policies/index?faces-redirect=true";
  }

  public Part getFile() {
    return file;
  }

  public void setFile(Part part) {
    file = part;
  }
}
