package org.linotpee.delivery;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * Writes messages into a file, for tests (spec 11 section 10). It writes below the directories of
 * {@link Setting#PROVIDER_FILE_DIRS} alone, and never through a symbolic link.
 */
@Service
public class FileSmsProvider implements ProviderClass {
  private final List<Path> directories;

  @Inject
  public FileSmsProvider(Settings settings) {
    this.directories = settings.list(Setting.PROVIDER_FILE_DIRS).stream().map(Path::of).toList();
  }

  @Override
  public ProviderType type() {
    return ProviderType.SMS;
  }

  @Override
  public String name() {
    return "FileSMSProvider";
  }

  @Override
  public Set<String> spellings() {
    return ProviderType.smsSpellings(name());
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("file", "string", "the file, which each message overwrites"),
        Option.of("here", "string", "directory of the file"),
        Option.of("MSISDN", "boolean", "keep only the digits of numbers"),
        Option.of("SUPPRESS_PREFIX", "string", "cut off the beginning of numbers"));
  }

  @Override
  public Provider open(ProviderSettings settings) {
    String file = settings.required("file");
    Path path;
    try {
      path = settings.text("here").map(here -> Path.of(here, file)).orElseGet(() -> Path.of(file));
    } catch (InvalidPathException e) {
      throw ProviderSettings.unusable("file", "is no path");
    }
    return new Target(settings, path, directories);
  }

  private record Target(ProviderSettings settings, Path path, List<Path> directories)
      implements Provider {
    /** Where the file really is; symbolic links on the way there are followed first. */
    private Path checked() throws IOException {
      Path parent = path.toAbsolutePath().normalize().getParent();
      if (parent == null) {
        throw new IOException("'file' is no file");
      }
      Path real = parent.toRealPath().resolve(path.getFileName());
      for (Path directory : directories) {
        if (Files.isDirectory(directory) && real.startsWith(directory.toRealPath())) {
          return real;
        }
      }
      throw new IOException("the file is not below PROVIDER_FILE_DIRS");
    }

    @Override
    public Outcome send(Message message) {
      String number = Phones.normalised(message.recipient(), settings);
      if (number.isBlank()) {
        return new Outcome.Refused("the telephone number is empty");
      }
      try {
        Files.write(
            checked(),
            (number + ":" + message.text()).getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
        return new Outcome.Accepted("SMS sent");
      } catch (IOException e) {
        return new Outcome.Unavailable("the file cannot be written: " + e.getMessage());
      }
    }

    @Override
    public ProviderTest test() {
      try {
        Path file = checked();
        boolean writable =
            Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(file)
                : Files.isWritable(file.getParent());
        return new ProviderTest(
            writable,
            writable ? "the file can be written" : "the file cannot be written",
            List.of("look at the file"));
      } catch (IOException e) {
        return new ProviderTest(
            false, "the file cannot be written: " + e.getMessage(), List.of("look at the file"));
      }
    }
  }
}
