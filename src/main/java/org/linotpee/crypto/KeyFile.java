package org.linotpee.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The master keys of an installation, immutable. The file has one line a key, {@code <id> <ISO date
 * of creation> <32 bytes in Base64>}; blank lines and lines that begin with {@code #} are ignored.
 * The first key is the active one: new values are sealed with it. The others open older values.
 *
 * <p>The file belongs to the service account alone: one that group or others may read or change is
 * refused.
 */
public final class KeyFile {
  /** Length of a master key in bytes. */
  public static final int KEY_BYTES = 32;

  private static final String HEADER =
      """
      # Master keys of linotp-ee. Whoever has this file and the database has all secrets; without it
      # nobody has. Keep a copy apart from the database's backups. The first key is the active one.
      # <id> <created> <32 bytes in Base64>
      """;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final Set<PosixFilePermission> FOREIGN =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final DateTimeFormatter KEPT_AT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private record MasterKey(LocalDate created, byte[] bytes) {}

  private final Map<String, MasterKey> keys;

  private KeyFile(Map<String, MasterKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads a key file.
   *
   * @throws KeyFileException if it is missing, unreadable, malformed, or open to group or others
   */
  public static KeyFile load(Path file) {
    try {
      refuseForeignAccess(file);
      return parse(file, Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new KeyFileException(
          "The key file "
              + file
              + " does not exist. Create it with 'linotp init enc-key', or restore it from its"
              + " backup if this installation has data already.",
          e);
    } catch (IOException e) {
      throw new KeyFileException(
          "The key file "
              + file
              + " cannot be read. It must be a text file that the service account may read.",
          e);
    }
  }

  /**
   * Creates a key file with one new master key, readable by its owner alone.
   *
   * @param force whether an existing file is replaced; it is kept as {@code <file>.<time>}
   * @throws KeyFileException if the file exists and {@code force} is false, or cannot be written
   */
  public static KeyFile create(Path file, boolean force) {
    if (Files.exists(file)) {
      if (!force) {
        throw exists(file, null);
      }
      keepCopy(file);
    }
    KeyFile created = new KeyFile(Map.of()).withNewKey();
    created.write(file, force);
    return created;
  }

  /** Master keys from memory, with the ids {@code k1}, {@code k2}, ...; the first is active. */
  public static KeyFile of(byte[]... masterKeys) {
    var keys = new LinkedHashMap<String, MasterKey>();
    for (byte[] key : masterKeys) {
      if (key.length != KEY_BYTES) {
        throw new KeyFileException("A master key has " + KEY_BYTES + " bytes.");
      }
      keys.put("k" + (keys.size() + 1), new MasterKey(LocalDate.EPOCH, key.clone()));
    }
    return checked(keys);
  }

  /** These keys and a new one, which becomes the active key. */
  public KeyFile withNewKey() {
    var more = new LinkedHashMap<String, MasterKey>();
    more.put(newId(), newKey());
    more.putAll(keys);
    return checked(more);
  }

  /**
   * These keys and a new one that is not used yet. Distributing it to every node before it becomes
   * active lets the nodes rotate one after the other without meeting a value they cannot open.
   */
  public KeyFile withReserveKey() {
    var more = new LinkedHashMap<>(keys);
    more.put(newId(), newKey());
    return checked(more);
  }

  /**
   * The same keys with another one active.
   *
   * @throws KeyFileException if there is no such key
   */
  public KeyFile withActive(String id) {
    var ordered = new LinkedHashMap<String, MasterKey>();
    ordered.put(id, key(id));
    ordered.putAll(keys);
    return checked(ordered);
  }

  /**
   * The keys without one that no stored value needs any more.
   *
   * @throws KeyFileException if there is no such key, or it is the active one
   */
  public KeyFile without(String id) {
    key(id);
    if (id.equals(activeId())) {
      throw new KeyFileException(
          "The key '" + id + "' is the active one. Add another key before retiring it.");
    }
    var fewer = new LinkedHashMap<>(keys);
    fewer.remove(id);
    return checked(fewer);
  }

  /**
   * Writes the file, readable by its owner alone, in one step: readers see the old or the new one.
   *
   * @throws KeyFileException if that fails; the old file is unchanged then
   */
  public void write(Path file) {
    write(file, true);
  }

  /** The id of the key that seals new values. */
  public String activeId() {
    return keys.keySet().iterator().next();
  }

  /** All ids, the active one first. */
  public List<String> ids() {
    return List.copyOf(keys.keySet());
  }

  /**
   * The day on which a key was made, in UTC.
   *
   * @throws KeyFileException if there is no such key
   */
  public LocalDate created(String id) {
    return key(id).created();
  }

  /**
   * All keys for keeping on paper: for each a line {@code # <id> <date>} and its {@link PaperForm}.
   */
  public List<String> paperForm() {
    var lines = new ArrayList<String>();
    keys.forEach(
        (id, key) -> {
          lines.add("# " + id + " " + key.created());
          lines.addAll(PaperForm.print(key.bytes()));
        });
    return List.copyOf(lines);
  }

  /**
   * The keys of a {@link #paperForm}.
   *
   * @throws KeyFileException naming what is mistyped
   */
  public static KeyFile fromPaper(List<String> lines) {
    var keys = new LinkedHashMap<String, MasterKey>();
    int start = 0;
    while (start < lines.size()) {
      if (lines.get(start).isBlank()) {
        start++;
        continue;
      }
      int end = start + 1;
      while (end < lines.size() && !lines.get(end).stripLeading().startsWith("#")) {
        end++;
      }
      readPaper(keys, lines.get(start).strip(), lines.subList(start + 1, end));
      start = end;
    }
    return checked(keys);
  }

  private static void readPaper(Map<String, MasterKey> keys, String title, List<String> paperForm) {
    String[] fields = title.split("\\s+", -1);
    if (fields.length != 3 || !fields[0].equals("#") || !ID.matcher(fields[1]).matches()) {
      throw new KeyFileException("Each key begins with a line '# <id> <date>'.");
    }
    try {
      byte[] bytes = PaperForm.parse(paperForm);
      var key = new MasterKey(LocalDate.parse(fields[2]), bytes);
      if (bytes.length != KEY_BYTES || keys.putIfAbsent(fields[1], key) != null) {
        throw new KeyFileException(
            "The key '" + fields[1] + "' is there twice or has not " + KEY_BYTES + " bytes.");
      }
    } catch (DateTimeParseException e) {
      throw new KeyFileException("The date of the key '" + fields[1] + "' is mistyped.", e);
    }
  }

  /** The ids; never the keys. */
  @Override
  public String toString() {
    return "KeyFile" + ids();
  }

  byte[] master(String id) {
    return key(id).bytes();
  }

  private MasterKey key(String id) {
    MasterKey key = keys.get(id);
    if (key == null) {
      throw new KeyFileException("The key '" + id + "' is not in the key file.");
    }
    return key;
  }

  private static KeyFile checked(Map<String, MasterKey> keys) {
    if (keys.isEmpty()) {
      throw new KeyFileException("A key file needs at least one key.");
    }
    return new KeyFile(keys);
  }

  private String newId() {
    String id;
    do {
      id = "k" + Randoms.fromAlphabet(5, "abcdefghijklmnopqrstuvwxyz0123456789");
    } while (keys.containsKey(id));
    return id;
  }

  private static MasterKey newKey() {
    return new MasterKey(LocalDate.now(ZoneOffset.UTC), Randoms.bytes(KEY_BYTES));
  }

  private static KeyFile parse(Path file, List<String> lines) {
    var keys = new LinkedHashMap<String, MasterKey>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("\\s+", -1);
      if (fields.length != 3 || !ID.matcher(fields[0]).matches()) {
        throw malformed(file, i);
      }
      try {
        byte[] bytes = Base64.getDecoder().decode(fields[2]);
        var key = new MasterKey(LocalDate.parse(fields[1]), bytes);
        if (bytes.length != KEY_BYTES || keys.putIfAbsent(fields[0], key) != null) {
          throw malformed(file, i);
        }
      } catch (IllegalArgumentException | DateTimeParseException e) {
        // The cause would quote the line, which holds a key.
        throw malformed(file, i);
      }
    }
    if (keys.isEmpty()) {
      throw new KeyFileException(
          "The key file " + file + " holds no key. Restore it from its backup.");
    }
    return new KeyFile(keys);
  }

  private static KeyFileException malformed(Path file, int index) {
    return new KeyFileException(
        "Line "
            + (index + 1)
            + " of the key file "
            + file
            + " is not '<id> <date> <32 bytes in Base64>' with an id of its own. Restore the file"
            + " from its backup.");
  }

  private static void refuseForeignAccess(Path file) throws IOException {
    if (!hasPosixPermissions(file)) {
      return;
    }
    for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
      if (FOREIGN.contains(permission)) {
        throw new KeyFileException(
            "The key file "
                + file
                + " can be read or changed by other accounts. Run 'chmod 600 "
                + file
                + "'.");
      }
    }
  }

  private static boolean hasPosixPermissions(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) {
    return hasPosixPermissions(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void keepCopy(Path file) {
    Path kept = file.resolveSibling(file.getFileName() + "." + KEPT_AT.format(Instant.now()));
    try {
      Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new KeyFileException(
          "The existing key file "
              + file
              + " cannot be kept as "
              + kept
              + "; nothing was changed. Look at the permissions of the folder.",
          e);
    }
  }

  private void write(Path file, boolean replace) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    Path temporary = null;
    try {
      temporary = Files.createTempFile(folder, ".keys", ".new", ownerOnly(folder));
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      if (replace) {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.move(temporary, target);
      }
      temporary = null;
    } catch (FileAlreadyExistsException e) {
      throw exists(file, e);
    } catch (IOException e) {
      throw new KeyFileException(
          "The key file "
              + file
              + " cannot be written. The service account must be able to write to its folder.",
          e);
    } finally {
      discard(temporary);
    }
  }

  private static KeyFileException exists(Path file, Throwable cause) {
    return new KeyFileException(
        "The key file "
            + file
            + " exists already. Replacing it makes every stored secret unreadable; use --force to"
            + " do so.",
        cause);
  }

  private static void discard(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        System.getLogger(KeyFile.class.getName())
            .log(System.Logger.Level.WARNING, "Remove the unused key file " + temporary, e);
      }
    }
  }

  private String text() {
    var lines = new ArrayList<String>();
    keys.forEach(
        (id, key) ->
            lines.add(
                id + " " + key.created() + " " + Base64.getEncoder().encodeToString(key.bytes())));
    return HEADER + String.join("\n", lines) + "\n";
  }
}
