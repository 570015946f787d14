package org.linotpee.web.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.delivery.Delivery;
import org.linotpee.delivery.ProviderClass;
import org.linotpee.delivery.ProviderClasses;
import org.linotpee.delivery.ProviderMask;
import org.linotpee.delivery.ProviderSettings;
import org.linotpee.delivery.ProviderTest;
import org.linotpee.delivery.ProviderType;
import org.linotpee.delivery.Providers;
import org.linotpee.policy.AdminRights;
import org.linotpee.web.Actions;

/** Providers of messages, and the form of one (spec 10 section 2.13). */
@Named
@ViewScoped
public class ProviderView implements Serializable {
  /** The providers of a type. */
  public record Part(String type, List<Row> rows) implements Serializable {}

  /** A provider as it is listed; none of its settings. */
  public record Row(
      String type, String name, String className, String timeout, boolean managed, boolean standard)
      implements Serializable {}

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject private transient Providers providers;
  @Inject private transient ProviderClasses classes;
  @Inject private transient Delivery delivery;
  @Inject private transient AuditTrail auditTrail;
  @Inject private transient AdminRights rights;
  @Inject private Actions actions;

  private String type = "sms";
  private String stored = "";
  private String name = "";
  private String className = "";
  private String timeout = "120";
  private String config = "{}";
  private boolean raw;
  private final HashMap<String, String> fields = new HashMap<>();
  private final HashSet<String> masked = new HashSet<>();
  private boolean standard;
  private boolean managed;
  private String recipient = "";
  private String message = "";
  private ProviderTest result;
  private String doomed = "";

  private ProviderType typeOf() {
    return ProviderType.named(type)
        .orElseThrow(() -> LinotpException.unclassified("unknown provider type '" + type + "'"));
  }

  // the list ------------------------------------------------------------------------------------

  public List<Part> getParts() {
    return Arrays.stream(ProviderType.values())
        .map(
            t ->
                new Part(
                    t.key(),
                    providers.all(t).values().stream()
                        .map(
                            d ->
                                new Row(
                                    t.key(),
                                    d.name(),
                                    d.className(),
                                    d.timeout(),
                                    d.managed(),
                                    d.isDefault()))
                        .toList()))
        .toList();
  }

  public boolean isWriting() {
    return rights.may("system", "write");
  }

  /** Which provider the question is about. */
  public void ask(String ofType, String provider) {
    type = ofType;
    doomed = provider;
  }

  public String getDoomed() {
    return doomed;
  }

  public void delete() {
    String provider = doomed;
    if (refused(
        "system/delProvider",
        audit ->
            providers.delete(
                typeOf(), provider, Optional.empty(), em -> store(em, audit, provider)))) {
      actions.messages().done("providers.deleted", provider);
    }
  }

  public void choose(String ofType, String provider) {
    type = ofType;
    if (refused(
        "system/setDefaultProvider",
        audit -> providers.makeDefault(typeOf(), provider, em -> store(em, audit, provider)))) {
      actions.messages().done("providers.chosen", provider);
    }
  }

  private void store(jakarta.persistence.EntityManager em, AuditRecord audit, String provider) {
    auditTrail.store(em, audit.success(true).info(type + " provider " + provider));
  }

  private boolean refused(
      String action, java.util.function.Function<AuditRecord, Providers.Refusal> work) {
    return actions.perform(
        action,
        audit -> {
          Providers.Refusal refusal = work.apply(audit);
          if (!refusal.done()) {
            throw LinotpException.unclassified(
                refusal.message().orElse("there is no such provider"));
          }
        });
  }

  // settings as fields --------------------------------------------------------------------------

  /** True if a setting is typed unseen. */
  public boolean secret(ProviderClass.Option option) {
    return option.kind().equals("string") && ProviderMask.secret(option.name());
  }

  /** True if the settings are edited as the text that is stored. */
  public boolean isRaw() {
    return raw || getOptions().isEmpty();
  }

  /** What was typed, by setting; secrets only until they are stored. */
  public Map<String, String> getFields() {
    return fields;
  }

  /** True if a secret is kept unless another one is typed. */
  public boolean kept(ProviderClass.Option option) {
    return masked.contains(option.name());
  }

  /** Goes on with the text, or with fields. */
  public void turn() {
    actions.look(
        () -> {
          if (raw) {
            intoFields();
          } else {
            config = written();
          }
          raw = !raw;
          return config;
        });
  }

  private void intoFields() {
    fields.clear();
    masked.clear();
    JsonNode settings = ProviderSettings.parse(name, timeout, config).config();
    for (ProviderClass.Option option : getOptions()) {
      JsonNode value = settings.path(option.name());
      String text =
          value.isMissingNode() || value.isNull()
              ? ""
              : value.isValueNode() ? value.asText() : value.toPrettyString();
      if (secret(option)) {
        if (text.equals(ProviderMask.MASK)) {
          masked.add(option.name());
        }
        text = "";
      }
      fields.put(option.name(), text);
    }
  }

  /** The settings as text; what the class does not know stays as it is. */
  private String written() {
    ObjectNode written = ProviderSettings.parse(name, timeout, config).config().deepCopy();
    for (ProviderClass.Option option : getOptions()) {
      String typed = fields.getOrDefault(option.name(), "");
      String text = typed == null ? "" : typed.trim();
      if (!text.isEmpty()) {
        written.set(option.name(), value(option, text));
      } else if (!masked.contains(option.name())) {
        written.remove(option.name());
      }
    }
    return written.toPrettyString();
  }

  private static JsonNode value(ProviderClass.Option option, String text) {
    return switch (option.kind()) {
      case "number", "boolean", "object", "array" -> json(option, text);
      default -> TextNode.valueOf(text);
    };
  }

  private static JsonNode json(ProviderClass.Option option, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw LinotpException.unclassified(
          "the setting '%s' must be of type %s".formatted(option.name(), option.kind()));
    }
  }

  // the form ------------------------------------------------------------------------------------

  /** Reads the provider that is edited; its secrets stay where they are. */
  public void load() {
    actions.look(
        () -> {
          Optional<Providers.Definition> definition = providers.named(typeOf(), stored);
          definition.ifPresent(
              d -> {
                name = d.name();
                timeout = d.timeout();
                managed = d.managed();
                standard = d.isDefault();
                className =
                    classes.named(d.type(), d.className()).map(ProviderClass::name).orElse("");
                config = d.managed() ? "" : d.config().map(ProviderMask::masked).orElse("{}");
              });
          if (definition.isEmpty()) {
            stored = "";
            className = getClasses().stream().findFirst().orElse("");
            skeleton();
          }
          if (!managed) {
            intoFields();
          }
          return type;
        });
  }

  public List<String> getClasses() {
    return ProviderType.named(type).map(classes::names).orElse(List.of());
  }

  /** The settings that the chosen class understands. */
  public List<ProviderClass.Option> getOptions() {
    return ProviderType.named(type).map(t -> delivery.options(t, className)).orElse(List.of());
  }

  /** Another class has other settings: those that it needs are written down. */
  public void skeleton() {
    config =
        getOptions().stream()
            .filter(ProviderClass.Option::required)
            .map(
                option ->
                    "  \"%s\": %s"
                        .formatted(
                            option.name(),
                            switch (option.kind()) {
                              case "number" -> "0";
                              case "boolean" -> "false";
                              case "object" -> "{}";
                              case "array" -> "[]";
                              default -> "\"\"";
                            }))
            .collect(java.util.stream.Collectors.joining(",\n", "{\n", "\n}"));
    intoFields();
  }

  public String save() {
    boolean done =
        actions.perform(
            "system/setProvider",
            audit -> {
              if (!isRaw()) {
                config = written();
              }
              String known =
                  providers
                      .named(typeOf(), stored)
                      .flatMap(Providers.Definition::config)
                      .orElse("");
              providers.store(
                  new Providers.Change(
                      typeOf(),
                      name.trim(),
                      className,
                      timeout.trim(),
                      Optional.of(ProviderMask.unmasked(config, known)),
                      standard,
                      Optional.empty()),
                  em -> store(em, audit, name.trim()));
            });
    getOptions().stream().filter(this::secret).forEach(o -> fields.put(o.name(), ""));
    if (!done) {
      return null;
    }
    config = "{}";
    actions.messages().done("providers.saved", name.trim());
    actions.messages().keep();
    return "/manage/providers/edit?faces-redirect=true&type="
        + type
        + "&name="
        + java.net.URLEncoder.encode(name.trim(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Tests the stored provider; with a recipient by a message. */
  public void test() {
    result = null;
    actions.perform(
        "system/testProvider",
        audit -> {
          audit.info(type + " provider " + stored);
          result =
              delivery.test(
                  typeOf(),
                  stored,
                  Optional.of(recipient)
                      .filter(to -> !to.isBlank())
                      .map(to -> Delivery.trial(typeOf(), to.trim(), message)));
          audit.success(result.passed());
        });
  }

  public ProviderTest getResult() {
    return result;
  }

  public boolean isManaged() {
    return managed;
  }

  public String getType() {
    return type;
  }

  public void setType(String text) {
    type = text == null ? "" : text;
  }

  public String getStored() {
    return stored;
  }

  public void setStored(String text) {
    stored = text == null ? "" : text;
  }

  public String getName() {
    return name;
  }

  public void setName(String text) {
    name = text == null ? "" : text;
  }

  public String getClassName() {
    return className;
  }

  public void setClassName(String text) {
    className = text == null ? "" : text;
  }

  public String getTimeout() {
    return timeout;
  }

  public void setTimeout(String text) {
    timeout = text == null ? "" : text;
  }

  public String getConfig() {
    return config;
  }

  public void setConfig(String text) {
    config = text == null ? "" : text;
  }

  public boolean isStandard() {
    return standard;
  }

  public void setStandard(boolean on) {
    standard = on;
  }

  public String getRecipient() {
    return recipient;
  }

  public void setRecipient(String text) {
    recipient = text == null ? "" : text;
  }

  public String getMessage() {
    return message;
  }

  public void setMessage(String text) {
    message = text == null ? "" : text;
  }
}
