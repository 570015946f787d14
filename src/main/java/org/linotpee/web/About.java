package org.linotpee.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What pages tell of the program itself. */
@Named
@ApplicationScoped
public class About {
  private final String version;

  public About() {
    var properties = new Properties();
    try (InputStream in = About.class.getResourceAsStream("/org/linotpee/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    version = properties.getProperty("version");
  }

  public String getVersion() {
    return version;
  }
}
