package org.linotpee.identity.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;

/** Against OpenLDAP's slapd: TLS in both forms, its limits, its answers. */
class LdapOverTheWireTest {
  private static final int USERS = 450;
  private static Slapd slapd;

  private final ResolverSecrets secrets =
      new ResolverSecrets(new Sealer(new Keys(KeyFile.of(new byte[32]))));
  private final List<LdapResolverType> opened = new ArrayList<>();

  @TempDir private Path home;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    slapd = Slapd.start(folder, USERS);
  }

  @AfterAll
  static void stop() {
    if (slapd != null) {
      slapd.close();
    }
  }

  @AfterEach
  void close() {
    opened.forEach(LdapResolverType::close);
  }

  private Resolver resolver(String... changes) {
    var sent = new HashMap<String, String>();
    sent.put("LDAPURI", slapd.url());
    sent.put("LDAPBASE", Slapd.BASE);
    sent.put("BINDDN", Slapd.READER);
    sent.put("BINDPW", Slapd.READER_PASSWORD);
    sent.put("LOGINNAMEATTRIBUTE", "uid");
    sent.put("LDAPFILTER", "(&(uid=%s)(objectClass=inetOrgPerson))");
    sent.put("LDAPSEARCHFILTER", "(uid=*)(objectClass=inetOrgPerson)");
    sent.put("USERINFO", "{\"username\": \"uid\", \"email\": \"mail\", \"surname\": \"sn\"}");
    sent.put("TIMEOUT", "5;20");
    for (int i = 0; i < changes.length; i += 2) {
      sent.put(changes[i], changes[i + 1]);
    }
    var type =
        new LdapResolverType(secrets, new Tls(Settings.load(home, Map.of())), Clock.systemUTC());
    opened.add(type);
    return type.open(
        new ResolverDefinition(
            1, "corp", "ldapresolver", false, secrets.sealed(1, type.configure("corp", sent))));
  }

  /** As an administrator does: into the folder certificates of the home. */
  private void trustTheCa() throws Exception {
    Path certificates = Files.createDirectories(home.resolve("certificates"));
    Files.copy(slapd.caCertificate(), certificates.resolve("company.pem"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void encryptsAndTrustsTheAdministratorsOwnCa(boolean startTls) throws Exception {
    trustTheCa();
    Resolver resolver = resolver("LDAPURI", startTls ? slapd.url() : slapd.tlsUrl());
    var user = resolver.byLogin("user7").orElseThrow();
    assertThat(user).containsEntry("email", "user7@example.com");
    assertThat(resolver.passwordMatches(user.get("userid"), "pw7")).isTrue();
    assertThat(resolver.passwordMatches(user.get("userid"), "pw8")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesACertificateThatNobodyTrusts(boolean startTls) {
    Resolver resolver = resolver("LDAPURI", startTls ? slapd.url() : slapd.tlsUrl());
    assertThatThrownBy(() -> resolver.byLogin("user7")).isInstanceOf(Resolver.Unavailable.class);
  }

  @Test
  void refusesACertificateForAnotherName() throws Exception {
    trustTheCa();
    Resolver resolver = resolver("LDAPURI", slapd.tlsUrlByAddress());
    assertThatThrownBy(() -> resolver.byLogin("user7")).isInstanceOf(Resolver.Unavailable.class);
  }

  @Test
  void acceptsAnyCertificateOnlyWhereTheDefinitionSaysSo() {
    Resolver resolver = resolver("LDAPURI", slapd.tlsUrlByAddress(), "only_trusted_certs", "False");
    assertThat(resolver.byLogin("user7")).isPresent();
  }

  @Test
  void readsAllUsersPageByPageBeyondTheServersLimit() {
    Resolver resolver = resolver("EnforceTLS", "False", "SIZELIMIT", "200");
    var names = new ArrayList<String>();
    resolver.search(Map.of("username", "user*"), user -> names.add(user.get("username")));
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, USERS).mapToObj(i -> "user" + i).toList());
    var ids = new ArrayList<String>();
    resolver.eachId(ids::add);
    assertThat(ids).contains(resolver.byLogin("user449").orElseThrow().get("userid"));
  }

  @Test
  void aReaderWhoStopsEarlyLeavesTheConnectionUsable() {
    Resolver resolver = resolver("EnforceTLS", "False", "SIZELIMIT", "40");
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () ->
                  resolver.search(
                      Map.of(),
                      user -> {
                        throw new IllegalStateException("enough");
                      }))
          .hasMessage("enough");
    }
    assertThat(resolver.byLogin("user1")).isPresent();
  }

  @Test
  void identifiesUsersByEntryUuid() {
    Resolver resolver = resolver("EnforceTLS", "False", "UIDTYPE", "entryUUID");
    var user = resolver.byLogin("user3").orElseThrow();
    assertThat(user.get("userid")).matches("[0-9a-f-]{36}");
    assertThat(resolver.byIds(List.of(user.get("userid"))).get(user.get("userid")))
        .containsEntry("username", "user3");
    assertThat(resolver.passwordMatches(user.get("userid"), "pw3")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "user7)(uid=*", "user7)(|(uid=user8", "\\75ser7", "user7\u0000"})
  void aLoginIsNoFilter(String login) {
    Resolver resolver = resolver("EnforceTLS", "False");
    assertThat(resolver.byLogin(login)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "dc=example,dc=com", "uid=user7,ou=people,dc=example,dc=com+cn=x"})
  void anEmptyPasswordAndStrangeNamesDoNotBind(String dn) {
    Resolver resolver = resolver("EnforceTLS", "False");
    assertThat(resolver.passwordMatches(dn, "")).isFalse();
    assertThat(resolver.passwordMatches(dn, "pw7")).isFalse();
  }

  @Test
  void testsTheDefinition() {
    assertThat(resolver("EnforceTLS", "False", "SIZELIMIT", "50").test().get("result").toString())
        .startsWith("success");
    assertThat(resolver("EnforceTLS", "False", "BINDPW", "wrong").test())
        .containsEntry("result", "error");
    assertThat(resolver("EnforceTLS", "False", "LDAPBASE", "dc=nowhere").test())
        .containsEntry("result", "error");
  }
}
