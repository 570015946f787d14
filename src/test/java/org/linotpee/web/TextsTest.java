package org.linotpee.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.linotpee.policy.PolicyCatalogue;
import org.linotpee.policy.PolicyTemplates;

/** Every text of a page is in every language. */
class TextsTest {
  private static final Pattern USED = Pattern.compile("msg\\['([^']+)'\\]|text\\.of\\('([^']+)'");

  private static Properties texts(String file) throws IOException {
    var texts = new Properties();
    try (var in =
        new InputStreamReader(TextsTest.class.getResourceAsStream(file), StandardCharsets.UTF_8)) {
      texts.load(in);
    }
    return texts;
  }

  @Test
  void bothLanguagesHaveTheSameTexts() throws Exception {
    Properties english = texts("messages.properties");
    Properties german = texts("messages_de.properties");
    assertThat(german.stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      if (key.equals("list.pages")) {
        continue; // a template of PrimeFaces
      }
      assertThat(new MessageFormat(german.getProperty(key)).getFormatsByArgumentIndex())
          .as("variables of " + key)
          .hasSameSizeAs(new MessageFormat(english.getProperty(key)).getFormatsByArgumentIndex());
    }
  }

  @Test
  void everyActionAndTemplateHasAGermanText() throws Exception {
    Properties german = texts("catalogue_de.properties");
    var missing = new ArrayList<String>();
    PolicyCatalogue.scopes()
        .forEach(
            (scope, actions) ->
                actions
                    .keySet()
                    .forEach(
                        action -> {
                          String key = scope + "." + action;
                          boolean ofType =
                              key.matches(
                                  "(admin\\.init|selfservice\\.enroll|enrollment\\.maxtoken).+");
                          if (!ofType && !german.containsKey(key)) {
                            missing.add(key);
                          }
                        }));
    PolicyTemplates.templates()
        .forEach(
            template -> {
              if (!german.containsKey("template." + template.name() + ".text")) {
                missing.add(template.name());
              }
            });
    assertThat(missing).isEmpty();
  }

  @Test
  void everyTextThatAPageUsesExists() throws Exception {
    Properties english = texts("messages.properties");
    var missing = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/webapp"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".xhtml")).toList()) {
        var matcher = USED.matcher(Files.readString(file));
        while (matcher.find()) {
          String key = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
          if (!english.containsKey(key)) {
            missing.add(file.getFileName() + ": " + key);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }
}
