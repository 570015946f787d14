package org.linotpee.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.linotpee.configuration.LinotpException;

/**
 * Every action of every scope, its type and what it does: the source of checks at save, of answers
 * about definitions, of forms and of documentation.
 */
public final class PolicyCatalogue {
  private static final List<String> TYPES =
      List.of(
          "HMAC", "TOTP", "MOTP", "PW", "SPASS", "DPW", "SMS", "EMAIL", "VOICE", "OCRA2", "QR",
          "PUSH", "U2F", "YUBIKEY", "YUBICO", "RADIUS", "REMOTE", "FORWARD", "FIDO2");

  private static final List<String> SELF_TYPES =
      List.of(
          "HMAC", "TOTP", "MOTP", "PW", "SMS", "EMAIL", "OCRA2", "QR", "PUSH", "U2F", "YUBICO",
          "FIDO2");

  private static final Set<String> WITHOUT_CHECK = Set.of("ocra", "ocra2");
  private static final Map<String, Set<String>> ALSO_ACCEPTED =
      Map.of(
          "admin", Set.of("*", "initETNG", "initSPASS"),
          "selfservice", Set.of("webprovisionOATH", "webprovisionGOOGLE", "webprovisionGOOGLEtime"),
          "system", Set.of("*"),
          "tools", Set.of("*"),
          "audit", Set.of("*"),
          "monitoring", Set.of("*"),
          "reporting.access", Set.of("*"));

  private static final Map<String, Map<String, Action>> SCOPES = new Builder().all();

  private PolicyCatalogue() {}

  /** The names of the token types as actions carry them, in upper case. */
  public static List<String> tokenTypes() {
    return TYPES;
  }

  /** The actions of all scopes. */
  public static Map<String, Map<String, Action>> scopes() {
    return SCOPES;
  }

  /** The actions of a scope, none of an unknown one. */
  public static Map<String, Action> ofScope(String scope) {
    return SCOPES.getOrDefault(scope, Map.of());
  }

  /** The action of a name, which may have a sub-key behind a dot. */
  static Optional<Action> find(String scope, String name) {
    int dot = name.indexOf('.');
    return Optional.ofNullable(ofScope(scope).get(dot < 0 ? name : name.substring(0, dot)));
  }

  /**
   * Checks actions before they are saved (section 4.6).
   *
   * @throws LinotpException -311 naming the action that is unknown, or has a wrong value
   */
  static void check(String policy, String scope, List<ActionText.Item> actions) {
    if (WITHOUT_CHECK.contains(scope)) {
      return;
    }
    for (ActionText.Item action : actions) {
      if (ALSO_ACCEPTED.getOrDefault(scope, Set.of()).contains(action.key())) {
        continue;
      }
      Action known =
          find(scope, action.key())
              .orElseThrow(
                  () ->
                      LinotpException.unclassified(
                          "unsupported policy action '"
                              + action.key()
                              + "' in policy '"
                              + policy
                              + "' of scope '"
                              + scope
                              + "'"));
      known
          .problem(action.value())
          .ifPresent(
              problem -> {
                throw LinotpException.unclassified(
                    "the value '%s' of policy action '%s' in scope '%s': %s"
                        .formatted(action.value(), action.key(), scope, problem));
              });
    }
  }

  /** Writes the catalogue down. */
  private static final class Builder {
    private final Map<String, Map<String, Action>> scopes = new LinkedHashMap<>();
    private Map<String, Action> scope = new LinkedHashMap<>();

    Map<String, Map<String, Action>> all() {
      administrators();
      selfservice();
      authentication();
      authorization();
      enrollment();
      others();
      defaults();
      scopes.replaceAll((name, actions) -> Collections.unmodifiableMap(actions));
      return Collections.unmodifiableMap(scopes);
    }

    /** What holds without a policy, where that is not "off" or "none". */
    private void defaults() {
      Map<String, Action> selfservice = scopes.get("selfservice");
      otherwise(selfservice, "6", "hmac_otplen", "totp_otplen");
      otherwise(selfservice, "1", "hmac_hashlib", "totp_hashlib", "edit_sms", "edit_email");
      otherwise(selfservice, "30", "totp_timestep");
      otherwise(
          selfservice, "no rule", "otp_pin_minlength", "otp_pin_maxlength", "otp_pin_contents");
      Map<String, Action> authentication = scopes.get("authentication");
      otherwise(authentication, "0", "otppin");
      otherwise(authentication, "<otp>", "smstext", "emailtext");
      otherwise(authentication, "{otp}", "voice_message");
      otherwise(authentication, "the provider's", "voice_language");
      otherwise(
          authentication,
          "the default provider",
          "sms_provider",
          "email_provider",
          "voice_provider",
          "push_provider");
      otherwise(authentication, "preferred", "fido2_user_verification_requirement");
      Map<String, Action> authorization = scopes.get("authorization");
      otherwise(authorization, "the request's realm", "setrealm");
      otherwise(authorization, "everybody", "authorize");
      otherwise(authorization, "all", "tokentype", "serial", "fido2_allowed_authenticators");
      Map<String, Action> enrollment = scopes.get("enrollment");
      otherwise(enrollment, "no limit", "tokencount", "maxtoken");
      TYPES.forEach(type -> otherwise(enrollment, "no limit", "maxtoken" + type));
      otherwise(enrollment, "letters and digits", "otp_pin_random_content", "lostTokenPWContents");
      otherwise(enrollment, "0", "otp_pin_encrypt", "partition");
      otherwise(enrollment, "login, else the serial", "tokenlabel");
      otherwise(enrollment, "LinOTP", "tokenissuer");
      otherwise(enrollment, "the user's realm", "autoassignment_from_realm");
      otherwise(enrollment, "10", "lostTokenPWLen");
      otherwise(enrollment, "10 days", "lostTokenValid");
      otherwise(enrollment, "tokenissuer", "fido2_rp_name");
      otherwise(enrollment, "direct", "fido2_attestation_conveyance");
      otherwise(
          enrollment,
          "preferred",
          "fido2_user_verification_requirement",
          "fido2_resident_key_requirement");
      otherwise(enrollment, "all", "fido2_allowed_authenticators");
    }

    private static void otherwise(Map<String, Action> actions, String text, String... names) {
      for (String name : names) {
        actions.compute(name, (n, action) -> action.otherwise(text));
      }
    }

    private void scope(String name) {
      scope = new LinkedHashMap<>();
      scopes.put(name, scope);
    }

    private void flag(String name, String description) {
      scope.put(name, Action.of("bool", description));
    }

    private void number(String name, String description) {
      scope.put(name, Action.of("int", description));
    }

    private void text(String name, String description) {
      scope.put(name, Action.of("str", description));
    }

    private void administrators() {
      scope("admin");
      TYPES.forEach(type -> flag("init" + type, "enroll tokens of type " + type));
      flag("enable", "enable tokens");
      flag("disable", "disable tokens");
      flag("set", "change settings of tokens");
      flag("setOTPPIN", "set the PIN of tokens");
      flag("setMOTPPIN", "set the PIN of mOTP devices");
      flag("setSCPIN", "set user and SO PIN of tokens");
      flag("setOCRAPIN", "set the PIN of OCRA2 tokens");
      flag("resync", "resynchronise tokens");
      flag("reset", "reset the fail counter of tokens");
      flag("assign", "give tokens to users");
      flag("unassign", "take tokens from users");
      flag("import", "import token files");
      flag("remove", "delete tokens");
      flag("userlist", "list users");
      flag("tokenowner", "look up the owner of a token");
      flag("checkstatus", "look up open challenges");
      flag("manageToken", "put tokens into realms");
      flag("getserial", "find a token by one of its values");
      flag("copytokenpin", "copy the PIN of a token");
      flag("copytokenuser", "copy the owner of a token");
      flag("losttoken", "replace lost tokens");
      flag("totp_lookup", "look up when a value was valid");
      flag("getotp", "read values of tokens");
      flag("show", "see tokens");
      flag("unpair", "take the device of a token away");
      scope("system");
      flag("read", "read the configuration");
      flag("write", "change the configuration; does not include reading");
      scope("audit");
      flag("view", "search the audit trail");
      scope("monitoring");
      flag("config", "numbers of the configuration");
      flag("license", "the licence");
      flag("storageEncryption", "whether secrets are encrypted");
      flag("tokens", "numbers of tokens");
      flag("userinfo", "numbers of users");
      flag("activeUsers", "numbers of users with an active token");
      scope("reporting.access");
      flag("maximum", "the highest number of tokens");
      flag("period", "numbers of tokens in a period");
      flag("delete_all", "delete reports");
      flag("delete_before", "delete reports before a date");
      flag("show", "list reports");
      scope("tools");
      flag("migrate_resolver", "hand tokens over to another resolver");
      flag("import_users", "import users");
      flag("setPassword", "change the own password; always allowed");
      scope("gettoken");
      number("max_count_dpw", "values of day password tokens that may be read");
      number("max_count_hotp", "values of HMAC tokens that may be read");
      number("max_count_totp", "values of TOTP tokens that may be read");
    }

    private void selfservice() {
      scope("selfservice");
      SELF_TYPES.forEach(type -> flag("enroll" + type, "enroll a token of type " + type));
      flag("assign", "take an unassigned token");
      flag("unassign", "give up an own token");
      flag("delete", "delete an own token");
      flag("enable", "enable an own token");
      flag("disable", "disable an own token");
      flag("reset", "reset the fail counter of an own token");
      flag("resync", "resynchronise an own token");
      flag("verify", "test an own token");
      flag("setOTPPIN", "set the PIN of an own token");
      flag("setMOTPPIN", "set the PIN of the own mOTP device");
      flag("setDescription", "describe an own token");
      flag("getserial", "find an unassigned token by one of its values");
      flag("history", "see the own audit entries");
      flag("getotp", "read values of own tokens");
      flag("webprovisionGOOGLE", "the same as enrollHMAC");
      flag("webprovisionGOOGLEtime", "the same as enrollTOTP");
      flag("webprovisionOATH", "enroll OATH tokens for iPhones");
      flag("activate_OCRA2", "activate an OCRA2 token");
      flag("activateQR2", "the same as activate_OCRA2");
      flag("activate_QRToken", "activate a QR token");
      flag("activate_PushToken", "activate a push token");
      flag("mfa_login", "ask for a second factor at login");
      flag("mfa_3_fields", "ask for login, password and value at once");
      flag("mfa_passOnNoToken", "the password suffices while the user has no token");
      flag("show_landing_page", "greet users with an overview");
      number("max_count_dpw", "values of own day password tokens that may be read");
      number("max_count_hotp", "values of own HMAC tokens that may be read");
      number("max_count_totp", "values of own TOTP tokens that may be read");
      scope.put("otp_pin_minlength", upTo99("least length of a PIN"));
      scope.put("otp_pin_maxlength", upTo99("greatest length of a PIN"));
      text("otp_pin_contents", "what a PIN must contain: c letters, n digits, s special, o others");
      scope.put("hmac_otplen", Action.of("int", "digits of new HMAC tokens").oneOf(6, 8));
      scope.put("hmac_hashlib", Action.of("int", "1 sha1, 2 sha256, 3 sha512").oneOf(1, 2, 3));
      scope.put("totp_otplen", Action.of("int", "digits of new TOTP tokens").oneOf(6, 8));
      scope.put("totp_hashlib", Action.of("int", "1 sha1, 2 sha256, 3 sha512").oneOf(1, 2, 3));
      scope.put("totp_timestep", Action.of("int", "seconds of a time step").oneOf(30, 60));
      scope.put("edit_sms", Action.of("int", "0: only the user's own number").oneOf(0, 1));
      scope.put("edit_email", Action.of("int", "0: only the user's own address").oneOf(0, 1));
      text("footer_text", "text below each page");
      text("imprint_url", "address of the imprint");
      text("privacy_notice_url", "address of the privacy notice");
    }

    private static Action upTo99(String description) {
      return Action.of("int", description).oneOf(IntStream.range(0, 100).boxed().toArray());
    }

    private void authentication() {
      scope("authentication");
      scope.put(
          "otppin",
          Action.of("set", "what stands before the value: token PIN, password, nothing, anything")
              .oneOf(0, 1, 2, 3, "token_pin", "password", "only_otp", "ignore_pin"));
      flag("admin_mfa_login", "administrators need one of their tokens at login, if they have any");
      flag("passthru", "users without token log in with their password");
      flag("passOnNoToken", "users without token always log in");
      text("forward_server", "URLs of servers that decide instead: radius, http, https");
      flag("forward_on_no_token", "forward only users without token");
      text("challenge_response", "token types for which the PIN triggers a challenge; * for all");
      flag("delete_on_authentication_exceed", "delete tokens that are used up");
      flag("disable_on_authentication_exceed", "disable tokens that are used up");
      for (String kind : List.of("sms", "email", "voice", "push")) {
        text(kind + "_provider", "providers to use, in this order");
      }
      text("smstext", "text of an SMS, with <otp>, <serial> and <transactionid>");
      flag("enforce_smstext", "requests cannot bring a text of their own");
      text("emailtext", "text of an e-mail, with <otp> and <serial>");
      text("emailsubject", "subject of an e-mail");
      text("voice_message", "text of a call, with {otp}");
      text("voice_language", "language of a call");
      flag("sms_dynamic_mobile_number", "send to the user's number instead of the token's");
      flag("voice_dynamic_mobile_number", "call the user's number instead of the token's");
      flag("dynamic_email_address", "send to the user's address instead of the token's");
      flag("autosms", "send the next value after each login");
      flag("trigger_sms", "a challenge by serial needs no PIN");
      text("qrtanurl", "where OCRA2 challenges are answered");
      text("qrtanurl_init", "where an OCRA2 rollout is answered");
      for (String step : List.of("pairing", "challenge")) {
        text("qrtoken_" + step + "_callback_url", "where QR tokens answer");
        text("qrtoken_" + step + "_callback_sms", "the number that QR tokens answer to");
        text("pushtoken_" + step + "_callback_url", "where push tokens answer");
      }
      text("qrtoken_pairing_cert", "accepted for compatibility; no effect");
      scope.put(
          "support_offline",
          Action.of("set", "token types whose offline data are handed out")
              .within("qr", "u2f", "forward", "fido2"));
      flag("forwardtoken:no_failcounter_forwarding", "the target's fail counter stays");
      scope.put("fido2_user_verification_requirement", userVerification());
    }

    private static Action userVerification() {
      return Action.of("set", "whether FIDO2 devices verify their user")
          .oneOf("required", "preferred", "discouraged");
    }

    private void authorization() {
      scope("authorization");
      text("setrealm", "the realm in which users are looked for instead");
      flag("authorize", "who may log in; with one such policy nobody else may");
      text("tokentype", "types of which the token must be; * for all");
      text("serial", "pattern that the token's serial must match");
      flag("detail_on_success", "tell who has logged in with which token");
      flag("detail_on_fail", "tell why a login failed");
      text("fido2_allowed_authenticators", "models with which users may log in");
    }

    private void enrollment() {
      scope("enrollment");
      number("tokencount", "active tokens that a realm may have");
      number("maxtoken", "tokens that a user may have");
      TYPES.forEach(type -> number("maxtoken" + type, type + " tokens that a user may have"));
      scope.put("otp_pin_random", upTo99("length of a random PIN for each new token"));
      scope.put(
          "otp_pin_random_content",
          Action.of("string", "characters of random PINs: c lower, C upper, n digits, s special"));
      scope.put("otp_pin_encrypt", Action.of("int", "1: PINs can be read again").oneOf(0, 1));
      text("tokenlabel", "label in apps, with <u> login, <r> realm, <s> serial, <d> description");
      text("tokenissuer", "issuer in apps, with the same variables");
      text("autoenrollment", "sms, email, or both in the order of preference");
      flag("autoassignment", "password and value assign the token that fits");
      flag("autoassignment_without_password", "a value assigns the token that fits");
      flag("autoassignment_forward", "remote tokens take part in automatic assignment");
      flag("ignore_autoassignment_pin", "the password does not become the PIN");
      text("autoassignment_from_realm", "the realm of the tokens to assign");
      number("lostTokenPWLen", "length of the password for a lost token");
      text("lostTokenPWContents", "its characters: c lower, C upper, n digits, s special");
      scope.put(
          "lostTokenValid",
          Action.of("int duration", "days, or the time, for which the replacement is valid"));
      flag("purge_rollout_token", "delete rollout tokens after the first ordinary login");
      text("u2f_app_id", "application identity of U2F registrations");
      text("u2f_valid_facets", "facets of the U2F application, divided by ;");
      number("partition", "the key pair of pairings");
      text("fido2_rp_id", "relying party of FIDO2 registrations");
      text("fido2_rp_name", "its name for people");
      scope.put(
          "fido2_attestation_conveyance",
          Action.of("set", "attestation of FIDO2 devices")
              .oneOf("direct", "indirect", "none", "enterprise"));
      scope.put("fido2_user_verification_requirement", userVerification());
      scope.put(
          "fido2_resident_key_requirement",
          Action.of("set", "discoverable credentials")
              .oneOf("required", "preferred", "discouraged"));
      scope.put(
          "fido2_authenticator_types",
          Action.of("set", "kinds of FIDO2 devices")
              .within("client-device", "security-key", "hybrid"));
      text("fido2_allowed_authenticators", "models that may be registered");
    }

    private void others() {
      scope("reporting");
      flag("token_total", "record the number of all tokens");
      flag("token_user_total", "record the number of users with an active token");
      text("token_status", "record the number of tokens of this status");
      scope("notification");
      text("autoenrollment", "email::<provider> or sms::<provider> tells a PIN for the new token");
      text("enrollment", "email::<provider> or sms::<provider> tells of a new token");
      text("setPin", "email::<provider> or sms::<provider> tells a PIN the user did not choose");
    }
  }
}
