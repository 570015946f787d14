package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.DirectoryUsers;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverType;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;

/** Resolvers, and the form of one (spec 10 section 2.10). */
@Named
@ViewScoped
public class ResolverView implements Serializable {
  /**
   * A resolver as it is listed.
   *
   * @param admin its users are administrators
   * @param fixed it cannot be edited
   */
  public record Row(String name, String type, List<String> realms, boolean admin, boolean fixed)
      implements Serializable {}

  private static final long serialVersionUID = 1L;

  @Inject private transient UserStores stores;
  @Inject private transient DirectoryUsers directory;
  @Inject private transient Snapshots snapshots;
  @Inject private transient Settings settings;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private Actions actions;

  private String stored = "";
  private String copied = "";
  private String type = "";
  private String name = "";
  private boolean readOnly;
  private final HashMap<String, String> values = new HashMap<>();
  private final HashMap<String, Boolean> flags = new HashMap<>();
  private final HashMap<String, String> secrets = new HashMap<>();
  private String problem = "";
  private String doomed = "";

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  // the list ------------------------------------------------------------------------------------

  public List<Row> getRows() {
    String adminRealm = settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
    return realms().resolvers().stream()
        .map(
            d -> {
              List<String> in =
                  realms().containing(d.name()).stream().map(Realms.Realm::name).toList();
              return new Row(d.name(), d.type(), in, in.contains(adminRealm), d.readOnly());
            })
        .toList();
  }

  public List<String> getTypes() {
    return stores.creatable().stream().map(ResolverType::name).toList();
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** Asks a user store for its users, and tells what it has answered. */
  public void test(String resolver) {
    actions.perform(
        "admin/testresolver",
        audit -> {
          rights.require("system", "read");
          Map<String, Object> result = directory.open(definition(resolver)).test();
          boolean passed =
              result.get("result").equals(true)
                  || String.valueOf(result.get("result")).startsWith("success");
          audit.success(passed).info(resolver);
          Object said = result.get("desc");
          if (passed) {
            actions.messages().done("resolvers.tested", resolver, number(said));
          } else {
            actions.messages().error("resolvers.failed", resolver, said);
          }
        });
  }

  /** How many users there are, in the words of each kind of store. */
  private static Object number(Object said) {
    if (said instanceof List<?> users) {
      return users.size();
    }
    return said instanceof Map<?, ?> map && map.get("rows") != null ? map.get("rows") : said;
  }

  private ResolverDefinition definition(String resolver) {
    return realms()
        .resolver(resolver)
        .orElseThrow(() -> LinotpException.unclassified("there is no resolver '" + resolver + "'"));
  }

  /** Which resolver the question is about. */
  public void ask(String resolver) {
    doomed = resolver;
  }

  public String getDoomed() {
    return doomed;
  }

  /** The realms that keep the resolver in question from being deleted. */
  public List<String> getUsing() {
    return realms().containing(doomed).stream().map(Realms.Realm::name).toList();
  }

  public void delete() {
    String resolver = doomed;
    if (actions.perform(
        "system/delResolver",
        audit ->
            audit.success(
                stores.deleteResolver(
                    resolver,
                    settings.text(Setting.ADMIN_RESOLVER_NAME),
                    em -> auditTrail.store(em, audit.success(true).info(resolver)))))) {
      actions.messages().done("resolvers.deleted", resolver);
    }
  }

  // the form ------------------------------------------------------------------------------------

  /** Reads the resolver that is edited or copied; a secret is never read. */
  public void load() {
    String source = stored.isEmpty() ? copied : stored;
    if (source.isEmpty()) {
      typeOf().ifPresent(t -> t.fields().forEach(f -> put(f, f.standard())));
      return;
    }
    actions.look(
        () -> {
          ResolverDefinition definition = definition(source);
          type = definition.type();
          name = stored.isEmpty() ? "" : source;
          readOnly = definition.readOnly() && copied.isEmpty();
          for (ResolverType.Field field : getFields()) {
            ResolverDefinition.Parameter parameter = definition.parameters().get(field.name());
            put(field, parameter == null ? field.standard() : parameter.content());
          }
          return definition;
        });
  }

  private void put(ResolverType.Field field, String value) {
    switch (field.kind()) {
      case SECRET -> secrets.put(field.name(), "");
      case FLAG -> flags.put(field.name(), value.equalsIgnoreCase("true"));
      default -> values.put(field.name(), value);
    }
  }

  private Optional<ResolverType> typeOf() {
    return stores.creatable().stream().filter(t -> t.name().equals(type)).findFirst();
  }

  public List<ResolverType.Field> getFields() {
    return typeOf().map(ResolverType::fields).orElse(List.of());
  }

  public List<String> getPresets() {
    return typeOf().map(t -> List.copyOf(t.presets().keySet())).orElse(List.of());
  }

  /** Fills the form in for a widespread product. */
  public void preset(String product) {
    typeOf().ifPresent(t -> values.putAll(t.presets().getOrDefault(product, Map.of())));
    check();
  }

  private UserStores.Definition wanted() {
    var sent = new HashMap<String, String>(values);
    flags.forEach((field, on) -> sent.put(field, Boolean.TRUE.equals(on) ? "True" : "False"));
    secrets.forEach(
        (field, text) -> {
          if (stored.isEmpty() || (text != null && !text.isEmpty())) {
            sent.put(field, text == null ? "" : text);
          }
        });
    sent.values().removeIf(java.util.Objects::isNull);
    return new UserStores.Definition(
        name.trim(), type, Optional.of(stored).filter(s -> !s.isEmpty()), sent);
  }

  /** Has the server look at what was typed so far. */
  public void check() {
    problem = "";
    if (!name.isBlank()) {
      try {
        stores.check(wanted());
      } catch (LinotpException e) {
        problem = e.getMessage();
      }
    }
  }

  public String getProblem() {
    return problem;
  }

  /** Stores it and goes on with its view, where it can be tested. */
  public String save() {
    UserStores.Definition wanted = wanted();
    boolean done =
        actions.perform(
            "system/setResolver",
            audit ->
                stores.setResolver(
                    wanted,
                    settings.text(Setting.ADMIN_RESOLVER_NAME),
                    em -> auditTrail.store(em, audit.success(true).info(wanted.name()))));
    secrets.replaceAll((field, text) -> "");
    if (!done) {
      return null;
    }
    actions.messages().done("resolvers.saved", wanted.name());
    actions.messages().keep();
    return "/manage/resolvers/edit?faces-redirect=true&includeViewParams=false&name="
        + java.net.URLEncoder.encode(wanted.name(), java.nio.charset.StandardCharsets.UTF_8);
  }

  public Map<String, String> getValues() {
    return values;
  }

  public Map<String, Boolean> getFlags() {
    return flags;
  }

  /** Never rendered. */
  public Map<String, String> getSecrets() {
    return secrets;
  }

  public boolean isReadOnly() {
    return readOnly;
  }

  /** True if the form belongs to a type of which there is one. */
  public boolean isKnown() {
    return typeOf().isPresent() && !readOnly;
  }

  public String getStored() {
    return stored;
  }

  public void setStored(String value) {
    stored = value == null ? "" : value;
  }

  public String getCopied() {
    return copied;
  }

  public void setCopied(String value) {
    copied = value == null ? "" : value;
  }

  public String getType() {
    return type;
  }

  public void setType(String value) {
    type = value == null ? "" : value;
  }

  public String getName() {
    return name;
  }

  public void setName(String value) {
    name = value == null ? "" : value;
  }
}
