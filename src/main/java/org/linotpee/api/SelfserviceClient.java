package org.linotpee.api;

import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** Where an installed self-service web client is; without one our own pages serve users. */
@Service
public class SelfserviceClient {
  private final Path folder;
  private final Path customFolder;

  @Inject
  public SelfserviceClient(Settings settings) {
    this.folder = settings.path(Setting.SELFSERVICE_CLIENT_DIR);
    this.customFolder = settings.path(Setting.SELFSERVICE_CUSTOM_DIR);
  }

  /** Its files; empty if none is installed. */
  Optional<Path> folder() {
    return installed() ? Optional.of(folder) : Optional.empty();
  }

  /** The files with which the operator replaces those of the client. */
  Path customFolder() {
    return customFolder;
  }

  /** True if {@code /selfservice} is that client. */
  public boolean installed() {
    return Files.isDirectory(folder.resolve("en"));
  }
}
