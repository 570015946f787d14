package org.linotpee.delivery.mail;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** Templates of e-mail, which lie below one directory (spec 11 section 12.2). */
@Service
public class TemplateFiles {
  private static final String FILE = "file://";
  private static final long MAX_LENGTH = 4L * 1024 * 1024;
  private static final List<String> ROOTS =
      List.of(
          "/etc/linotp/custom-templates/mailtemplates",
          "/etc/linotp2/custom-templates/mailtemplates",
          "/custom-templates/mailtemplates");

  private final List<Path> roots;

  @Inject
  public TemplateFiles(Settings settings) {
    String root = settings.text(Setting.EMAIL_PROVIDER_TEMPLATE_ROOT);
    this.roots =
        root.isBlank()
            ? Stream.concat(
                    ROOTS.stream().map(Path::of),
                    Stream.of(settings.path(Setting.CUSTOM_TEMPLATES_DIR).resolve("mailtemplates")))
                .toList()
            : List.of(settings.path(Setting.EMAIL_PROVIDER_TEMPLATE_ROOT));
  }

  /** A template cannot be used. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  /**
   * The text of a template.
   *
   * @param value {@code file://} and a path below the root, or the template itself
   */
  String text(String value) throws UnusableException {
    if (!value.startsWith(FILE)) {
      return value;
    }
    Path root =
        roots.stream()
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow(() -> new UnusableException("there is no email provider template root"));
    try {
      Path real = root.toRealPath();
      Path file = real.resolve(value.substring(FILE.length())).normalize();
      if (!file.startsWith(real)) {
        throw outside();
      }
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_LENGTH) {
        throw new UnusableException("the template file does not exist or is too large");
      }
      if (!file.toRealPath().startsWith(real)) {
        throw outside();
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException | InvalidPathException e) {
      throw new UnusableException("the template file cannot be read");
    }
  }

  private static UnusableException outside() {
    return new UnusableException("the template is not in email provider template root");
  }
}
