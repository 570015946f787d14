package org.linotpee.administration;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.linotpee.audit.AuditRecord;
import org.linotpee.audit.AuditTrail;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.identity.UserLookup;
import org.linotpee.identity.UserName;
import org.linotpee.identity.Users;
import org.linotpee.policy.AdminRights;
import org.linotpee.reporting.Reports;
import org.linotpee.token.Notifications;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenPolicies;
import org.linotpee.token.TokenSecrets;
import org.linotpee.token.TokenType;
import org.linotpee.token.TokenTypes;
import org.linotpee.token.Tokens;

/**
 * What administrators do with tokens (spec 03 sections 4 and 5). Each change is one transaction
 * with its audit row; user stores are asked before it begins.
 */
@Service
public class ManagedTokens {
  private static final String KEEP_PIN = "token.keep_pin_on_unassign";

  /** As LinOTP 3: most particulars, and the validity, need no right (section 5.7). */
  private static final String UNGATED = "token.set_without_right";

  private final Snapshots snapshots;
  private final Users users;
  private final Tokens tokens;
  private final TokenTypes types;
  private final TokenSecrets secrets;
  private final Transactions transactions;
  private final AuditTrail auditTrail;
  private final AdminRights rights;
  private final TokenPolicies policies;
  private final Reports reports;
  private final Notifications notifications;
  private final Clock clock;

  @Inject
  public ManagedTokens(
      Snapshots snapshots,
      Users users,
      Tokens tokens,
      TokenTypes types,
      TokenSecrets secrets,
      Transactions transactions,
      AuditTrail auditTrail,
      AdminRights rights,
      TokenPolicies policies,
      Reports reports,
      Notifications notifications,
      Clock clock) {
    this.snapshots = snapshots;
    this.users = users;
    this.tokens = tokens;
    this.types = types;
    this.secrets = secrets;
    this.transactions = transactions;
    this.auditTrail = auditTrail;
    this.rights = rights;
    this.policies = policies;
    this.reports = reports;
    this.notifications = notifications;
    this.clock = clock;
  }

  /**
   * Which tokens are meant: those of a serial (in which {@code *} is any text) or, without one, all
   * of a user.
   */
  public record Selection(UserName user, Optional<String> serial) {
    public Selection {
      serial = serial.filter(s -> !s.isEmpty());
    }
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  private Configuration configuration() {
    return snapshots.current().configuration();
  }

  private TokenType.CheckContext context() {
    return new TokenType.CheckContext(configuration(), clock.instant());
  }

  // selecting -------------------------------------------------------------------------------------

  /** A right of the administrator, and how refusals name it. */
  private record Right(AdminRights.Scope scope, String verb) {
    /** Requires it for a token in these realms. */
    void require(Token token, Collection<String> realms) {
      if (!scope.forToken(realms)) {
        throw AdminRights.denied(verb + " token " + token.serial());
      }
    }
  }

  private Right right(String action, String verb) {
    return new Right(rights.of(action), verb);
  }

  /** The right to change particulars; with the old switch all but four of them are free. */
  private Right setting(boolean gated, String verb) {
    return !gated && configuration().flag(UNGATED, false)
        ? new Right(new AdminRights.Scope(true, Set.of(), Set.of(), realms()), verb)
        : right("set", verb);
  }

  private record Selected(
      Selection selection, Optional<User> user, Map<OwnerKey, String> logins, Right right) {}

  /**
   * Asks policies and user stores, before the transaction, for what the transaction will need.
   *
   * @throws LinotpException 410 if the administrator has no such right for the user
   */
  private Selected prepare(Selection selection, Right right) {
    if (selection.serial().isEmpty() && !right.scope().forUser(selection.user())) {
      throw AdminRights.denied(
          right.verb()
              + " tokens of user "
              + selection.user().login()
              + " in realm "
              + selection.user().realm());
    }
    Optional<User> user =
        selection.serial().isEmpty()
                && users.find(selection.user()) instanceof UserLookup.Found found
            ? Optional.of(found.user())
            : Optional.empty();
    return new Selected(
        selection, user, selection.serial().map(s -> logins(List.of(s))).orElse(Map.of()), right);
  }

  /** The login names of the owners of tokens. */
  private Map<OwnerKey, String> logins(Collection<String> serials) {
    Set<OwnerKey> owners =
        transactions.required(
            em ->
                serials.stream()
                    .flatMap(serial -> tokens.bySerialPattern(em, serial).stream())
                    .flatMap(token -> token.owner().stream())
                    .collect(Collectors.toSet()));
    return users.attributes(owners).entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getOrDefault("username", "")));
  }

  /** The selected tokens, for each of which the administrator must have the right. */
  private List<Token> lock(EntityManager em, Selected selected) {
    Optional<String> serial = selected.selection().serial();
    if (serial.isEmpty()) {
      return selected.user().map(user -> tokens.lockOfUser(em, user, realms())).orElse(List.of());
    }
    List<Token> locked = tokens.lockBySerial(em, serial.get());
    if (locked.isEmpty() && !selected.right().scope().everywhere()) {
      tokens.lockOne(em, serial.get());
    }
    return allowed(em, locked, selected.right());
  }

  /** The realms of tokens, as reports name them. */
  private Set<String> reported(EntityManager em, List<Token> concerned) {
    return Reports.realms(tokens.realmsOf(em, concerned, realms()).values());
  }

  private List<Token> allowed(EntityManager em, List<Token> locked, Right right) {
    Map<Long, Set<String>> in = tokens.realmsOf(em, locked, realms());
    locked.forEach(token -> right.require(token, in.get(token.id())));
    return locked;
  }

  private List<Token> lockAll(EntityManager em, Collection<String> serials, Right right) {
    return allowed(
        em,
        new LinkedHashSet<>(serials).stream().sorted().map(s -> tokens.lockOne(em, s)).toList(),
        right);
  }

  private Token lockOne(EntityManager em, String serial, Right right) {
    return allowed(em, List.of(tokens.lockOne(em, serial)), right).get(0);
  }

  /** Runs a change; its audit row is stored with it. */
  private <T> T audited(AuditRecord audit, Function<EntityManager, T> work) {
    return transactions.required(
        em -> {
          T result = work.apply(em);
          auditTrail.store(em, audit);
          return result;
        });
  }

  /** Tells the audit row which tokens were touched, and whose they are. */
  private void describe(
      EntityManager em, AuditRecord audit, List<Token> touched, Map<OwnerKey, String> logins) {
    if (touched.isEmpty()) {
      return;
    }
    audit.serial(touched.stream().map(Token::serial).collect(Collectors.joining(" ")));
    audit.tokenType(
        touched.stream().map(Token::type).distinct().sorted().collect(Collectors.joining(", ")));
    var names = new TreeSet<String>();
    touched.forEach(t -> t.owner().map(logins::get).ifPresent(names::add));
    var in = new TreeSet<String>();
    tokens.realmsOf(em, touched, realms()).values().forEach(in::addAll);
    audit.user(
        names.isEmpty() ? audit.login() : String.join(", ", names),
        in.isEmpty() ? audit.realm() : String.join(", ", in));
  }

  /** What was done to tokens of these realms is counted. */
  private void countInto(
      EntityManager em, AuditRecord audit, String detail, Collection<String> touched) {
    em.flush();
    reports.record(em, audit.action().substring(audit.action().lastIndexOf('/') + 1), touched);
    audit.actionDetail(detail + "tokennum = " + tokens.countActive(em));
  }

  // owner and realms ------------------------------------------------------------------------------

  /**
   * Gives tokens an owner and his realms; with a PIN, that as well.
   *
   * @throws LinotpException 1112 unknown user, 1102 unknown serial; nothing changes then
   */
  public void assign(
      Collection<String> serials,
      UserName owner,
      Optional<String> pin,
      boolean reversiblePin,
      AuditRecord audit) {
    audit.serial(String.join(" ", serials));
    Right right = right("assign", "assign");
    User user = users.requireOwner(owner);
    List<String> names = Tokens.realmsOf(user, realms());
    boolean reversible =
        reversiblePin || policies.reversiblePins(Optional.of(user), names, audit.client());
    var letters = new ArrayList<Notifications.Letter>();
    audited(
        audit,
        em -> {
          List<Token> locked = lockAll(em, serials, right);
          if (!right.scope().forUser(owner)) {
            throw AdminRights.denied("assign tokens to user " + owner.login());
          }
          policies.awaitTurn(em, names);
          var touched = new TreeSet<>(reported(em, locked));
          touched.addAll(names);
          for (Token token : locked) {
            policies.requireRoomForUser(em, user, token.type(), audit.client());
            token.assign(user.owner());
            tokens.setRealms(em, token, names, realms());
            policies
                .randomPin(Optional.of(user), names, audit.client())
                .or(() -> pin)
                .ifPresent(
                    text -> {
                      secrets.changePin(token, text, reversible);
                      newPin(token, Set.copyOf(names), text).ifPresent(letters::add);
                    });
            token.resetFailCount();
            em.flush();
          }
          policies.requireRoomInRealms(em, names, 0, TokenPolicies.Occasion.ENROLLMENT);
          describe(em, audit, locked, Map.of(user.owner(), owner.login()));
          countInto(em, audit.success(true), "", touched);
          return null;
        });
    notifications.sendAll(letters, audit.client());
  }

  /** To be told to the owner, if there is one and he knows the PIN not yet. */
  private static Optional<Notifications.Letter> newPin(Token token, Set<String> in, String pin) {
    return token
        .owner()
        .filter(owner -> !pin.isEmpty())
        .map(
            owner ->
                new Notifications.Letter(
                    new Notifications.Notice(
                        Notifications.Event.PIN, token.serial(), token.type(), Optional.of(pin)),
                    owner,
                    in));
  }

  /**
   * Takes the owner away. The PIN goes with him (manual), unless {@code token.keep_pin_on_unassign}
   * is set; realms and state stay.
   *
   * @throws LinotpException 1102 unknown serial
   */
  public void unassign(String serial, AuditRecord audit) {
    audit.serial(serial);
    Right right = right("unassign", "unassign");
    Map<OwnerKey, String> logins = logins(List.of(serial));
    audited(
        audit,
        em -> {
          Token token = lockOne(em, serial, right);
          describe(em, audit, List.of(token), logins);
          token.unassign();
          token.resetFailCount();
          if (!configuration().flag(KEEP_PIN, false)) {
            token.sealedPin("");
          }
          countInto(em, audit.success(true), "", reported(em, List.of(token)));
          return null;
        });
  }

  /** Replaces the realms of a token; names that are no realm are dropped. Always 1. */
  public int moveToRealms(String serial, List<String> names, AuditRecord audit) {
    audit.serial(serial);
    Map<OwnerKey, String> logins = logins(List.of(serial));
    AdminRights.Scope right = rights.of("manageToken");
    return audited(
        audit,
        em -> {
          Token token = tokens.lockOne(em, serial);
          Set<String> before = tokens.realmsOf(em, token, realms());
          requireInAll(right, serial, before);
          requireInAll(right, serial, existing(names));
          describe(em, audit, List.of(token), logins);
          var added = new TreeSet<>(existing(names));
          added.removeAll(before);
          policies.requireRoomInRealms(em, added, 1, TokenPolicies.Occasion.MOVING);
          Set<String> after = tokens.setRealms(em, token, names, realms());
          audit.realm(String.join(", ", after)).info("From " + before + " to " + after);
          countInto(em, audit.success(true), "", Reports.realms(List.of(before, after)));
          return 1;
        });
  }

  private static void requireInAll(
      AdminRights.Scope right, String serial, Collection<String> names) {
    if (!names.stream().allMatch(right::inRealm)) {
      throw AdminRights.denied("manage token " + serial + " in the realms " + names);
    }
  }

  private List<String> existing(Collection<String> names) {
    return names.stream()
        .map(name -> realms().named(name.trim()))
        .flatMap(Optional::stream)
        .map(Realms.Realm::name)
        .toList();
  }

  /** Gives one token the OTP PIN of another. */
  public void copyPin(String from, String to, AuditRecord audit) {
    copy(
        from,
        to,
        audit,
        right("copytokenpin", "copy the PIN of"),
        (em, source, target) -> secrets.copyPin(source, target),
        false);
  }

  /** Gives one token the owner and the realms of another. */
  public void copyOwner(String from, String to, AuditRecord audit) {
    Optional<User> owner = ownerOf(from);
    copy(
        from,
        to,
        audit,
        right("copytokenuser", "copy the user of"),
        (em, source, target) -> {
          owner
              .filter(user -> !source.owner().equals(target.owner()))
              .ifPresent(
                  user -> policies.requireRoomForUser(em, user, target.type(), audit.client()));
          Set<String> added = new TreeSet<>(tokens.realmsOf(em, source, realms()));
          added.removeAll(tokens.realmsOf(em, target, realms()));
          if (target.active()) {
            policies.requireRoomInRealms(em, added, 1, TokenPolicies.Occasion.MOVING);
          }
          source.owner().ifPresentOrElse(target::assign, target::unassign);
          tokens.setRealms(em, target, tokens.realmsOf(em, source, realms()), realms());
        },
        true);
  }

  private interface Copying {
    void copy(EntityManager em, Token source, Token target);
  }

  /** The owner of a token as a user of the first realm that knows him. */
  private Optional<User> ownerOf(String serial) {
    Optional<OwnerKey> owner =
        transactions.required(em -> tokens.bySerial(em, serial)).flatMap(Token::owner);
    Optional<Map<String, String>> attributes = owner.flatMap(users::attributes);
    return attributes
        .filter(a -> a.containsKey("username"))
        .map(
            a ->
                users.find(new UserName(a.get("username"), "", owner.orElseThrow().resolverName())))
        .filter(UserLookup.Found.class::isInstance)
        .map(found -> ((UserLookup.Found) found).user());
  }

  private void copy(
      String from, String to, AuditRecord audit, Right right, Copying copying, boolean counted) {
    audit.serial(to);
    Map<OwnerKey, String> logins = logins(List.of(from, to));
    audited(
        audit,
        em -> {
          lockAll(em, List.of(from, to), right);
          Token source = tokens.lockOne(em, from);
          Token target = tokens.lockOne(em, to);
          copying.copy(em, source, target);
          em.flush();
          describe(em, audit, List.of(target), logins);
          audit.success(true).actionDetail("from " + from);
          if (counted) {
            countInto(em, audit, "from " + from, reported(em, List.of(target)));
          }
          return null;
        });
  }

  // state -----------------------------------------------------------------------------------------

  /**
   * Lets tokens be used again; the number of them.
   *
   * @throws LinotpException 1102 if there is no token of the serial
   */
  public int enable(Selection selection, AuditRecord audit) {
    selection.serial().ifPresent(audit::serial);
    Selected selected = prepare(selection, right("enable", "enable"));
    return audited(
        audit,
        em -> {
          List<Token> locked = lock(em, selected);
          if (locked.isEmpty() && selection.serial().isPresent()) {
            tokens.lockOne(em, selection.serial().get());
          }
          var concerned = new TreeSet<String>();
          tokens
              .realmsOf(em, locked.stream().filter(t -> !t.active()).toList(), realms())
              .values()
              .forEach(concerned::addAll);
          int number = changeAll(em, audit, selected, locked, token -> token.active(true), true);
          policies.requireRoomInRealms(em, concerned, 0, TokenPolicies.Occasion.ENABLING);
          return number;
        });
  }

  /** Keeps tokens from being used; the number of them. */
  public int disable(Selection selection, AuditRecord audit) {
    return forAll(
        selection, right("disable", "disable"), audit, token -> token.active(false), true);
  }

  /** Forgets the failed attempts of tokens; the number of them. */
  public int resetFailCounter(Selection selection, AuditRecord audit) {
    return forAll(selection, right("reset", "reset"), audit, Token::resetFailCount, false);
  }

  private int forAll(
      Selection selection,
      Right right,
      AuditRecord audit,
      Consumer<Token> change,
      boolean counted) {
    selection.serial().ifPresent(audit::serial);
    Selected selected = prepare(selection, right);
    return audited(
        audit, em -> changeAll(em, audit, selected, lock(em, selected), change, counted));
  }

  private int changeAll(
      EntityManager em,
      AuditRecord audit,
      Selected selected,
      List<Token> locked,
      Consumer<Token> change,
      boolean counted) {
    locked.forEach(change);
    describe(em, audit, locked, selected.logins());
    audit.success(!locked.isEmpty());
    if (counted) {
      countInto(em, audit, "", reported(em, locked));
    }
    return locked.size();
  }

  /**
   * Deletes the tokens of these serials, and those of the user if there is one.
   *
   * @throws LinotpException 1102 if a serial is unknown; nothing is deleted then
   */
  public int remove(Collection<String> serials, UserName userName, AuditRecord audit) {
    audit.serial(String.join(" ", serials));
    Optional<User> user =
        users.find(userName) instanceof UserLookup.Found found
            ? Optional.of(found.user())
            : Optional.empty();
    Map<OwnerKey, String> logins = logins(serials);
    Right right = right("remove", "remove");
    return audited(
        audit,
        em -> {
          var doomed = new LinkedHashSet<>(lockAll(em, serials, right));
          user.ifPresent(
              u -> doomed.addAll(allowed(em, tokens.lockOfUser(em, u, realms()), right)));
          describe(em, audit, List.copyOf(doomed), logins);
          Set<String> touched = reported(em, List.copyOf(doomed));
          doomed.forEach(token -> tokens.delete(em, token));
          audit.success(!doomed.isEmpty());
          countInto(em, audit, "", touched);
          return doomed.size();
        });
  }

  /** Moves tokens to two consecutive values; true if one of them could be. */
  public boolean resync(Selection selection, String otp1, String otp2, AuditRecord audit) {
    selection.serial().ifPresent(audit::serial);
    Selected selected = prepare(selection, right("resync", "resync"));
    return audited(
        audit,
        em -> {
          List<Token> locked = lock(em, selected);
          boolean any = false;
          for (Token token : locked) {
            any |= types.of(token).map(t -> t.resync(token, otp1, otp2, context())).orElse(false);
          }
          describe(em, audit, locked, selected.logins());
          audit.success(any);
          return any;
        });
  }

  /**
   * Takes the device of a token away, so that another can be paired.
   *
   * @throws LinotpException if the selection is not exactly one token of a type with devices
   */
  public void unpair(Selection selection, AuditRecord audit) {
    selection.serial().ifPresent(audit::serial);
    Selected selected = prepare(selection, right("unpair", "unpair"));
    audited(
        audit,
        em -> {
          List<Token> locked = lock(em, selected);
          if (locked.size() != 1) {
            throw LinotpException.unclassified(
                "exactly one token can be unpaired, not " + locked.size());
          }
          Token token = locked.get(0);
          types
              .of(token)
              .orElseThrow(() -> LinotpException.unclassified("unknown type " + token.type()))
              .unpair(token);
          describe(em, audit, locked, selected.logins());
          audit.success(true);
          return null;
        });
  }

  // particulars -----------------------------------------------------------------------------------

  /**
   * Changes particulars of tokens (section 5.7).
   *
   * @param changes by lower-case name, as the request has them
   * @return {@code set <name>} and the number of tokens, for each change that was made
   * @throws LinotpException 77 if nothing known is to be changed, -311 if a value is wrong; nothing
   *     changes then
   */
  public Map<String, Integer> set(
      Selection selection, Map<String, String> changes, AuditRecord audit) {
    selection.serial().ifPresent(audit::serial);
    boolean pin = changes.containsKey("pin");
    boolean others =
        java.util.Arrays.stream(TokenParticular.values())
            .map(TokenParticular::parameter)
            .anyMatch(name -> !name.equals("pin") && changes.containsKey(name));
    boolean gated =
        java.util.Arrays.stream(TokenParticular.values())
            .filter(TokenParticular::alwaysNeedsRight)
            .anyMatch(particular -> changes.containsKey(particular.parameter()));
    Right setting = setting(gated, "set properties of");
    Right settingPin = right("setOTPPIN", "set the OTP PIN of");
    Selected selected = prepare(selection, pin ? settingPin : setting);
    if (pin && others) {
      prepare(selection, setting);
    }
    boolean asked = "true".equalsIgnoreCase(changes.get("encryptpin"));
    var letters = new ArrayList<Notifications.Letter>();
    Map<String, Integer> result =
        audited(
            audit,
            em -> {
              List<Token> locked = lock(em, selected);
              if (others && selection.serial().isPresent()) {
                allowed(em, locked, setting);
              }
              boolean reversible =
                  asked || (pin && reversiblePins(em, locked, selected.user(), audit.client()));
              var done = new LinkedHashMap<String, Integer>();
              var shown = new ArrayList<String>();
              for (TokenParticular particular : TokenParticular.values()) {
                String value = changes.get(particular.parameter());
                if (value != null && !(locked.isEmpty() && particular.ignoredWithoutToken())) {
                  particular.change(
                      locked, value, new TokenParticular.Tools(secrets, types, reversible));
                  done.put("set " + particular.shownName(), locked.size());
                  shown.add(particular.forAudit(value));
                }
              }
              if (done.isEmpty()) {
                throw new LinotpException(77, "Usage: no known parameter was given");
              }
              describe(em, audit, locked, selected.logins());
              audit.success(true).actionDetail(String.join(", ", shown) + ", ");
              if (pin && notifications.any(Notifications.Event.PIN)) {
                Map<Long, Set<String>> in = tokens.realmsOf(em, locked, realms());
                locked.forEach(
                    token ->
                        newPin(token, in.get(token.id()), changes.get("pin"))
                            .ifPresent(letters::add));
              }
              return done;
            });
    notifications.sendAll(letters, audit.client());
    return result;
  }

  private boolean reversiblePins(
      EntityManager em, List<Token> locked, Optional<User> user, String client) {
    return tokens.realmsOf(em, locked, realms()).values().stream()
        .anyMatch(in -> policies.reversiblePins(user, in, client));
  }

  /**
   * Stores user PIN and SO PIN.
   *
   * @throws LinotpException 1102 unknown serial
   */
  public void setDevicePins(
      String serial, Optional<String> userPin, Optional<String> soPin, AuditRecord audit) {
    audit.serial(serial);
    Map<OwnerKey, String> logins = logins(List.of(serial));
    Right smartCards = right("setSCPIN", "set the PINs of");
    Right mobiles = right("setMOTPPIN", "set the PINs of");
    Right ocra = right("setOCRAPIN", "set the PINs of");
    audited(
        audit,
        em -> {
          Token token = tokens.lockOne(em, serial);
          Set<String> in = tokens.realmsOf(em, token, realms());
          if (userPin.isPresent()) {
            Right needed =
                switch (token.type().toLowerCase(java.util.Locale.ROOT)) {
                  case "motp" -> mobiles;
                  case "ocra2" -> ocra;
                  default -> smartCards;
                };
            needed.require(token, in);
          }
          if (soPin.isPresent()) {
            smartCards.require(token, in);
          }
          userPin.ifPresent(pin -> secrets.changeUserPin(token, pin));
          soPin.ifPresent(pin -> secrets.changeSoPin(token, pin));
          describe(em, audit, List.of(token), logins);
          audit
              .success(true)
              .actionDetail(
                  (userPin.isPresent() ? "userpin, " : "") + (soPin.isPresent() ? "sopin, " : ""));
          return null;
        });
  }

  /**
   * Changes the info of tokens, serials that do not exist are skipped.
   *
   * @param change what to do with the info of each
   */
  public void limit(
      Collection<String> serials, Function<TokenInfo, TokenInfo> change, AuditRecord audit) {
    Map<OwnerKey, String> logins = logins(serials);
    Right right = setting(false, "set the validity of");
    audited(
        audit,
        em -> {
          var locked = new ArrayList<Token>();
          new LinkedHashSet<>(serials)
              .stream()
                  .filter(serial -> !serial.contains("*"))
                  .sorted()
                  .forEach(serial -> locked.addAll(tokens.lockBySerial(em, serial)));
          allowed(em, locked, right);
          locked.forEach(token -> token.info(change.apply(token.info())));
          describe(em, audit, locked, logins);
          String list =
              locked.stream().map(t -> "'" + t.serial() + "'").collect(Collectors.joining(", "));
          String detail = "[" + list + "]";
          audit
              .success(true)
              .actionDetail(detail.length() > 80 ? detail.substring(0, 80) : detail)
              .info("set token validity");
          return null;
        });
  }

  // look-ups --------------------------------------------------------------------------------------

  /**
   * The attributes of a token's owner, empty if it has none or he cannot be found.
   *
   * @throws LinotpException 1102 unknown serial, -311 if the owner's user store is in no realm
   */
  public Map<String, String> owner(String serial, AuditRecord audit) {
    audit.serial(serial);
    Right right = right("tokenowner", "see the owner of");
    Token token = transactions.required(em -> lockOne(em, serial, right));
    token
        .owner()
        .filter(key -> realms().resolver(key.resolverName()).isPresent())
        .filter(key -> realms().containing(key.resolverName()).isEmpty())
        .ifPresent(
            key -> {
              throw LinotpException.unclassified(
                  "the owner's user store '" + key.resolverName() + "' is in no realm any more");
            });
    Optional<Map<String, String>> owner = token.owner().flatMap(users::attributes);
    transactions.required(
        em -> {
          describe(
              em,
              audit,
              List.of(token),
              owner
                  .map(a -> Map.of(token.owner().orElseThrow(), a.getOrDefault("username", "")))
                  .orElse(Map.of()));
          return null;
        });
    audit.success(owner.isPresent());
    return owner.orElse(Map.of());
  }

  /** The serial if it is free, else the first of {@code <serial>_01}, {@code _02}, ... that is. */
  public String freeSerial(String serial) {
    return transactions.required(
        em -> {
          String candidate = serial;
          for (int n = 1; !tokens.bySerialPattern(em, candidate).isEmpty(); n++) {
            candidate = String.format(java.util.Locale.ROOT, "%s_%02d", serial, n);
          }
          return candidate;
        });
  }
}
