package org.linotpee.identity;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.configuration.Transactions;
import org.linotpee.crypto.Passwords;

/** Fills a managed resolver from a file (spec 05 section 12.2): all of it or nothing. */
@Service
public class UserImport {
  /** Column numbers of a CSV file when the request names none. */
  public static final Map<String, Integer> DEFAULT_COLUMNS =
      Map.of(
          "username", 0,
          "userid", 1,
          "surname", 2,
          "givenname", 3,
          "email", 4,
          "phone", 5,
          "mobile", 6,
          "password", 7);

  private static final Map<String, Integer> PASSWD_COLUMNS =
      Map.of(
          "username", 0,
          "password", 1,
          "userid", 2,
          "givenname", 4,
          "surname", 5,
          "mobile", 7,
          "phone", 8,
          "email", 9);

  private static final int BLOCK = 500;

  /** How the file is read. */
  public record Format(
      boolean passwd,
      char delimiter,
      Character quote,
      boolean skipHeader,
      Map<String, Integer> columns,
      boolean plainPasswords) {
    public Format {
      columns = passwd ? PASSWD_COLUMNS : Map.copyOf(columns);
    }
  }

  /** What changed, or would change: user id to login name, in the order of the file. */
  public record Report(
      Map<String, String> created,
      Map<String, String> unchanged,
      Map<String, String> modified,
      Map<String, String> deleted) {}

  private final Snapshots snapshots;
  private final Transactions transactions;
  private final UserStores stores;

  @Inject
  public UserImport(Snapshots snapshots, Transactions transactions, UserStores stores) {
    this.snapshots = snapshots;
    this.transactions = transactions;
    this.stores = stores;
  }

  /**
   * Compares the file with the resolver's users and, unless it is a dry run, makes them equal.
   *
   * @param within more work for the same transaction
   * @throws LinotpException -311 if the file or the resolver cannot be used
   */
  public Report run(
      String resolver,
      byte[] file,
      Format format,
      boolean dryRun,
      BiConsumer<EntityManager, Report> within) {
    var definition = snapshots.current().part(Realms.class).resolver(resolver);
    if (definition.isPresent() && !definition.get().managed()) {
      throw LinotpException.unclassified(
          "the resolver '" + resolver + "' exists and is not a managed one");
    }
    if (definition.isEmpty() && !resolver.matches("[a-zA-Z0-9_-]{4,80}")) {
      throw LinotpException.unclassified(
          "a resolver's name has at least four letters, digits, '_' or '-'");
    }
    Map<String, Map<String, String>> rows = read(file, format);
    if (dryRun) {
      return transactions.required(
          em ->
              compare(em, definition.map(ResolverDefinition::id).orElse(-1L), rows, format, false));
    }
    return snapshots.change(
        em -> {
          long id =
              definition
                  .map(ResolverDefinition::id)
                  .orElseGet(
                      () ->
                          stores.create(
                              em,
                              resolver,
                              "sqlresolver",
                              true,
                              ManagedResolverType.parameters(resolver)));
          em.flush();
          Report report = compare(em, id, rows, format, true);
          within.accept(em, report);
          return report;
        });
  }

  private Report compare(
      EntityManager em,
      long resolverId,
      Map<String, Map<String, String>> rows,
      Format format,
      boolean apply) {
    Map<String, ManagedUser> stored = new LinkedHashMap<>();
    em.createQuery(
            "SELECT u FROM ManagedUser u WHERE u.resolverId = :resolver ORDER BY u.userId",
            ManagedUser.class)
        .setParameter("resolver", resolverId)
        .getResultList()
        .forEach(u -> stored.put(u.userId(), u));
    var report =
        new Report(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    stored.forEach(
        (id, user) -> {
          if (!rows.containsKey(id)) {
            report.deleted().put(id, user.username());
            if (apply) {
              em.remove(user);
            }
          }
        });
    if (apply) {
      em.flush();
    }
    int changed = 0;
    for (var row : rows.entrySet()) {
      ManagedUser user = stored.get(row.getKey());
      Map<String, String> columns = row.getValue();
      String username = columns.get("username");
      if (user == null) {
        report.created().put(row.getKey(), username);
        if (apply) {
          em.persist(new ManagedUser(resolverId, row.getKey(), created(columns, format)));
        }
      } else if (same(user, columns, format)) {
        report.unchanged().put(row.getKey(), username);
      } else {
        report.modified().put(row.getKey(), username);
        if (apply) {
          user.update(modified(user, columns, format));
        }
      }
      if (apply && ++changed % BLOCK == 0) {
        em.flush();
      }
    }
    return report;
  }

  private static boolean same(ManagedUser user, Map<String, String> columns, Format format) {
    var old = user.profile();
    String password = columns.get("password");
    boolean samePassword =
        password == null
            || (format.plainPasswords()
                ? Passwords.verify(old.passwordHash(), password)
                : password.equals(old.passwordHash()));
    return samePassword
        && columns.getOrDefault("username", old.username()).equals(old.username())
        && columns.getOrDefault("surname", old.surname()).equals(old.surname())
        && columns.getOrDefault("givenname", old.givenName()).equals(old.givenName())
        && columns.getOrDefault("email", old.email()).equals(old.email())
        && columns.getOrDefault("phone", old.phone()).equals(old.phone())
        && columns.getOrDefault("mobile", old.mobile()).equals(old.mobile());
  }

  private static ManagedUser.Profile created(Map<String, String> columns, Format format) {
    return merged(
        new ManagedUser.Profile("", "", "", "", "", "", ManagedUser.NO_PASSWORD), columns, format);
  }

  private static ManagedUser.Profile modified(
      ManagedUser user, Map<String, String> columns, Format format) {
    return merged(user.profile(), columns, format);
  }

  private static ManagedUser.Profile merged(
      ManagedUser.Profile old, Map<String, String> columns, Format format) {
    String password = columns.get("password");
    String hash = old.passwordHash();
    if (password != null && format.plainPasswords()) {
      hash = Passwords.verify(hash, password) ? hash : Passwords.hash(password);
    } else if (password != null) {
      hash = password;
    }
    return new ManagedUser.Profile(
        columns.getOrDefault("username", old.username()),
        columns.getOrDefault("surname", old.surname()),
        columns.getOrDefault("givenname", old.givenName()),
        columns.getOrDefault("email", old.email()),
        columns.getOrDefault("phone", old.phone()),
        columns.getOrDefault("mobile", old.mobile()),
        hash);
  }

  private static Map<String, Map<String, String>> read(byte[] file, Format format) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw LinotpException.unclassified("the file is not UTF-8");
    }
    var rows = new LinkedHashMap<String, Map<String, String>>();
    Set<String> names = new HashSet<>();
    for (List<String> fields : format.passwd() ? passwdRows(text) : csvRows(text, format)) {
      Map<String, String> columns = new LinkedHashMap<>();
      format
          .columns()
          .forEach(
              (name, index) -> {
                if (index >= 0 && index < fields.size()) {
                  columns.put(name, fields.get(index));
                }
              });
      String id = columns.remove("userid");
      String username = columns.get("username");
      if (id == null || id.isEmpty() || username == null || username.isEmpty()) {
        continue;
      }
      checkLengths(id, columns);
      if (rows.put(id, columns) != null) {
        throw LinotpException.unclassified("the user id '" + id + "' is in the file twice");
      }
      if (!names.add(username)) {
        throw LinotpException.unclassified("the user name '" + username + "' is in the file twice");
      }
    }
    return rows;
  }

  private static void checkLengths(String id, Map<String, String> columns) {
    if (id.length() > 100 || columns.values().stream().anyMatch(v -> v.length() > 255)) {
      throw LinotpException.unclassified("a value of the user id '" + id + "' is too long");
    }
  }

  private static List<List<String>> csvRows(String text, Format format) {
    var layout =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(format.delimiter())
            .setQuote(format.quote())
            .setIgnoreEmptyLines(true)
            .setSkipHeaderRecord(false)
            .get();
    var rows = new ArrayList<List<String>>();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), layout)) {
      for (CSVRecord row : parser) {
        if (row.getRecordNumber() > 1 || !format.skipHeader()) {
          rows.add(row.toList());
        }
      }
    } catch (IOException | java.io.UncheckedIOException | IllegalStateException e) {
      throw LinotpException.unclassified("the file is not CSV of this form: " + e.getMessage());
    }
    return rows;
  }

  private static List<List<String>> passwdRows(String text) {
    var rows = new ArrayList<List<String>>();
    for (String line : text.split("\\r?\\n")) {
      if (line.isBlank()) {
        continue;
      }
      List<String> fields = new ArrayList<>(List.of(line.split(":", -1)));
      if (fields.size() >= 5) {
        List<String> parts = new ArrayList<>(List.of(fields.remove(4).split(",", -1)));
        while (parts.size() < 5) {
          parts.add("");
        }
        String[] name = parts.remove(0).split(" ", 2);
        parts.add(0, name.length > 1 ? name[1] : "");
        parts.add(0, name[0]);
        fields.addAll(4, parts);
      }
      rows.add(fields);
    }
    return rows;
  }
}
