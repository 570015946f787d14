package org.linotpee.identity.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.RDN;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/** Against a directory in memory; the conformance scenarios use slapd. */
class LdapResolverTest {
  private static final String PEOPLE = "ou=people,dc=example,dc=com";
  private static final String READER = "cn=reader,dc=example,dc=com";

  private final ResolverSecrets secrets =
      new ResolverSecrets(new Sealer(new Keys(KeyFile.of(new byte[32]))));
  private InMemoryDirectoryServer directory;
  private LdapResolverType type;

  @BeforeEach
  void start() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
    config.setSchema(null);
    config.addAdditionalBindCredentials(READER, "reader-pw");
    directory = new InMemoryDirectoryServer(config);
    directory.startListening();
    directory.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
    directory.add("dn: " + PEOPLE, "objectClass: organizationalUnit", "ou: people");
    for (String login : List.of("alice", "bob", "jürgen", "we(i)rd*")) {
      add(login);
    }
    type =
        new LdapResolverType(
            secrets,
            new Tls(Settings.load(Path.of("target"), Map.of())),
            Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    type.close();
    directory.shutDown(true);
  }

  private static String dn(String login) {
    return new DN(
            new RDN("uid", login),
            new RDN("ou", "people"),
            new RDN("dc", "example"),
            new RDN("dc", "com"))
        .toString();
  }

  private void add(String login) throws Exception {
    directory.add(
        "dn: " + dn(login),
        "objectClass: inetOrgPerson",
        "uid: " + login,
        "sn: S-" + login,
        "mail: " + login + "@example.com",
        "employeeNumber: id-" + login,
        "userPassword: " + login + "-pw");
  }

  private Map<String, String> sent(String... changes) {
    var sent = new HashMap<String, String>();
    sent.put("LDAPURI", "ldap://127.0.0.1:" + directory.getListenPort());
    sent.put("LDAPBASE", "dc=example,dc=com");
    sent.put("BINDDN", READER);
    sent.put("BINDPW", "reader-pw");
    sent.put("LOGINNAMEATTRIBUTE", "uid");
    sent.put("LDAPFILTER", "(&(uid=%s)(objectClass=inetOrgPerson))");
    sent.put("LDAPSEARCHFILTER", "(uid=*)(objectClass=inetOrgPerson)");
    sent.put("USERINFO", "{\"username\": \"uid\", \"email\": \"mail\", \"surname\": \"sn\"}");
    sent.put("EnforceTLS", "False");
    for (int i = 0; i < changes.length; i += 2) {
      sent.put(changes[i], changes[i + 1]);
    }
    return sent;
  }

  private Resolver resolver(String... changes) {
    return type.open(
        new ResolverDefinition(
            1,
            "directory",
            "ldapresolver",
            false,
            secrets.sealed(1, type.configure("directory", sent(changes)))));
  }

  private static List<String> found(Resolver resolver, String field, String pattern) {
    var names = new ArrayList<String>();
    resolver.search(Map.of(field, pattern), user -> names.add(user.get("username")));
    return names.stream().sorted().toList();
  }

  @Test
  void findsUsersByLogin() {
    assertThat(resolver().byLogin("alice").orElseThrow())
        .containsEntry("userid", dn("alice"))
        .containsEntry("username", "alice")
        .containsEntry("email", "alice@example.com");
    assertThat(resolver().byLogin("jürgen")).isPresent();
    assertThat(resolver().byLogin("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "a*", "alice)(uid=*", "*)(uid=*", "x)(|(uid=alice", "al\\69ce", "\\2a"})
  void aLoginIsNoFilter(String login) {
    assertThat(resolver().byLogin(login)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "username, al*, alice",
    "username, ALICE, alice",
    "username, *o*, bob",
    "email, *@example.com, alice bob jürgen we(i)rd*",
    "username, we(i)*, we(i)rd*",
    "username, alice)(uid=*, ''",
    "searchTerm, S-bob, bob",
    "username, '*', alice bob jürgen we(i)rd*",
  })
  void searches(String field, String pattern, String names) {
    assertThat(found(resolver("SIZELIMIT", "8"), field, pattern))
        .containsExactlyElementsOf(names.isEmpty() ? List.of() : List.of(names.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({"DN", "uid", "employeeNumber"})
  void identifiesUsersAsConfigured(String idType) {
    Resolver resolver = resolver("UIDTYPE", idType);
    for (String login : List.of("alice", "jürgen", "we(i)rd*")) {
      String id = resolver.byLogin(login).orElseThrow().get("userid");
      assertThat(resolver.byIds(List.of(id, "nobody")).get(id)).containsEntry("username", login);
      assertThat(resolver.passwordMatches(id, login + "-pw")).isTrue();
      assertThat(resolver.passwordMatches(id, "wrong")).isFalse();
      assertThat(resolver.passwordMatches(id, "")).isFalse();
    }
  }

  @Test
  void asksTheNextServerWhenOneDoesNotAnswer() {
    Resolver resolver =
        resolver("LDAPURI", "ldap://127.0.0.1:1, ldap://127.0.0.1:" + directory.getListenPort());
    assertThat(resolver.byLogin("alice")).isPresent();
  }

  @Test
  void tellsThatNoServerAnswers() {
    assertThatThrownBy(() -> resolver("LDAPURI", "ldap://127.0.0.1:1").byLogin("alice"))
        .isInstanceOf(Resolver.Unavailable.class);
    assertThatThrownBy(() -> resolver("BINDPW", "wrong").byLogin("alice"))
        .isInstanceOf(Resolver.Unavailable.class);
  }

  @ParameterizedTest
  @CsvSource({"LDAPURI, http://127.0.0.1/", "LDAPURI, ''", "LDAPSEARCHFILTER, (uid=*"})
  void aDefinitionThatCannotWorkIsStoredAndTellsWhenItIsUsed(String name, String value) {
    assertThatThrownBy(() -> found(resolver(name, value), "username", "*"))
        .isInstanceOf(Resolver.Unavailable.class);
  }

  /** The paged search of one reader must not disturb that of another. */
  @Test
  void pagesOfTwoReadersDoNotMix() {
    Resolver resolver = resolver("SIZELIMIT", "4");
    var outer = new ArrayList<String>();
    resolver.search(
        Map.of("username", "*"),
        user -> {
          outer.add(user.get("username"));
          assertThat(found(resolver, "username", "*")).hasSize(4);
        });
    assertThat(outer).hasSize(4).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"DN", "employeeNumber"})
  void tellsAllIds(String idType) {
    Resolver resolver = resolver("UIDTYPE", idType, "SIZELIMIT", "4");
    var ids = new ArrayList<String>();
    resolver.eachId(ids::add);
    assertThat(ids).contains(resolver.byLogin("bob").orElseThrow().get("userid"));
    assertThat(ids).contains(resolver.byLogin("we(i)rd*").orElseThrow().get("userid"));
  }

  @Test
  void theMacroIsTheCurrentTime() {
    assertThat(resolver("LDAPFILTER", "(&(uid=%s)(!(sn=%(now)s)))").byLogin("alice")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "USERINFO, no json",
    "SIZELIMIT, many",
    "EnforceTLS, perhaps",
    "TIMEOUT, soon",
    "LDAPFILTER, (uid=%s"
  })
  void refusesWhatCannotBeUsed(String name, String value) {
    assertThatThrownBy(() -> type.configure("directory", sent(name, value)))
        .isInstanceOf(LinotpException.class);
  }

  @Test
  void thePasswordIsSealed() {
    var stored = secrets.sealed(1, type.configure("directory", sent()));
    assertThat(stored.get("BINDPW").content()).doesNotContain("reader-pw");
    assertThat(ResolverSecrets.shown(stored.get("BINDPW"))).matches("[0-9a-f]{32}:[0-9a-f]+");
  }

  /** What an imported definition has: LinOTP has stored switches in several spellings. */
  @ParameterizedTest
  @CsvSource({"True, true", "true, true", "1, true", "'', true", "False, false", "no, false"})
  void switchesAreReadAsTheyWereStored(String stored, boolean verified) throws Exception {
    var parameters = new HashMap<>(LdapSettings.parameters(sent()));
    parameters.put("only_trusted_certs", new ResolverDefinition.Parameter(stored, "boolean"));
    parameters.put("EnforceTLS", new ResolverDefinition.Parameter(stored, "boolean"));
    assertThat(LdapSettings.of(parameters).verify()).isEqualTo(verified);
    assertThat(LdapSettings.of(parameters).startTls()).isEqualTo(verified);
    parameters.put("only_trusted_certs", new ResolverDefinition.Parameter("perhaps", "boolean"));
    assertThatThrownBy(() -> LdapSettings.of(parameters)).isInstanceOf(LdapSettings.Unusable.class);
    parameters.remove("LDAPBASE");
    assertThatThrownBy(() -> LdapSettings.of(parameters)).isInstanceOf(LdapSettings.Unusable.class);
  }

  /** The base may be a referral: to a server of the definition it is followed, if that wants it. */
  @Test
  void referralsAreFollowedWhereTheDefinitionWantsIt() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=other,dc=com");
    config.setSchema(null);
    config.addAdditionalBindCredentials(READER, "reader-pw");
    var other = new InMemoryDirectoryServer(config);
    try {
      other.startListening();
      other.add("dn: dc=other,dc=com", "objectClass: domain", "dc: other");
      other.add(
          "dn: uid=zoe,dc=other,dc=com",
          "objectClass: inetOrgPerson",
          "uid: zoe",
          "mail: zoe@example.com");
      directory.add(
          "dn: ou=elsewhere,dc=example,dc=com",
          "objectClass: referral",
          "objectClass: extensibleObject",
          "ou: elsewhere",
          "ref: ldap://127.0.0.1:" + other.getListenPort() + "/dc=other,dc=com");
      String base = "ou=elsewhere,dc=example,dc=com";
      assertThat(resolver("LDAPBASE", base, "NOREFERRALS", "False").byLogin("zoe")).isPresent();
      assertThatThrownBy(() -> resolver("LDAPBASE", base, "NOREFERRALS", "True").byLogin("zoe"))
          .isInstanceOf(Resolver.Unavailable.class);
      Resolver stranger =
          resolver(
              "LDAPBASE",
              base,
              "NOREFERRALS",
              "False",
              "LDAPURI",
              "ldap://localhost:" + directory.getListenPort());
      assertThatThrownBy(() -> stranger.byLogin("zoe")).isInstanceOf(Resolver.Unavailable.class);
    } finally {
      other.shutDown(true);
    }
  }
}
