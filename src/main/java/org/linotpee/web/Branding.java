package org.linotpee.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.nio.file.Files;
import java.util.List;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/**
 * What an operator puts into the folder {@code CUSTOM_DIR} to give pages his own look: {@code
 * manage-style.css}, {@code manage-logo.svg} or {@code manage-logo.png}. Files are found at once,
 * without a restart.
 */
@Named
@ApplicationScoped
public class Branding {
  private static final String ADDRESS = "/static/custom/";

  @Inject private Settings settings;

  private String first(String... names) {
    return List.of(names).stream()
        .filter(name -> Files.isRegularFile(settings.path(Setting.CUSTOM_DIR).resolve(name)))
        .findFirst()
        .map(name -> ADDRESS + name)
        .orElse("");
  }

  /** The address of the operator's style sheet; empty if there is none. */
  public String getStyle() {
    return first("manage-style.css");
  }

  /** The address of the operator's logo; empty if there is none. */
  public String getLogo() {
    return first("manage-logo.svg", "manage-logo.png");
  }

  /** The address of the documentation; empty if none is set. */
  public String getHelp() {
    String address = settings.text(Setting.HELP_URL).trim();
    return address.matches("https?://\\S+") ? address.replace("{0}", new About().getVersion()) : "";
  }
}
