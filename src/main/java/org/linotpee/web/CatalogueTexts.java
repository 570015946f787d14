package org.linotpee.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/**
 * What the catalogues of policies and providers say, in the language of the request. They
 * themselves are English; a further language is a further {@code catalogue} file.
 */
@Named
@RequestScoped
public class CatalogueTexts {
  /** One file for each language but English. */
  public static final String BUNDLE = "org.linotpee.web.catalogue";

  /** Actions that there are for each type of token, and the key of their text. */
  private static final Map<String, String> FAMILIES =
      Map.of(
          "admin.init", "admin.init",
          "selfservice.enroll", "selfservice.enroll",
          "enrollment.maxtoken", "enrollment.maxtoken.of");

  @Inject private Texts texts;

  private String text(String key, String english) {
    try {
      return ResourceBundle.getBundle(BUNDLE, texts.locale()).getString(key);
    } catch (MissingResourceException e) {
      return english;
    }
  }

  /** What an action does. */
  public String action(String scope, String action, String english) {
    String key = scope + "." + action;
    String own = text(key, "");
    if (!own.isEmpty()) {
      return own;
    }
    return FAMILIES.entrySet().stream()
        .filter(family -> key.startsWith(family.getKey()) && !key.equals(family.getKey()))
        .findFirst()
        .map(
            family ->
                text(family.getValue(), english)
                    .replace("{0}", key.substring(family.getKey().length())))
        .orElse(english);
  }

  /** What a setting of a class of providers says. */
  public String option(String className, String name, String english) {
    return text("option." + className + "." + name, text("option." + name, english));
  }

  /** The title of a template. */
  public String template(String name, String english) {
    return text("template." + name, english);
  }

  /** What the policies of a template do. */
  public String templateText(String name, String english) {
    return text("template." + name + ".text", english);
  }

  /** The name of a parameter of templates. */
  public String parameter(String name) {
    return text("parameter." + name, name);
  }

  /** What a parameter of templates says. */
  public String parameterText(String name, String english) {
    return text("parameter." + name + ".text", english);
  }
}
