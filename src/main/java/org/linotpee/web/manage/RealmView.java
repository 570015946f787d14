package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.persistence.EntityManager;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.linotpee.administration.Administrator;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;

/** Realms, and the form of one (spec 10 section 2.11). */
@Named
@ViewScoped
public class RealmView implements Serializable {
  /** A realm as it is listed. */
  public record Row(String name, List<String> resolvers, boolean standard, boolean admin)
      implements Serializable {}

  private static final long serialVersionUID = 1L;

  @Inject private transient UserStores stores;
  @Inject private transient Snapshots snapshots;
  @Inject private transient Settings settings;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private Actions actions;

  private String stored = "";
  private String name = "";
  private List<String> members = new ArrayList<>();
  private String doomed = "";

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  private String adminRealm() {
    return settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  private Consumer<EntityManager> audited(AuditRecord audit, String info) {
    audit.success(true).info(info);
    return em -> auditTrail.store(em, audit);
  }

  // the list ------------------------------------------------------------------------------------

  public List<Row> getRows() {
    return realms().all().stream()
        .map(
            r ->
                new Row(
                    r.name(),
                    r.resolvers().stream().map(ResolverDefinition::name).toList(),
                    r.name().equals(realms().defaultRealm()),
                    r.name().equals(adminRealm())))
        .toList();
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** True if there are users whom no realm has. */
  public boolean isLonely() {
    return realms().all().stream().allMatch(r -> r.name().equals(adminRealm()))
        && realms().resolvers().size() > 1;
  }

  public boolean isStandard() {
    return !realms().defaultRealm().isEmpty();
  }

  /** Makes a realm the default one; with an empty name there is none. */
  public void choose(String realm) {
    if (actions.perform(
        "system/setDefaultRealm",
        audit -> {
          boolean exists = stores.setDefaultRealm(realm, audited(audit, realm));
          audit.success(exists || realm.isEmpty());
        })) {
      if (realm.isEmpty()) {
        actions.messages().done("realms.noDefault");
      } else {
        actions.messages().done("realms.chosen", realm);
      }
    }
  }

  /** Which realm the question is about. */
  public void ask(String realm) {
    doomed = realm;
  }

  public String getDoomed() {
    return doomed;
  }

  public void delete() {
    String realm = doomed;
    if (actions.perform(
        "system/delRealm",
        audit -> audit.success(stores.deleteRealm(realm, adminRealm(), audited(audit, realm))))) {
      actions.messages().done("realms.deleted", realm);
    }
  }

  // the form ------------------------------------------------------------------------------------

  public void load() {
    realms()
        .named(stored)
        .ifPresent(
            r -> {
              name = r.name();
              members =
                  new ArrayList<>(r.resolvers().stream().map(ResolverDefinition::spec).toList());
            });
  }

  /** All resolvers, those of the realm first and in its order. */
  public List<ResolverDefinition> getChoice() {
    var choice = new ArrayList<ResolverDefinition>();
    realms().named(stored).ifPresent(r -> choice.addAll(r.resolvers()));
    realms().resolvers().stream().filter(d -> !choice.contains(d)).forEach(choice::add);
    return choice;
  }

  public String save() {
    Administrator who = actions.administrator();
    String realm = stored.isEmpty() ? name : stored;
    String specs = String.join(",", members);
    boolean own = UserStores.normalised(realm).equals(who.realm());
    if (!actions.perform(
        "system/setRealm",
        audit ->
            stores.setRealm(
                realm,
                specs,
                own ? who.resolver() : "",
                audited(audit, "realm: " + realm + ", resolvers: " + specs)))) {
      return null;
    }
    actions.messages().done("realms.saved", UserStores.normalised(realm));
    actions.messages().keep();
    return "/manage/realms/index?faces-redirect=true";
  }

  public String getStored() {
    return stored;
  }

  public void setStored(String value) {
    stored = value == null ? "" : value;
  }

  public String getName() {
    return name;
  }

  public void setName(String value) {
    name = value == null ? "" : value;
  }

  public List<String> getMembers() {
    return members;
  }

  public void setMembers(List<String> specs) {
    members = specs == null ? new ArrayList<>() : new ArrayList<>(specs);
  }
}
