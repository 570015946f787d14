package org.linotpee.identity.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.linotpee.server.ServerUnderTest;

/** OpenLDAP's server on loopback, with a certificate of a CA of its own for {@code localhost}. */
final class Slapd implements AutoCloseable {
  static final String BASE = "dc=example,dc=com";
  static final String READER = "cn=reader," + BASE;
  static final String READER_PASSWORD = "reader-pw";
  private static final Path PROGRAM = Path.of("/usr/sbin/slapd");

  private final Path folder;
  private final int port = ServerUnderTest.freePort();
  private final int tlsPort = ServerUnderTest.freePort();
  private final Process process;

  private Slapd(Path folder, int users) throws IOException, InterruptedException {
    this.folder = folder;
    certificates();
    Files.createDirectories(folder.resolve("db"));
    Files.writeString(folder.resolve("slapd.conf"), configuration());
    Files.writeString(folder.resolve("people.ldif"), people(users));
    call("/usr/sbin/slapadd", "-q", "-f", "slapd.conf", "-l", "people.ldif");
    process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "-f",
                "slapd.conf",
                "-h",
                "ldap://127.0.0.1:" + port + "/ ldaps://127.0.0.1:" + tlsPort + "/",
                "-d",
                "0")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("slapd.log").toFile())
            .start();
    waitUntilItListens();
  }

  /** Starts one with so many users besides the reader; leaves the test out where it is missing. */
  static Slapd start(Path folder, int users) throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      System.err.println("LEFT OUT: LDAP over the wire; install slapd");
      Assumptions.abort("slapd is not installed");
    }
    return new Slapd(folder, users);
  }

  /** The certificate of the CA, PEM. */
  Path caCertificate() {
    return folder.resolve("ca.pem");
  }

  String url() {
    return "ldap://localhost:" + port;
  }

  String tlsUrl() {
    return "ldaps://localhost:" + tlsPort;
  }

  /** By a name that the certificate does not have. */
  String tlsUrlByAddress() {
    return "ldaps://127.0.0.1:" + tlsPort;
  }

  private void certificates() throws IOException, InterruptedException {
    call(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=A CA for tests",
        "-addext",
        "keyUsage=critical,keyCertSign",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem");
    call(
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-keyout",
        "server.key",
        "-out",
        "server.csr");
    Files.writeString(folder.resolve("names"), "subjectAltName=DNS:localhost\n");
    call(
        "openssl",
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
        "-out",
        "server.pem");
  }

  private String configuration() {
    return """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        pidfile slapd.pid
        TLSCACertificateFile ca.pem
        TLSCertificateFile server.pem
        TLSCertificateKeyFile server.key
        sizelimit size.soft=100 size.hard=100 size.prtotal=unlimited
        database mdb
        suffix "dc=example,dc=com"
        rootdn "cn=root,dc=example,dc=com"
        directory db
        index uid eq
        access to attrs=userPassword by anonymous auth by * none
        access to * by users read by * none
        """
        .replace("ca.pem", folder.resolve("ca.pem").toString())
        .replace("server.", folder.resolve("server.").toString())
        .replace("directory db", "directory " + folder.resolve("db"));
  }

  private static String people(int users) {
    var ldif =
        new StringBuilder(
            """
            dn: dc=example,dc=com
            objectClass: dcObject
            objectClass: organization
            o: example
            dc: example

            dn: cn=reader,dc=example,dc=com
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: reader
            userPassword: reader-pw

            dn: ou=people,dc=example,dc=com
            objectClass: organizationalUnit
            ou: people

            """);
    for (int i = 0; i < users; i++) {
      ldif.append(
          """
          dn: uid=user%1$d,ou=people,dc=example,dc=com
          objectClass: inetOrgPerson
          uid: user%1$d
          cn: User %1$d
          sn: S%1$d
          mail: user%1$d@example.com
          employeeNumber: E%1$d
          userPassword: pw%1$d

          """
              .formatted(i));
    }
    return ldif.toString();
  }

  private void call(String... command) throws IOException, InterruptedException {
    Process called =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("call.log").toFile())
            .start();
    if (called.waitFor() != 0) {
      throw new IllegalStateException(
          List.of(command) + ": " + Files.readString(folder.resolve("call.log")));
    }
  }

  private void waitUntilItListens() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    var left = new ArrayList<>(List.of(port, tlsPort));
    while (!left.isEmpty()) {
      try (var probe = new Socket(InetAddress.getLoopbackAddress(), left.get(0))) {
        probe.getInputStream();
        left.remove(0);
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(
              Files.readAllLines(folder.resolve("slapd.log")).stream()
                  .collect(Collectors.joining("\n")),
              e);
        }
        Thread.sleep(50);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
