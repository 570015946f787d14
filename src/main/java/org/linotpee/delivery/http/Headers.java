package org.linotpee.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.linotpee.delivery.ProviderSettings;

/** Additional headers of requests: key {@code HEADERS}. */
final class Headers {
  private static final Set<String> OURS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    OURS.addAll(Set.of("Content-Length", "Transfer-Encoding", "Host", "Connection", "Upgrade"));
  }

  private Headers() {}

  static Map<String, String> of(ProviderSettings settings) {
    JsonNode value = settings.value("HEADERS");
    var headers = new LinkedHashMap<String, String>();
    if (value.isMissingNode() || value.isNull()) {
      return headers;
    }
    if (!value.isObject()) {
      throw ProviderSettings.unusable("HEADERS", "has to be an object");
    }
    value
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              String text = entry.getValue().asText();
              if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || OURS.contains(name)) {
                throw ProviderSettings.unusable("HEADERS", "has a name that cannot be used");
              }
              if (!entry.getValue().isValueNode() || text.matches("(?s).*[\\r\\n\\x00].*")) {
                throw ProviderSettings.unusable("HEADERS", "has a value that cannot be used");
              }
              headers.put(name, text);
            });
    return headers;
  }
}
