package org.linotpee.identity.ldap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/**
 * A directory's parameters, checked.
 *
 * @param loginFilter finds one user; {@code %s} is the login
 * @param searchFilter terms that all listed users meet; a text that is no filter shows when the
 *     definition is tested, as clients expect
 * @param attributes user field to attribute of the directory
 * @param verify whether the certificates of the servers are checked
 * @param idAttribute what identifies users: {@code DN}, {@code objectGUID} or an attribute
 */
record LdapSettings(
    List<URI> servers,
    String base,
    String bindDn,
    String loginAttribute,
    String loginFilter,
    String searchFilter,
    Map<String, String> attributes,
    String idAttribute,
    boolean startTls,
    boolean verify,
    boolean followReferrals,
    Duration connectTimeout,
    Duration responseTimeout,
    int sizeLimit) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEFAULT_CONNECT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_RESPONSE = Duration.ofSeconds(15);

  /** A parameter is missing or cannot be used. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * The stored parameters from what a request has sent, with their defaults. Whether the servers
   * can be asked shows when the definition is tested.
   */
  static Map<String, ResolverDefinition.Parameter> parameters(Map<String, String> sent)
      throws Unusable {
    var parameters = new LinkedHashMap<String, ResolverDefinition.Parameter>();
    for (String name :
        List.of(
            "LDAPURI",
            "LDAPBASE",
            "BINDDN",
            "LOGINNAMEATTRIBUTE",
            "LDAPFILTER",
            "LDAPSEARCHFILTER",
            "USERINFO")) {
      String value = sent.get(name);
      if (value == null) {
        throw new Unusable("the parameter " + name + " is missing");
      }
      parameters.put(name, new ResolverDefinition.Parameter(value, "str"));
    }
    parameters.put(
        "BINDPW",
        new ResolverDefinition.Parameter(sent.getOrDefault("BINDPW", ""), ResolverSecrets.TYPE));
    parameters.put("UIDTYPE", text(sent, "UIDTYPE", "DN"));
    parameters.put("EnforceTLS", flag(sent, "EnforceTLS", true));
    parameters.put("only_trusted_certs", flag(sent, "only_trusted_certs", true));
    parameters.put("NOREFERRALS", flag(sent, "NOREFERRALS", false));
    parameters.put("PROXY", flag(sent, "PROXY", false));
    parameters.put("TIMEOUT", text(sent, "TIMEOUT", "-1"));
    String limit = sent.getOrDefault("SIZELIMIT", "500").trim();
    number("SIZELIMIT", limit);
    parameters.put("SIZELIMIT", new ResolverDefinition.Parameter(limit, "int"));
    var anywhere = new LinkedHashMap<>(parameters);
    anywhere.put("LDAPURI", new ResolverDefinition.Parameter("ldap://localhost", "str"));
    of(anywhere);
    return parameters;
  }

  private static ResolverDefinition.Parameter text(
      Map<String, String> sent, String name, String defaultValue) {
    String value = sent.getOrDefault(name, "");
    return new ResolverDefinition.Parameter(value.isEmpty() ? defaultValue : value, "str");
  }

  private static ResolverDefinition.Parameter flag(
      Map<String, String> sent, String name, boolean defaultValue) throws Unusable {
    String value = sent.getOrDefault(name, String.valueOf(defaultValue));
    return new ResolverDefinition.Parameter(isSet(name, value) ? "True" : "False", "boolean");
  }

  private static boolean isSet(String name, String value) throws Unusable {
    return switch (value.trim().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off", "" -> false;
      default -> throw new Unusable(name + " must be true or false");
    };
  }

  /** As stored, which in an imported definition is as it was stored there. */
  private static boolean isSet(
      Map<String, ResolverDefinition.Parameter> parameters, String name, boolean defaultValue)
      throws Unusable {
    ResolverDefinition.Parameter stored = parameters.get(name);
    return (stored == null || stored.content().isBlank())
        ? defaultValue
        : isSet(name, stored.content());
  }

  static LdapSettings of(Map<String, ResolverDefinition.Parameter> parameters) throws Unusable {
    String loginFilter = content(parameters, "LDAPFILTER");
    String searchFilter = content(parameters, "LDAPSEARCHFILTER");
    if (!isFilter(loginFilter.replace("%s", "x").replace("%(now)s", "1"))) {
      throw new Unusable("LDAPFILTER is no filter");
    }
    Duration[] timeouts = timeouts(content(parameters, "TIMEOUT"));
    return new LdapSettings(
        servers(content(parameters, "LDAPURI")),
        content(parameters, "LDAPBASE"),
        content(parameters, "BINDDN"),
        content(parameters, "LOGINNAMEATTRIBUTE"),
        loginFilter,
        searchFilter,
        attributes(content(parameters, "USERINFO")),
        content(parameters, "UIDTYPE"),
        isSet(parameters, "EnforceTLS", true),
        isSet(parameters, "only_trusted_certs", true),
        !isSet(parameters, "NOREFERRALS", false),
        timeouts[0],
        timeouts[1],
        number("SIZELIMIT", content(parameters, "SIZELIMIT")));
  }

  private static String content(Map<String, ResolverDefinition.Parameter> parameters, String name)
      throws Unusable {
    ResolverDefinition.Parameter stored = parameters.get(name);
    if (stored == null) {
      throw new Unusable("the parameter " + name + " is missing");
    }
    return stored.content();
  }

  private static int number(String name, String text) throws Unusable {
    if (!text.trim().matches("[0-9]{1,9}")) {
      throw new Unusable(name + " must be a number");
    }
    return Integer.parseInt(text.trim());
  }

  private static boolean isFilter(String text) {
    try {
      Filter.create(text);
      return true;
    } catch (LDAPException e) {
      return false;
    }
  }

  private static List<URI> servers(String list) throws Unusable {
    var servers = new java.util.ArrayList<URI>();
    for (String text : list.split(",")) {
      try {
        URI uri = new URI(text.trim());
        boolean known = "ldap".equals(uri.getScheme()) || "ldaps".equals(uri.getScheme());
        if (!known || uri.getHost() == null) {
          throw new Unusable("'" + text.trim() + "' is no ldap:// or ldaps:// URI");
        }
        servers.add(uri);
      } catch (URISyntaxException e) {
        throw new Unusable("'" + text.trim() + "' is no URI");
      }
    }
    return servers;
  }

  private static Map<String, String> attributes(String json) throws Unusable {
    try {
      return JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new Unusable("USERINFO must be a JSON object of texts");
    }
  }

  /** {@code N} or {@code N;M}: seconds to connect and to answer. */
  private static Duration[] timeouts(String text) throws Unusable {
    String[] parts = text.split(";", -1);
    if (parts.length > 2
        || Arrays.stream(parts).anyMatch(p -> !p.trim().matches("-?[0-9]{1,5}(\\.[0-9]+)?"))) {
      throw new Unusable("TIMEOUT must be seconds, as N or N;M");
    }
    Duration connect = seconds(parts[0], DEFAULT_CONNECT);
    return new Duration[] {
      connect, parts.length == 2 ? seconds(parts[1], DEFAULT_RESPONSE) : DEFAULT_RESPONSE
    };
  }

  private static Duration seconds(String text, Duration defaultValue) {
    double seconds = Double.parseDouble(text.trim());
    return seconds <= 0 ? defaultValue : Duration.ofMillis((long) (seconds * 1000));
  }

  /** True if the directory looks like an Active Directory. */
  boolean activeDirectory() {
    return (loginAttribute + searchFilter + loginFilter).contains("sAMAccountName");
  }

  boolean identifiedByDn() {
    return idAttribute.equalsIgnoreCase("DN");
  }

  boolean identifiedByGuid() {
    return idAttribute.equalsIgnoreCase("objectGUID");
  }
}
