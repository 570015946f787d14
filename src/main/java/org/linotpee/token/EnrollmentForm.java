package org.linotpee.token;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Properties;
import java.util.ResourceBundle;

/**
 * What a person fills in to enroll a token of a type (spec 10 section 2.7), besides what all types
 * share: owner, description, PIN. User interfaces show whatever a type's form has, so that a new
 * type needs no change in them.
 *
 * <p>Forms are described in {@code enrollment-forms.properties}, one line a type, fields separated
 * by blanks: {@code phone:text:required:owner=mobile}. Texts are in {@code forms.properties} and
 * its translations: {@code <type>} is the name, {@code <type>.text} what the type is for, {@code
 * <type>.<parameter>} or {@code field.<parameter>} a label, and the same with {@code .hint} behind
 * it a hint.
 *
 * @param fixed parameters that are always sent
 */
public record EnrollmentForm(List<Field> fields, Map<String, String> fixed) {
  /** What a field is. */
  public enum Kind {
    TEXT,
    /** Not shown while it is typed. */
    SECRET,
    NUMBER,
    CHOICE,
    /** A key that the server makes, or that is entered. */
    KEY
  }

  /**
   * A field.
   *
   * @param parameter its name in the request
   * @param choices of a choice, the first one is preset
   * @param ownerAttribute the attribute of the owner that presets it; {@code ""} if none does
   */
  public record Field(
      String parameter, Kind kind, List<String> choices, boolean required, String ownerAttribute) {}

  private static final String TEXTS = "org.linotpee.token.forms";
  private static final Properties DESCRIPTIONS = descriptions();

  public EnrollmentForm {
    fields = List.copyOf(fields);
    fixed = Map.copyOf(fixed);
  }

  private static Properties descriptions() {
    var descriptions = new Properties();
    try (InputStream in = EnrollmentForm.class.getResourceAsStream("enrollment-forms.properties")) {
      descriptions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return descriptions;
  }

  /** The described form of a type; one without fields if there is no description. */
  public static EnrollmentForm described(String type) {
    return new EnrollmentForm(
        words(DESCRIPTIONS.getProperty(type, "")).stream().map(EnrollmentForm::field).toList(),
        fixed(DESCRIPTIONS.getProperty(type + ".fixed", "")));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.trim().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private static Map<String, String> fixed(String text) {
    var fixed = new LinkedHashMap<String, String>();
    words(text).forEach(word -> fixed.put(word.split("=", 2)[0], word.split("=", 2)[1]));
    return fixed;
  }

  private static Field field(String description) {
    List<String> parts = List.of(description.split(":"));
    List<String> kind = List.of(parts.get(1).split("=", 2));
    return new Field(
        parts.get(0),
        Kind.valueOf(kind.get(0).toUpperCase(Locale.ROOT)),
        kind.size() > 1 ? List.of(kind.get(1).split(",")) : List.of(),
        parts.contains("required"),
        parts.stream()
            .filter(part -> part.startsWith("owner="))
            .map(part -> part.substring("owner=".length()))
            .findFirst()
            .orElse(""));
  }

  /** A text of the forms in a language; another one if there is none. */
  public static String text(String key, Locale locale, String otherwise) {
    try {
      return ResourceBundle.getBundle(TEXTS, locale).getString(key);
    } catch (MissingResourceException e) {
      return otherwise;
    }
  }
}
