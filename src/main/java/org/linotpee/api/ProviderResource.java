package org.linotpee.api;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Providers;

/** {@code /system}: definitions of providers (spec 05 section 14). */
@Path("/system")
@RequestScoped
public class ProviderResource {
  @Inject private ApiRequest request;
  @Inject private Providers providers;
  @Inject private Delivery delivery;
  @Inject private AuditTrail auditTrail;

  private ProviderType type() {
    String name = request.parameters().required("type");
    return ProviderType.named(name)
        .orElseThrow(() -> LinotpException.unclassified("unknown provider type '" + name + "'"));
  }

  private void audited(jakarta.persistence.EntityManager em) {
    auditTrail.store(
        em,
        request
            .audit()
            .success(true)
            .info(
                request.parameters().textOrEmpty("type")
                    + " provider "
                    + request.parameters().textOrEmpty("name")));
  }

  @POST
  @Path("setProvider")
  public Response setProvider() {
    Parameters parameters = request.parameters();
    String name = parameters.required("name");
    ProviderType type = type();
    String className = parameters.required("class");
    String timeout = parameters.required("timeout");
    providers.store(
        new Providers.Change(
            type,
            name,
            className,
            timeout,
            parameters.text("config"),
            parameters.textOrEmpty("default").equalsIgnoreCase("true"),
            parameters.text("managed")),
        this::audited);
    return Reply.value(true).build();
  }

  @GET
  @Path("getProvider")
  public Response getProvider() {
    ProviderType type = type();
    Optional<String> name = request.parameters().text("name").filter(n -> !n.isEmpty());
    var answer = new LinkedHashMap<String, Object>();
    providers
        .all(type)
        .forEach(
            (key, definition) -> {
              if (name.map(key::equals).orElse(true)) {
                answer.put(key, document(definition));
              }
            });
    request.audit().success(!answer.isEmpty());
    return Reply.value(answer).build();
  }

  @POST
  @Path("getProvider")
  public Response postProvider() {
    return getProvider();
  }

  private static Map<String, Object> document(Providers.Definition definition) {
    var document = new LinkedHashMap<String, Object>();
    document.put("Class", definition.className());
    document.put("Timeout", definition.timeout());
    if (definition.managed()) {
      document.put("Managed", true);
    } else {
      definition.config().ifPresent(config -> document.put("Config", config));
    }
    document.put("Default", definition.isDefault());
    return document;
  }

  @POST
  @Path("delProvider")
  public Response delProvider() {
    Parameters parameters = request.parameters();
    String name = parameters.required("name");
    return answer(providers.delete(type(), name, parameters.text("managed"), this::audited));
  }

  @POST
  @Path("setDefaultProvider")
  public Response setDefaultProvider() {
    String name = request.parameters().required("name");
    return answer(providers.makeDefault(type(), name, this::audited));
  }

  /** Nothing is sent unless a recipient is given, in {@code to}. */
  @POST
  @Path("testProvider")
  public Response testProvider() {
    Parameters parameters = request.parameters();
    String name = parameters.required("name");
    ProviderType type = type();
    request.audit().info(type.key() + " provider " + name);
    long begin = System.nanoTime();
    ProviderTest test =
        delivery.test(
            type,
            name,
            parameters
                .text("to")
                .filter(to -> !to.isBlank())
                .map(to -> Delivery.trial(type, to, parameters.textOrEmpty("message"))));
    request.audit().success(test.passed());
    var detail = new LinkedHashMap<String, Object>();
    detail.put("message", test.message());
    detail.put("duration_ms", (System.nanoTime() - begin) / 1_000_000);
    detail.put("steps", test.steps());
    return Reply.value(test.passed()).detail(detail).build();
  }

  /** The settings that a class understands, for forms. */
  @GET
  @Path("getProviderDef")
  public Response getProviderDef() {
    Parameters parameters = request.parameters();
    parameters.required("name");
    ProviderType type = type();
    var options = new LinkedHashMap<String, Object>();
    delivery
        .options(type, parameters.textOrEmpty("class"))
        .forEach(
            option ->
                options.put(
                    option.name(),
                    Map.of(
                        "type",
                        option.kind(),
                        "required",
                        option.required(),
                        "description",
                        option.description())));
    request.audit().success(true);
    return Reply.value(options.isEmpty() ? Map.of() : Map.of("parameters", options)).build();
  }

  @POST
  @Path("getProviderDef")
  public Response postProviderDef() {
    return getProviderDef();
  }

  private Response answer(Providers.Refusal refusal) {
    request.audit().success(refusal.done());
    refusal.message().ifPresent(request.audit()::info);
    return Reply.value(refusal.done())
        .detail(refusal.message().map(m -> Map.of("message", m)).orElse(null))
        .build();
  }
}
