package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/**
 * The texts of pages in the language of the request. Where a text has no variables, pages say
 * {@code #{msg['key']}}; where it has, {@code #{text.of('key', value)}}.
 */
@Named("text")
@RequestScoped
public class Texts {
  /** One file for each language. */
  public static final String BUNDLE = "org.linotpee.web.messages";

  @Inject private Preferences preferences;

  public Locale locale() {
    return preferences.getLocale();
  }

  private ResourceBundle bundle() {
    return ResourceBundle.getBundle(BUNDLE, preferences.getLocale());
  }

  /** The text of a key with its variables filled in. */
  public String of(String key, Object... values) {
    return new MessageFormat(bundle().getString(key), preferences.getLocale()).format(values);
  }

  /** As {@link #or}, by a name that is no word of the expression language. */
  public String optional(String key, String otherwise) {
    return or(key, otherwise);
  }

  /** The text of a key, or another one if there is none. */
  public String or(String key, String otherwise) {
    try {
      return bundle().getString(key);
    } catch (MissingResourceException e) {
      return otherwise;
    }
  }
}
