package org.linotpee.web.manage;

import jakarta.annotation.PostConstruct;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.TokenList;
import org.linotpee.identity.UserName;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Validity;
import org.linotpee.web.Actions;
import org.linotpee.web.Messages;

/** One token: what is known of it, and what can be done with it (spec 10 section 2.8). */
@Named
@ViewScoped
public class TokenView implements Serializable {
  /** A member of the token's info. */
  public record Fact(String name, String value) implements Serializable {}

  /** Shown by their own names in other places, or needed by nobody. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "validity_period_start",
          "validity_period_end",
          "count_auth_max",
          "count_auth_success_max",
          "count_auth",
          "count_auth_success");

  /** What the info may hold that is not for reading. */
  private static final Set<String> HIDDEN =
      Set.of("user_public_key", "user_dsa_public_key", "otp1c", "dueDate");

  private static final long serialVersionUID = 1L;

  @Inject private transient TokenList list;
  @Inject private transient ManagedTokens managed;
  @Inject private transient Clock clock;
  @Inject private transient TokenTypes types;
  @Inject private Actions actions;
  @Inject private Messages messages;
  @Inject private TokenWork work;

  private String serial = "";
  private TokenRow row;
  private List<Fact> facts = List.of();
  private Map<String, String> limits = Map.of();
  private Map<String, String> owner = Map.of();
  private Map<String, String> settings = new LinkedHashMap<>();
  private boolean pinSet;
  private boolean paired;

  @PostConstruct
  void begin() {
    work.of(
        () -> row == null ? List.of() : List.of(row.serial()),
        () -> Optional.ofNullable(row).map(TokenRow::realms),
        this::load);
  }

  /** Reads the token anew; there may be none any more. */
  public void load() {
    row = null;
    actions
        .look(
            () ->
                list.find(
                    new TokenList.Query(
                        Optional.of(serial.replace("*", "")),
                        Optional.empty(),
                        UserName.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "TokenSerialnumber",
                        false,
                        Optional.of(new TokenList.Page(1, 1)))))
        .flatMap(found -> found.entries().stream().findFirst())
        .ifPresent(this::show);
  }

  private void show(TokenList.Entry entry) {
    Token token = entry.token();
    TokenInfo info = token.info();
    row = TokenRow.of(entry, clock.instant());
    owner = entry.owner().orElse(Map.of());
    pinSet = !token.sealedPin().isEmpty();
    paired = types.of(token).map(type -> type.canBeUnpaired(token)).orElse(false);
    var shown = new ArrayList<Fact>();
    info.toJson()
        .properties()
        .forEach(
            member -> {
              if (!ELSEWHERE.contains(member.getKey()) && !HIDDEN.contains(member.getKey())) {
                shown.add(
                    new Fact(
                        member.getKey(),
                        member.getValue().isValueNode()
                            ? member.getValue().asText()
                            : member.getValue().toString()));
              }
            });
    facts = shown;
    var limited = new LinkedHashMap<String, String>();
    ELSEWHERE.forEach(name -> limited.put(name, info.get(name).orElse("")));
    limited.put("from", moment(info, "validity_period_start"));
    limited.put("to", moment(info, "validity_period_end"));
    limits = limited;
    work.setUses(limited.get("count_auth_max"));
    work.setSuccesses(limited.get("count_auth_success_max"));
    work.setValidFrom(work.typed(info.get("validity_period_start").flatMap(Validity::parse)));
    work.setValidTo(work.typed(info.get("validity_period_end").flatMap(Validity::parse)));
    work.setRealms(row.realms());
    settings = new LinkedHashMap<>();
    settings.put("description", token.description());
    settings.put("maxfailcount", String.valueOf(token.maxFail()));
    settings.put("otplen", String.valueOf(token.otpLength()));
    settings.put("counterwindow", String.valueOf(token.counterWindow()));
    settings.put("syncwindow", String.valueOf(token.syncWindow()));
    for (String name : List.of("hashlib", "timeStep", "timeWindow", "timeShift", "phone")) {
      info.get(name)
          .ifPresent(value -> settings.put(name.toLowerCase(java.util.Locale.ROOT), value));
    }
    before = Map.copyOf(settings);
  }

  private Map<String, String> before = Map.of();

  private static String moment(TokenInfo info, String name) {
    return info.get(name).flatMap(Validity::parse).map(Object::toString).orElse("");
  }

  /** Changes what was changed in the form, and only that. */
  public void save() {
    var changes = new LinkedHashMap<String, String>();
    settings.forEach(
        (name, value) -> {
          if (!String.valueOf(value).equals(before.get(name))) {
            changes.put(name, value == null ? "" : value);
          }
        });
    if (changes.isEmpty()) {
      messages.warn("token.nothingChanged");
      return;
    }
    if (actions.perform(
        "admin/set",
        audit ->
            managed.set(
                new ManagedTokens.Selection(UserName.NONE, Optional.of(row.serial())),
                changes,
                audit))) {
      messages.done("token.saved", row.serial());
      load();
    }
  }

  /** Takes the device away, so that another one can be paired. */
  public void unpair() {
    if (actions.perform(
        "admin/unpair",
        audit ->
            managed.unpair(
                new ManagedTokens.Selection(UserName.NONE, Optional.of(row.serial())), audit))) {
      messages.done("token.unpaired", row.serial());
      load();
    }
  }

  /** Deletes the token and goes back to the list. */
  public String remove() {
    work.remove();
    if (row != null) {
      return null;
    }
    messages.keep();
    return "/manage/tokens/index.xhtml?faces-redirect=true";
  }

  public String getSerial() {
    return serial;
  }

  public void setSerial(String text) {
    serial = text == null ? "" : text;
  }

  /** The token; null if there is none of the serial that the administrator may see. */
  public TokenRow getRow() {
    return row;
  }

  public List<Fact> getFacts() {
    return facts;
  }

  public Map<String, String> getLimits() {
    return limits;
  }

  /** Attributes of the owner. */
  public Map<String, String> getOwner() {
    return owner;
  }

  /** What the form changes, by the names that {@code admin/set} has for it. */
  public Map<String, String> getSettings() {
    return settings;
  }

  public List<String> getSettingNames() {
    return List.copyOf(settings.keySet());
  }

  public boolean isPinSet() {
    return pinSet;
  }

  /** True if there is a device that can be taken away. */
  public boolean isPaired() {
    return paired;
  }

  public TokenWork getWork() {
    return work;
  }
}
