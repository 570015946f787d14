package org.linotpee.token.fido;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.linotpee.identity.User;
import org.linotpee.policy.PolicyContext;
import org.linotpee.policy.PolicyEngine;
import org.linotpee.token.Token;
import org.linotpee.token.TokenPolicies;

/**
 * What policies of the scope enrollment say about the registration of a device (spec 07 section
 * 16.2), and the options for {@code navigator.credentials.create} that follow from it.
 *
 * @param label name of the user on the device
 * @param displayName of the user
 * @param hints kinds of devices in the order of preference
 */
record RegistrationOptions(
    RelyingParty party,
    String label,
    String displayName,
    String attestation,
    String userVerification,
    String residentKey,
    List<String> hints) {
  static final String SCOPE = "enrollment";
  static final String USER_VERIFICATION = "fido2_user_verification_requirement";
  static final String REQUIRED = "required";
  static final String PREFERRED = "preferred";
  private static final Set<String> REQUIREMENTS = Set.of(REQUIRED, PREFERRED, "discouraged");
  private static final Set<String> CONVEYANCES = Set.of("direct", "indirect", "none", "enterprise");
  private static final String PLATFORM = "client-device";
  private static final Set<String> KINDS = Set.of(PLATFORM, "security-key", "hybrid");

  /** The longest that devices take (Web Authentication section 4, user handle). */
  private static final int MAX_HANDLE = 64;

  static RegistrationOptions of(
      RelyingParty party,
      Token token,
      User user,
      PolicyContext context,
      PolicyEngine policies,
      TokenPolicies tokenPolicies) {
    String login = user.name().login();
    String label =
        tokenPolicies
            .label("tokenlabel", token, login, user.name().realm(), context)
            .map(text -> text.isBlank() ? login : text)
            .orElse("");
    String attestation =
        policies
            .text(SCOPE, "fido2_attestation_conveyance", context)
            .filter(CONVEYANCES::contains)
            .orElse("direct");
    return new RegistrationOptions(
        party,
        label.isEmpty() ? login : label,
        label.isEmpty() ? displayName(user) : label,
        attestation,
        requirement(policies.text(SCOPE, USER_VERIFICATION, context).orElse("")),
        requirement(policies.text(SCOPE, "fido2_resident_key_requirement", context).orElse("")),
        kinds(policies.text(SCOPE, "fido2_authenticator_types", context).orElse("")));
  }

  /** A requirement as it is; what is none is the preset one. */
  static String requirement(String text) {
    return REQUIREMENTS.contains(text) ? text : PREFERRED;
  }

  private static String displayName(User user) {
    String name =
        Stream.of("givenname", "surname")
            .map(attribute -> user.attributes().get(attribute))
            .filter(Objects::nonNull)
            .map(String::trim)
            .filter(text -> !text.isEmpty())
            .reduce((first, last) -> first + " " + last)
            .orElse("");
    return name.isEmpty() ? user.name().login() : name;
  }

  private static List<String> kinds(String text) {
    var kinds = new LinkedHashSet<>(List.of(text.trim().split("\\s+")));
    kinds.retainAll(KINDS);
    return List.copyOf(kinds);
  }

  /** What the device is to remember of the user: his name or, if that is too long, its hash. */
  byte[] userHandle() {
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    if (name.length <= MAX_HANDLE) {
      return name;
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The options as clients take them.
   *
   * @param existing credentials of the user at this relying party, which are not made twice
   */
  Map<String, Object> toMap(byte[] challenge, Duration validity, List<Credential> existing) {
    var options = new LinkedHashMap<String, Object>();
    options.put("rp", ordered("id", party.id(), "name", party.name()));
    options.put(
        "user",
        ordered("id", Bytes.encoded(userHandle()), "name", label, "displayName", displayName));
    options.put("challenge", Bytes.encoded(challenge));
    options.put(
        "pubKeyCredParams",
        Ceremonies.ALGORITHMS.stream()
            .map(number -> ordered("type", "public-key", "alg", number))
            .toList());
    options.put("timeout", validity.toMillis());
    if (!existing.isEmpty()) {
      options.put("excludeCredentials", existing.stream().map(Fido2TokenType::named).toList());
    }
    options.put("authenticatorSelection", selection());
    options.put("attestation", attestation);
    if (!hints.isEmpty()) {
      options.put("hints", hints);
    }
    options.put("extensions", Map.of("credProps", true));
    return options;
  }

  private Map<String, Object> selection() {
    var selection = new LinkedHashMap<String, Object>();
    if (!hints.isEmpty() && !hints.contains(PLATFORM)) {
      selection.put("authenticatorAttachment", "cross-platform");
    } else if (hints.equals(List.of(PLATFORM))) {
      selection.put("authenticatorAttachment", "platform");
    }
    selection.put("residentKey", residentKey);
    selection.put("requireResidentKey", residentKey.equals(REQUIRED));
    selection.put("userVerification", userVerification);
    return selection;
  }

  /** A map in the order of its names and values. */
  static Map<String, Object> ordered(Object... members) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < members.length; i += 2) {
      map.put(members[i].toString(), members[i + 1]);
    }
    return map;
  }
}
