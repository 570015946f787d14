package org.linotpee.web.manage;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.linotpee.administration.ManagedTokens;
import org.linotpee.administration.TokenValues;
import org.linotpee.audit.AuditRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Snapshots;
import org.linotpee.enrollment.LostToken;
import org.linotpee.identity.Realms;
import org.linotpee.identity.UserName;
import org.linotpee.identity.UserSearch;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.Validity;
import org.linotpee.web.Actions;
import org.linotpee.web.Messages;
import org.linotpee.web.Once;
import org.linotpee.web.Preferences;

/**
 * What administrators do with tokens (spec 10 section 2.6), with one or with many: the state of the
 * dialogs, and the calls. The view that it belongs to says which tokens are meant.
 */
@Dependent
public class TokenWork implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int SUGGESTIONS = 15;

  @Inject private transient ManagedTokens tokens;
  @Inject private transient LostToken lostTokens;
  @Inject private transient AdminRights rights;
  @Inject private transient Users users;
  @Inject private transient UserSearch search;
  @Inject private transient Snapshots snapshots;
  @Inject private Actions actions;
  @Inject private Messages messages;
  @Inject private Once once;
  @Inject private Preferences preferences;
  @Inject private transient TokenValues values;

  private transient Supplier<List<String>> targets = List::of;
  private transient Supplier<Optional<Collection<String>>> realmsOfTarget = Optional::empty;
  private transient Runnable afterwards = () -> {};

  private String pin = "";
  private String pinAgain = "";
  private String pinKind = "otp";
  private String owner = "";
  private String otp1 = "";
  private String otp2 = "";
  private List<String> realms = new ArrayList<>();
  private String uses = "";
  private String successes = "";
  private String validFrom = "";
  private String validTo = "";
  private boolean changeUses;
  private boolean changeSuccesses;
  private boolean changeFrom;
  private boolean changeTo;
  private String lostType = "password";
  private String source = "";
  private String number = "5";

  /**
   * @param serials of the tokens that are meant
   * @param in the realms of the token, if it is one
   * @param after what the view does when something has changed
   */
  void of(
      Supplier<List<String>> serials, Supplier<Optional<Collection<String>>> in, Runnable after) {
    targets = serials;
    realmsOfTarget = in;
    afterwards = after;
  }

  public List<String> getTargets() {
    return targets.get();
  }

  /** True if the administrator has a right for the token; for several, if he has it anywhere. */
  public boolean may(String action) {
    AdminRights.Scope scope = rights.of(action);
    return realmsOfTarget.get().map(scope::forToken).orElseGet(() -> !scope.nowhere());
  }

  private static ManagedTokens.Selection one(String serial) {
    return new ManagedTokens.Selection(UserName.NONE, Optional.of(serial));
  }

  private boolean something() {
    if (targets.get().isEmpty()) {
      messages.warn("tokens.chooseFirst");
      return false;
    }
    return true;
  }

  private interface Change {
    void on(String serial, AuditRecord audit);
  }

  private void each(String action, String doneKey, Change change) {
    if (something()) {
      actions.each(action, doneKey, targets.get(), change::on);
      afterwards.run();
    }
  }

  // state -----------------------------------------------------------------------------------------

  public void enable() {
    each("admin/enable", "tokens.done.enabled", (s, audit) -> tokens.enable(one(s), audit));
  }

  public void disable() {
    each("admin/disable", "tokens.done.disabled", (s, audit) -> tokens.disable(one(s), audit));
  }

  public void reset() {
    each("admin/reset", "tokens.done.reset", (s, audit) -> tokens.resetFailCounter(one(s), audit));
  }

  public void unassign() {
    each("admin/unassign", "tokens.done.unassigned", tokens::unassign);
  }

  public void remove() {
    each(
        "admin/remove",
        "tokens.done.removed",
        (s, audit) -> tokens.remove(List.of(s), UserName.NONE, audit));
  }

  // PIN -------------------------------------------------------------------------------------------

  /** The PIN of the token, or the one of the device, by {@link #getPinKind}. */
  public void changePin() {
    String wanted = pin;
    boolean same = pin.equals(pinAgain);
    pin = "";
    pinAgain = "";
    if (!same) {
      messages.error("tokens.pin.different");
    } else if (pinKind.equals("otp")) {
      each(
          "admin/set",
          "tokens.done.pin",
          (s, audit) -> tokens.set(one(s), Map.of("pin", wanted), audit));
    } else {
      each(
          "admin/setPin",
          "tokens.done.pin",
          (s, audit) -> tokens.setDevicePins(s, Optional.of(wanted), Optional.empty(), audit));
    }
  }

  /** Gives the token the PIN of another one. */
  public void copyPin() {
    String from = source.trim();
    each("admin/copyTokenPin", "tokens.done.pin", (s, audit) -> tokens.copyPin(from, s, audit));
  }

  // owner -----------------------------------------------------------------------------------------

  /** Users whose login begins with a text, as {@code login@realm}; of realms that he may list. */
  public List<String> suggest(String text) {
    var found = new TreeSet<String>();
    AdminRights.Scope scope = rights.of("userlist");
    int at = text.lastIndexOf('@');
    String login = at < 0 ? text : text.substring(0, at);
    String wanted = at < 0 ? "" : text.substring(at + 1);
    for (Realms.Realm realm : snapshots.current().part(Realms.class).all()) {
      if (scope.inRealm(realm.name()) && realm.name().startsWith(wanted)) {
        search.find(
            search.resolvers(realm.name(), ""),
            Map.of("username", login + "*"),
            user -> {
              found.add(user.getOrDefault("username", "") + "@" + realm.name());
              return found.size() < SUGGESTIONS;
            });
      }
    }
    return List.copyOf(found);
  }

  /** The user whom somebody means who has typed a login, or {@code login@realm} as suggested. */
  UserName named(String typed) {
    String text = typed.trim();
    int at = text.lastIndexOf('@');
    return at > 0
            && snapshots.current().part(Realms.class).named(text.substring(at + 1)).isPresent()
        ? new UserName(text.substring(0, at), text.substring(at + 1))
        : users.requested(text, null, null);
  }

  /** Gives the tokens to the user whose name was typed. */
  public void assign() {
    String wanted = pin;
    pin = "";
    if (!something()) {
      return;
    }
    if (owner.isBlank()) {
      messages.error("tokens.assign.nobody");
      return;
    }
    UserName user = named(owner);
    List<String> serials = targets.get();
    if (actions.perform(
        "admin/assign",
        audit -> {
          audit.user(user.login(), user.realm());
          tokens.assign(serials, user, Optional.of(wanted).filter(p -> !p.isEmpty()), false, audit);
        })) {
      messages.done("tokens.done.assigned", serials.size(), owner.trim());
      owner = "";
      afterwards.run();
    }
  }

  // realms ----------------------------------------------------------------------------------------

  /** The realms that the administrator may put tokens into. */
  public List<String> getRealmChoice() {
    AdminRights.Scope scope = rights.of("manageToken");
    return snapshots.current().part(Realms.class).all().stream()
        .map(Realms.Realm::name)
        .filter(scope::inRealm)
        .toList();
  }

  public void moveToRealms() {
    List<String> names = List.copyOf(realms);
    each(
        "admin/tokenrealm",
        "tokens.done.realms",
        (s, audit) -> tokens.moveToRealms(s, names, audit));
  }

  // resync, validity ------------------------------------------------------------------------------

  public void resync() {
    String first = otp1.trim();
    String second = otp2.trim();
    otp1 = "";
    otp2 = "";
    for (String serial : targets.get()) {
      actions
          .call("admin/resync", audit -> tokens.resync(one(serial), first, second, audit))
          .ifPresent(
              done -> {
                if (done) {
                  messages.done("tokens.done.resync", serial);
                } else {
                  messages.error("tokens.resync.failed", serial);
                }
              });
    }
    afterwards.run();
  }

  /** Changes those limits whose box is ticked; an empty one is removed. */
  public void limit() {
    if (!something()) {
      return;
    }
    var changes = new ArrayList<UnaryOperator<TokenInfo>>();
    try {
      if (changeUses) {
        changes.add(count("count_auth_max", uses));
      }
      if (changeSuccesses) {
        changes.add(count("count_auth_success_max", successes));
      }
      Optional<Instant> from = moment(validFrom, LocalTime.MIDNIGHT);
      Optional<Instant> to = moment(validTo, LocalTime.of(23, 59));
      if (changeFrom
          && changeTo
          && from.isPresent()
          && to.isPresent()
          && to.get().isBefore(from.get())) {
        messages.error("tokens.validity.order");
        return;
      }
      if (changeFrom) {
        changes.add(date("validity_period_start", from));
      }
      if (changeTo) {
        changes.add(date("validity_period_end", to));
      }
    } catch (NumberFormatException | DateTimeException e) {
      messages.error("tokens.validity.wrong");
      return;
    } catch (LinotpException e) {
      messages.failed(e);
      return;
    }
    if (changes.isEmpty()) {
      messages.warn("tokens.validity.nothing");
      return;
    }
    List<String> serials = targets.get();
    if (actions.perform(
        "admin/setValidity",
        audit ->
            tokens.limit(
                serials,
                info -> {
                  TokenInfo changed = info;
                  for (UnaryOperator<TokenInfo> change : changes) {
                    changed = change.apply(changed);
                  }
                  return changed;
                },
                audit))) {
      messages.done("tokens.done.validity", serials.size(), serials.size());
      afterwards.run();
    }
  }

  private static UnaryOperator<TokenInfo> count(String member, String text) {
    if (text.isBlank()) {
      return info -> info.without(member);
    }
    int number = Integer.parseUnsignedInt(text.trim());
    return info -> info.with(member, number);
  }

  /** What was typed in the zone of the browser; a day alone begins, or ends, at this time. */
  private Optional<Instant> moment(String text, LocalTime time) {
    String typed = text.trim();
    if (typed.isEmpty()) {
      return Optional.empty();
    }
    LocalDateTime local =
        typed.contains("T") ? LocalDateTime.parse(typed) : LocalDate.parse(typed).atTime(time);
    return Optional.of(local.atZone(preferences.getZone()).toInstant());
  }

  /** A moment as the field of a form has it, in the zone of the browser. */
  String typed(Optional<Instant> moment) {
    return moment
        .map(
            at ->
                at.atZone(preferences.getZone())
                    .toLocalDateTime()
                    .truncatedTo(ChronoUnit.MINUTES)
                    .toString())
        .orElse("");
  }

  private static UnaryOperator<TokenInfo> date(String member, Optional<Instant> moment) {
    if (moment.isEmpty()) {
      return info -> info.without(member);
    }
    String stored = Validity.ofEpochSeconds(moment.get().getEpochSecond());
    return info -> info.with(member, stored);
  }

  // lost ------------------------------------------------------------------------------------------

  /** Issues a temporary token for the lost one; what its owner is told is shown once. */
  public void replaceLost() {
    for (String serial : targets.get()) {
      actions
          .call(
              "admin/losttoken",
              audit ->
                  lostTokens.replace(
                      serial,
                      new LostToken.Wish(lostType, Optional.empty(), Optional.empty()),
                      audit))
          .ifPresent(replacement -> once.show("replacement", replacement));
    }
    afterwards.run();
  }

  // values ----------------------------------------------------------------------------------------

  /** True if values may be read at all, and by this administrator. */
  public boolean isReadingValues() {
    return snapshots.current().configuration().flag("linotpGetotp.active", false) && may("getotp");
  }

  /** Shows the next values of the token, once. */
  public void readValues() {
    for (String serial : targets.get()) {
      actions
          .call("gettoken/getmultiotp", audit -> several(serial, audit))
          .ifPresent(several -> once.show("values", several));
    }
  }

  private TokenValues.Several several(String serial, AuditRecord audit) {
    try {
      return values.several(
          serial, Integer.parseUnsignedInt(number.trim()), Optional.empty(), audit);
    } catch (NumberFormatException e) {
      throw LinotpException.unclassified("the number of values is no number");
    } catch (TokenValues.NoValues e) {
      throw LinotpException.unclassified(e.getMessage());
    }
  }

  /** How many values are wanted. */
  public String getNumber() {
    return number;
  }

  public void setNumber(String given) {
    number = text(given);
  }

  // fields of the dialogs -------------------------------------------------------------------------

  private static String text(String given) {
    return given == null ? "" : given;
  }

  /** Never rendered. */
  public String getPin() {
    return "";
  }

  public void setPin(String given) {
    pin = text(given);
  }

  /** Never rendered. */
  public String getPinAgain() {
    return "";
  }

  public void setPinAgain(String given) {
    pinAgain = text(given);
  }

  /** {@code otp}, or {@code device} for the PIN of a mOTP or OCRA2 device. */
  public String getPinKind() {
    return pinKind;
  }

  public void setPinKind(String kind) {
    pinKind = text(kind);
  }

  public String getOwner() {
    return owner;
  }

  public void setOwner(String typed) {
    owner = text(typed);
  }

  public String getOtp1() {
    return otp1;
  }

  public void setOtp1(String given) {
    otp1 = text(given);
  }

  public String getOtp2() {
    return otp2;
  }

  public void setOtp2(String given) {
    otp2 = text(given);
  }

  public List<String> getRealms() {
    return realms;
  }

  public void setRealms(List<String> names) {
    realms = names == null ? new ArrayList<>() : new ArrayList<>(names);
  }

  public String getUses() {
    return uses;
  }

  public void setUses(String number) {
    uses = text(number);
  }

  public String getSuccesses() {
    return successes;
  }

  public void setSuccesses(String number) {
    successes = text(number);
  }

  public String getValidFrom() {
    return validFrom;
  }

  public void setValidFrom(String date) {
    validFrom = text(date);
  }

  public String getValidTo() {
    return validTo;
  }

  public void setValidTo(String date) {
    validTo = text(date);
  }

  public boolean isChangeUses() {
    return changeUses;
  }

  public void setChangeUses(boolean change) {
    changeUses = change;
  }

  public boolean isChangeSuccesses() {
    return changeSuccesses;
  }

  public void setChangeSuccesses(boolean change) {
    changeSuccesses = change;
  }

  public boolean isChangeFrom() {
    return changeFrom;
  }

  public void setChangeFrom(boolean change) {
    changeFrom = change;
  }

  public boolean isChangeTo() {
    return changeTo;
  }

  public void setChangeTo(boolean change) {
    changeTo = change;
  }

  /** {@code password}, {@code email} or {@code sms}. */
  public String getLostType() {
    return lostType;
  }

  public void setLostType(String type) {
    lostType = text(type);
  }

  public String getSource() {
    return source;
  }

  public void setSource(String serial) {
    source = text(serial);
  }
}
