package org.linotpee.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.configuration.Tls;
import org.linotpee.crypto.KeyFile;
import org.linotpee.crypto.Keys;
import org.linotpee.crypto.Randoms;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.Resolver;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.identity.ldap.LdapResolverType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code linotp ldap-test}: tries a directory out before it is configured (spec 06 section 13.4).
 */
@Command(
    name = "ldap-test",
    description = "Try to connect to a directory; silent without -v, the status tells.")
final class LdapTestCommand implements java.util.concurrent.Callable<Integer> {
  private static final int KEY_BYTES = 32;
  private static final int LDAPS_PORT = 636;

  @ParentCommand private Main main;

  @Option(
      names = {"-u", "--url"},
      required = true,
      description = "ldap:// or ldaps:// URL.")
  private String url;

  @Option(
      names = {"-b", "--base"},
      required = true,
      description = "Search base.")
  private String base;

  @Option(
      names = {"-d", "--binddn"},
      required = true,
      description = "Service account.")
  private String bindDn;

  @Option(
      names = {"-p", "--bindpw"},
      description = "Its password; asked for if it is not given.")
  private String bindPassword;

  @Option(
      names = {"-e", "--enforce-tls", "--enforce_tls"},
      description = "STARTTLS on ldap://.")
  private boolean enforceTls;

  @Option(
      names = {"-t", "--trace-level", "--trace_level"},
      description = "Accepted for compatibility; -v tells more.")
  private int unusedTraceLevel;

  @Option(
      names = {"-c", "--only-trusted-certs", "--only_trusted_certs"},
      description = "Verify the server's certificate.")
  private boolean onlyTrusted;

  @Option(
      names = {"--ldap-type", "--ldap_type"},
      defaultValue = "ldap",
      description = "Presets of filters: ldap or ad.")
  private String ldapType;

  @Option(
      names = {"--cert-file", "--cert_file"},
      description = "Trusted certificates, PEM.")
  private Path certificates;

  @Option(names = "--filter", description = "Finds one user.")
  private String filter;

  @Option(
      names = {"--searchfilter", "--search-filter"},
      description = "Finds all users.")
  private String searchFilter;

  @Option(names = "--loginattribute", description = "Attribute of the login.")
  private String loginAttribute;

  @Option(
      names = {"--all-cases", "--all_cases"},
      description = "Try plain, STARTTLS and LDAPS, with and without trust and verification.")
  private boolean allCases;

  /** One way to connect. */
  private record Case(String name, String url, boolean startTls, boolean trust, boolean verify) {
    boolean encrypted() {
      return startTls || url.startsWith("ldaps");
    }

    /** Plain connections work, encrypted ones unless a certificate is asked for and unknown. */
    boolean shouldConnect() {
      return !encrypted() || !verify || trust;
    }
  }

  @Override
  public Integer call() {
    if (bindPassword == null) {
      bindPassword =
          new String(
              Console.terminal()
                  .orElseThrow(() -> new Failure("there is no terminal; use --bindpw"))
                  .readPassword("Password of the service account: "));
    }
    return allCases ? all() : one();
  }

  private int one() {
    Map<String, Object> result = tried(new Case("", url, enforceTls, true, onlyTrusted));
    boolean connected = result.get("result").toString().startsWith("success");
    if (main.talkative()) {
      System.out.println(result.get("result") + ": " + result.get("desc"));
    }
    return connected ? 0 : 1;
  }

  private int all() {
    String host = URI.create(url).getHost();
    int port = URI.create(url).getPort();
    boolean ldaps = url.toLowerCase(Locale.ROOT).startsWith("ldaps");
    String plainUrl = ldaps ? "ldap://" + host : url;
    String tlsUrl =
        ldaps ? url : "ldaps://" + host + ":" + (port > 0 && port != 389 ? port : LDAPS_PORT);
    boolean good = true;
    System.out.printf(
        "%-10s %-8s %-12s %-10s %s%n", "connection", "CA", "verification", "expected", "result");
    for (String way : new String[] {"plain", "STARTTLS", "LDAPS"}) {
      for (int i = 0; i < 3; i++) {
        var attempt =
            new Case(
                way,
                way.equals("LDAPS") ? tlsUrl : plainUrl,
                way.equals("STARTTLS"),
                i == 0 && certificates != null,
                i < 2);
        boolean connected = tried(attempt).get("result").toString().startsWith("success");
        good &= connected == attempt.shouldConnect();
        System.out.printf(
            "%-10s %-8s %-12s %-10s %s%n",
            way,
            attempt.trust() ? "given" : "none",
            attempt.verify() ? "yes" : "no",
            attempt.shouldConnect() ? "connects" : "fails",
            connected ? "connects" : "fails");
      }
    }
    return good ? 0 : 1;
  }

  private Map<String, Object> tried(Case attempt) {
    boolean directory = ldapType.equals("ad");
    String login = loginAttribute != null ? loginAttribute : directory ? "sAMAccountName" : "uid";
    String people = directory ? "(objectClass=user)" : "(objectClass=inetOrgPerson)";
    var sent = new HashMap<String, String>();
    sent.put("LDAPURI", attempt.url());
    sent.put("LDAPBASE", base);
    sent.put("BINDDN", bindDn);
    sent.put("BINDPW", bindPassword);
    sent.put("LOGINNAMEATTRIBUTE", login);
    sent.put("LDAPFILTER", filter != null ? filter : "(&(" + login + "=%s)" + people + ")");
    sent.put(
        "LDAPSEARCHFILTER", searchFilter != null ? searchFilter : "(" + login + "=*)" + people);
    sent.put("USERINFO", "{\"username\": \"" + login + "\"}");
    sent.put("EnforceTLS", String.valueOf(attempt.startTls()));
    sent.put("only_trusted_certs", String.valueOf(attempt.verify()));
    sent.put("NOREFERRALS", "True");
    sent.put("TIMEOUT", "5;5");
    sent.put("SIZELIMIT", "500");
    var secrets = new ResolverSecrets(new Sealer(new Keys(KeyFile.of(Randoms.bytes(KEY_BYTES)))));
    var type = new LdapResolverType(secrets, new Tls(trusting(attempt)), Clock.systemUTC());
    try {
      return type.open(
              new ResolverDefinition(
                  1, "test", type.name(), false, secrets.sealed(1, type.configure("test", sent))))
          .test();
    } catch (Resolver.Unavailable e) {
      return Map.of("result", "error", "desc", e.getMessage());
    }
  }

  /** With a file of certificates, these alone are trusted. */
  private Settings trusting(Case attempt) {
    if (allCases && !attempt.trust()) {
      return Settings.load(
          Path.of("/nonexistent"), Map.of(Setting.TLS_CA_CERTIFICATES_FILE.name(), "/dev/null"));
    }
    return certificates == null
        ? main.settings()
        : main.settings(
            Map.of(
                Setting.TLS_CA_CERTIFICATES_FILE.name(), certificates.toAbsolutePath().toString()));
  }
}
