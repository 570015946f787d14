package org.linotpee.policy;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;

/**
 * Templates from which administrators store policies without knowing their names (spec 07 section
 * 17): shows them, shows what applying one would store, applies it.
 */
@Service
public class PolicyTemplates {
  private static final PolicyTemplate.Parameter ADMINISTRATORS =
      new PolicyTemplate.Parameter(
          "administrators", "who: logins, 'resolver:' or '*', divided by commas", "");
  private static final PolicyTemplate.Parameter REALMS =
      new PolicyTemplate.Parameter("realms", "for which realms, divided by commas", "*");
  private static final PolicyTemplate.Parameter USERS =
      new PolicyTemplate.Parameter("users", "for which users: logins or '*'", "*");
  private static final PolicyTemplate.Parameter CLIENTS =
      new PolicyTemplate.Parameter(
          "clients", "from which addresses or networks, divided by commas", "");

  private static final String STANDARD_SELF_SERVICE =
      "enrollHMAC, enrollTOTP, enable, disable, delete, reset, resync, verify, setOTPPIN,"
          + " setDescription, history, otp_pin_minlength=4";

  private static final List<PolicyTemplate> ALL =
      List.of(
          new PolicyTemplate(
              "super_administrator",
              "Super administrator",
              "May do everything. Store this one first: from then on, others may do only what"
                  + " policies grant them.",
              List.of(ADMINISTRATORS),
              List.of(
                  administrators("super_system", "system", "read, write", "*"),
                  administrators("super_admin", "admin", "*", "*"),
                  administrators("super_audit", "audit", "view", "*"),
                  administrators("super_tools", "tools", "*", "*"),
                  administrators("super_monitoring", "monitoring", "*", "*"),
                  administrators("super_reporting", "reporting.access", "*", "*"))),
          new PolicyTemplate(
              "help_desk",
              "Help desk",
              "Helps users of some realms with the tokens that they have.",
              List.of(ADMINISTRATORS, REALMS),
              List.of(
                  administrators(
                      "help_desk",
                      "admin",
                      "enable, disable, reset, resync, setOTPPIN, userlist, losttoken, getserial",
                      "{realms}"))),
          new PolicyTemplate(
              "token_issuer",
              "Token issuer",
              "Hands out and takes back tokens in some realms.",
              List.of(ADMINISTRATORS, REALMS),
              List.of(
                  administrators(
                      "token_issuer",
                      "admin",
                      "initHMAC, initTOTP, initSMS, initEMAIL, assign, unassign, remove, import,"
                          + " userlist",
                      "{realms}"))),
          new PolicyTemplate(
              "auditor",
              "Auditor",
              "Reads the audit trail, reports and the configuration, and changes nothing.",
              List.of(ADMINISTRATORS),
              List.of(
                  administrators("auditor_audit", "audit", "view", "*"),
                  administrators(
                      "auditor_reports", "reporting.access", "show, maximum, period", "*"),
                  administrators("auditor_system", "system", "read", "*"))),
          new PolicyTemplate(
              "administrators_mfa",
              "Second factor for administrators",
              "Administrators with a token in their realm need it at login, besides the password.",
              List.of(ADMINISTRATORS),
              List.of(
                  administrators("administrators_mfa", "authentication", "admin_mfa_login", "*"))),
          new PolicyTemplate(
              "pin_and_otp",
              "PIN + OTP for everyone",
              "Users log in with the PIN of their token and its value; users without token do not"
                  + " log in.",
              List.of(REALMS),
              List.of(
                  users(
                      "pin_and_otp",
                      "authentication",
                      "otppin=token_pin, !passthru, !passOnNoToken"))),
          new PolicyTemplate(
              "password_and_otp",
              "Password + OTP",
              "Users log in with the password of their directory and the value of their token.",
              List.of(REALMS),
              List.of(users("password_and_otp", "authentication", "otppin=password"))),
          new PolicyTemplate(
              "smooth_migration",
              "Smooth migration",
              "As 'Password + OTP', but who has no token yet logs in with the password alone.",
              List.of(REALMS),
              List.of(users("smooth_migration", "authentication", "passthru, otppin=password"))),
          new PolicyTemplate(
              "self_service",
              "Self-service for staff",
              "Users enroll tokens for authenticator apps and look after them.",
              List.of(REALMS, USERS),
              List.of(
                  with(
                      users("self_service", "selfservice", STANDARD_SELF_SERVICE),
                      "user",
                      "{users}"))),
          new PolicyTemplate(
              "self_service_mfa",
              "Self-service with a second factor",
              "As 'Self-service for staff'; who has a token needs it to log in there.",
              List.of(REALMS, USERS),
              List.of(
                  with(
                      users(
                          "self_service_mfa",
                          "selfservice",
                          "mfa_login, mfa_passOnNoToken, " + STANDARD_SELF_SERVICE),
                      "user",
                      "{users}"))),
          new PolicyTemplate(
              "autoenrollment_sms",
              "Autoenrollment by SMS",
              "Who has no token gets one with the first login by password: the value comes by SMS."
                  + " Needs an SMS provider, and mobile numbers in the directory.",
              List.of(REALMS),
              List.of(
                  users("autoenrollment_sms", "enrollment", "autoenrollment=sms"),
                  users("autoenrollment_sms_pin", "authentication", "otppin=password"))),
          new PolicyTemplate(
              "autoenrollment_sms_email",
              "Autoenrollment by SMS or e-mail",
              "As 'Autoenrollment by SMS'; who has no mobile number gets the value by e-mail.",
              List.of(REALMS),
              List.of(
                  users("autoenrollment_both", "enrollment", "autoenrollment=sms email"),
                  users("autoenrollment_both_pin", "authentication", "otppin=password"))),
          new PolicyTemplate(
              "guest_network",
              "Log-ins from some addresses only",
              "Only requests from these addresses authenticate anybody; all others are refused.",
              List.of(CLIENTS, REALMS),
              List.of(
                  with(
                      users("guest_network", "authorization", "authorize"),
                      "client",
                      "{clients}"))));

  private final PolicyStore store;
  private final PolicySearch search;

  @Inject
  public PolicyTemplates(PolicyStore store, PolicySearch search) {
    this.store = store;
    this.search = search;
  }

  private static Map<String, String> policy(String name, String scope, String action) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("name", name);
    fields.put("scope", scope);
    fields.put("action", action);
    return fields;
  }

  private static Map<String, String> administrators(
      String name, String scope, String action, String realm) {
    return with(with(policy(name, scope, action), "realm", realm), "user", "{administrators}");
  }

  private static Map<String, String> users(String name, String scope, String action) {
    return with(policy(name, scope, action), "realm", "{realms}");
  }

  private static Map<String, String> with(Map<String, String> fields, String field, String text) {
    fields.put(field, text);
    return fields;
  }

  /** All templates. */
  public List<PolicyTemplate> all() {
    return ALL;
  }

  /** All templates, without a server. */
  public static List<PolicyTemplate> templates() {
    return ALL;
  }

  /**
   * The template of a name.
   *
   * @throws LinotpException -311 if there is none
   */
  public PolicyTemplate named(String name) {
    return ALL.stream()
        .filter(template -> template.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> LinotpException.unclassified("there is no policy template '" + name + "'"));
  }

  /**
   * What applying a template stores.
   *
   * @param replaced the names of policies that exist already
   * @param hints what the administrator should know before
   */
  public record Preview(List<PolicyFields> policies, List<String> replaced, List<String> hints) {}

  /**
   * Tells what applying a template would store, and stores nothing.
   *
   * @param arguments for the parameters of the template, by name
   * @param prefix before the name of each policy, may be empty
   * @param caller who asks
   * @throws LinotpException if an argument is missing or cannot be used
   */
  public Preview preview(String name, Map<String, String> arguments, String prefix, Caller caller) {
    List<PolicyFields> policies =
        named(name).filled(arguments, prefix).stream()
            .map(fields -> PolicyFields.of(fields.get("name"), fields))
            .toList();
    policies.forEach(Policy::compile);
    Map<String, PolicyFields> stored = search.find(PolicySearch.Filter.ALL);
    return new Preview(
        policies,
        policies.stream().map(PolicyFields::name).filter(stored::containsKey).toList(),
        search.hints(policies, caller));
  }

  /**
   * Stores the policies of a template, all or none; policies of their names are replaced.
   *
   * @param enforce do it even if nobody can change the configuration any more
   * @param within more work for the same transaction, with the names that were stored
   * @return what was stored
   * @throws LinotpException if an argument is missing or cannot be used, or as {@link
   *     PolicyStore#set}; nothing changes then
   */
  public Preview apply(
      String name,
      Map<String, String> arguments,
      String prefix,
      boolean enforce,
      Caller caller,
      BiConsumer<EntityManager, List<String>> within) {
    Preview preview = preview(name, arguments, prefix, caller);
    store.setAll(
        named(name).filled(arguments, prefix),
        enforce,
        em -> within.accept(em, preview.policies().stream().map(PolicyFields::name).toList()));
    return preview;
  }
}
