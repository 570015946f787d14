package org.linotpee.identity;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.Passwords;

/** Users in a passwd file (spec 05 section 8); read again when the file changes. */
@Service
public class PasswdResolverType implements ResolverType {
  private static final Pattern NUMERIC = Pattern.compile("(<=|>=|<|>|=)?\\s*(-?\\d+)");
  private static final Pattern BETWEEN =
      Pattern.compile("between\\s+(-?\\d+)\\s*,\\s*(-?\\d+)", Pattern.CASE_INSENSITIVE);

  private final Map<Path, PasswdFile> files = new ConcurrentHashMap<>();
  private final String root;
  private final List<Path> directories;

  @Inject
  public PasswdResolverType(Settings settings) {
    this.root = settings.path(Setting.ROOT_DIR).toString();
    this.directories = settings.list(Setting.RESOLVER_FILE_DIRS).stream().map(Path::of).toList();
  }

  /** The file of a definition, in which {@code %(here)s} stands for ROOT_DIR. */
  private Path path(String fileName) {
    return Path.of(fileName.replace("%(here)s", root)).toAbsolutePath().normalize();
  }

  @Override
  public String name() {
    return "passwdresolver";
  }

  @Override
  public boolean serves(ResolverDefinition definition) {
    return definition.type().equals(name());
  }

  @Override
  public String shownParameter() {
    return "fileName";
  }

  @Override
  public Resolver open(ResolverDefinition definition) {
    return new Passwd(path(definition.parameters().get("fileName").content()));
  }

  @Override
  public Map<String, ResolverDefinition.Parameter> configure(
      String name, Map<String, String> sent) {
    String fileName = sent.get("fileName");
    if (fileName == null || fileName.isBlank()) {
      throw LinotpException.unclassified(
          "cannot instantiate resolver '" + name + "': the parameter fileName is missing");
    }
    try {
      Path path = path(fileName);
      if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
        throw LinotpException.unclassified(
            "cannot instantiate resolver '" + name + "': the file is not readable");
      }
      requireAllowed(path);
    } catch (IOException e) {
      throw LinotpException.unclassified(
          "cannot instantiate resolver '" + name + "': the file is not below RESOLVER_FILE_DIRS");
    } catch (InvalidPathException e) {
      throw LinotpException.unclassified(
          "cannot instantiate resolver '" + name + "': this is no file name");
    }
    return Map.of("fileName", new ResolverDefinition.Parameter(fileName, "str"));
  }

  /** Wherever links lead: whoever defines resolvers reads no other files of the server by them. */
  private void requireAllowed(Path path) throws IOException {
    if (directories.isEmpty()) {
      return;
    }
    Path real = path.toRealPath();
    for (Path directory : directories) {
      if (Files.isDirectory(directory) && real.startsWith(directory.toRealPath())) {
        return;
      }
    }
    throw new IOException("the file is not below RESOLVER_FILE_DIRS");
  }

  private PasswdFile file(Path path) {
    try {
      requireAllowed(path);
      PasswdFile known = files.get(path);
      if (known == null || known.outdated(path)) {
        known = PasswdFile.read(path);
        files.put(path, known);
      }
      return known;
    } catch (IOException e) {
      throw new Resolver.Unavailable("cannot read the passwd file", e);
    }
  }

  private final class Passwd implements Resolver {
    private final Path path;

    Passwd(Path path) {
      this.path = path;
    }

    @Override
    public Optional<Map<String, String>> byLogin(String login) {
      return Optional.ofNullable(file(path).byLogin().get(login)).map(PasswdFile.Line::attributes);
    }

    @Override
    public Map<String, Map<String, String>> byIds(Collection<String> userIds) {
      PasswdFile file = file(path);
      var found = new HashMap<String, Map<String, String>>();
      for (String id : userIds) {
        var line = file.byId().get(id);
        if (line != null) {
          found.put(id, line.attributes());
        }
      }
      return found;
    }

    @Override
    public void search(Map<String, String> conditions, Consumer<Map<String, String>> found) {
      for (var line : file(path).lines()) {
        boolean all =
            conditions.entrySet().stream()
                .allMatch(c -> holds(line.attributes(), c.getKey(), c.getValue()));
        if (all) {
          found.accept(line.attributes());
        }
      }
    }

    @Override
    public void eachId(Consumer<String> found) {
      file(path).byId().keySet().forEach(found);
    }

    @Override
    public boolean passwordMatches(String userId, String password) {
      var line = file(path).byId().get(userId);
      return line != null && Passwords.verify(line.passwordHash(), password);
    }

    @Override
    public Map<String, Object> test() {
      try {
        file(path);
        return Map.of("result", "success", "desc", List.of());
      } catch (Unavailable e) {
        return Map.of("result", "error", "desc", e.getMessage());
      }
    }

    @Override
    public String id() {
      return path.toString();
    }
  }

  private static boolean holds(Map<String, String> user, String field, String pattern) {
    return switch (field) {
      case "searchTerm" -> user.values().stream().anyMatch(v -> matches(v, pattern));
      case "username", "description" -> matches(user.get(field), pattern);
      case "email" -> matches(user.get("description"), pattern);
      case "userid" -> numeric(user.get("userid"), pattern);
      default -> true;
    };
  }

  /** {@code *} counts at the ends of the pattern only; case does not. */
  static boolean matches(String value, String pattern) {
    String text = value.toLowerCase(Locale.ROOT);
    String wanted = pattern.toLowerCase(Locale.ROOT);
    boolean front = wanted.startsWith("*");
    boolean back = wanted.length() > (front ? 1 : 0) && wanted.endsWith("*");
    String core =
        wanted.substring(front ? 1 : 0, Math.max(front ? 1 : 0, wanted.length() - (back ? 1 : 0)));
    if (front && back) {
      return text.contains(core);
    }
    if (front) {
      return text.endsWith(core);
    }
    return back ? text.startsWith(core) : text.equals(core);
  }

  private static boolean numeric(String value, String pattern) {
    if (pattern.equals("*")) {
      return true;
    }
    try {
      long number = Long.parseLong(value);
      Matcher between = BETWEEN.matcher(pattern.trim());
      if (between.matches()) {
        long a = Long.parseLong(between.group(1));
        long b = Long.parseLong(between.group(2));
        return number >= Math.min(a, b) && number <= Math.max(a, b);
      }
      Matcher comparison = NUMERIC.matcher(pattern.trim());
      if (!comparison.matches()) {
        return false;
      }
      long limit = Long.parseLong(comparison.group(2));
      return switch (comparison.group(1) == null ? "=" : comparison.group(1)) {
        case "<=" -> number <= limit;
        case ">=" -> number >= limit;
        case "<" -> number < limit;
        case ">" -> number > limit;
        default -> number == limit;
      };
    } catch (NumberFormatException textual) {
      return matches(value, pattern);
    }
  }

  @Override
  public List<Field> fields() {
    return List.of(new Field("fileName", Kind.TEXT, true, ""));
  }
}
