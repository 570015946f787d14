package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.policy.Action;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyFields;
import org.linotpee.policy.PolicyFile;
import org.linotpee.policy.PolicySearch;
import org.linotpee.policy.PolicyStore;
import org.linotpee.policy.PolicyTemplate;
import org.linotpee.policy.PolicyTemplates;
import org.linotpee.policy.Verdict;

/** {@code /system}: policies (spec 07 section 3). */
@Path("/system")
@RequestScoped
public class PolicyResource {
  private static final List<String> COLUMNS =
      List.of("active", "name", "user", "scope", "action", "realm", "client", "time");

  @Inject private ApiRequest request;
  @Inject private PolicyStore store;
  @Inject private PolicySearch search;
  @Inject private PolicyTemplates templates;
  @Inject private AuditTrail auditTrail;

  private static boolean enforced(Parameters parameters) {
    return parameters.textOrEmpty("enforce").trim().equalsIgnoreCase("true");
  }

  @POST
  @Path("setPolicy")
  public Response setPolicy() {
    Parameters parameters = request.parameters();
    Map<String, String> fields = parameters.map();
    var audit = request.audit();
    store.set(
        fields,
        enforced(parameters),
        em -> {
          audit.success(true).actionDetail(PolicyStore.described(fields));
          auditTrail.store(em, audit);
        });
    var stored = new LinkedHashMap<String, Object>();
    PolicyFields.NAMES.forEach(name -> stored.put(name, true));
    List<String> hints =
        search.hints(
            List.of(search.find(PolicySearch.Filter.ALL).get(fields.get("name"))), request);
    return Reply.value(Map.of("setPolicy " + fields.get("name"), stored))
        .detail(hints.isEmpty() ? Map.of() : Map.of("hints", hints))
        .build();
  }

  @POST
  @Path("delPolicy")
  public Response delPolicy() {
    Parameters parameters = request.parameters();
    List<String> names =
        Arrays.asList(
            parameters
                .text("name")
                .orElseThrow(
                    () -> LinotpException.unclassified("Missing parameter: 'name' of the policy"))
                .split(","));
    var audit = request.audit();
    List<String> removed =
        store.delete(
            names,
            enforced(parameters),
            em -> {
              audit.success(true).info(names.get(names.size() - 1));
              auditTrail.store(em, audit);
            });
    var result = new LinkedHashMap<String, Object>();
    removed.forEach(key -> result.put("linotp." + key, true));
    return Reply.value(Map.of("delPolicy", Map.of("result", result))).build();
  }

  @GET
  @Path("getPolicy")
  public Response getPolicy() {
    return read("");
  }

  @POST
  @Path("getPolicy")
  public Response postPolicy() {
    return read("");
  }

  /** Older versions put a file name behind the path to get an export. */
  @GET
  @Path("getPolicy/{file}")
  public Response getPolicyFile() {
    return read("true");
  }

  @GET
  @Path("exportPolicy")
  public Response exportPolicy() {
    return read("true");
  }

  @POST
  @Path("exportPolicy")
  public Response postExportPolicy() {
    return read("true");
  }

  private Response read(String export) {
    Parameters parameters = request.parameters().ignoringCase();
    Optional<String> name = given(parameters, "name");
    var filter =
        new PolicySearch.Filter(
            name.map(n -> Arrays.stream(n.split(",")).map(String::trim).toList()).orElse(List.of()),
            given(parameters, "scope"),
            given(parameters, "realm"),
            given(parameters, "action"),
            given(parameters, "user"),
            inactiveToo(parameters));
    Map<String, PolicyFields> found = search.find(filter);
    request
        .audit()
        .success(true)
        .info(
            "name = %s, realm = %s, scope = %s"
                .formatted(
                    name.orElse("None"),
                    given(parameters, "realm").orElse("None"),
                    given(parameters, "scope").orElse("None")));
    if (export.equals("true") || parameters.textOrEmpty("export").equalsIgnoreCase("true")) {
      return Response.ok(PolicyFile.write(found.values()), "text/plain; charset=utf-8")
          .header("Content-Disposition", "attachment; filename=policy.cfg")
          .build();
    }
    var answer = new LinkedHashMap<String, Object>();
    found.forEach((key, policy) -> answer.put(key, policy.document()));
    return Reply.value(answer).build();
  }

  private static Optional<String> given(Parameters parameters, String name) {
    return parameters.text(name).map(String::trim).filter(text -> !text.isEmpty());
  }

  private static boolean inactiveToo(Parameters parameters) {
    String text = parameters.textOrEmpty("display_inactive").trim();
    return !text.isEmpty() && !text.toLowerCase(java.util.Locale.ROOT).matches("0|no|off|false");
  }

  @GET
  @Path("policies_flexi")
  public Response flexi() {
    Parameters parameters = request.parameters();
    String column = parameters.text("sortname").filter(s -> !s.isEmpty()).orElse("name");
    if (!COLUMNS.contains(column)) {
      throw LinotpException.unclassified("policies cannot be sorted by '" + column + "'");
    }
    var filter =
        new PolicySearch.Filter(
            given(parameters, "name").map(n -> List.of(n.split("\\s*,\\s*"))).orElse(List.of()),
            given(parameters, "scope"),
            given(parameters, "realm"),
            Optional.empty(),
            Optional.empty(),
            true);
    var policies = new ArrayList<>(search.find(filter).values());
    Comparator<PolicyFields> order = Comparator.comparing(p -> p.document().get(column));
    policies.sort(parameters.textOrEmpty("sortorder").equals("desc") ? order.reversed() : order);
    int page = Math.max(1, number(parameters, "page", 1));
    int size = number(parameters, "rp", 0);
    int from = size > 0 ? (int) Math.min(policies.size(), (page - 1L) * size) : 0;
    int to = size > 0 ? Math.min(policies.size(), from + size) : policies.size();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("page", page);
    answer.put("total", policies.size());
    answer.put("rows", policies.subList(from, to).stream().map(PolicyResource::row).toList());
    request.audit().success(true);
    return Response.ok(Json.pretty(answer), "application/json").build();
  }

  @POST
  @Path("policies_flexi")
  public Response postFlexi() {
    return flexi();
  }

  private static int number(Parameters parameters, String name, int otherwise) {
    try {
      return parameters.text(name).map(t -> Integer.parseInt(t.trim())).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("'" + name + "' must be a number");
    }
  }

  private static Map<String, Object> row(PolicyFields policy) {
    var row = new LinkedHashMap<String, Object>();
    row.put("id", policy.name());
    row.put(
        "cell",
        List.of(
            policy.active().equalsIgnoreCase("true") ? 1 : 0,
            policy.name(),
            policy.user(),
            policy.scope(),
            Answers.escaped(policy.action()).replace("&#39;", "&#x27;"),
            policy.realm(),
            policy.client(),
            policy.time()));
    return row;
  }

  /** With {@code descriptions=true} each action tells what it does. */
  @GET
  @Path("getPolicyDef")
  public Response definitions() {
    boolean described = request.parameters().flag("descriptions").orElse(false);
    Optional<String> scope = given(request.parameters(), "scope");
    request.audit().success(true).info(scope.map(s -> "scope: " + s).orElse(""));
    if (scope.isPresent()) {
      return Reply.value(documents(PolicyCatalogue.ofScope(scope.get()), described)).build();
    }
    var all = new LinkedHashMap<String, Object>();
    PolicyCatalogue.scopes()
        .forEach((name, actions) -> all.put(name, documents(actions, described)));
    return Reply.value(all).build();
  }

  @POST
  @Path("getPolicyDef")
  public Response postDefinitions() {
    return definitions();
  }

  private static Map<String, Object> documents(Map<String, Action> actions, boolean described) {
    var documents = new LinkedHashMap<String, Object>();
    actions.forEach(
        (name, action) -> {
          Map<String, Object> document = action.document();
          if (!described) {
            document.remove("desc");
          }
          documents.put(name, document);
        });
    return documents;
  }

  /** Policies for common purposes. */
  @GET
  @Path("getPolicyTemplates")
  public Response templates() {
    request.audit().success(true);
    return Reply.value(templates.all().stream().map(PolicyTemplate::document).toList()).build();
  }

  /** What a template would store, for the arguments in the parameters of their names. */
  @GET
  @Path("previewPolicyTemplate")
  public Response previewTemplate() {
    Parameters parameters = request.parameters();
    String name = parameters.required("template");
    PolicyTemplates.Preview preview =
        templates.preview(name, parameters.map(), parameters.textOrEmpty("prefix"), request);
    request.audit().success(true).info("template = " + name);
    return Reply.value(document(preview)).build();
  }

  @POST
  @Path("applyPolicyTemplate")
  public Response applyTemplate() {
    Parameters parameters = request.parameters();
    String name = parameters.required("template");
    var audit = request.audit();
    PolicyTemplates.Preview applied =
        templates.apply(
            name,
            parameters.map(),
            parameters.textOrEmpty("prefix"),
            enforced(parameters),
            request,
            (em, names) -> {
              audit
                  .success(true)
                  .info("template = " + name)
                  .actionDetail("policies " + String.join(", ", names));
              auditTrail.store(em, audit);
            });
    return Reply.value(document(applied)).build();
  }

  private static Map<String, Object> document(PolicyTemplates.Preview preview) {
    var policies = new LinkedHashMap<String, Object>();
    preview.policies().forEach(p -> policies.put(p.name(), p.document()));
    var document = new LinkedHashMap<String, Object>();
    document.put("policies", policies);
    document.put("replaced", preview.replaced());
    document.put("hints", preview.hints());
    return document;
  }

  /** With {@code explain=true} the answer tells what became of each policy, and why. */
  @GET
  @Path("checkPolicy")
  public Response check() {
    Parameters parameters = request.parameters();
    String user = parameters.required("user");
    String realm = parameters.required("realm");
    String scope = parameters.required("scope");
    String action = parameters.required("action");
    String client = parameters.required("client");
    PolicySearch.Decision decision = search.check(scope, action, user, realm, client);
    var deciding = new LinkedHashMap<String, Object>();
    decision.deciding().forEach(p -> deciding.put(p.name(), p.fields().document()));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("allowed", decision.allowed());
    answer.put(
        "policy",
        decision.open() ? "No policies in the scope " + scope + " are active." : deciding);
    if (parameters.flag("explain").orElse(false)) {
      answer.put("explanation", decision.verdicts().stream().map(Verdict::document).toList());
    }
    request
        .audit()
        .success(true)
        .info(decision.allowed() ? "allowed by policy " + deciding.keySet() : "not allowed")
        .actionDetail("action = %s, realm = %s, scope = %s".formatted(action, realm, scope));
    return Reply.value(answer).build();
  }

  @POST
  @Path("checkPolicy")
  public Response postCheck() {
    return check();
  }

  @POST
  @Path("importPolicy")
  public Response importPolicy() {
    Parameters.Upload file =
        request.parameters().file("file").orElseThrow(() -> LinotpException.missing("file"));
    var audit = request.audit();
    try {
      int number =
          store.load(
              text(file.content()),
              em -> {
                audit.success(true).info("Policies imported from file " + file.fileName());
                auditTrail.store(em, audit);
              });
      return XmlReply.value(String.valueOf(number), "");
    } catch (LinotpException e) {
      audit.success(false).info(file.fileName() + ": " + e.clientMessage()).stored(false);
      return XmlReply.failed(e, LinotpException.UNCLASSIFIED);
    }
  }

  private static String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw LinotpException.unclassified("the file is not UTF-8");
    }
  }
}
