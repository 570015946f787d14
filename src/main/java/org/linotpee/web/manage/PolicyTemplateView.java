package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditTrail;
import org.linotpee.policy.Caller;
import org.linotpee.policy.PolicyTemplate;
import org.linotpee.policy.PolicyTemplates;
import org.linotpee.web.Actions;

/** Policies from a template: chosen, filled in, looked at, stored (spec 10 section 2.4). */
@Named
@ViewScoped
public class PolicyTemplateView implements Serializable {
  private static final long serialVersionUID = 1L;

  @Inject private transient PolicyTemplates templates;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient Caller caller;
  @Inject private Actions actions;

  private String name = "";
  private String prefix = "";
  private boolean enforce;
  private final HashMap<String, String> arguments = new HashMap<>();
  private ArrayList<PolicyRow> rows;
  private ArrayList<String> replaced = new ArrayList<>();
  private ArrayList<String> hints = new ArrayList<>();

  public List<PolicyTemplate> getAll() {
    return templates.all();
  }

  /** The chosen template; null if none is. */
  public PolicyTemplate getChosen() {
    return found().orElse(null);
  }

  private Optional<PolicyTemplate> found() {
    return templates.all().stream().filter(t -> t.name().equals(name)).findFirst();
  }

  public void load() {
    found()
        .ifPresent(
            t -> t.parameters().forEach(p -> arguments.putIfAbsent(p.name(), p.otherwise())));
  }

  /** Shows what would be stored. */
  public void preview() {
    rows = null;
    actions
        .look(() -> templates.preview(name, arguments, prefix.trim(), caller))
        .ifPresent(
            preview -> {
              rows = new ArrayList<>(preview.policies().stream().map(PolicyRow::of).toList());
              replaced = new ArrayList<>(preview.replaced());
              hints = new ArrayList<>(preview.hints());
            });
  }

  public String apply() {
    boolean done =
        actions.perform(
            "system/applyPolicyTemplate",
            audit ->
                templates.apply(
                    name,
                    arguments,
                    prefix.trim(),
                    enforce,
                    caller,
                    (em, names) ->
                        auditTrail.store(
                            em,
                            audit
                                .success(true)
                                .info("template = " + name)
                                .actionDetail("policies " + String.join(", ", names)))));
    if (!done) {
      return null;
    }
    actions.messages().done("template.applied");
    actions.messages().keep();
    return "/manage/policies/index?faces-redirect=true";
  }

  /** True if somebody could be locked out of the configuration. */
  public boolean isGrave() {
    return rows != null && rows.stream().anyMatch(row -> row.scope().equals("system"));
  }

  public List<PolicyRow> getRows() {
    return rows;
  }

  public List<String> getReplaced() {
    return replaced;
  }

  public List<String> getHints() {
    return hints;
  }

  public Map<String, String> getArguments() {
    return arguments;
  }

  public String getName() {
    return name;
  }

  public void setName(String text) {
    name = text == null ? "" : text;
  }

  public String getPrefix() {
    return prefix;
  }

  public void setPrefix(String text) {
    prefix = text == null ? "" : text;
  }

  public boolean isEnforce() {
    return enforce;
  }

  public void setEnforce(boolean on) {
    enforce = on;
  }
}
