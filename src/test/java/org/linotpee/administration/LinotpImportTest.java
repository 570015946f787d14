package org.linotpee.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.linotpee.audit.AuditCleanup;
import org.linotpee.audit.AuditSealer;
import org.linotpee.audit.AuditSearch;
import org.linotpee.audit.AuditVerifier;
import org.linotpee.audit.ImportedTrail;
import org.linotpee.configuration.LinotpException;
import org.linotpee.crypto.LinotpKeyFile;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.Realms;
import org.linotpee.testing.TestProduct;

/** Spec 06 section 11, with the values of sections 4 to 6 under the key file 00 01 02 ... 5f. */
class LinotpImportTest {
  private static final String IV = "000102030405060708090a0b0c0d0e0f";
  private static final String SEALED_SEED =
      "cca24736dd742f1eaa46ab864a7d596c219dde4bfb0de2bae20595f592a5cbced639c040ee5a98c5f4cf8105"
          + "12568a4f09c2b5dae54ef97a8f0bee4e4dd3f000c432622cda4988edd5642d1e1703ce4aa13d9da88b172a6"
          + "91fbb0399c7099bf9";

  /** Where the key of configuration entries begins in the key file, whose bytes count up. */
  private static final int CONFIGURATION_KEY = 32;

  private static final String PRIVATE_KEY =
      "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAPJF/GH9FbKEBYfG"
          + "93p1ClGzTB229YFN6f/+dKK+QBLrjVBp5ykdsw5Ub18RjvqI/hqPAUFcF4N+OJ4N"
          + "DICLK5pPxTCAYem2U6SXrLBmVoUxCEKxy0izVGODJsY/L54tEfNRUOQO1TYzUX1M"
          + "XYMlftHlibwuY4gcsneAq+8llKo9AgMBAAECgYAp0Uqu3zBPj9okhYNR78HIOFp7"
          + "Bol5uCkbtqALNyt4GJBbwOvVfPrbDlfq4Oz88YhqrSRaU7r7R14eacIurdbohcJf"
          + "2FRP8qOxnCoi+Lt8WyucstjKSoVZz7v4HmqmxMkD1pZ6zwHKcJE+Q8GS6+/peMLp"
          + "9J6jFFcoCZCcmK3bQQJBAPbb5kRHzgYr4FPFJQby1CsmxygjRA6jUUCVWJNiC4se"
          + "nUmgi8oHrG7QQpXuzXMEkI6ujCHCEr+8vlIk7PxonLMCQQD7Pp3/ic7EWaOuGBWg"
          + "mePtcLGGRfSi46qWFLDJEeQdypYhKfoAFQTTcsWksYvALEhihmV3+lvy/zhCm97T"
          + "1/VPAkEAsSMcObTYxp7natUVe8X1rz01Pb0IkgRpQpGoLKH3LI38SZ/1jzQwbJfu"
          + "n83rCPSmkmv3zCWJ9KIIY8NxdrHOdwJAPUXdJIgITCyMVZX8GEnPo4WbVeLTsbIS"
          + "VT3Ai5j4aCeTC42AMeruXV8dQngmW/ywvo6GSoddS1rg7qWy5zlA0wJBAI7S1ATD"
          + "2YhlqQVN2XEeRAU7nV1AGc6uP8M7VlruAQ1uM/Ea2NYwBxHtt9iAAKF/rpnMhqbO"
          + "3iPn7Mu+nBc0iRU=";
  private static final String SIGNATURE_1 =
      "00ad8a58e907c176b1b4929670142def5d7dd7a0869ef310255e623c19f77932a543c554036a40ecedceea6fbc9ea23977d76c71ddbe546c9d845d6492d1f787"
          + "b5aca7a5e97c38923465c054272e79dbc4e9e17f3502d39186ded0d082e3f52cef2c005326f6d4e973fb94fd79f477f47170057521e1fe1bca05a584c6323600";
  private static final String SIGNATURE_2 =
      "739fd30b979eceedf08b2c73252b4c61332b377a6acf3efc7b35b926ec6c7f1e79c823455a2a0221fa18c4d23f6422b68cba42bcb0a7c5a6a0ebc86b0adb755b"
          + "6d23eb409aad9a25b143f21b4a56aaa03b8f4d557e8e91b305a9cbcc0b5c103fa5c0d33b2513672500575ceab9cdcf5a95ff87452b7819b62657e4b1e777e818";

  private final TestProduct product = new TestProduct();
  private final ImportedTrail trail =
      new ImportedTrail(product.transactions, product.auditStore, product.auditKeys, product.clock);
  private Connection source;
  private Optional<Connection> audit = Optional.empty();

  @BeforeEach
  void fill() throws SQLException {
    source = DriverManager.getConnection("jdbc:h2:mem:" + UUID.randomUUID());
    execute(
        "CREATE TABLE \"Config\" (\"Key\" VARCHAR(255), \"Value\" VARCHAR(2000), \"Type\""
            + " VARCHAR(2000), \"Description\" VARCHAR(2000))",
        "CREATE TABLE \"imported_user\" (\"groupid\" VARCHAR(100), \"userid\" VARCHAR(100),"
            + " \"username\" VARCHAR(255), \"phone\" VARCHAR(100), \"mobile\" VARCHAR(100),"
            + " \"email\" VARCHAR(100), \"surname\" VARCHAR(100), \"givenname\" VARCHAR(100),"
            + " \"password\" VARCHAR(255))",
        "CREATE TABLE \"Realm\" (\"id\" INTEGER, \"name\" VARCHAR(255))",
        "CREATE TABLE \"TokenRealm\" (\"id\" INTEGER, \"token_id\" INTEGER, \"realm_id\" INTEGER)",
        "CREATE TABLE \"REPORTING\" (\"R_ID\" INTEGER, \"R_TIMESTAMP\" TIMESTAMP, \"R_EVENT\""
            + " VARCHAR(250), \"R_REALM\" VARCHAR(250), \"R_PARAMETER\" VARCHAR(250), \"R_COUNT\""
            + " INTEGER)",
        "CREATE TABLE \"Token\" (\"LinOtpTokenId\" INTEGER, \"LinOtpTokenDesc\" VARCHAR(80),"
            + " \"LinOtpTokenSerialnumber\" VARCHAR(40), \"LinOtpTokenType\" VARCHAR(30),"
            + " \"LinOtpTokenInfo\" VARCHAR(2000), \"LinOtpTokenPinUser\" VARCHAR(512),"
            + " \"LinOtpTokenPinUserIV\" VARCHAR(32), \"LinOtpIdResClass\" VARCHAR(120),"
            + " \"LinOtpUserid\" VARCHAR(320), \"LinOtpSeed\" VARCHAR(32), \"LinOtpOtpLen\""
            + " INTEGER, \"LinOtpPinHash\" VARCHAR(512), \"LinOtpKeyEnc\" VARCHAR(1024),"
            + " \"LinOtpKeyIV\" VARCHAR(32), \"LinOtpMaxFail\" INTEGER, \"LinOtpIsactive\" BOOLEAN,"
            + " \"LinOtpFailCount\" INTEGER, \"LinOtpCount\" INTEGER, \"LinOtpCountWindow\""
            + " INTEGER, \"LinOtpSyncWindow\" INTEGER, \"LinOtpCreationDate\" TIMESTAMP,"
            + " \"LinOtpLastAuthSuccess\" TIMESTAMP, \"LinOtpLastAuthMatch\" TIMESTAMP)");
    config("sql_data_model_version", "3.2.3.0", null);
    config("Config", "2026-01-01 00:00:00.000000", null);
    config("DefaultOtpLen", "8", null);
    config("private.entry", "kept", "text");
    config("secret.entry", IV + ":9155b802828d570efb197d1f5767c5a8", "encrypted_data");
    config("long", "A".repeat(1994), "C", "0:2");
    config("long__[1:2]", "B".repeat(1994), "C", "1:2");
    config("long__[2:2]", "C", "text", "joined");
    config("sqlresolver.Table.managed", "imported_user", "str");
    config("sqlresolver.readonly.managed", "True", "boolean");
    config(
        "sqlresolver.Password.managed", IV + ":705c820e371f3e0513470d66dc484ee9", "encrypted_data");
    config("ldapresolver.LDAPURI.corpldap", "ldap://ldap.example.com", "str");
    config(
        "ldapresolver.BINDPW.corpldap", IV + ":9155b802828d570efb197d1f5767c5a8", "encrypted_data");
    config(
        "useridresolver.group.sales",
        "useridresolver.SQLIdResolver.IdResolver.managed,"
            + "useridresolveree.LDAPIdResolver.IdResolver.corpldap",
        null);
    config("Policy.p1.action", "otppin=0", null);
    execute(
        "INSERT INTO \"imported_user\" VALUES ('managed', '7', 'anna', '', '', 'anna@example.org',"
            + " 'Müller', 'Anna', '*')",
        "INSERT INTO \"Realm\" VALUES (5, 'sales')",
        "INSERT INTO \"TokenRealm\" VALUES (1, 17, 5)",
        "INSERT INTO \"REPORTING\" VALUES (1, '2026-01-02 03:04:05', 'token_init', 'sales',"
            + " 'total', 3)");
    token(17, "H1", "HMAC", "useridresolveree.SQLIdResolver.IdResolver.managed", "7", 4);
    token(18, "H2", "HMAC", "", "", 0);
  }

  private void token(int id, String serial, String type, String spec, String user, int counter)
      throws SQLException {
    execute(
        "INSERT INTO \"Token\" VALUES ("
            + id
            + ", 'a ring', '"
            + serial
            + "', '"
            + type
            + "', '{\"hashlib\": \"sha1\"}', 'c8abc8bd0a38f2e62ed39cfd11d4736f', '"
            + IV
            + "', '"
            + spec
            + "', '"
            + user
            + "', '"
            + IV
            + "', 6, 'bef3dd7e1bf949e30da61c22b4818684d62b34a0e9b8576a17b58f750faa4a5e', '"
            + SEALED_SEED
            + "', '"
            + IV
            + "', 10, TRUE, 2, "
            + counter
            + ", 10, 1000, '2025-05-06 07:08:09', NULL, '2025-06-06 07:08:09')");
  }

  private void config(String key, String value, String type) throws SQLException {
    config(key, value, type, null);
  }

  private void config(String key, String value, String type, String description)
      throws SQLException {
    try (var insert = source.prepareStatement("INSERT INTO \"Config\" VALUES (?, ?, ?, ?)")) {
      insert.setString(1, "linotp." + key);
      insert.setString(2, value);
      insert.setString(3, type);
      insert.setString(4, description);
      insert.execute();
    }
  }

  private void execute(String... statements) throws SQLException {
    try (var statement = source.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @AfterEach
  void close() throws SQLException {
    source.close();
    product.close();
  }

  private LinotpImport.Report run(boolean dryRun, int keyOffset) {
    byte[] key = new byte[96];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i + keyOffset);
    }
    return new LinotpImport(
            product.snapshots, product.sequences, product.sealer, trail, "LinOTP_local_admins")
        .run(
            new LinotpImport.Source(source, audit),
            padding -> LinotpKeyFile.of(key, padding),
            new LinotpImport.Options(dryRun, false));
  }

  private String entry(String name) {
    return product
        .snapshots
        .current()
        .configuration()
        .entry(name)
        .map(e -> new ConfigurationEntries(product.snapshots, product.sealer).open(e))
        .orElse("");
  }

  @Test
  void takesTokensOverWithSeedPinOwnerAndRealm() {
    LinotpImport.Report report = run(false, 0);
    assertThat(report.counts()).containsEntry("tokens", 2L).containsEntry("tokens, HMAC", 2L);
    var token = product.token("H1");
    assertThat(product.secrets.seed(token)).isEqualTo(SEED);
    assertThat(product.secrets.pinMatches(token, "1234")).isTrue();
    assertThat(product.secrets.pinMatches(token, "1235")).isFalse();
    assertThat(product.secrets.userPin(token)).isEqualTo("4711");
    assertThat(token.counter()).isEqualTo(4);
    assertThat(token.failCount()).isEqualTo(2);
    assertThat(token.createdAt()).isEqualTo("2025-05-06T07:08:09Z");
    assertThat(token.owner())
        .contains(new OwnerKey("useridresolver.SQLIdResolver.IdResolver.managed", "7"));
    Realms realms = product.snapshots.current().part(Realms.class);
    assertThat(
            product.transactions.<java.util.Set<String>>required(
                em -> product.tokens.realmsOf(em, product.token("H1"), realms)))
        .containsExactly("sales");
    assertThat(product.token("H2").owner()).isEmpty();
  }

  @Test
  void theNextValueIsAcceptedHere() {
    run(false, 0);
    product.stores.setDefaultRealm("sales", em -> {});
    product.stores.setRealm(
        "sales", "useridresolver.SQLIdResolver.IdResolver.managed", "", em -> {});
    assertThat(product.check("anna", "1234969429")).isFalse();
    assertThat(product.check("anna", "1234338314")).isTrue();
  }

  @Test
  void takesTheConfigurationOver() {
    run(false, 0);
    assertThat(entry("DefaultOtpLen")).isEqualTo("8");
    assertThat(entry("private.entry")).isEqualTo("kept");
    assertThat(entry("secret.entry")).isEqualTo("s3cret");
    assertThat(product.snapshots.current().configuration().entry("secret.entry").get().encrypted())
        .isTrue();
    assertThat(entry("long")).hasSize(3989).endsWith("BC");
    Realms realms = product.snapshots.current().part(Realms.class);
    assertThat(realms.named("sales").orElseThrow().resolvers())
        .map(d -> d.name())
        .containsExactly("managed", "corpldap");
    var ldap = realms.resolver("corpldap").orElseThrow();
    assertThat(new org.linotpee.identity.ResolverSecrets(product.sealer).open(ldap, "BINDPW"))
        .isEqualTo("s3cret");
    assertThat(realms.resolver("managed").orElseThrow().managed()).isTrue();
  }

  @Test
  void aSecondRunAddsNothing() {
    run(false, 0);
    LinotpImport.Report again = run(false, 0);
    assertThat(again.counts()).doesNotContainKeys("tokens", "users", "realms", "resolvers");
    assertThat(product.transactions.<Long>required(product.tokens::countAll)).isEqualTo(2);
  }

  private static final String PARTITION =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

  /** As LinOTP encrypts: the hexadecimal text, AES-CBC, PKCS #7. */
  private static String encrypted(String clear) {
    try {
      byte[] key = new byte[32];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (i + CONFIGURATION_KEY);
      }
      var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(HexFormat.of().parseHex(IV)));
      byte[] hex =
          HexFormat.of()
              .formatHex(clear.getBytes(StandardCharsets.US_ASCII))
              .getBytes(StandardCharsets.US_ASCII);
      return IV + ":" + HexFormat.of().formatHex(cipher.doFinal(hex));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void pairingKeys() throws SQLException {
    config("SecretKey.Partition.0", encrypted(PARTITION), "encrypted_data");
    config(
        "PublicKey.Partition.0",
        encrypted("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="),
        "encrypted_data");
    token(19, "LSQR0001A2B3", "qr", "", "", 0);
    execute(
        "UPDATE \"Token\" SET \"LinOtpTokenInfo\" = '{\"partition\": 0, \"state\":"
            + " \"pairing_url_sent\"}', \"LinOtpKeyEnc\" = '', \"LinOtpIsactive\" = FALSE WHERE"
            + " \"LinOtpTokenId\" = 19");
  }

  /** The response is that of the worked example (spec 08 section 16.4). */
  @Test
  void devicesOfLinotpPairHere() throws SQLException {
    pairingKeys();
    assertThat(run(false, 0).problems()).isEmpty();
    product.pairing.pair(
        "AQAAAABJPoL8dEZKWSaIF2I9IFPF644sxKmItP7heexrAQ1THQ32rXTixqoyms7Zs8l-kKQsRJpIrK57T6m5ctii3Vu3q2Qgh6XGg7HFDLbXm-ct3lFaJZM2VsiN5xcvvTWCxsVOgKQ",
        product.audit("validate/pair"));
    assertThat(product.token("LSQR0001A2B3").info().get("state"))
        .hasValue("pairing_response_received");
  }

  @Test
  void anotherPairOfKeysIsTold() throws SQLException {
    run(false, 0);
    pairingKeys();
    assertThat(run(false, 0).problems()).anyMatch(p -> p.contains("SecretKey.Partition.0"));
  }

  @Test
  void aDryRunStoresNothing() {
    assertThat(run(true, 0).counts()).containsEntry("tokens", 2L).containsEntry("users", 1L);
    assertThat(product.transactions.<Long>required(product.tokens::countAll)).isZero();
    assertThat(entry("private.entry")).isEmpty();
  }

  @Test
  void aWrongKeyFileStopsIt() {
    assertThatThrownBy(() -> run(false, 1))
        .isInstanceOf(LinotpException.class)
        .hasMessageContaining("key file");
    assertThat(product.transactions.<Long>required(product.tokens::countAll)).isZero();
  }

  @Test
  void anOldDatabaseIsRefused() throws SQLException {
    execute(
        "UPDATE \"Config\" SET \"Value\" = '2.8.0.0' WHERE \"Key\" ="
            + " 'linotp.sql_data_model_version'");
    assertThatThrownBy(() -> run(false, 0)).hasMessageContaining("upgrade LinOTP first");
    execute("DELETE FROM \"Config\"");
    assertThatThrownBy(() -> run(false, 0)).hasMessageContaining("no database of LinOTP");
  }

  private void auditRow(int id, String user, String administrator, String info, String signature)
      throws SQLException {
    try (var insert =
        source.prepareStatement(
            "INSERT INTO \"audit\" VALUES (?, '2026-03-01T10:20:30.456+00:00', ?, 'admin/init', '1',"
                + " 'HOTP0001', 'HMAC', ?, 'sales', ?, 'tokennum = 3', ?, 'otp1', '192.0.2.10',"
                + " 'INFO', 0)")) {
      insert.setInt(1, id);
      insert.setString(2, signature);
      insert.setString(3, user);
      insert.setString(4, administrator);
      insert.setString(5, info);
      insert.execute();
    }
  }

  private static PublicKey auditKey() throws Exception {
    byte[] content = Base64.getMimeDecoder().decode(PRIVATE_KEY);
    var key =
        (RSAPrivateCrtKey)
            KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(content));
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
  }

  /** The vectors of section 9.2. */
  private void auditTrail() throws SQLException {
    execute(
        "CREATE TABLE \"audit\" (\"id\" INTEGER, \"timestamp\" VARCHAR(30), \"signature\""
            + " VARCHAR(512), \"action\" VARCHAR(30), \"success\" VARCHAR(30), \"serial\""
            + " VARCHAR(30), \"tokentype\" VARCHAR(40), \"user\" VARCHAR(255), \"realm\""
            + " VARCHAR(255), \"administrator\" VARCHAR(255), \"action_detail\" VARCHAR(512),"
            + " \"info\" VARCHAR(512), \"linotp_server\" VARCHAR(80), \"client\" VARCHAR(80),"
            + " \"log_level\" VARCHAR(20), \"clearance_level\" INTEGER)");
    audit = Optional.of(source);
    auditRow(4711, "alice", "admin@linotp_admins (LinOTP_local_admins)", "", SIGNATURE_1);
  }

  @Test
  void auditRowsKeepTheirSignaturesAndAreTheOldest() throws Exception {
    auditTrail();
    product.enroll("", "type", "spass", "serial", "OURS");
    assertThat(run(false, 0).counts()).containsEntry("audit rows", 1L);
    assertThat(trail.verify(auditKey(), number -> {})).isEqualTo(new ImportedTrail.Result(1, 0));
    var rows = new ArrayList<String>();
    product.auditSearch.rows(
        new AuditSearch.Criteria(Map.of(), false, "number", false),
        Optional.empty(),
        (row, intact) -> rows.add(row.serial() + " " + row.administrator() + " " + intact));
    assertThat(rows.get(0)).isEqualTo("HOTP0001 admin@linotp_admins (LinOTP_local_admins) true");
    assertThat(rows.get(rows.size() - 1)).startsWith("OURS ").endsWith(" true");
    new AuditSealer(product.transactions, product.auditKeys, product.clock).seal();
    assertThat(new AuditVerifier(product.auditStore, product.auditKeys).verify(problem -> {}))
        .isEqualTo(new AuditVerifier.Result(rows.size(), 0, 0));
  }

  @Test
  void auditRowsAreTakenOverOnce() throws Exception {
    auditTrail();
    assertThat(run(true, 0).counts()).containsEntry("audit rows", 1L);
    assertThat(trail.newestNumber()).isZero();
    run(false, 0);
    assertThat(trail.newestNumber()).isEqualTo(4711);
    assertThat(run(false, 0).counts()).doesNotContainKey("audit rows");
    auditRow(4712, null, null, null, "no signature");
    assertThat(run(false, 0).counts()).containsEntry("audit rows", 1L);
    var wrong = new ArrayList<Long>();
    assertThat(trail.verify(auditKey(), wrong::add)).isEqualTo(new ImportedTrail.Result(2, 1));
    assertThat(wrong).containsExactly(4712L);
  }

  @Test
  void aChangedAuditRowIsFound() throws Exception {
    auditTrail();
    execute("UPDATE \"audit\" SET \"id\" = 4710");
    auditRow(4711, "jürgen", "O'Neil@linotp_admins (ldapÄ)", "done", SIGNATURE_2);
    run(false, 0);
    var wrong = new ArrayList<Long>();
    trail.verify(auditKey(), wrong::add);
    assertThat(wrong).containsExactly(4710L);
    new AuditCleanup(product.auditStore, product.auditKeys, product.clock)
        .removeUpTo(4710 - ImportedTrail.OFFSET);
    assertThat(trail.verify(auditKey(), number -> {})).isEqualTo(new ImportedTrail.Result(1, 0));
    assertThat(new AuditVerifier(product.auditStore, product.auditKeys).verify(p -> {}).problems())
        .isZero();
    assertThat(run(false, 0).counts()).doesNotContainKey("audit rows");
  }

  @Test
  void repairsTextsThatWereReadInTheWrongEncoding() {
    var repair = new LinotpImport.Options(false, true);
    assertThat(LinotpImport.repaired("MÃ¼ller", repair)).isEqualTo("Müller");
    assertThat(LinotpImport.repaired("Müller", repair)).isEqualTo("Müller");
    assertThat(LinotpImport.repaired("Muller", repair)).isEqualTo("Muller");
    assertThat(LinotpImport.repaired("MÃ¼ller", new LinotpImport.Options(false, false)))
        .isEqualTo("MÃ¼ller");
  }
}
