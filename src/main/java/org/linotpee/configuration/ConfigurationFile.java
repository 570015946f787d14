package org.linotpee.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code linotp.cfg}: assignments of literals (texts in single, double or triple quotes,
 * integers, True, False, None, lists, dictionaries), {@code #} comments, adjacent texts joined; no
 * code is run (spec 06 section 14.1).
 */
final class ConfigurationFile {
  private final String text;
  private int at;

  private ConfigurationFile(String text) {
    this.text = text;
  }

  /** The files of a colon-separated list; a directory means the {@code *.cfg} in it, sorted. */
  static List<Path> list(String colonSeparated) {
    var files = new ArrayList<Path>();
    for (String item : colonSeparated.split(":")) {
      boolean optional = item.startsWith("-");
      Path path = Path.of(optional ? item.substring(1) : item);
      if (Files.isDirectory(path)) {
        try (var inside = Files.list(path)) {
          inside.filter(f -> f.toString().endsWith(".cfg")).sorted().forEach(files::add);
        } catch (IOException e) {
          throw new SettingsException("cannot read " + path + ": " + e.getMessage(), e);
        }
      } else if (Files.exists(path)) {
        files.add(path);
      } else if (!optional && !item.isEmpty()) {
        throw new SettingsException("there is no configuration file " + path);
      }
    }
    return files;
  }

  /**
   * The assignments in order, values as text; lists joined by commas.
   *
   * @throws SettingsException naming the line that is no assignment of a literal
   */
  static Map<String, String> parse(String text) {
    var parser = new ConfigurationFile(text);
    var values = new LinkedHashMap<String, String>();
    parser.skipToStatement();
    while (parser.at < text.length()) {
      String name = parser.name();
      parser.blanks();
      parser.expect('=');
      parser.blanks();
      values.put(name, parser.value());
      parser.endOfStatement();
      parser.skipToStatement();
    }
    return values;
  }

  private SettingsException wrong(String what) {
    long line =
        text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    return new SettingsException("line " + (line + 1) + ": " + what);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong("expected '" + c + "'");
    }
    at++;
  }

  private void blanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private void comment() {
    if (peek() == '#') {
      while (at < text.length() && peek() != '\n') {
        at++;
      }
    }
  }

  /** Blanks, line ends and comments, as between statements and within brackets. */
  private void skipToStatement() {
    while (at < text.length()) {
      if (Character.isWhitespace(peek())) {
        at++;
      } else if (peek() == '#') {
        comment();
      } else {
        return;
      }
    }
  }

  private void endOfStatement() {
    blanks();
    comment();
    if (at < text.length() && peek() != '\n' && peek() != '\r') {
      throw wrong("expected the end of the line");
    }
  }

  private String name() {
    int start = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      at++;
    }
    if (start == at) {
      throw wrong("expected NAME = value");
    }
    return text.substring(start, at);
  }

  private String value() {
    char c = peek();
    if (c == '\'' || c == '"') {
      return texts();
    }
    if (c == '[' || c == '(') {
      return sequence(c == '[' ? ']' : ')');
    }
    if (c == '{') {
      return dictionary();
    }
    int start = at;
    while (Character.isLetterOrDigit(peek()) || peek() == '-' || peek() == '_') {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "True", "False" -> word;
      case "None" -> "";
      default -> {
        if (!word.matches("-?[0-9][0-9_]*")) {
          throw wrong("'" + word + "' is no literal");
        }
        yield word.replace("_", "");
      }
    };
  }

  /** One text or several side by side. */
  private String texts() {
    var joined = new StringBuilder();
    while (peek() == '\'' || peek() == '"') {
      joined.append(quoted());
      blanks();
    }
    return joined.toString();
  }

  private String quoted() {
    char quote = peek();
    String triple = String.valueOf(quote).repeat(3);
    boolean isTriple = text.startsWith(triple, at);
    String end = isTriple ? triple : String.valueOf(quote);
    at += end.length();
    var content = new StringBuilder();
    while (!text.startsWith(end, at)) {
      if (at >= text.length() || (!isTriple && peek() == '\n')) {
        throw wrong("a text is not closed");
      }
      if (peek() == '\\') {
        at++;
        content.append(escape());
      } else {
        content.append(peek());
      }
      at++;
    }
    at += end.length();
    return content.toString();
  }

  private String escape() {
    return switch (peek()) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\n' -> "";
      case '\\', '\'', '"' -> String.valueOf(peek());
      default -> "\\" + peek();
    };
  }

  private String sequence(char close) {
    at++;
    var items = new ArrayList<String>();
    skipToStatement();
    while (peek() != close) {
      items.add(value());
      skipToStatement();
      if (peek() == ',') {
        at++;
        skipToStatement();
      } else if (peek() != close) {
        throw wrong("expected ',' or '" + close + "'");
      }
    }
    at++;
    return String.join(",", items);
  }

  /** Kept as its source text: nothing of ours reads dictionaries. */
  private String dictionary() {
    int start = at;
    at++;
    skipToStatement();
    while (peek() != '}') {
      value();
      skipToStatement();
      expect(':');
      skipToStatement();
      value();
      skipToStatement();
      if (peek() == ',') {
        at++;
        skipToStatement();
      } else if (peek() != '}') {
        throw wrong("expected ',' or '}'");
      }
    }
    at++;
    return text.substring(start, at);
  }
}
