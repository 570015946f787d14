package org.linotpee.api;

import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;

/** Which interfaces are served: ENABLE_CONTROLLERS without DISABLE_CONTROLLERS (spec 01 2). */
@Service
public class Controllers {
  private static final Set<String> ALWAYS = Set.of("", "healthcheck", "static", "ui");

  private final Set<String> enabled;
  private final Set<String> disabled;

  /** Prefix to controller. */
  private final Map<String, String> moved;

  @Inject
  public Controllers(Settings settings) {
    this(settings.text(Setting.ENABLE_CONTROLLERS), settings.text(Setting.DISABLE_CONTROLLERS));
  }

  Controllers(String enabled, String disabled) {
    this.enabled = names(enabled);
    this.disabled = names(disabled);
    this.moved =
        Arrays.stream(enabled.trim().split("[\\s,]+"))
            .map(item -> item.split(":", 3))
            .filter(parts -> parts.length > 1 && !parts[1].isEmpty())
            .collect(
                Collectors.toUnmodifiableMap(
                    parts -> parts[1].startsWith("/") ? parts[1] : "/" + parts[1],
                    parts -> parts[0],
                    (one, other) -> other));
  }

  boolean anyMoved() {
    return !moved.isEmpty();
  }

  /** The path as the controller knows it, if the request's begins with the prefix of one. */
  Optional<String> moved(String path) {
    return moved.entrySet().stream()
        .filter(e -> path.equals(e.getKey()) || path.startsWith(e.getKey() + "/"))
        .map(e -> "/" + e.getValue() + path.substring(e.getKey().length()))
        .findFirst();
  }

  /** True if the controller of this path is served under another prefix. */
  boolean leftBehind(String path) {
    String[] segments = path.split("/", 3);
    return segments.length > 1
        && moved.containsValue(segments[1])
        && !moved.containsKey("/" + segments[1]);
  }

  /** The names of a list whose items may carry an URL prefix and a class behind colons. */
  private static Set<String> names(String list) {
    return Arrays.stream(list.trim().split("[\\s,]+"))
        .map(item -> item.split(":", 2)[0])
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** True if requests to this first segment of a path are answered. */
  boolean served(String controller) {
    return ALWAYS.contains(controller)
        || (!disabled.contains(controller)
            && (enabled.contains("ALL") || enabled.contains(controller)));
  }
}
