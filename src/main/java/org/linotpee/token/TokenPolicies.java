package org.linotpee.token;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.Randoms;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.identity.User;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.policy.PolicySubject;

/**
 * What policies of the scope enrollment say about tokens: how many there may be, and their PINs
 * (spec 07 sections 14.2 and 14.3). Limits hold for parallel requests on all nodes: whoever may
 * exceed one locks the realm.
 */
@Service
public class TokenPolicies {
  private static final String SCOPE = "enrollment";
  private static final String SELFSERVICE = "selfservice";
  private static final int TOO_MANY_IN_REALM = 410;
  private static final int TOO_MANY_OF_USER = 411;
  private static final int TOO_MANY_OF_TYPE = 412;
  private static final int TOO_MANY_IMPORTED = 413;
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String SPECIAL = "!#$%&()*+,-./:;<=>?@[]^_";

  private final PolicyEngine policies;
  private final Snapshots snapshots;

  @Inject
  public TokenPolicies(PolicyEngine policies, Snapshots snapshots) {
    this.policies = policies;
    this.snapshots = snapshots;
  }

  private Realms realms() {
    return snapshots.current().part(Realms.class);
  }

  // the numbers of tokens ------------------------------------------------------------------------

  /**
   * Requires that a user may get one more token.
   *
   * @param type the name of its type
   * @throws LinotpException 411 or 412 if he has too many
   */
  public void requireRoomForUser(EntityManager em, User user, String type, String client) {
    String typed = "maxtoken" + type.toUpperCase(Locale.ROOT);
    OptionalInt most = least("maxtoken", user, client);
    OptionalInt mostOfType = least(typed, user, client);
    if (most.isEmpty() && mostOfType.isEmpty()) {
      return;
    }
    lock(em, realmsThatKnow(user));
    if (most.isPresent() && count(em, user, null) + 1 > most.getAsInt()) {
      throw new LinotpException(
          TOO_MANY_OF_USER, "the maximum number of allowed tokens per user is exceeded (maxtoken)");
    }
    if (mostOfType.isPresent() && count(em, user, type) + 1 > mostOfType.getAsInt()) {
      throw new LinotpException(
          TOO_MANY_OF_TYPE,
          "the maximum number of allowed tokens of type "
              + type
              + " per user is exceeded ("
              + typed
              + ")");
    }
  }

  /**
   * How many tokens a user may have, for user interfaces.
   *
   * @param tokens of all types together; empty if as many as he likes
   * @param ofTypes for each type with a limit of its own, by its name in lower case
   */
  public record Limits(OptionalInt tokens, Map<String, Integer> ofTypes) {}

  public Limits limits(User user, String client) {
    var ofTypes = new TreeMap<String, Integer>();
    for (String type : PolicyCatalogue.tokenTypes()) {
      least("maxtoken" + type, user, client)
          .ifPresent(limit -> ofTypes.put(type.toLowerCase(Locale.ROOT), limit));
    }
    return new Limits(least("maxtoken", user, client), ofTypes);
  }

  private OptionalInt least(String action, User user, String client) {
    return Tokens.realmsOf(user, realms()).stream()
        .map(
            realm ->
                policies.number(
                    SCOPE,
                    action,
                    new PolicyContext(
                        Optional.of(PolicySubject.of(user)), Optional.of(realm), client)))
        .flatMap(Optional::stream)
        .mapToInt(Integer::intValue)
        .min();
  }

  /** All realms in which requests can name the user: his tokens are counted across them. */
  private Set<String> realmsThatKnow(User user) {
    var names = new TreeSet<>(Tokens.realmsOf(user, realms()));
    user.owners()
        .forEach(
            owner ->
                realms()
                    .containing(owner.resolverName())
                    .forEach(realm -> names.add(realm.name())));
    return names;
  }

  private static long count(EntityManager em, User user, String type) {
    long number = 0;
    for (OwnerKey owner : user.owners()) {
      var query =
          em.createQuery(
                  "SELECT COUNT(t) FROM Token t WHERE t.ownerId = :id AND t.ownerResolver = :resolver"
                      + (type == null ? "" : " AND LOWER(t.type) = :type"),
                  Long.class)
              .setParameter("id", owner.userId())
              .setParameter("resolver", owner.resolverSpec());
      if (type != null) {
        query.setParameter("type", type.toLowerCase(Locale.ROOT));
      }
      number += query.getSingleResult();
    }
    return number;
  }

  /** How the refusal of a realm that is full is told. */
  public enum Occasion {
    ENROLLMENT(
        TOO_MANY_IN_REALM, "The maximum allowed number of tokens for the realm '%s' was reached"),
    ENABLING(TOO_MANY_IN_REALM, "You may not enable any more tokens in realm %s"),
    SELFSERVICE(
        TOO_MANY_IMPORTED, "The maximum allowed number of tokens for the realm '%s' was reached"),
    MOVING(TOO_MANY_IN_REALM, "You may not put any more tokens in realm %s"),
    IMPORT(TOO_MANY_IMPORTED, "The maximum number of allowed tokens in realm %s is exceeded");

    private final int code;
    private final String message;

    Occasion(int code, String message) {
      this.code = code;
      this.message = message;
    }
  }

  /**
   * Requires that realms have not more active tokens than they may have.
   *
   * @param more how many are going to be added to those that are there
   * @throws LinotpException 410, or 413 for an import, if one has too many
   */
  public void requireRoomInRealms(
      EntityManager em, Collection<String> names, int more, Occasion occasion) {
    for (String name : new TreeSet<>(names)) {
      Optional<Integer> limit = policies.realmNumber(SCOPE, "tokencount", name);
      Optional<Realms.Realm> realm = realms().named(name);
      if (limit.isPresent() && realm.isPresent()) {
        lock(em, List.of(name));
        em.flush();
        long active =
            em.createQuery(
                    "SELECT COUNT(t) FROM Token t, TokenRealm r WHERE r.tokenId = t.id"
                        + " AND r.realmId = :realm AND t.active = TRUE",
                    Long.class)
                .setParameter("realm", realm.get().id())
                .getSingleResult();
        if (active + more > limit.get()) {
          throw new LinotpException(
              occasion.code, occasion.message.formatted(name) + " (tokencount)");
        }
      }
    }
  }

  /**
   * Waits for the turn to add tokens to realms with a limit. Call it before rows that refer to the
   * realms are written: two requests that had written such rows would wait for each other.
   */
  public void awaitTurn(EntityManager em, Collection<String> names) {
    lock(
        em,
        names.stream()
            .map(String::trim)
            .filter(name -> policies.realmNumber(SCOPE, "tokencount", name).isPresent())
            .toList());
  }

  /** One request at a time counts and adds. */
  private void lock(EntityManager em, Collection<String> names) {
    for (String name :
        names.stream().map(n -> n.toLowerCase(Locale.ROOT)).sorted().distinct().toList()) {
      realms()
          .named(name)
          .ifPresent(
              realm ->
                  em.createNativeQuery("SELECT id FROM realm WHERE id = ?1 FOR UPDATE")
                      .setParameter(1, realm.id())
                      .getResultList());
    }
  }

  // new tokens ------------------------------------------------------------------------------------

  /**
   * The text of an action for a token that is enrolled: of its owner or, without one, of all its
   * realms.
   *
   * @throws LinotpException -311 if its realms give it different ones
   */
  public Optional<String> onlyText(
      String scope,
      String action,
      Optional<User> owner,
      Collection<String> tokenRealms,
      String client) {
    List<PolicyContext> contexts =
        owner.isPresent()
            ? List.of(
                new PolicyContext(
                    Optional.of(PolicySubject.of(owner.get())),
                    Optional.of(owner.get().name().realm()),
                    client))
            : (tokenRealms.isEmpty() ? List.of("") : List.copyOf(tokenRealms))
                .stream()
                    .map(name -> new PolicyContext(Optional.empty(), Optional.of(name), client))
                    .toList();
    return policies.onlyText(scope, action, contexts);
  }

  // PINs ------------------------------------------------------------------------------------------

  /** The contexts of a token: one for each realm of it, else of its owner, else the default one. */
  private List<PolicyContext> contexts(
      Optional<User> owner, Collection<String> tokenRealms, String client) {
    Optional<PolicySubject> subject = owner.map(PolicySubject::of);
    Collection<String> names =
        !tokenRealms.isEmpty()
            ? tokenRealms
            : owner.map(user -> Tokens.realmsOf(user, realms())).orElse(List.of());
    return (names.isEmpty() ? List.of(realms().defaultRealm()) : List.copyOf(names))
        .stream().map(name -> new PolicyContext(subject, Optional.of(name), client)).toList();
  }

  /** True if a PIN must be stored so that it can be read again. */
  public boolean reversiblePins(
      Optional<User> owner, Collection<String> tokenRealms, String client) {
    return contexts(owner, tokenRealms, client).stream()
        .anyMatch(c -> policies.number(SCOPE, "otp_pin_encrypt", c).orElse(0) != 0);
  }

  /**
   * What a PIN must be like that the user chooses; in several realms the widest length and all
   * contents together (spec 07 sections 7.1 and 11.3).
   */
  public PinRules pinRules(User user, String client) {
    List<PolicyContext> contexts =
        contexts(Optional.of(user), Tokens.realmsOf(user, realms()), client);
    var contents = new StringBuilder();
    contexts.stream()
        .map(c -> policies.text(SELFSERVICE, "otp_pin_contents", c))
        .flatMap(Optional::stream)
        .flatMapToInt(String::chars)
        .filter(letter -> contents.indexOf(Character.toString(letter)) < 0)
        .forEach(letter -> contents.append((char) letter));
    return new PinRules(
        numbers("otp_pin_minlength", contexts).min(Integer::compare),
        numbers("otp_pin_maxlength", contexts).max(Integer::compare),
        contents.toString(),
        PinRules.Classes.of(snapshots.current().configuration()));
  }

  private Stream<Integer> numbers(String action, List<PolicyContext> contexts) {
    return contexts.stream()
        .map(c -> policies.number(SELFSERVICE, action, c))
        .flatMap(Optional::stream);
  }

  /** Holds realms until the transaction ends: one request at a time counts, looks and adds. */
  public void lockRealms(EntityManager em, Collection<String> names) {
    lock(em, names);
  }

  /** The random PIN that a user is told; as long as policies want, but no shorter than this. */
  public String randomPin(
      Optional<User> owner, Collection<String> tokenRealms, String client, int least) {
    return randomPin(owner, tokenRealms, client)
        .filter(pin -> pin.length() >= least)
        .orElseGet(() -> Randoms.fromAlphabet(least, alphabet("")));
  }

  /** The random PIN that a new token, or one with a new owner, gets; empty if it gets none. */
  public Optional<String> randomPin(
      Optional<User> owner, Collection<String> tokenRealms, String client) {
    List<PolicyContext> contexts =
        owner.isPresent()
            ? contexts(owner, Tokens.realmsOf(owner.get(), realms()), client)
            : contexts(owner, tokenRealms, client);
    int length =
        contexts.stream()
            .map(c -> policies.number(SCOPE, "otp_pin_random", c))
            .flatMap(Optional::stream)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(-1);
    if (length <= 0) {
      return Optional.empty();
    }
    String contents =
        contexts.stream()
            .map(c -> policies.text(SCOPE, "otp_pin_random_content", c))
            .flatMap(Optional::stream)
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
    return Optional.of(Randoms.fromAlphabet(length, alphabet(contents)));
  }

  /**
   * The characters that letters stand for: {@code c} lower case, {@code C} upper case, {@code n}
   * digits, {@code s} special ones; letters and digits if there is none of these.
   */
  public static String alphabet(String contents) {
    String alphabet =
        (contents.contains("c") ? LOWER : "")
            + (contents.contains("C") ? UPPER : "")
            + (contents.contains("n") ? DIGITS : "")
            + (contents.contains("s") ? SPECIAL : "");
    return alphabet.isEmpty() ? LOWER + UPPER + DIGITS : alphabet;
  }

  // labels ----------------------------------------------------------------------------------------

  /**
   * A text for apps in which variables are replaced, in one pass.
   *
   * @param action {@code tokenlabel} or {@code tokenissuer}
   * @return empty if no policy sets it
   */
  public Optional<String> label(
      String action, Token token, String login, String realm, PolicyContext context) {
    return policies
        .text(SCOPE, action, context)
        .map(
            template -> {
              var text = new StringBuilder();
              for (int i = 0; i < template.length(); i++) {
                String variable =
                    template.startsWith("<", i)
                            && i + 2 < template.length()
                            && template.charAt(i + 2) == '>'
                        ? template.substring(i + 1, i + 2)
                        : "";
                String value =
                    switch (variable) {
                      case "u" -> login;
                      case "r" -> realm;
                      case "s" -> token.serial();
                      case "d" -> Objects.requireNonNull(token.description());
                      default -> null;
                    };
                if (value == null) {
                  text.append(template.charAt(i));
                } else {
                  text.append(value);
                  i += 2;
                }
              }
              return text.toString();
            });
  }
}
