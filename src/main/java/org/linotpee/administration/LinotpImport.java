package org.linotpee.administration;

import jakarta.persistence.EntityManager;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.audit.ImportedTrail;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Sequences;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.LinotpKeyFile;
import org.linotpee.crypto.Pins;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;
import org.linotpee.identity.ManagedResolverType;
import org.linotpee.identity.ManagedUser;
import org.linotpee.identity.OwnerKey;
import org.linotpee.identity.RealmResolverRow;
import org.linotpee.identity.RealmRow;
import org.linotpee.identity.ResolverDefinition;
import org.linotpee.identity.ResolverRow;
import org.linotpee.identity.ResolverSecrets;
import org.linotpee.policy.ForwardSecrets;
import org.linotpee.token.Token;
import org.linotpee.token.TokenInfo;
import org.linotpee.token.TokenRealm;
import org.linotpee.token.TokenSecrets;

/**
 * Takes over the database of a LinOTP installation (spec 06 section 11): configuration, resolvers,
 * realms, managed users, tokens and reports, in one transaction; then the audit trail, in blocks.
 * What is here already is kept, so a second run adds only what is new. Secrets are decrypted with
 * LinOTP's key file and sealed with ours. Audit rows keep their signatures beside those of ours.
 */
public final class LinotpImport {
  private static final String PREFIX = "linotp.";
  private static final Pattern CONTINUED = Pattern.compile("(.+)__\\[(\\d+):(\\d+)]");
  private static final Pattern RESOLVER =
      Pattern.compile("(passwdresolver|ldapresolver|sqlresolver)\\.([A-Za-z_]+)\\.([^.]+)");
  private static final Pattern FORWARD_SECRET = Pattern.compile("encsecret=([^&\\s\"']+)");
  private static final String REALM = "useridresolver.group.";
  private static final Set<String> LEFT_OUT =
      Set.of("Config", "testkey", "sql_data_model_version", "utf8_conversion");
  private static final List<Integer> OLDEST = List.of(2, 9, 1, 0);
  private static final List<Integer> FIRST_WITH_PKCS7 = List.of(3, 1, 0, 0);
  private static final String HASHED_PASSWORD_IV = "3a313a";
  private static final int BATCH = 500;
  private static final int FETCH = 1000;

  /** The columns of LinOTP's table {@code audit} (section 3.9). */
  private static final Map<ImportedTrail.Column, String> AUDIT_COLUMNS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(ImportedTrail.Column.DATE, "timestamp"),
              Map.entry(ImportedTrail.Column.ACTION, "action"),
              Map.entry(ImportedTrail.Column.SUCCESS, "success"),
              Map.entry(ImportedTrail.Column.SERIAL, "serial"),
              Map.entry(ImportedTrail.Column.TOKEN_TYPE, "tokentype"),
              Map.entry(ImportedTrail.Column.USER, "user"),
              Map.entry(ImportedTrail.Column.REALM, "realm"),
              Map.entry(ImportedTrail.Column.ADMINISTRATOR, "administrator"),
              Map.entry(ImportedTrail.Column.ACTION_DETAIL, "action_detail"),
              Map.entry(ImportedTrail.Column.INFO, "info"),
              Map.entry(ImportedTrail.Column.SERVER, "linotp_server"),
              Map.entry(ImportedTrail.Column.LOG_LEVEL, "log_level"),
              Map.entry(ImportedTrail.Column.CLEARANCE_LEVEL, "clearance_level"),
              Map.entry(ImportedTrail.Column.CLIENT, "client")));

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);
  private static final Map<String, Map<String, String>> DEFAULTS =
      Map.of(
          "ldapresolver",
          Map.of(
              "UIDTYPE", "DN",
              "EnforceTLS", "True",
              "only_trusted_certs", "True",
              "NOREFERRALS", "False",
              "PROXY", "False",
              "TIMEOUT", "-1",
              "SIZELIMIT", "500",
              "USERINFO", "{}"),
          "sqlresolver",
          Map.of(
              "conParams",
              "",
              "Connect",
              "",
              "Where",
              "",
              "Encoding",
              "utf-8",
              "Limit",
              "1000",
              "Port",
              "",
              "Server",
              "",
              "User",
              "",
              "Database",
              "",
              "Driver",
              ""),
          "passwdresolver",
          Map.of());

  private final Snapshots snapshots;
  private final Sequences sequences;
  private final Sealer sealer;
  private final ImportedTrail trail;
  private final String adminResolver;

  /**
   * @param adminResolver the resolver of our local administrators, which takes LinOTP's over
   */
  public LinotpImport(
      Snapshots snapshots,
      Sequences sequences,
      Sealer sealer,
      ImportedTrail trail,
      String adminResolver) {
    this.snapshots = snapshots;
    this.sequences = sequences;
    this.sealer = sealer;
    this.trail = trail;
    this.adminResolver = adminResolver;
  }

  /**
   * What is read.
   *
   * @param database LinOTP's main database
   * @param audit the database that has its audit trail; empty if that is to stay where it is
   */
  public record Source(Connection database, Optional<Connection> audit) {}

  /**
   * What was done.
   *
   * @param counts rows that were added, by what they are; tokens also by type
   * @param problems what was left out, and what an administrator should look at
   */
  public record Report(Map<String, Long> counts, List<String> problems) {}

  /** How to read. */
  public record Options(boolean dryRun, boolean repairEncoding) {}

  /** Ends a dry run: everything is rolled back. */
  private static final class DryRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DryRun() {
      super(null, null, false, false);
    }
  }

  /**
   * Imports everything, or with an error nothing. Only the audit trail, which may be long, is
   * stored in blocks: a run that was interrupted there is taken up again by the next one.
   *
   * @param keys reads the key file once the padding is known
   * @throws LinotpException -311 if it is no such database, too old, or of another key file
   */
  public Report run(
      Source from, Function<LinotpKeyFile.Padding, LinotpKeyFile> keys, Options options) {
    Connection source = from.database();
    try {
      Map<String, Entry> entries = entries(source, options);
      LinotpKeyFile keyFile = keys.apply(padding(entries));
      checkKey(entries, keyFile);
      var report = new Report(new TreeMap<>(), new ArrayList<>());
      try {
        snapshots.change(
            em -> {
              try {
                new Run(em, source, entries, keyFile, options, report).all();
              } catch (SQLException e) {
                throw failed(e);
              }
              if (options.dryRun()) {
                throw new DryRun();
              }
              return null;
            });
      } catch (DryRun done) {
        report.problems().add(0, "dry run: nothing was stored");
      }
      if (from.audit().isPresent()) {
        auditRows(from.audit().get(), options, report);
      }
      return report;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static LinotpException failed(SQLException e) {
    return LinotpException.unclassified("cannot read LinOTP's database: " + e.getMessage());
  }

  private record Entry(String value, String type, String description) {
    boolean encrypted() {
      return "encrypted_data".equals(type) || "password".equals(type);
    }
  }

  // reading the source
  // ------------------------------------------------------------------------------

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private static void each(Connection source, String table, Row reader) throws SQLException {
    each(source, table, "", reader);
  }

  /**
   * Reads a table row by row: drivers that are asked for blocks, outside of auto-commit, do not
   * hold all of it in memory.
   */
  private static void each(Connection source, String table, String more, Row reader)
      throws SQLException {
    boolean autoCommit = source.getAutoCommit();
    source.setAutoCommit(false);
    try (var statement = source.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows =
          statement.executeQuery("SELECT * FROM " + quoted(source, table) + more)) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    } finally {
      source.setAutoCommit(autoCommit);
    }
  }

  private static String quoted(Connection source, String name) throws SQLException {
    String quote = source.getMetaData().getIdentifierQuoteString().trim();
    return quote + name + quote;
  }

  // the audit trail -------------------------------------------------------------------------------

  /** True if the database has LinOTP's audit trail. */
  public static boolean hasAuditTrail(Connection source) throws SQLException {
    try (ResultSet tables =
        source.getMetaData().getTables(source.getCatalog(), source.getSchema(), "audit", null)) {
      return tables.next();
    }
  }

  private void auditRows(Connection source, Options options, Report report) throws SQLException {
    long newest = trail.newestNumber();
    var block = new ArrayList<ImportedTrail.Row>();
    String id = quoted(source, "id");
    each(
        source,
        "audit",
        " WHERE " + id + " > " + newest + " ORDER BY " + id,
        row -> {
          long number = row.getLong("id");
          if (number <= 0 || number >= ImportedTrail.OFFSET) {
            report
                .problems()
                .add("the audit row " + number + " is left out: its number is unusual");
            return;
          }
          block.add(auditRow(row, number));
          report.counts().merge("audit rows", 1L, Long::sum);
          if (block.size() == ImportedTrail.BLOCK) {
            take(block, options);
          }
        });
    take(block, options);
  }

  private void take(List<ImportedTrail.Row> block, Options options) {
    if (!options.dryRun()) {
      trail.take(block);
    }
    block.clear();
  }

  private static ImportedTrail.Row auditRow(ResultSet row, long number) throws SQLException {
    var texts = new EnumMap<ImportedTrail.Column, String>(ImportedTrail.Column.class);
    for (var column : AUDIT_COLUMNS.entrySet()) {
      String text = row.getString(column.getValue());
      if (text != null) {
        texts.put(column.getKey(), text);
      }
    }
    String signature = row.getString("signature");
    return new ImportedTrail.Row(number, texts, signature == null ? "" : signature.trim());
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null || text.equals(" ") ? "" : text;
  }

  /** Entries without their prefix; long ones joined again (section 6.2). */
  private static Map<String, Entry> entries(Connection source, Options options)
      throws SQLException {
    var whole = new TreeMap<String, Entry>();
    var parts = new HashMap<String, TreeMap<Integer, Entry>>();
    each(
        source,
        "Config",
        row -> {
          String key = text(row, "Key");
          String type = row.getString("Type");
          var entry =
              new Entry(
                  repaired(text(row, "Value"), options),
                  "None".equals(type) ? null : type,
                  "None".equals(row.getString("Description"))
                      ? null
                      : row.getString("Description"));
          if (!key.startsWith(PREFIX)) {
            return;
          }
          String name = key.substring(PREFIX.length());
          Matcher part = CONTINUED.matcher(name);
          if (part.matches()) {
            parts
                .computeIfAbsent(part.group(1), k -> new TreeMap<>())
                .put(Integer.valueOf(part.group(2)), entry);
          } else if ("C".equals(type)) {
            parts.computeIfAbsent(name, k -> new TreeMap<>()).put(0, entry);
          } else {
            whole.put(name, entry);
          }
        });
    parts.forEach(
        (name, pieces) -> {
          var value = new StringBuilder();
          pieces.values().forEach(piece -> value.append(piece.value()));
          Entry last = pieces.lastEntry().getValue();
          whole.put(name, new Entry(value.toString(), last.type(), last.description()));
        });
    return whole;
  }

  private static LinotpKeyFile.Padding padding(Map<String, Entry> entries) {
    Entry level = entries.get("sql_data_model_version");
    if (level == null) {
      throw LinotpException.unclassified(
          entries.containsKey("Config")
              ? "the database is older than schema level 2.9.1: upgrade LinOTP first"
              : "this is no database of LinOTP");
    }
    List<Integer> numbers = numbers(level.value());
    if (compare(numbers, OLDEST) < 0) {
      throw LinotpException.unclassified(
          "the database has schema level " + level.value() + ": upgrade LinOTP first");
    }
    return compare(numbers, FIRST_WITH_PKCS7) < 0
        ? LinotpKeyFile.Padding.MARKED_ZEROS
        : LinotpKeyFile.Padding.PKCS7;
  }

  private static List<Integer> numbers(String level) {
    var numbers = new ArrayList<Integer>();
    for (String part : level.split("\\.")) {
      numbers.add(part.matches("\\d{1,6}") ? Integer.parseInt(part) : 0);
    }
    return numbers;
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int order = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** A wrong key file shows before anything is stored. */
  private static void checkKey(Map<String, Entry> entries, LinotpKeyFile keys) {
    for (var entry : entries.entrySet()) {
      if (entry.getValue().encrypted() && entry.getValue().value().contains(":")) {
        try {
          keys.decryptText(LinotpKeyFile.Slot.CONFIGURATION, entry.getValue().value());
        } catch (SealException e) {
          throw LinotpException.unclassified(
              "the key file does not fit: the entry '" + entry.getKey() + "' cannot be decrypted");
        }
      }
    }
  }

  /** Section 11.3: UTF-8 that was once read as Latin-1. */
  static String repaired(String text, Options options) {
    if (!options.repairEncoding() || text.chars().allMatch(c -> c < 128)) {
      return text;
    }
    return decoded(text, StandardCharsets.ISO_8859_1)
        .or(() -> decoded(text, Charset.forName("ISO-8859-15")))
        .orElse(text);
  }

  private static Optional<String> decoded(String text, Charset wrong) {
    try {
      ByteBuffer bytes = wrong.newEncoder().encode(CharBuffer.wrap(text));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** One import, in its transaction. */
  private final class Run {
    private final EntityManager em;
    private final Connection source;
    private final Map<String, Entry> entries;
    private final LinotpKeyFile keys;
    private final Options options;
    private final Report report;
    private final Map<String, Long> resolverIds = new HashMap<>();
    private final Map<String, String> specs = new HashMap<>();
    private final Map<String, Long> realmIds = new HashMap<>();
    private final Map<Long, Long> tokenIds = new HashMap<>();
    private final Pins pins = new Pins(sealer);
    private final TokenSecrets tokenSecrets = new TokenSecrets(sealer, pins);

    /** Later runs leave entries alone that are here: they may have been changed since. */
    private boolean firstRun;

    Run(
        EntityManager em,
        Connection source,
        Map<String, Entry> entries,
        LinotpKeyFile keys,
        Options options,
        Report report) {
      this.em = em;
      this.source = source;
      this.entries = entries;
      this.keys = keys;
      this.options = options;
      this.report = report;
    }

    void all() throws SQLException {
      firstRun = em.createQuery("SELECT COUNT(t) FROM Token t", Long.class).getSingleResult() == 0;
      resolvers();
      realms();
      plainEntries();
      em.flush();
      users();
      tokens();
      tokenRealms();
      reports();
      em.flush();
    }

    private void count(String what) {
      report.counts().merge(what, 1L, Long::sum);
    }

    private void problem(String text) {
      report.problems().add(text);
    }

    private String clear(Entry entry) {
      return entry.encrypted() && entry.value().contains(":")
          ? new String(
              keys.decryptText(LinotpKeyFile.Slot.CONFIGURATION, entry.value()),
              StandardCharsets.UTF_8)
          : entry.value();
    }

    private String clear(ConfigurationEntry ours) {
      return ours.encrypted()
          ? new String(
              sealer.open(
                  Purpose.CONFIGURATION, ConfigurationEntries.context(ours.name()), ours.content()),
              StandardCharsets.UTF_8)
          : ours.content();
    }

    // resolvers and realms ------------------------------------------------------------------------

    private void resolvers() {
      var parameters = new TreeMap<String, Map<String, ResolverDefinition.Parameter>>();
      var types = new HashMap<String, String>();
      entries.forEach(
          (name, entry) -> {
            Matcher resolver = RESOLVER.matcher(name);
            if (resolver.matches()) {
              types.put(resolver.group(3), resolver.group(1));
              boolean managedPassword = resolver.group(2).equals("Password") && !entry.encrypted();
              parameters
                  .computeIfAbsent(resolver.group(3), n -> new LinkedHashMap<>())
                  .put(
                      resolver.group(2),
                      new ResolverDefinition.Parameter(
                          managedPassword ? "" : clear(entry),
                          entry.encrypted()
                              ? ResolverSecrets.TYPE
                              : entry.type() == null ? "str" : entry.type()));
            }
          });
      for (var resolver : parameters.entrySet()) {
        resolver(resolver.getKey(), types.get(resolver.getKey()), resolver.getValue());
      }
    }

    private void resolver(
        String name, String type, Map<String, ResolverDefinition.Parameter> parameters) {
      boolean managed =
          type.equals("sqlresolver")
              && parameters.containsKey("readonly")
              && parameters.containsKey("Table")
              && parameters.get("Table").content().equals("imported_user");
      DEFAULTS
          .get(type)
          .forEach(
              (key, value) ->
                  parameters.putIfAbsent(key, new ResolverDefinition.Parameter(value, "str")));
      Optional<ResolverRow> known =
          em.createQuery("SELECT r FROM ResolverRow r WHERE r.name = :name", ResolverRow.class)
              .setParameter("name", name)
              .getResultStream()
              .findFirst();
      ResolverRow row =
          known.orElseGet(
              () -> {
                var created =
                    new ResolverRow(sequences.next(em, "resolver_seq", 1), name, type, managed);
                created.configure(
                    managed
                        ? ManagedResolverType.parameters(name)
                        : new ResolverSecrets(sealer).sealed(created.id(), parameters));
                em.persist(created);
                em.flush();
                count("resolvers");
                return created;
              });
      resolverIds.put(name, row.id());
      specs.put(name, row.definition().spec());
      if (type.equals("passwdresolver")) {
        problem("resolver '" + name + "': see that its passwd file is on this machine, too");
      }
    }

    private void realms() throws SQLException {
      for (var entry : entries.entrySet()) {
        if (entry.getKey().startsWith(REALM)) {
          realm(
              entry.getKey().substring(REALM.length()).toLowerCase(Locale.ROOT),
              entry.getValue().value());
        }
      }
    }

    private void realm(String name, String members) {
      RealmRow row = realmRow(name);
      List<Long> present =
          em
              .createQuery(
                  "SELECT m FROM RealmResolverRow m WHERE m.realmId = :realm",
                  RealmResolverRow.class)
              .setParameter("realm", row.id())
              .getResultList()
              .stream()
              .map(RealmResolverRow::resolverId)
              .toList();
      int rank = present.size();
      for (String spec : members.split(",")) {
        String resolver = spec.substring(spec.lastIndexOf('.') + 1).trim();
        Long id = resolverIds.get(resolver);
        if (id == null) {
          problem("realm '" + name + "': the resolver '" + resolver + "' does not exist");
        } else if (!present.contains(id)) {
          em.persist(new RealmResolverRow(row.id(), id, rank++));
        }
      }
      em.flush();
    }

    private RealmRow realmRow(String name) {
      RealmRow row =
          em.createQuery("SELECT r FROM RealmRow r WHERE r.name = :name", RealmRow.class)
              .setParameter("name", name)
              .getResultStream()
              .findFirst()
              .orElseGet(
                  () -> {
                    var created = new RealmRow(sequences.next(em, "realm_seq", 1), name);
                    em.persist(created);
                    em.flush();
                    count("realms");
                    return created;
                  });
      realmIds.put(name, row.id());
      return row;
    }

    // entries -------------------------------------------------------------------------------------

    private void plainEntries() {
      entries.forEach(
          (name, entry) -> {
            if (!LEFT_OUT.contains(name)
                && !name.startsWith(REALM)
                && !RESOLVER.matcher(name).matches()) {
              entry(name, entry);
            }
          });
    }

    private void entry(String name, Entry entry) {
      String content = entry.value();
      String type = entry.type();
      if (entry.encrypted()) {
        content =
            sealer.seal(
                Purpose.CONFIGURATION,
                ConfigurationEntries.context(name),
                clear(entry).getBytes(StandardCharsets.UTF_8));
        type = ConfigurationEntry.ENCRYPTED;
      } else if (name.startsWith("Policy.") && name.endsWith(".action")) {
        content = withOurSecrets(name, content);
      }
      var known = em.find(ConfigurationEntry.class, name);
      if (known == null) {
        em.persist(new ConfigurationEntry(name, content, type, entry.description()));
      } else if (firstRun) {
        known.update(content, type, entry.description());
      } else {
        if (name.startsWith("SecretKey.Partition.") && !clear(known).equals(clear(entry))) {
          problem(
              "'"
                  + name
                  + "' is another one here: devices of qr and push tokens that are imported now"
                  + " must be paired again");
        }
        return;
      }
      count("entries");
    }

    /** Shared secrets in the URLs of forwarding policies. */
    private String withOurSecrets(String name, String action) {
      Matcher secret = FORWARD_SECRET.matcher(action);
      if (!secret.find()) {
        return action;
      }
      try {
        String clear =
            secret.replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        "secret="
                            + URLEncoder.encode(
                                new String(
                                    keys.decryptText(
                                        LinotpKeyFile.Slot.TOKEN,
                                        URLDecoder.decode(found.group(1), StandardCharsets.UTF_8)),
                                    StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8)));
        return new ForwardSecrets(sealer).sealed(clear);
      } catch (SealException e) {
        problem(name + ": the shared secret cannot be decrypted; set the policy again");
        return action;
      }
    }

    // users ---------------------------------------------------------------------------------------

    private void users() throws SQLException {
      each(
          source,
          "imported_user",
          row -> {
            String group = text(row, "groupid");
            String resolver = resolverIds.containsKey(group) ? group : adminResolver;
            Long id = resolverIds.get(resolver);
            if (id == null || (!group.equals(resolver) && !isAdminGroup(group))) {
              problem("users of the group '" + group + "' are left out: it has no resolver");
              return;
            }
            user(id, row);
          });
      em.flush();
      em.clear();
    }

    /** LinOTP's local administrators, should its resolver have another name than ours. */
    private boolean isAdminGroup(String group) {
      return group.equals("LinOTP_local_admins");
    }

    private void user(long resolverId, ResultSet row) throws SQLException {
      String userId = text(row, "userid");
      String username = repaired(text(row, "username"), options);
      boolean known =
          !em.createQuery(
                  "SELECT u FROM ManagedUser u WHERE u.resolverId = :resolver AND (u.userId = :id"
                      + " OR u.username = :name)",
                  ManagedUser.class)
              .setParameter("resolver", resolverId)
              .setParameter("id", userId)
              .setParameter("name", username)
              .getResultList()
              .isEmpty();
      if (known) {
        return;
      }
      String hash = text(row, "password");
      em.persist(
          new ManagedUser(
              resolverId,
              userId,
              new ManagedUser.Profile(
                  username,
                  repaired(text(row, "surname"), options),
                  repaired(text(row, "givenname"), options),
                  repaired(text(row, "email"), options),
                  text(row, "phone"),
                  text(row, "mobile"),
                  hash.isEmpty() ? ManagedUser.NO_PASSWORD : hash)));
      count("users");
    }

    // tokens --------------------------------------------------------------------------------------

    private void tokens() throws SQLException {
      var read = new int[1];
      each(
          source,
          "Token",
          row -> {
            token(row);
            if (++read[0] % BATCH == 0) {
              em.flush();
              em.clear();
            }
          });
      em.flush();
      em.clear();
    }

    private void token(ResultSet row) throws SQLException {
      String serial = text(row, "LinOtpTokenSerialnumber");
      List<Long> known =
          em.createQuery("SELECT t.id FROM Token t WHERE t.serial = :serial", Long.class)
              .setParameter("serial", serial)
              .getResultList();
      if (!known.isEmpty()) {
        return;
      }
      String type = text(row, "LinOtpTokenType");
      var token =
          new Token(
              sequences.next(em, "token_seq", 50),
              serial,
              type.isEmpty() ? "HMAC" : type,
              time(row, "LinOtpCreationDate", ZoneOffset.UTC).orElse(Instant.EPOCH));
      token.describe(repaired(text(row, "LinOtpTokenDesc"), options));
      token.info(TokenInfo.parse(repaired(text(row, "LinOtpTokenInfo"), options)));
      try {
        seed(token, row);
        // what decides about answers is sealed here; there it is in the info alone
        token.info().get("fido2_credential").ifPresent(c -> tokenSecrets.replaceSeed(token, c));
        if (token.info().get("keyHandle").isPresent()) {
          tokenSecrets.replaceSeed(token, token.info().text());
        }
        pin(token, row);
      } catch (SealException | IllegalArgumentException e) {
        problem("token " + serial + " is left out: its secrets cannot be decrypted");
        return;
      }
      owner(token, row);
      token.otpLength(row.getInt("LinOtpOtpLen"));
      token.counter(row.getLong("LinOtpCount"));
      token.counterWindow(row.getInt("LinOtpCountWindow"));
      token.syncWindow(row.getInt("LinOtpSyncWindow"));
      token.maxFail(row.getInt("LinOtpMaxFail"));
      token.active(row.getBoolean("LinOtpIsactive"));
      time(row, "LinOtpLastAuthMatch", ZoneOffset.UTC).ifPresent(token::lastAccess);
      time(row, "LinOtpLastAuthSuccess", ZoneOffset.UTC).ifPresent(token::lastSuccess);
      for (int i = row.getInt("LinOtpFailCount"); i > 0 && !token.locked(); i--) {
        token.countFailure();
      }
      em.persist(token);
      tokenIds.put(row.getLong("LinOtpTokenId"), token.id());
      count("tokens");
      count("tokens, " + token.type());
    }

    /** The text as LinOTP's token class held it; a password token has a hash (section 5.1). */
    private void seed(Token token, ResultSet row) throws SQLException {
      String sealed = text(row, "LinOtpKeyEnc");
      String iv = text(row, "LinOtpKeyIV");
      if (sealed.isEmpty()) {
        return;
      }
      byte[] bytes = HexFormat.of().parseHex(sealed);
      boolean password = token.type().equalsIgnoreCase("pw");
      String text;
      if (iv.equals(HASHED_PASSWORD_IV)) {
        text = new String(bytes, StandardCharsets.US_ASCII);
      } else {
        text =
            new String(
                keys.decrypt(LinotpKeyFile.Slot.TOKEN, HexFormat.of().parseHex(iv), bytes),
                StandardCharsets.UTF_8);
        if (password) {
          text = org.linotpee.crypto.Passwords.hash(text);
        }
      }
      tokenSecrets.replaceSeed(token, text);
    }

    private void pin(Token token, ResultSet row) throws SQLException {
      String hash = text(row, "LinOtpPinHash");
      String context = TokenSecrets.context(token.serial(), "pin");
      if (LinotpKeyFile.isEncryptedPin(hash)) {
        token.sealedPin(pins.reversible(context, keys.pin(hash)));
      } else if (!hash.isEmpty()) {
        token.sealedPin(
            pins.hashed(
                context,
                HexFormat.of().parseHex(text(row, "LinOtpSeed")),
                HexFormat.of().parseHex(hash)));
      }
      String userPin = text(row, "LinOtpTokenPinUser");
      if (!userPin.isEmpty()) {
        tokenSecrets.changeUserPin(
            token,
            new String(
                keys.decrypt(
                    LinotpKeyFile.Slot.TOKEN,
                    HexFormat.of().parseHex(text(row, "LinOtpTokenPinUserIV")),
                    HexFormat.of().parseHex(userPin)),
                StandardCharsets.UTF_8));
      }
    }

    private void owner(Token token, ResultSet row) throws SQLException {
      String userId = text(row, "LinOtpUserid");
      if (userId.isEmpty()) {
        return;
      }
      String spec =
          text(row, "LinOtpIdResClass").replaceFirst("^useridresolveree\\.", "useridresolver.");
      String resolver = spec.substring(spec.lastIndexOf('.') + 1);
      if (!specs.containsKey(resolver)) {
        problem(
            "token " + token.serial() + ": its owner's resolver '" + resolver + "' does not exist");
      }
      token.assign(new OwnerKey(specs.getOrDefault(resolver, spec), userId));
    }

    private void tokenRealms() throws SQLException {
      var ids = new HashMap<Long, Long>();
      each(
          source,
          "Realm",
          row -> {
            String name = text(row, "name").toLowerCase(Locale.ROOT);
            ids.put(
                row.getLong("id"),
                realmIds.containsKey(name) ? realmIds.get(name) : realmRow(name).id());
          });
      var seen = new java.util.HashSet<List<Long>>();
      each(
          source,
          "TokenRealm",
          row -> {
            Long token = tokenIds.get(row.getLong("token_id"));
            Long realm = ids.get(row.getLong("realm_id"));
            if (token != null && realm != null && seen.add(List.of(token, realm))) {
              em.persist(new TokenRealm(token, realm));
            }
          });
    }

    // reports -------------------------------------------------------------------------------------

    private void reports() throws SQLException {
      boolean already =
          ((Number) em.createNativeQuery("SELECT COUNT(*) FROM report").getSingleResult())
                  .longValue()
              > 0;
      if (already) {
        problem("there are reports already: LinOTP's are left out");
        return;
      }
      each(
          source,
          "REPORTING",
          row -> {
            Optional<Instant> at = time(row, "R_TIMESTAMP", ZoneId.systemDefault());
            if (at.isPresent()) {
              em.createNativeQuery(
                      "INSERT INTO report (id, occurred_at, event, realm, status, number_of) VALUES"
                          + " (?1, ?2, ?3, ?4, ?5, ?6)")
                  .setParameter(1, sequences.next(em, "report_seq", 50))
                  .setParameter(2, at.get().toEpochMilli())
                  .setParameter(3, text(row, "R_EVENT"))
                  .setParameter(4, text(row, "R_REALM"))
                  .setParameter(5, text(row, "R_PARAMETER"))
                  .setParameter(6, row.getLong("R_COUNT"))
                  .executeUpdate();
              count("reports");
            }
          });
    }
  }

  private static Optional<Instant> time(ResultSet row, String column, ZoneId zone)
      throws SQLException {
    String text = row.getString(column);
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.parse(text.trim().replace('T', ' '), TIME).atZone(zone).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
