package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.linotpee.administration.ConfigurationEntries;
import org.linotpee.administration.SupportLicence;
import org.linotpee.administration.SupportLicences;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Snapshot;
import org.linotpee.configuration.Snapshots;
import org.linotpee.identity.Realms;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.UserStores;
import org.linotpee.policy.AdminRights;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.reporting.RealmSelection;

/** {@code /system}: configuration entries, realms and resolvers (spec 05). */
@Path("/system")
@RequestScoped
public class SystemResource {
  private static final List<String> DEFAULTS =
      List.of(
          "DefaultMaxFailCount",
          "DefaultSyncWindow",
          "DefaultCountWindow",
          "DefaultOtpLen",
          "DefaultResetFailCount");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  /** Parameters that any request may have. */
  private static final Set<String> NO_ENTRIES = Set.of("csrf_token", "httperror");

  private static final String SECURITY_MODULE = "default";

  @Inject private ApiRequest request;
  @Inject private ConfigurationEntries entries;
  @Inject private UserStores stores;
  @Inject private Snapshots snapshots;
  @Inject private AuditTrail auditTrail;
  @Inject private Settings settings;
  @Inject private ResolverAnswers resolverAnswers;
  @Inject private AdminRights rights;
  @Inject private PolicyEngine policies;
  @Inject private SupportLicences licences;

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  private String adminRealm() {
    return settings.text(Setting.ADMIN_REALM_NAME).toLowerCase(Locale.ROOT);
  }

  private String adminResolver() {
    return settings.text(Setting.ADMIN_RESOLVER_NAME);
  }

  /** Stores the row of this request with the change that it tells of. */
  private Consumer<EntityManager> audited(String info) {
    request.audit().success(true).info(info);
    return em -> auditTrail.store(em, request.audit());
  }

  // configuration entries -----------------------------------------------------------------------

  @POST
  @Path("setConfig")
  public Response setConfig() {
    Parameters parameters = request.parameters();
    return parameters.has("key") ? setOne(parameters) : setMany(parameters);
  }

  private Response setOne(Parameters parameters) {
    String key = parameters.required("key");
    var change =
        new ConfigurationEntries.Change(
            key,
            parameters.required("value"),
            parameters.text("type").orElse(null),
            parameters.text("description").orElse(null));
    entries.store(List.of(change), audited(shown(change)));
    return Reply.value(Map.of("setConfig " + key, true)).build();
  }

  private Response setMany(Parameters parameters) {
    var changes = new ArrayList<ConfigurationEntries.Change>();
    var answer = new LinkedHashMap<String, Object>();
    Map<String, String> sent = parameters.map();
    sent.keySet().removeAll(NO_ENTRIES);
    sent.forEach(
        (name, value) -> {
          if (isLabel(name, sent)) {
            return;
          }
          changes.add(
              new ConfigurationEntries.Change(
                  name, value, sent.get(name + ".type"), sent.get(name + ".desc")));
          answer.put("setConfig " + name + ":" + value, true);
        });
    if (!changes.isEmpty()) {
      entries.store(
          changes, audited(String.join(", ", changes.stream().map(this::shown).toList()) + ", "));
    } else {
      request.audit().success(true);
    }
    return Reply.value(answer).build();
  }

  private static boolean isLabel(String name, Map<String, String> sent) {
    int dot = name.lastIndexOf('.');
    return (name.endsWith(".type") || name.endsWith(".desc"))
        && sent.containsKey(name.substring(0, dot));
  }

  /** {@code name=value} for the audit trail, where no secret may stand. */
  private String shown(ConfigurationEntries.Change change) {
    return change.name() + "=" + (entries.secret(change) ? "***" : change.content());
  }

  @GET
  @Path("getConfig")
  public Response getConfig() {
    return readConfig();
  }

  @POST
  @Path("getConfig")
  public Response postGetConfig() {
    return readConfig();
  }

  private Response readConfig() {
    Parameters parameters = request.parameters();
    Map<String, String> all = allEntries();
    boolean other = false;
    for (String name : parameters.names()) {
      other |= !NO_ENTRIES.contains(name);
    }
    if (!other) {
      request.audit().success(true).info("complete config");
      return Reply.value(all).build();
    }
    String key = parameters.required("key");
    String plain =
        Configuration.plainName(key.startsWith("enclinotp.") ? key.substring("enc".length()) : key);
    request.audit().success(true).info("config key " + key);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("getConfig " + key, all.get(plain));
    return Reply.value(answer).build();
  }

  private Map<String, String> allEntries() {
    var snapshot = snapshots.current();
    var all = new TreeMap<String, String>(ConfigurationEntries.shown(snapshot.configuration()));
    all.putAll(stores.asEntries());
    all.keySet().removeIf(name -> name.startsWith("SecretKey.") || name.startsWith("enclinotp"));
    all.put("Config", stamp(snapshot));
    return all;
  }

  @POST
  @Path("delConfig")
  public Response delConfig() {
    String key = request.parameters().required("key");
    entries.remove(key, audited(key));
    return Reply.value(Map.of("delConfig " + key, true)).build();
  }

  @POST
  @Path("setDefault")
  public Response setDefault() {
    Parameters parameters = request.parameters().ignoringCase();
    var changes = new ArrayList<ConfigurationEntries.Change>();
    var answer = new LinkedHashMap<String, Object>();
    for (String name : DEFAULTS) {
      parameters
          .text(name.toLowerCase(Locale.ROOT))
          .ifPresent(
              value -> {
                changes.add(new ConfigurationEntries.Change(name, value, null, null));
                answer.put("set " + name, true);
              });
    }
    if (changes.isEmpty()) {
      throw new LinotpException(
          77, "Usage: setDefault: parameters are " + String.join(", ", DEFAULTS));
    }
    entries.store(
        changes, audited(String.join(", ", changes.stream().map(this::shown).toList()) + ", "));
    return Reply.value(answer).build();
  }

  // realms --------------------------------------------------------------------------------------

  @POST
  @Path("setRealm")
  public Response setRealm() {
    Parameters parameters = request.parameters();
    String realm = parameters.required("realm");
    String resolvers = parameters.required("resolvers");
    var administrator = request.loggedIn();
    boolean own = UserStores.normalised(realm).equals(administrator.realm());
    stores.setRealm(
        realm,
        resolvers,
        own ? administrator.resolver() : "",
        audited("realm: " + realm + ", resolvers: " + resolvers));
    return Reply.value(true).build();
  }

  @GET
  @Path("getRealms")
  public Response getRealms() {
    return readRealms(request.parameters().text("realm"));
  }

  @POST
  @Path("getRealms")
  public Response postGetRealms() {
    return readRealms(request.parameters().text("realm"));
  }

  @GET
  @Path("getDefaultRealm")
  public Response getDefaultRealm() {
    return readRealms(Optional.of(realms().defaultRealm()));
  }

  @POST
  @Path("getDefaultRealm")
  public Response postGetDefaultRealm() {
    return readRealms(Optional.of(realms().defaultRealm()));
  }

  /** Only the realm of this name, or all if there is none of it. */
  private Response readRealms(Optional<String> wanted) {
    var only = wanted.map(String::trim).flatMap(realms()::named);
    var answer = new LinkedHashMap<String, Object>();
    for (var realm : only.map(List::of).orElseGet(realms()::all)) {
      var members = new LinkedHashMap<String, Object>();
      members.put("realmname", realm.name());
      members.put("entry", "linotp.useridresolver.group." + realm.name());
      members.put(
          "useridresolver", realm.resolvers().stream().map(ResolverDefinition::spec).toList());
      if (realm.name().equals(realms().defaultRealm())) {
        members.put("default", "true");
      }
      members.put("admin", realm.name().equals(adminRealm()));
      answer.put(realm.name(), members);
    }
    request.audit().success(true).info(wanted.orElse(""));
    return Reply.value(answer).build();
  }

  @POST
  @Path("delRealm")
  public Response delRealm() {
    String realm = request.parameters().required("realm");
    boolean deleted = stores.deleteRealm(realm, adminRealm(), audited(realm));
    request.audit().success(deleted);
    return Reply.value(Map.of("delRealm", Map.of("result", deleted))).build();
  }

  @POST
  @Path("setDefaultRealm")
  public Response setDefaultRealm() {
    String realm = request.parameters().ignoringCase().textOrEmpty("realm");
    boolean exists = stores.setDefaultRealm(realm, audited(realm));
    request.audit().success(exists);
    return Reply.value(exists).build();
  }

  // resolvers -----------------------------------------------------------------------------------

  @POST
  @Path("setResolver")
  public Response setResolver() {
    Parameters parameters = request.parameters();
    String name = parameters.required("name");
    parameters
        .text("readonly")
        .filter(t -> !t.isEmpty())
        .ifPresent(t -> parameters.flag("readonly"));
    stores.setResolver(
        new UserStores.Definition(
            name,
            parameters.textOrEmpty("type"),
            parameters.text("previous_name"),
            parameters.map()),
        adminResolver(),
        audited(name));
    return Reply.value(true).build();
  }

  @GET
  @Path("getResolvers")
  public Response getResolvers() {
    return readResolvers();
  }

  @POST
  @Path("getResolvers")
  public Response postGetResolvers() {
    return readResolvers();
  }

  private Response readResolvers() {
    var answer = new LinkedHashMap<String, Object>();
    realms().resolvers().forEach(d -> answer.put(d.name(), resolverAnswers.listed(d)));
    request.audit().success(true);
    return Reply.value(answer).build();
  }

  @GET
  @Path("getResolver")
  public Response getResolver() {
    return readResolver();
  }

  @POST
  @Path("getResolver")
  public Response postGetResolver() {
    return readResolver();
  }

  private Response readResolver() {
    String name = request.parameters().ignoringCase().required("resolver");
    if (name.isEmpty()) {
      throw LinotpException.unclassified("the name of the resolver is empty");
    }
    var answer = new LinkedHashMap<String, Object>();
    var definition = realms().resolver(name);
    if (definition.isEmpty()) {
      answer.put("type", null);
      answer.put("data", Map.of());
      answer.put("resolver", name);
    } else {
      var data = new TreeMap<String, String>();
      definition
          .get()
          .parameters()
          .forEach((key, value) -> data.put(key, ResolverSecrets.shown(value)));
      answer.put("type", definition.get().type());
      answer.put("resolver", name);
      answer.put("spec", definition.get().spec());
      answer.put("admin", resolverAnswers.isAdmin(definition.get()));
      answer.put("immutable", name.equals(adminResolver()));
      if (definition.get().readOnly()) {
        answer.put("readonly", true);
      }
      answer.put("data", data);
    }
    request.audit().success(true).info(name);
    return Reply.value(answer).build();
  }

  @POST
  @Path("delResolver")
  public Response delResolver() {
    String name = request.parameters().ignoringCase().required("resolver");
    boolean deleted = stores.deleteResolver(name, adminResolver(), audited(name));
    request.audit().success(deleted);
    return Reply.value(deleted).build();
  }

  /**
   * The time of the last change; the version in its last digits tells changes of one moment apart.
   */
  private static String stamp(Snapshot snapshot) {
    return STAMP.format(snapshot.changedAt())
        + String.format(Locale.ROOT, "%03d", snapshot.version() % 1000);
  }

  // the rest ------------------------------------------------------------------------------------

  /** The statuses that policies want to be recorded for each realm. */
  @GET
  @Path("getReportedStatuses")
  public Response reportedStatuses() {
    var answer = new LinkedHashMap<String, Object>();
    for (String realm :
        RealmSelection.of(rights.visible("system", "read"), request.parameters().text("realms"))) {
      answer.put(realm, List.copyOf(policies.reportedStatuses(realm)));
    }
    return Reply.value(answer).build();
  }

  @POST
  @Path("getReportedStatuses")
  public Response postReportedStatuses() {
    return reportedStatuses();
  }

  /** The keys are in a file that was read at start: the module is always ready. */
  @POST
  @Path("setupSecurityModule")
  public Response setupSecurityModule() {
    Optional<String> id = request.parameters().ignoringCase().text("hsm_id");
    var state = new LinkedHashMap<String, Object>();
    state.put("activeSecurityModule", SECURITY_MODULE);
    state.put("connected", true);
    if (id.isPresent()) {
      rights.require("system", "write");
      if (!id.get().equals(SECURITY_MODULE)) {
        throw LinotpException.unclassified(
            "the security module '" + id.get() + "' is not the active one");
      }
      state.put("result", SECURITY_MODULE);
    }
    request.audit().success(true);
    return Reply.value(Map.of("setupSecurityModule", state)).build();
  }

  /** What the installed licence says; nothing without one. */
  @GET
  @Path("getSupportInfo")
  public Response supportInfo() {
    request.audit().success(true);
    return Reply.value(licences.installed().map(licences::shown).orElse(Map.of())).build();
  }

  @POST
  @Path("getSupportInfo")
  public Response postSupportInfo() {
    return supportInfo();
  }

  @GET
  @Path("isSupportValid")
  public Response supportValid() {
    SupportLicence licence =
        licences
            .installed()
            .orElseThrow(() -> LinotpException.unclassified("your product is unlicensed"));
    Optional<String> objection = licences.objection(licence);
    request.audit().success(objection.isEmpty()).actionDetail(objection.orElse(""));
    return Reply.value(objection.isEmpty())
        .detail(objection.map(reason -> Map.<String, Object>of("reason", reason)).orElse(null))
        .build();
  }

  @POST
  @Path("isSupportValid")
  public Response postSupportValid() {
    return supportValid();
  }

  @POST
  @Path("setSupport")
  public Response setSupport() {
    Parameters parameters = request.parameters();
    boolean xml = parameters.textOrEmpty("format").equals("xml");
    try {
      String text =
          parameters
              .file("license")
              .map(file -> new String(file.content(), StandardCharsets.UTF_8))
              .or(() -> parameters.text("license"))
              .orElseThrow(
                  () -> LinotpException.unclassified("No key 'license' in the upload request"));
      licences.install(text, audited("license"));
      return xml ? XmlReply.value("True", "") : Reply.value(true).build();
    } catch (LinotpException e) {
      if (!xml) {
        throw e;
      }
      request.audit().success(false).info(e.clientMessage()).stored(false);
      return XmlReply.failed(e, e.code());
    }
  }
}
