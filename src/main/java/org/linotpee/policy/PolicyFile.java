package org.linotpee.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.linotpee.configuration.LinotpException;

/** The text file by which policies travel between servers (spec 07 section 3.8). */
public final class PolicyFile {
  private static final Pattern SECTION = Pattern.compile("\\[\\s*([^\\]]+?)\\s*\\]\\s*(#.*)?");
  private static final Pattern KEY =
      Pattern.compile("\\s*([A-Za-z_]+)\\s*=\\s*(.*)", Pattern.DOTALL);
  private static final List<String> TRIPLES = List.of("'''", "\"\"\"");

  private PolicyFile() {}

  /** The file of these policies. */
  public static String write(Collection<PolicyFields> policies) {
    var text = new StringBuilder();
    for (PolicyFields policy : policies) {
      text.append('[').append(policy.name()).append("]\n");
      policy
          .document()
          .forEach(
              (key, value) -> text.append(key).append(" = ").append(quoted(value)).append('\n'));
    }
    return text.toString();
  }

  private static String quoted(String value) {
    if (value.isEmpty()) {
      return "\"\"";
    }
    boolean single = value.indexOf('\'') >= 0;
    boolean twofold = value.indexOf('"') >= 0;
    if ((single && twofold) || value.indexOf('\n') >= 0) {
      String quotes = value.contains("'''") ? "\"\"\"" : "'''";
      return quotes + value + quotes;
    }
    char first = value.charAt(0);
    char last = value.charAt(value.length() - 1);
    boolean needed =
        value.indexOf(',') >= 0
            || value.indexOf('#') >= 0
            || Character.isWhitespace(first)
            || Character.isWhitespace(last)
            || "'\"".indexOf(first) >= 0
            || "'\"".indexOf(last) >= 0;
    return !needed ? value : twofold ? "'" + value + "'" : "\"" + value + "\"";
  }

  /**
   * The fields of each policy in a file, by its name.
   *
   * @throws LinotpException -311 with the number of the first line that cannot be read
   */
  public static Map<String, Map<String, String>> read(String text) {
    var policies = new LinkedHashMap<String, Map<String, String>>();
    Map<String, String> section = null;
    List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String trimmed = line.strip();
      if (i == 0 && trimmed.startsWith("\uFEFF")) {
        trimmed = trimmed.substring(1);
      }
      if (trimmed.isEmpty() || trimmed.startsWith("#")) {
        continue;
      }
      Matcher header = SECTION.matcher(trimmed);
      Matcher key = KEY.matcher(line);
      if (header.matches()) {
        section = policies.computeIfAbsent(header.group(1), n -> new LinkedHashMap<>());
      } else if (key.matches() && section != null) {
        int first = i;
        String raw = key.group(2).strip();
        while (opensTriple(raw) && i + 1 < lines.size()) {
          i++;
          raw = raw + "\n" + lines.get(i);
        }
        section.put(key.group(1), value(raw.strip(), first + 1));
      } else {
        throw LinotpException.unclassified("line " + (i + 1) + " of the file cannot be read");
      }
    }
    return policies;
  }

  private static boolean opensTriple(String raw) {
    return TRIPLES.stream().anyMatch(t -> raw.startsWith(t) && raw.indexOf(t, 3) < 0);
  }

  private static String value(String raw, int line) {
    for (String triple : TRIPLES) {
      if (raw.startsWith(triple)) {
        int end = raw.indexOf(triple, 3);
        while (end >= 0 && end + 3 < raw.length() && raw.charAt(end + 3) == triple.charAt(0)) {
          end++;
        }
        return closed(raw, 3, end, 3, line);
      }
    }
    if (raw.startsWith("\"") || raw.startsWith("'")) {
      return closed(raw, 1, raw.indexOf(raw.charAt(0), 1), 1, line);
    }
    int comment = raw.indexOf('#');
    return comment < 0 ? raw : raw.substring(0, comment).strip();
  }

  private static String closed(String raw, int from, int end, int quotes, int line) {
    String rest = end < 0 ? "" : raw.substring(end + quotes).strip();
    if (end < 0 || !(rest.isEmpty() || rest.startsWith("#"))) {
      throw LinotpException.unclassified("the quotes in line " + line + " are not closed");
    }
    return raw.substring(from, end);
  }
}
