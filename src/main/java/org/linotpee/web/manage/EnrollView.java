package org.linotpee.web.manage;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.api.PageRequest;
import org.linotpee.enrollment.Enrollment;
import org.linotpee.enrollment.QrCode;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.EnrollmentForm;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.web.Actions;
import org.linotpee.web.Messages;
import org.linotpee.web.Once;
import org.linotpee.web.Texts;

/**
 * Makes a token (spec 10 section 2.7): first the type is chosen, then its form is filled in, then
 * what the owner needs is shown once. Everything special about a type comes from its {@link
 * EnrollmentForm}.
 */
@Named
@ViewScoped
public class EnrollView implements Serializable {
  /** A type that can be chosen. */
  public record Choice(String name, String title, String text) {}

  /**
   * What the device takes over.
   *
   * @param picture a QR code of it, as address of an image
   * @param id of the element that shows it as text
   */
  public record Code(String id, String title, String text, String picture) {
    /** Without the text, which may hold a key. */
    @Override
    public String toString() {
      return title;
    }
  }

  /** What the owner of a new token needs. */
  public record Enrolled(String serial, String owner, String mail, List<Code> codes, String seed) {
    /** Without the seed. */
    @Override
    public String toString() {
      return "Enrolled[" + serial + "]";
    }
  }

  private static final long serialVersionUID = 1L;

  @Inject private transient TokenTypes types;
  @Inject private transient Enrollment enrollment;
  @Inject private transient Users users;
  @Inject private transient AdminRights rights;
  @Inject private transient TokenPolicies policies;
  @Inject private transient PageRequest request;
  @Inject private Actions actions;
  @Inject private Messages messages;
  @Inject private Texts texts;
  @Inject private Once once;
  @Inject private TokenWork work;

  private String type = "";
  private String user = "";
  private String description = "";
  private String serial = "";
  private String pin = "";
  private String pinAgain = "";
  private boolean ownKey;
  private boolean randomPin;
  private Map<String, String> values = new HashMap<>();

  /** What was preset from the owner. */
  private final HashMap<String, String> known = new HashMap<>();

  private boolean may(TokenType candidate) {
    return !rights.of("init" + candidate.name().toUpperCase(Locale.ROOT)).nowhere()
        || (candidate.name().equals("hmac") && !rights.of("initETNG").nowhere());
  }

  /** The types that the administrator may enroll. */
  public List<Choice> getChoices() {
    return types.all().stream().filter(this::may).map(this::choice).toList();
  }

  private Choice choice(TokenType of) {
    return new Choice(
        of.name(),
        EnrollmentForm.text(of.name(), texts.locale(), of.storedName()),
        EnrollmentForm.text(of.name() + ".text", texts.locale(), ""));
  }

  private Optional<TokenType> chosen() {
    return types.named(type).filter(this::may);
  }

  /** The chosen type; null if none is, or he may not enroll it. */
  public Choice getChosen() {
    return chosen().map(this::choice).orElse(null);
  }

  /** The fields of its form. */
  public List<EnrollmentForm.Field> getFields() {
    return chosen().map(t -> t.form().fields()).orElse(List.of());
  }

  /** Presets what is known of the owner who was chosen. */
  public void ownerChosen() {
    pin = "";
    pinAgain = "";
    getFields().stream()
        .filter(field -> !field.ownerAttribute().isEmpty())
        .filter(
            field -> Objects.equals(values.get(field.parameter()), known.get(field.parameter())))
        .forEach(field -> values.remove(field.parameter()));
    preset();
  }

  /** Presets what is known of the owner and the first of each choice. */
  public void preset() {
    Optional<User> found = owner();
    randomPin = policies.randomPin(found, List.of(), request.client()).isPresent();
    Map<String, String> owner = attributes(found);
    for (EnrollmentForm.Field field : getFields()) {
      if (field.kind() == EnrollmentForm.Kind.CHOICE) {
        values.putIfAbsent(field.parameter(), field.choices().get(0));
      } else if (!field.ownerAttribute().isEmpty()) {
        String of = owner.getOrDefault(field.ownerAttribute(), "");
        if (values.getOrDefault(field.parameter(), "").isEmpty()) {
          values.put(field.parameter(), of);
          known.put(field.parameter(), of);
        }
      }
    }
  }

  private Optional<User> owner() {
    return !user.isBlank() && users.find(work.named(user)) instanceof UserLookup.Found found
        ? Optional.of(found.user())
        : Optional.empty();
  }

  /** What the administrator may know of the owner. */
  private Map<String, String> attributes(Optional<User> owner) {
    return owner
        .filter(o -> rights.of("userlist").forUser(o.name()))
        .map(User::attributes)
        .orElse(Map.of());
  }

  public String label(EnrollmentForm.Field field) {
    return text(field, "");
  }

  /** An empty text if there is no hint. */
  public String hint(EnrollmentForm.Field field) {
    String own = EnrollmentForm.text(type + "." + field.parameter() + ".hint", texts.locale(), "");
    return own.isEmpty()
        ? EnrollmentForm.text("field." + field.parameter() + ".hint", texts.locale(), "")
        : own;
  }

  /** How a choice is shown. */
  public String option(EnrollmentForm.Field field, String value) {
    return EnrollmentForm.text("field." + field.parameter() + "." + value, texts.locale(), value);
  }

  private String text(EnrollmentForm.Field field, String suffix) {
    String own = EnrollmentForm.text(type + "." + field.parameter() + suffix, texts.locale(), "");
    return own.isEmpty()
        ? EnrollmentForm.text(
            "field." + field.parameter() + suffix, texts.locale(), field.parameter())
        : own;
  }

  /** Makes the token; secrets that were typed are forgotten at once, whatever comes of it. */
  public void enroll() {
    Map<String, String> parameters = parameters();
    boolean same = pin.equals(pinAgain);
    boolean missing =
        getFields().stream()
            .anyMatch(
                f ->
                    f.required()
                        && !parameters.containsKey(f.parameter())
                        && !parameters.containsKey("genkey"));
    pin = "";
    pinAgain = "";
    getFields().stream()
        .filter(f -> f.kind() == EnrollmentForm.Kind.SECRET || f.kind() == EnrollmentForm.Kind.KEY)
        .forEach(f -> values.remove(f.parameter()));
    if (!same) {
      messages.error("tokens.pin.different");
      return;
    }
    if (missing) {
      messages.error("enroll.missing");
      return;
    }
    UserName owner = user.isBlank() ? UserName.NONE : work.named(user);
    actions
        .call(
            "admin/init",
            audit -> {
              audit.user(owner.login(), owner.realm());
              return enrollment.enroll(parameters, owner, audit);
            })
        .ifPresent(
            result -> {
              messages.done("enroll.done", result.serial());
              once.show("enrolled", shown(result, parameters.containsKey("genkey")));
            });
  }

  private Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("type", type);
    chosen().ifPresent(t -> parameters.putAll(t.form().fixed()));
    for (EnrollmentForm.Field field : getFields()) {
      String value = Optional.ofNullable(values.get(field.parameter())).orElse("").trim();
      if (field.kind() == EnrollmentForm.Kind.KEY && !ownKey) {
        parameters.put("genkey", "1");
      } else if (!value.isEmpty()) {
        parameters.put(field.parameter(), value);
      }
    }
    parameters.put(
        "description",
        description.isBlank() ? texts.of("enroll.description.preset") : description.trim());
    if (!serial.isBlank()) {
      parameters.put("serial", serial.trim());
    }
    if (!pin.isEmpty()) {
      parameters.put("pin", pin);
    }
    return parameters;
  }

  private Enrolled shown(Enrollment.Result result, boolean generated) {
    var codes = new ArrayList<Code>();
    result.otpauthUrl().ifPresent(url -> codes.add(code(0, texts.of("enroll.scan"), url)));
    result.more().values().stream()
        .filter(TokenType.Scannable.class::isInstance)
        .map(TokenType.Scannable.class::cast)
        .sorted(Comparator.comparing(code -> String.valueOf(code.order())))
        .forEach(
            what ->
                codes.add(
                    code(
                        codes.size(),
                        texts.or("enroll.code." + what.description(), what.description()),
                        what.value())));
    return new Enrolled(
        result.serial(),
        user.trim(),
        attributes(owner()).getOrDefault("email", ""),
        codes,
        generated ? result.seed().orElse("") : "");
  }

  private static Code code(int number, String title, String text) {
    return new Code(
        "enrolled-url" + (number == 0 ? "" : "-" + number),
        title,
        text,
        "data:image/png;base64," + Base64.getEncoder().encodeToString(QrCode.png(text)));
  }

  /** True if the server gives the token a PIN of its own choice, whatever is typed. */
  public boolean isRandomPin() {
    return randomPin;
  }

  /** True if the form has a key that the server can make. */
  public boolean isKeyed() {
    return getFields().stream().anyMatch(f -> f.kind() == EnrollmentForm.Kind.KEY);
  }

  /** Users whose login begins with a text. */
  public List<String> suggest(String text) {
    return work.suggest(text);
  }

  private static String given(String text) {
    return text == null ? "" : text;
  }

  public String getType() {
    return type;
  }

  public void setType(String name) {
    type = given(name).toLowerCase(Locale.ROOT);
  }

  public String getUser() {
    return user;
  }

  public void setUser(String name) {
    user = given(name);
  }

  public String getDescription() {
    return description;
  }

  public void setDescription(String text) {
    description = given(text);
  }

  public String getSerial() {
    return serial;
  }

  public void setSerial(String text) {
    serial = given(text);
  }

  /** Never rendered. */
  public String getPin() {
    return "";
  }

  public void setPin(String text) {
    pin = given(text);
  }

  /** Never rendered. */
  public String getPinAgain() {
    return "";
  }

  public void setPinAgain(String text) {
    pinAgain = given(text);
  }

  public boolean isOwnKey() {
    return ownKey;
  }

  public void setOwnKey(boolean own) {
    ownKey = own;
  }

  /** What was filled in, by parameter. */
  public Map<String, String> getValues() {
    return values;
  }
}
