package org.linotpee.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What {@code ear-packaging} makes of the packaged product. */
enum EnterpriseArchive {
  EAR("linotp-ee.ear"),
  RAR("gsm.rar"),
  WAR_BESIDE_RAR("linotp-ee-rar.war");

  private final String file;

  EnterpriseArchive(String file) {
    this.file = file;
  }

  Path path() {
    return Built.FOLDER.resolve(file);
  }

  /** Built once, when the first archive is asked for. */
  private static final class Built {
    static final Path FOLDER = build();

    private static Path build() {
      try {
        int status =
            new ProcessBuilder(
                    "mvn", "-B", "-q", "-ntp", "-f", "ear-packaging/ear/pom.xml", "package")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
          throw new IllegalStateException("the enterprise archive cannot be built");
        }
        return Path.of("ear-packaging", "ear", "target");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
