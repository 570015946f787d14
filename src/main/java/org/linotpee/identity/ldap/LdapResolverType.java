package org.linotpee.identity.ldap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Tls;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.ResolverType;

/** Users in LDAP directories, Active Directory among them (spec 05 section 9). */
@Service
public class LdapResolverType implements ResolverType {
  private final ResolverSecrets secrets;
  private final Tls tls;
  private final Clock clock;

  private record Opened(LdapResolver resolver, LdapServers servers) {}

  /** Pools by definition: a changed one gets new pools, and with them no blocked servers. */
  private final Cache<ResolverDefinition, Opened> opened =
      Caffeine.newBuilder()
          .maximumSize(200)
          .expireAfterAccess(Duration.ofHours(1))
          .removalListener(
              (ResolverDefinition definition, Opened old, RemovalCause cause) -> {
                if (old != null) {
                  old.servers().close();
                }
              })
          .build();

  @Inject
  public LdapResolverType(ResolverSecrets secrets, Tls tls, Clock clock) {
    this.secrets = secrets;
    this.tls = tls;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "ldapresolver";
  }

  @Override
  public boolean serves(ResolverDefinition definition) {
    return definition.type().equals(name());
  }

  @Override
  public String shownParameter() {
    return "LDAPURI";
  }

  @Override
  public Optional<String> secretParameter() {
    return Optional.of("BINDPW");
  }

  @Override
  public List<String> criticalParameters() {
    return List.of("LDAPBASE", "BINDDN", "LDAPURI");
  }

  @Override
  public Resolver open(ResolverDefinition definition) {
    return opened.get(definition, this::connect).resolver();
  }

  private Opened connect(ResolverDefinition definition) {
    try {
      LdapSettings settings = LdapSettings.of(definition.parameters());
      var servers =
          new LdapServers(
              settings,
              secrets.open(definition, "BINDPW"),
              settings.verify() ? tls.verifying() : tls.trusting(),
              clock);
      return new Opened(new LdapResolver(definition.name(), settings, servers, clock), servers);
    } catch (LdapSettings.Unusable e) {
      throw new Resolver.Unavailable("the definition cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public Map<String, ResolverDefinition.Parameter> configure(
      String name, Map<String, String> sent) {
    try {
      return LdapSettings.parameters(sent);
    } catch (LdapSettings.Unusable e) {
      throw LinotpException.unclassified(
          "cannot instantiate resolver '" + name + "': " + e.getMessage());
    }
  }

  @PreDestroy
  void close() {
    opened.invalidateAll();
    opened.cleanUp();
  }

  @Override
  public boolean sameUserIds(
      Map<String, ResolverDefinition.Parameter> before,
      Map<String, ResolverDefinition.Parameter> after) {
    return Objects.equals(before.get("UIDTYPE"), after.get("UIDTYPE"));
  }

  @Override
  public List<Field> fields() {
    return List.of(
        new Field("LDAPURI", Kind.TEXT, true, "ldaps://"),
        new Field("EnforceTLS", Kind.FLAG, false, "True"),
        new Field("only_trusted_certs", Kind.FLAG, false, "True"),
        new Field("LDAPBASE", Kind.TEXT, true, ""),
        new Field("BINDDN", Kind.TEXT, false, ""),
        new Field("BINDPW", Kind.SECRET, false, ""),
        new Field("LOGINNAMEATTRIBUTE", Kind.TEXT, true, ""),
        new Field("LDAPSEARCHFILTER", Kind.TEXT, true, ""),
        new Field("LDAPFILTER", Kind.TEXT, true, ""),
        new Field("USERINFO", Kind.LONG, true, ""),
        new Field("UIDTYPE", Kind.TEXT, false, "DN"),
        new Field("TIMEOUT", Kind.TEXT, false, "5;5"),
        new Field("SIZELIMIT", Kind.NUMBER, false, "500"),
        new Field("NOREFERRALS", Kind.FLAG, false, "True"));
  }

  @Override
  public Map<String, Map<String, String>> presets() {
    var presets = new LinkedHashMap<String, Map<String, String>>();
    presets.put(
        "Active Directory",
        Map.of(
            "LOGINNAMEATTRIBUTE",
            "sAMAccountName",
            "LDAPSEARCHFILTER",
            "(sAMAccountName=*)(objectClass=user)",
            "LDAPFILTER",
            "(&(sAMAccountName=%s)(objectClass=user))",
            "UIDTYPE",
            "objectGUID",
            "USERINFO",
            userInfo("sAMAccountName")));
    presets.put(
        "LDAP",
        Map.of(
            "LOGINNAMEATTRIBUTE",
            "uid",
            "LDAPSEARCHFILTER",
            "(uid=*)(objectClass=inetOrgPerson)",
            "LDAPFILTER",
            "(&(uid=%s)(objectClass=inetOrgPerson))",
            "UIDTYPE",
            "entryUUID",
            "USERINFO",
            userInfo("uid")));
    return presets;
  }

  private static String userInfo(String login) {
    return """
        {"username": "%s", "phone": "telephoneNumber", "mobile": "mobile", "email": "mail", \
        "surname": "sn", "givenname": "givenName"}"""
        .formatted(login);
  }
}
