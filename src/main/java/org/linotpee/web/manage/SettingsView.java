package org.linotpee.web.manage;

import jakarta.annotation.PostConstruct;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.KnownEntries;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;

/** Settings of the server and of tokens (spec 10 sections 2.12 and 2.14). */
@Named
@ViewScoped
public class SettingsView implements Serializable {
  private static final long serialVersionUID = 1L;

  @Inject private transient KnownEntries entries;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private transient Settings serverSettings;
  @Inject private Actions actions;

  private final HashMap<String, String> values = new HashMap<>();
  private final HashMap<String, Boolean> flags = new HashMap<>();
  private final HashMap<String, String> before = new HashMap<>();

  @PostConstruct
  void read() {
    for (KnownEntries.Known known : all()) {
      String now = entries.stored(known).filter(t -> !t.isEmpty()).orElse(known.standard());
      switch (known.kind()) {
        case FLAG -> {
          boolean on = now.trim().toLowerCase(java.util.Locale.ROOT).matches("true|1|yes|on");
          flags.put(known.name(), on);
          before.put(known.name(), on ? "True" : "False");
        }
        case SECRET -> values.put(known.name(), "");
        default -> {
          values.put(known.name(), now);
          before.put(known.name(), now);
        }
      }
    }
  }

  private List<KnownEntries.Known> all() {
    return entries.groups().values().stream().flatMap(List::stream).toList();
  }

  /** The parts of the form. */
  public List<String> getGroups() {
    return List.copyOf(entries.groups().keySet());
  }

  public List<KnownEntries.Known> of(String group) {
    return entries.groups().getOrDefault(group, List.of());
  }

  /** True if something is stored for a secret. */
  public boolean kept(KnownEntries.Known known) {
    return entries.isSet(known);
  }

  /** Why an entry has no effect at the moment; empty if it has. */
  public String idle(KnownEntries.Known known) {
    boolean proxies = !serverSettings.list(Setting.TRUSTED_PROXIES).isEmpty();
    if (known.name().startsWith("client.") && proxies) {
      return actions
          .texts()
          .of(
              "settings.idle.proxies",
              String.join(", ", serverSettings.list(Setting.TRUSTED_PROXIES)));
    }
    return known.name().equals("mayOverwriteClient")
            && !serverSettings.flag(Setting.GET_CLIENT_ADDRESS_FROM_POST_DATA)
        ? actions.texts().of("settings.idle.override")
        : "";
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** Stores what was changed, and nothing else. */
  public void save() {
    var changed = new LinkedHashMap<String, String>();
    for (KnownEntries.Known known : all()) {
      String name = known.name();
      String now =
          known.kind() == KnownEntries.Kind.FLAG
              ? (Boolean.TRUE.equals(flags.get(name)) ? "True" : "False")
              : values.getOrDefault(name, "") == null ? "" : values.getOrDefault(name, "");
      boolean same =
          known.kind() == KnownEntries.Kind.SECRET
              ? now.isEmpty()
              : now.equals(before.getOrDefault(name, ""));
      if (!same) {
        changed.put(name, now);
      }
    }
    if (changed.isEmpty()) {
      actions.messages().done("settings.same");
      return;
    }
    if (actions.perform(
        "system/setConfig",
        audit ->
            entries.store(
                changed,
                em ->
                    auditTrail.store(em, audit.success(true).info(entries.described(changed)))))) {
      actions.messages().done("settings.saved", changed.size());
      read();
    }
    all().stream()
        .filter(known -> known.kind() == KnownEntries.Kind.SECRET)
        .forEach(known -> values.put(known.name(), ""));
  }

  public Map<String, String> getValues() {
    return values;
  }

  public Map<String, Boolean> getFlags() {
    return flags;
  }
}
