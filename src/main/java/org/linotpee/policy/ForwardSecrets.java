package org.linotpee.policy;

import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.linotpee.configuration.Service;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.Sealer;

/** Seals the shared secrets in the URLs of {@code forward_server} (spec 07 section 4.7). */
@Service
public class ForwardSecrets {
  private static final String CONTEXT = "policy/forward_server";
  private static final String ACTION = "forward_server";
  private static final String AROUND = " \t\"'";
  private static final String CLEAR = "secret";
  private static final String SEALED = "encsecret";

  private final Sealer sealer;

  @Inject
  public ForwardSecrets(Sealer sealer) {
    this.sealer = sealer;
  }

  /** The action text with every secret sealed; nothing else in it changes. */
  public String sealed(String actionText) {
    var text = new StringBuilder(actionText);
    var items = ActionText.items(actionText);
    for (int i = items.size() - 1; i >= 0; i--) {
      ActionText.Item item = items.get(i);
      if (item.key().equals(ACTION) && item.from() >= 0) {
        int from = item.from();
        int to = item.to();
        while (from < to && AROUND.indexOf(actionText.charAt(from)) >= 0) {
          from++;
        }
        while (from < to && AROUND.indexOf(actionText.charAt(to - 1)) >= 0) {
          to--;
        }
        text.replace(from, to, sealedUrls(actionText.substring(from, to)));
      }
    }
    return text.toString();
  }

  /** Words keep their place; only those with a secret change. */
  private String sealedUrls(String urls) {
    var text = new StringBuilder();
    for (String part : urls.split("(?<= )|(?= )")) {
      text.append(part.contains(CLEAR + "=") ? sealedUrl(part) : part);
    }
    return text.toString();
  }

  private String sealedUrl(String url) {
    int question = url.indexOf('?');
    Map<String, String> query = query(url);
    if (question < 0 || !query.containsKey(CLEAR)) {
      return url;
    }
    String secret = query.remove(CLEAR);
    query.put(
        SEALED,
        HexFormat.of()
            .formatHex(
                sealer
                    .seal(Purpose.CONFIGURATION, CONTEXT, secret.getBytes(StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.US_ASCII)));
    var joined = new StringBuilder(url.substring(0, question + 1));
    query.forEach(
        (name, value) ->
            joined
                .append(joined.charAt(joined.length() - 1) == '?' ? "" : "&")
                .append(name)
                .append('=')
                .append(
                    name.equals(SEALED)
                        ? URLEncoder.encode(value, StandardCharsets.UTF_8)
                        : value));
    return joined.toString();
  }

  /** The first of each name; what has no value is dropped. */
  private static Map<String, String> query(String url) {
    var query = new LinkedHashMap<String, String>();
    for (String pair : url.substring(url.indexOf('?') + 1).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && equals < pair.length() - 1) {
        query.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return query;
  }

  /** The shared secret of a URL, if it has one that can be opened. */
  public Optional<String> secret(String url) {
    Map<String, String> query = query(url);
    if (query.containsKey(SEALED)) {
      String hex = URLDecoder.decode(query.get(SEALED), StandardCharsets.UTF_8);
      String sealed = new String(HexFormat.of().parseHex(hex), StandardCharsets.US_ASCII);
      return Optional.of(
          new String(sealer.open(Purpose.CONFIGURATION, CONTEXT, sealed), StandardCharsets.UTF_8));
    }
    return Optional.ofNullable(query.get(CLEAR))
        .map(clear -> URLDecoder.decode(clear, StandardCharsets.UTF_8));
  }
}
